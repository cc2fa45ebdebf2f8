"""What happens to posts and their holders, in the house: by a secretariat, by a holder, and by days that pass."""

from collections.abc import Callable, Mapping

import sqlalchemy as sa
from sqlmodel import col

from app import clock
from app.config import settings
from app.domain.errors import NotFound
from app.domain.permissions import Role, may
from app.models.people import Person, PlannedSeat
from app.queries.setup import planned_seats
from app.queries.setup import posts as post_queries
from app.services.setup import posts, seats, substitutes
from tests.services.followup.way_round import doors
from tests.services.followup.way_round.house import House
from tests.services.followup.way_round.tries import Try


def _incoming(house: House, one: Try) -> Person | None:
    name = doors.incoming(one)
    return house.session.get_one(Person, house.made.people[name]) if name else None


def _hand_over(house: House, one: Try) -> object:
    today = house.world.in_days(0)
    return posts.hand_over(house.session, house.signed_in(one), house.post(one), _incoming(house, one), since_on=today)


def _plan_change(house: House, one: Try) -> object:
    since_on = house.world.in_days(doors.days(one))
    return seats.plan_change(
        house.session, house.signed_in(one), house.post(one), _incoming(house, one), since_on=since_on
    )


def _name_acting(house: House, one: Try) -> object:
    """The page of the post asks first whether its seats are theirs to give."""
    actor = house.signed_in(one)
    post_queries.seatable(house.session, actor.viewer, house.post(one).slug, lock=True)
    return substitutes.name(house.session, actor, house.post(one), *_acting(house, one)[:1], **_acting(house, one)[1])


def _choose_acting(house: House, one: Try) -> object:
    person, days = _acting(house, one)
    return substitutes.choose(house.session, house.signed_in(one), house.post(one), person, **days)


def _acting(house: House, one: Try) -> tuple[Person, substitutes.Days]:
    acting = doors.acting(house.world, one)
    person = house.session.get_one(Person, house.made.people[acting.person])
    return person, {"from_on": acting.from_on, "until_on": acting.until_on}


def _take_back(*, is_acting: bool) -> Callable[[House, Try], None]:
    """By the page of the post, or by the holder's own."""

    def act(house: House, one: Try) -> None:
        actor, post, session = house.signed_in(one), house.post(one), house.session
        living = sa.select(col(PlannedSeat.id)).where(
            col(PlannedSeat.post_id) == post.id,
            col(PlannedSeat.is_acting).is_(is_acting),
            col(PlannedSeat.ended_at).is_(None),
        )
        found = session.scalars(living.order_by(col(PlannedSeat.id))).all()
        if not found:
            raise NotFound
        plan_id = found[one.which % len(found)]
        if may(actor.viewer, house.made.programme.id, Role.SECRETARIAT):
            plan = planned_seats.seatable(session, actor.viewer, post.slug, plan_id, lock=True)
        else:
            plan = planned_seats.of_own(session, actor.viewer, plan_id, lock=True)
        seats.take_back(session, actor, plan)

    return act


def _days_pass(house: House, _: Try) -> object:
    """The first pass of the new day, as the table of jobs makes it."""
    today = clock.today(settings().zone)
    return [seats.carry_out(house.session, plan_id, today) for plan_id in seats.due(house.session, today)]


PEOPLES_ACTS: Mapping[str, Callable[[House, Try], object]] = {
    "hand_over": _hand_over,
    "plan_change": _plan_change,
    "take_back_change": _take_back(is_acting=False),
    "name_acting": _name_acting,
    "choose_acting": _choose_acting,
    "take_back_acting": _take_back(is_acting=True),
    "days_pass": _days_pass,
    "minutes_pass": lambda _, __: None,
}
