"""One digest a person and week, in stored windows: nothing missed, nothing told twice, nothing empty sent."""

import datetime as dt

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col, select

from app import clock
from app.config import settings
from app.db import Database
from app.domain.digests import Window
from app.domain.permissions import Role
from app.domain.workflow import State, Verb
from app.mail import signed_addresses
from app.mail.deposits import MemoryTransport
from app.mail.failures import RecipientRefused
from app.mail.inbound.outcomes import TakenAs
from app.mail.signed_addresses import AddressUse
from app.models.actions import Action
from app.models.notifications import Delivery, DigestWindow, Envelope, Outcome
from app.models.people import Person, Post
from app.models.recommendations import Recommendation
from app.models.updates import Update
from app.queries.mailing import digests as weeks
from app.queries.mailing.digest_rows import DigestReader, Week
from app.services.mailing import delivery, inbound
from app.services.mailing.digests import DigestsPlanned
from tests import builders, passes
from tests.builders import instant
from tests.mail.inbound import dsns

MONDAY = "2026-11-23"


@pytest.fixture
def action(session: Session) -> Action:
    """Karim owes one that is overdue; Amina's desk has nothing on it."""
    programme = builders.programme(session)
    post = builders.post(session)
    builders.person(session, "Karim", holds=post)
    builders.person(session, "Amina", Role.SECRETARIAT, at=programme)
    parent = builders.recommendation(session, builders.meeting(session, programme))
    word = instant("2026-11-20")
    return builders.action(session, parent, post, due_on=dt.date(2026, 11, 19), last_word_at=word)


def planned(session: Session, at: str) -> DigestsPlanned:
    now = instant(at)
    with clock.at(now):
        found = passes.plan_digests(session, now)
    session.expire_all()
    return found


def told(session: Session) -> None:
    """All that was planned has left."""
    session.execute(sa.update(DigestWindow).where(col(DigestWindow.outcome) == "planned").values(outcome="sent"))
    session.expire_all()


def windows(session: Session, name: str = "Karim") -> list[DigestWindow]:
    query = select(DigestWindow).where(col(DigestWindow.person_id) == the(session, name).id)
    return list(session.scalars(query.order_by(col(DigestWindow.period))))


def of_week(session: Session, person_id: int) -> Week:
    window = Window(instant("2026-11-16"), instant(MONDAY))
    return weeks.week(session, DigestReader(person_id, dt.date(2026, 11, 23), window))


def the(session: Session, name: str) -> Person:
    return session.scalars(select(Person).where(col(Person.name) == name)).one()


def test_on_monday_at_eight_one_digest_each_and_an_empty_one_is_a_recorded_skip(
    session: Session, action: Action
) -> None:
    assert planned(session, "2026-11-23T07:59") == DigestsPlanned()
    assert planned(session, MONDAY) == DigestsPlanned(planned=1, skipped=1)
    for again in (MONDAY, "2026-11-24", "2026-11-29T19:59"):
        assert planned(session, again) == DigestsPlanned()

    [message] = session.scalars(select(Envelope))
    assert (message.kind, message.period) == ("digest", "2026-W48")
    assert [window.outcome for window in windows(session, "Amina")] == [Outcome.EMPTY]


def test_an_empty_week_asked_ten_times_is_one_skip(session: Session, action: Action) -> None:
    action.state = State.VERIFIED
    session.flush()

    assert [planned(session, MONDAY).skipped for _ in range(10)] == [2, *[0] * 9]
    assert not session.scalars(select(Envelope)).all()


def test_windows_join_without_gap_or_overlap_at_the_planned_hour(session: Session, action: Action) -> None:
    for day in (MONDAY, "2026-12-02T11:00", "2026-12-07"):
        planned(session, day)
        told(session)

    first, second, third = windows(session)
    assert (first.start_at, first.end_at) == (instant("2026-11-16"), instant(MONDAY))
    assert (second.start_at, second.end_at) == (instant(MONDAY), instant("2026-11-30"))
    assert (third.start_at, third.end_at) == (instant("2026-11-30"), instant("2026-12-07"))


def test_a_week_that_passed_unmade_is_recorded_and_the_next_covers_both(session: Session, action: Action) -> None:
    planned(session, MONDAY)
    told(session)

    assert planned(session, "2026-12-07").missed == 2
    _, missed, both = windows(session)
    assert missed.outcome is Outcome.MISSED
    assert (both.start_at, both.end_at) == (instant(MONDAY), instant("2026-12-07"))


def test_a_week_that_was_planned_and_never_left_is_not_told(session: Session, action: Action) -> None:
    for day in (MONDAY, "2026-11-30", "2026-12-07"):
        planned(session, day)

    assert {window.start_at for window in windows(session)} == {instant("2026-11-16")}


def test_it_is_sent_from_its_hour_until_sunday_evening_only(session: Session, action: Action) -> None:
    planned(session, MONDAY)

    assert planned(session, "2026-12-06T19:59").planned == 1
    assert planned(session, "2026-12-13T20:00").missed == 2


def test_the_person_chooses_day_and_hour_in_their_own_zone(session: Session, action: Action) -> None:
    karim = the(session, "Karim")
    karim.digest_weekday, karim.digest_hour, karim.timezone = 3, 18, "Asia/Tokyo"
    session.flush()

    assert planned(session, "2026-11-26T08:59").planned == 0
    assert planned(session, "2026-11-26T09:00").planned == 1


def test_off_is_off_and_on_again_starts_at_the_switch(session: Session, action: Action) -> None:
    planned(session, MONDAY)
    karim = the(session, "Karim")
    karim.has_digest = False
    session.flush()
    assert planned(session, "2026-11-30").planned == 0

    karim.has_digest, karim.digest_since_at = True, instant("2026-12-02")
    session.flush()
    assert planned(session, "2026-12-03") == DigestsPlanned()
    assert planned(session, "2026-12-07").planned == 1
    assert windows(session)[-1].start_at == instant("2026-12-02")


def test_who_came_on_wednesday_hears_on_the_next_monday(session: Session, action: Action) -> None:
    the(session, "Karim").created_at = instant("2026-11-25")
    session.flush()

    assert planned(session, "2026-11-26").planned == 0
    assert planned(session, "2026-11-30").planned == 1


def test_a_clock_that_ran_ahead_and_back_shrinks_no_window(session: Session, action: Action) -> None:
    planned(session, "2026-11-30")
    told(session)

    assert planned(session, MONDAY) == DigestsPlanned()
    assert planned(session, "2026-11-30") == DigestsPlanned()
    assert planned(session, "2026-12-07").planned == 1
    assert windows(session)[-1].start_at == instant("2026-11-30")


def test_the_owner_reads_what_others_did_in_the_window_and_nothing_of_their_own(
    session: Session, action: Action
) -> None:
    karim, amina = the(session, "Karim"), the(session, "Amina")
    for person, verb, at in (
        (amina, Verb.RETURN, "2026-11-18"),
        (amina, Verb.RETURN, "2026-11-15"),
        (karim, Verb.REPORT, "2026-11-19"),
    ):
        session.add(
            Update(
                action_id=action.id,
                recommendation_id=action.recommendation_id,
                programme_id=action.programme_id,
                verb=verb,
                state_after=State.IN_PROGRESS,
                at=instant(at),
                person_id=person.id,
            )
        )
    session.flush()

    week = of_week(session, karim.id)

    assert dict(week.overdue.news) == {action.id: Verb.RETURN}
    assert (week.overdue.ids, week.changed.ids) == ((action.id,), ())
    assert of_week(session, amina.id).is_empty


def test_the_secretariat_reads_of_its_own_programmes_alone(session: Session, action: Action) -> None:
    elsewhere = builders.action(session, state=State.SUBMITTED)
    action.state, action.submitted_at = State.SUBMITTED, instant("2026-11-20")
    silent = builders.action(
        session, session.get_one(Recommendation, action.recommendation_id), last_word_at=instant("2026-10-24")
    )

    week = of_week(session, the(session, "Amina").id)

    assert week.verification.ids == (action.id,)
    assert week.silence.ids == (silent.id,)
    assert elsewhere.id not in week.verification.ids


def test_a_section_shows_ten_and_counts_the_rest(session: Session, action: Action) -> None:
    post = session.get_one(Post, action.owner_post_id)
    for _ in range(12):
        builders.action(session, owner=post, due_on=dt.date(2026, 11, 24))

    week = of_week(session, the(session, "Karim").id)

    assert (len(week.due.ids), week.due.total) == (10, 12)


@pytest.mark.parametrize("lang", ["ar", "fr", "en"])
def test_both_digests_leave_and_their_windows_learn_it(database: Database, lang: str) -> None:
    with database.write() as session:
        programme = builders.programme(session)
        post = builders.post(session)
        builders.person(session, "Karim", holds=post, locale=lang)
        builders.person(session, "Amina", Role.SECRETARIAT, at=programme, locale=lang)
        parent = builders.recommendation(session, builders.meeting(session, programme))
        builders.action(session, parent, post, due_on=dt.date(2026, 11, 20))
        planned(session, MONDAY)
    transport = MemoryTransport()
    now = instant(MONDAY)

    with clock.at(now):
        sent = delivery.dispatch(database.write, transport, now)

    assert sent.sent == 2
    with database.read() as session:
        outcomes = session.scalars(select(DigestWindow.outcome)).all()
        states = session.scalars(select(Envelope.state)).all()
    assert set(outcomes) == {Outcome.SENT}
    assert set(states) == {Delivery.SENT}


def test_a_digest_that_could_not_leave_is_covered_by_the_next(database: Database) -> None:
    with database.write() as session:
        post = builders.post(session)
        builders.person(session, "Karim", holds=post)
        builders.action(session, owner=post, due_on=dt.date(2026, 11, 20))
        planned(session, MONDAY)
    late = instant("2026-11-29T20:00")
    with clock.at(late):
        assert delivery.dispatch(database.write, MemoryTransport(), late).dead == 0
    with database.write() as session:
        assert session.scalars(select(Envelope.state)).one() == Delivery.CANCELLED
        assert planned(session, "2026-11-30").planned == 1
        assert windows(session)[-1].start_at == instant("2026-11-16")
        assert session.scalars(sa.select(sa.func.count()).select_from(Envelope)).one() == 2


@pytest.mark.parametrize("is_refused", [True, False])  # by the relay at once, or by the last server days later
def test_a_digest_that_did_not_arrive_is_covered_by_the_next(database: Database, is_refused: bool) -> None:
    with database.write() as session:
        post = builders.post(session)
        builders.person(session, "Karim", holds=post, email=dsns.TO)
        builders.action(session, owner=post, due_on=dt.date(2026, 11, 20))
        planned(session, MONDAY)
    now, transport = instant(MONDAY), MemoryTransport(*[RecipientRefused(550, "no")] * is_refused)
    with clock.at(now):
        assert delivery.dispatch(database.write, transport, now).dead == is_refused
    with clock.at(instant("2026-11-25")), database.write() as session:
        message = session.scalars(select(Envelope)).one()
        came = signed_addresses.made("suivi@example.ma", AddressUse.BOUNCE, message.id, settings().key)
        assert is_refused or inbound.take(session, dsns.postfix(), [came]) is TakenAs.RECORDED

    with database.write() as session:
        assert windows(session)[0].outcome is Outcome.MISSED
        assert planned(session, "2026-11-30").planned == 1
        assert windows(session)[-1].start_at == instant("2026-11-16")
