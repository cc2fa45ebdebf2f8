"""What a week tells its reader: what their posts owe now, and of others' acts those of the window."""

import datetime as dt

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.domain.digests import Window
from app.domain.permissions import Role
from app.domain.workflow import State, Verb
from app.models.notifications import Delivery, Envelope
from app.models.people import Holding
from app.queries.mailing import digests
from app.queries.mailing.digest_rows import DigestReader, Week
from app.services.followup import questions
from app.services.kernel import outbox
from tests import builders, published, scenes
from tests.builders import instant
from tests.scenes import Scene

WINDOW = Window(instant("2026-11-16"), instant("2026-11-23"))


@pytest.fixture
def made(session: Session) -> Scene:
    return scenes.scene(session)


def week(made: Scene, name: str) -> Week:
    return of(made.session, made.people[name])


def of(session: Session, person_id: int, today: dt.date | None = None) -> Week:
    return digests.week(session, DigestReader(person_id, today or scenes.in_days(0), WINDOW))


@pytest.mark.parametrize(("days", "section"), [(-1, "overdue"), (0, "due"), (7, "due"), (8, ""), (None, "")])
def test_what_is_owed_stands_under_its_date(made: Scene, days: int | None, section: str) -> None:
    action = scenes.action(made)
    action.due_on = None if days is None else scenes.in_days(days)
    made.session.flush()
    found = week(made, "karim")

    told = {name: getattr(found, name).ids for name in ("overdue", "due", "waiting") if getattr(found, name).ids}
    assert told == ({section: (action.id,)} if section else {})


def test_what_was_given_and_not_yet_confirmed_waits_and_is_told_once(made: Scene) -> None:
    far, near = (scenes.action(made, State.ASSIGNED, due_on=scenes.in_days(days)) for days in (60, 3))
    found = week(made, "karim")

    assert (found.waiting.ids, found.due.ids) == ((far.id,), (near.id,))


@pytest.mark.parametrize("state", [State.DRAFT, State.DECLINED, State.SUBMITTED, State.VERIFIED, State.CANCELLED])
def test_what_nobody_owes_is_not_in_it(made: Scene, state: State) -> None:
    scenes.action(made, state, due_on=scenes.in_days(1))

    assert not week(made, "karim").due.total


def test_a_supporting_post_hears_of_what_it_supports_once_it_is_assigned(made: Scene) -> None:
    action, draft = scenes.action(made, due_on=scenes.in_days(2)), scenes.draft(made, due_on=scenes.in_days(2))
    for item in (action, draft):
        scenes.support(made, item)

    assert week(made, "salma").due.ids == (action.id,)


def test_who_has_left_the_post_hears_nothing_of_it(made: Scene) -> None:
    scenes.action(made, due_on=scenes.in_days(2))
    holding = made.session.exec(select(Holding).where(col(Holding.person_id) == made.people["karim"])).one()
    holding.until_on = dt.date(2026, 11, 1)
    made.session.flush()

    assert week(made, "karim").is_empty


@pytest.mark.parametrize(
    ("at", "is_told"),
    [("2026-11-15T23:59", False), ("2026-11-16T08:00", True), ("2026-11-23T07:59", True), ("2026-11-23T08:00", False)],
)
def test_news_is_of_the_window_from_its_first_instant_to_before_its_last(
    session: Session, at: str, is_told: bool
) -> None:
    post = builders.post(session)
    karim = builders.person(session, "Karim", holds=post)
    action = builders.action(session, None, post, state=State.SUBMITTED)
    published.act(session, action, Verb.RETURN, State.IN_PROGRESS, at)

    news = of(session, karim.id, dt.date(2026, 11, 23)).changed
    assert news.news == ({action.id: Verb.RETURN} if is_told else {})


def test_a_secretariat_hears_of_its_own_programmes_and_one_of_all_hears_of_all(made: Scene) -> None:
    session, action = made.session, scenes.action(made, State.SUBMITTED)
    scenes.grant(session, made.people["nadia"], Role.SECRETARIAT)
    told = {name: of(session, made.people[name]).verification.ids for name in ("amina", "omar", "nadia", "karim")}

    assert told == {"amina": (action.id,), "omar": (), "nadia": (action.id,), "karim": ()}


def test_an_open_question_of_the_secretariat_waits_for_its_owner_and_is_said_of_what_is_due(made: Scene) -> None:
    far, near, answered = (scenes.action(made, due_on=scenes.in_days(days)) for days in (60, 3, 60))
    for action in (far, near, answered):
        asked = questions.ask(made.session, made.actor("amina"), action, text="Quand ?")
    questions.answer(made.session, made.actor("karim"), answered, asked, text="Demain.")
    found = week(made, "karim")

    assert (found.waiting.ids, found.due.ids, found.due.asked) == ((far.id,), (near.id,), {far.id, near.id})
    assert week(made, "amina").requests.ids == (), "nobody is asked what they have asked themselves"


def test_what_a_post_asks_is_a_request_to_the_secretariat_until_it_is_answered(made: Scene) -> None:
    action = scenes.action(made, due_on=scenes.in_days(60))
    asked = questions.ask(made.session, made.actor("karim"), action, text="Qui signe ?")
    before = week(made, "amina").requests.ids
    questions.answer(made.session, made.actor("amina"), action, asked, text="Le directeur.")

    assert before == (action.id,)
    assert week(made, "amina").requests.ids == ()
    assert week(made, "karim").waiting.ids == ()


def test_a_secretariat_hears_of_the_mails_of_its_programmes_that_failed_in_the_window(made: Scene) -> None:
    session, other = made.session, builders.programme(made.session)
    foreign = builders.action(session, builders.recommendation(session, builders.meeting(session, other)))
    mine, karim = scenes.action(made), made.people["karim"]

    def failed(kind: str, period: str, about: int = 0, ended: str = "2026-11-16", **changes: object) -> int:
        subject = ("action", about) if about else None
        message = session.get_one(Envelope, outbox.enqueue(session, kind, karim, period, about=subject))
        message.state, message.ended_at = Delivery.BOUNCED, instant(ended)
        message.sqlmodel_update(changes)
        session.flush()
        return message.id

    told = (failed("action_assigned", "a", mine.id), failed("digest", "2026-W47"))
    failed("action_assigned", "b", foreign.id)
    failed("reminder", "2026-11-16")  # of another programme: nothing of ours stands in it
    failed("sign_in", "s")
    failed("action_assigned", "c", mine.id, closed_at=instant("2026-11-17"))
    failed("action_assigned", "d", mine.id, ended="2026-11-23")
    failed("action_assigned", "e", mine.id, ended="2026-11-15T23:59")
    failed("action_assigned", "f", mine.id, state=Delivery.SENT)

    assert (week(made, "amina").failures.ids, week(made, "amina").failures.total) == (told, 2)
    session.execute(sa.update(Holding).values(until_on=scenes.in_days(-1)))
    assert week(made, "amina").failures.ids == told[:1], "who owes it no longer concerns it no longer"
