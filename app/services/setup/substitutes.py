"""Who acts for the holder of a post from one day to another: named by a secretariat, or chosen by the holder."""

import datetime as dt
from typing import Required, TypedDict, Unpack

import sqlalchemy as sa
from sqlmodel import Session, col

from app import clock
from app.config import settings
from app.domain.errors import NotAllowed, Refused
from app.domain.messages import N_
from app.domain.texts import many_lines
from app.models.people import Holding, Person, PlannedSeat, Post
from app.queries.scope import locks, seats
from app.services.kernel import audit, outbox, update_links
from app.services.kernel.audit import Actor
from app.services.setup import handovers, vacancies


class Days(TypedDict, total=False):
    """From the first day to the last, both included, and a word to whoever acts."""

    from_on: Required[dt.date]
    until_on: Required[dt.date]
    note: str


def choose(session: Session, actor: Actor, post: Post, person: Person, **days: Unpack[Days]) -> PlannedSeat:
    """The holder's own choice; whoever merely acts for them chooses nobody."""
    if actor.person_id is None or seats.holder(session, post.id) != actor.person_id:
        raise NotAllowed
    return name(session, actor, post, person, **days)


def name(session: Session, actor: Actor, post: Post, person: Person, **days: Unpack[Days]) -> PlannedSeat:
    """Plan it and tell them; what begins today begins at once. Whoever may decide it is asked before."""
    session.execute(sa.select(col(Post.id)).where(col(Post.id) == post.id).with_for_update(**locks.ROW))
    _require_days(session, post, days["from_on"], days["until_on"])
    if not person.is_active:
        raise Refused(N_("This person's access is disabled: choose another"), "person_id")
    if person.id in seats.seated(session, post.id):
        raise Refused(N_("This person holds the post already: choose another"), "person_id")
    plan = PlannedSeat(
        post_id=post.id,
        person_id=person.id,
        is_acting=True,
        from_on=days["from_on"],
        until_on=days["until_on"],
        note=many_lines(days.get("note", "")),
        planned_by_id=actor.person_id,
        created_at=clock.now(),
    )
    session.add(plan)
    session.flush()
    _record(session, actor, "name_acting", plan)
    begins = plan.from_on <= clock.today(settings().zone)
    if not (begins and vacancies.owes(session, post.id)):
        _tell(session, "acting_named", plan)
    if begins:
        begin(session, actor, plan)
    return plan


def begin(session: Session, actor: Actor, plan: PlannedSeat) -> None:
    """The first day has come: rights, links and mails of the post are theirs."""
    acting = Holding(
        post_id=plan.post_id, person_id=plan.person_id or 0, since_on=plan.from_on, is_acting=True,
        handover_note=plan.note, created_at=clock.now(),
    )  # fmt: skip
    session.add(acting)
    plan.begun_at = clock.now()
    session.flush()
    _record(session, actor, "begin_acting", plan)
    if vacancies.owes(session, plan.post_id):
        handovers.pass_on(session, acting, plan_id=plan.id)


def finish(session: Session, actor: Actor, plan: PlannedSeat) -> None:
    """It is over, or taken back before it began: whoever acted sees and answers nothing more for the post."""
    plan.ended_at, today = clock.now(), clock.today(settings().zone)
    if plan.begun_at is None:
        _tell(session, "acting_withdrawn", plan)
    else:
        mine = sa.and_(col(Holding.post_id) == plan.post_id, col(Holding.person_id) == plan.person_id, seats.ACTING)
        session.execute(sa.update(Holding).where(mine).values(until_on=today))
        update_links.revoke_for_person(session, plan.person_id or 0, plan.post_id)
    session.flush()
    _record(session, actor, "end_acting", plan)
    vacancies.alert(session, session.get_one(Post, plan.post_id), today)


def finish_all(session: Session, actor: Actor, which: sa.ColumnElement[bool]) -> None:
    """Whatever of this is planned or under way."""
    living = sa.select(PlannedSeat).where(which, col(PlannedSeat.is_acting), col(PlannedSeat.ended_at).is_(None))
    for plan in session.scalars(living.order_by(col(PlannedSeat.id))).all():
        finish(session, actor, plan)


def _require_days(session: Session, post: Post, from_on: dt.date, until_on: dt.date) -> None:
    if from_on < clock.today(settings().zone):
        raise Refused(N_("Nobody can act on days that are over: give today or a later date"), "from_on")
    if until_on < from_on:
        raise Refused(N_("The last day lies before the first"), "until_on")
    meets = sa.and_(col(PlannedSeat.from_on) <= until_on, col(PlannedSeat.until_on) >= from_on)
    acts = sa.and_(col(PlannedSeat.post_id) == post.id, col(PlannedSeat.is_acting), col(PlannedSeat.ended_at).is_(None))
    if session.scalars(sa.select(col(PlannedSeat.id)).where(meets, acts)).first() is not None:
        raise Refused(N_("Somebody acts on some of these days already: take that back first"), "from_on")


def _tell(session: Session, kind: str, plan: PlannedSeat) -> None:
    outbox.enqueue(session, kind, plan.person_id or 0, f"s{plan.id}", about=("post", plan.post_id), plan_id=plan.id)


def _record(session: Session, actor: Actor, verb: str, plan: PlannedSeat) -> None:
    days = {"from_on": plan.from_on, "until_on": plan.until_on}
    audit.record(session, actor, verb, "post", plan.post_id, None, person_id=plan.person_id, plan_id=plan.id, **days)
