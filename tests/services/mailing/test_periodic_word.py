"""Word that a programme asks for at intervals: who is asked when, what answers it, and that silence is counted."""

import datetime as dt
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col, select

from app import clock
from app.db import Database
from app.domain.errors import NotAllowed
from app.domain.periods import Rhythm
from app.domain.permissions import PUBLIC, Role
from app.domain.workflow import State, Verb
from app.mail.policy import Mail
from app.models.actions import Action
from app.models.indicators import Indicator
from app.models.meetings import Programme
from app.models.notifications import Envelope, Reminder, ReminderState
from app.models.people import Person, Post
from app.models.recommendations import Recommendation
from app.models.updates import Update
from app.queries.mailing import previews, word_candidates
from app.queries.mailing import reminders as owed
from app.queries.mailing.letters import recipients
from app.queries.scope import viewers
from app.services.kernel.audit import SERVICE, Actor
from app.services.mailing import reminders
from app.services.mailing.letters import KINDS, Case, LetterCache, QueuedMessage
from app.services.setup import programmes
from app.services.upkeep import integrity
from tests import builders, passes
from tests.builders import instant


@pytest.fixture
def action(session: Session) -> Action:
    """Karim's, in hand and without a deadline, in Amina's programme and Leila's organisation."""
    programme = builders.programme(session)
    body = builders.organisation(session)
    post = builders.post(session, body)
    builders.person(session, "Amina", Role.SECRETARIAT, at=programme)
    builders.person(session, "Leila", holds=builders.post(session, body, is_manager=True))
    builders.person(session, "Karim", holds=post)
    return builders.action(session, builders.recommendation(session, builders.meeting(session, programme)), post)


def turn(session: Session, action: Action, rhythm: Rhythm | None, day: str) -> Programme:
    programme = session.get_one(Programme, action.programme_id)
    with clock.at(instant(day)):
        programmes.edit(session, SERVICE, programme, word_every=rhythm)
    session.flush()
    return programme


def another(session: Session, action: Action, **values: Any) -> Action:
    post = session.get_one(Post, action.owner_post_id)
    parent = session.get_one(Recommendation, action.recommendation_id)
    return builders.action(session, parent, post, **values)


def heard(session: Session, action: Action, day: str) -> None:
    action.last_word_at = instant(day)
    session.flush()


def planned(session: Session, day: str) -> list[tuple[str, str]]:
    """What a pass of that morning records that goes, by audience."""
    before = set(session.scalars(select(Reminder.id)))
    with clock.at(instant(day)):
        passes.plan_reminders(session, instant(day))
    session.flush()
    session.expire_all()
    rows = session.scalars(select(Reminder).where(col(Reminder.state) == ReminderState.PLANNED))
    return sorted((row.audience, row.step) for row in rows if row.id not in before)


ASKED, ON_THE_DAY = ("holder", "word.before_7"), ("holder", "word.day_0")


def test_the_holder_is_asked_a_week_before_the_period_ends_on_its_last_day_and_then_weekly(
    session: Session, action: Action
) -> None:
    turn(session, action, Rhythm.MONTH, "2026-10-20")

    found = {}
    for number in range(62):
        day = (dt.date(2026, 11, 1) + dt.timedelta(days=number)).isoformat()
        if some := planned(session, day):
            found[day] = some
    assert found == {
        "2026-11-23": [ASKED],
        "2026-11-30": [ON_THE_DAY],
        "2026-12-07": [("holder", "word.after_7")],
        "2026-12-14": [("holder", "word.after_14"), ("manager", "word.manager_14")],
        "2026-12-21": [("holder", "word.after_21")],
        "2026-12-28": [("holder", "word.after_28")],
    }


def test_a_last_day_off_asks_on_the_working_day_before(session: Session, action: Action) -> None:
    turn(session, action, Rhythm.MONTH, "2026-12-31")

    assert not planned(session, "2027-01-22")
    assert planned(session, "2027-01-25") == [ASKED]
    assert planned(session, "2027-01-29") == [ON_THE_DAY], "the 31st is a Sunday"


def test_turned_on_today_it_brings_no_mail_for_what_has_begun_already_however_many_actions(
    session: Session, action: Action
) -> None:
    for _ in range(200):
        another(session, action)
    turn(session, action, Rhythm.MONTH, "2026-11-27")

    for day in ("2026-11-27", "2026-11-30", "2026-12-23"):
        assert not owed.due(session, instant(day)).owed
    assert len([one for one in owed.due(session, instant("2026-12-24")).owed if one.goes]) == 201
    assert len(planned(session, "2026-12-24")) == 201
    assert session.scalar(select(sa.func.count()).select_from(Envelope)) == 1, "one mail of the morning"


def test_any_word_in_the_period_answers_it_and_word_after_it_answers_what_was_missed(
    session: Session, action: Action
) -> None:
    turn(session, action, Rhythm.MONTH, "2026-10-20")
    heard(session, action, "2026-11-02")

    assert not planned(session, "2026-11-30")
    assert planned(session, "2026-12-24") == [ASKED]
    heard(session, action, "2026-12-24T09:00")
    assert not planned(session, "2026-12-31")
    assert not planned(session, "2027-01-14")


def test_what_was_asked_is_dropped_from_the_mail_once_word_came(session: Session, action: Action) -> None:
    turn(session, action, Rhythm.MONTH, "2026-10-20")
    planned(session, "2026-11-23")
    rows = session.scalars(select(Reminder)).all()
    assert len(owed.still_owed(session, rows, instant("2026-11-23"))) == 1

    heard(session, action, "2026-11-23T07:00")

    assert not owed.still_owed(session, rows, instant("2026-11-23"))


@pytest.mark.parametrize(
    ("assigned", "asked"), [("2026-11-01", "2026-11-23"), ("2026-11-02", "2026-12-24"), ("2026-11-20", "2026-12-24")]
)
def test_an_action_added_within_a_period_is_asked_about_the_next_one(
    session: Session, action: Action, assigned: str, asked: str
) -> None:
    turn(session, action, Rhythm.MONTH, "2026-10-20")
    action.assigned_at = instant(assigned)
    session.flush()

    days = [dt.date(2026, 11, 1) + dt.timedelta(days=number) for number in range(60)]
    assert next(day.isoformat() for day in days if planned(session, day.isoformat())) == asked


@pytest.mark.parametrize("state", sorted(set(State) - {State.ACKNOWLEDGED, State.IN_PROGRESS, State.BLOCKED}))
def test_nobody_is_asked_about_what_is_not_in_hand(session: Session, action: Action, state: State) -> None:
    turn(session, action, Rhythm.MONTH, "2026-10-20")
    action.state, action.submitted_at = state, instant("2026-11-20")
    session.flush()

    assert not [one for one in planned(session, "2026-11-30") if one[1].startswith("word.")]


def test_what_was_returned_is_asked_about_from_the_next_period_on(session: Session, action: Action) -> None:
    turn(session, action, Rhythm.MONTH, "2026-01-20")
    heard(session, action, "2026-06-10")
    session.add(
        Update(
            action_id=action.id, recommendation_id=action.recommendation_id, programme_id=action.programme_id,
            verb=Verb.RETURN, state_after=State.IN_PROGRESS, at=instant("2026-11-10"),
        )
    )  # fmt: skip
    session.flush()

    assert not planned(session, "2026-11-30")
    assert planned(session, "2026-12-24") == [ASKED]
    word = word_candidates.of_action(session, action.id)
    assert word
    assert word.missed(dt.date(2027, 1, 1)) == 1


def test_changed_it_begins_anew_and_turned_off_it_ends(session: Session, action: Action) -> None:
    turn(session, action, Rhythm.MONTH, "2026-10-20")
    planned(session, "2026-11-23")
    programme = turn(session, action, Rhythm.QUARTER, "2026-11-25")

    assert programme.word_since == dt.date(2026, 11, 25)
    assert not planned(session, "2026-12-31")
    assert planned(session, "2027-03-24") == [ASKED]
    turn(session, action, None, "2027-03-25")
    assert not planned(session, "2027-03-31")
    assert not owed.still_owed(session, session.scalars(select(Reminder)).all(), instant("2027-03-31"))
    assert programme.word_since is None


def test_saving_the_programme_without_changing_it_lets_it_run_on(session: Session, action: Action) -> None:
    turn(session, action, Rhythm.MONTH, "2026-10-20")

    assert turn(session, action, Rhythm.MONTH, "2026-11-25").word_since == dt.date(2026, 10, 20)


def test_only_its_secretariat_or_an_administrator_turns_it_on(session: Session, action: Action) -> None:
    programme = session.get_one(Programme, action.programme_id)
    for name in ("Karim", "Leila"):
        person = session.scalars(select(Person).where(col(Person.name) == name)).one()
        with pytest.raises(NotAllowed):
            programmes.edit(session, Actor(viewers.by_person(session, person.id) or PUBLIC), programme, word_every=None)


@pytest.mark.parametrize("rhythm", Rhythm)
def test_silent_actions_are_counted_as_each_one_counts_itself(session: Session, action: Action, rhythm: Rhythm) -> None:
    turn(session, action, rhythm, "2026-01-20")
    ids = [action.id]
    for months in range(1, 24):
        given = instant("2026-02-10") + dt.timedelta(days=30 * months)
        ids.append(another(session, action, last_word_at=given, assigned_at=instant("2026-02-01")).id)
    for day in (dt.date(2026, 3, 1), dt.date(2027, 1, 1), dt.date(2027, 7, 1), dt.date(2028, 1, 2)):
        words = [word_candidates.of_action(session, one) for one in ids]
        expected = sum(word is not None and word.missed(day) > 0 for word in words)
        assert word_candidates.silent(session, action.programme_id, day) == expected


def test_the_preview_shows_what_will_be_asked(session: Session, action: Action) -> None:
    turn(session, action, Rhythm.MONTH, "2026-10-20")
    amina = session.scalars(select(Person).where(col(Person.name) == "Amina")).one()
    viewer = viewers.by_person(session, amina.id)
    assert viewer

    mails = previews.preview(session, viewer, instant("2026-11-20")).mails

    [asked] = [one for one in mails if one.kind == "reminder"]
    [line] = asked.lines
    assert (asked.on, asked.name, line.days, line.is_word) == (dt.date(2026, 11, 23), "Karim", -7, True)


def letter(session: Session, day: str, name: str) -> Mail:
    """The mail of that morning."""
    with clock.at(instant(day)):
        passes.plan_reminders(session, instant(day))
        session.flush()
        person = session.scalars(select(Person).where(col(Person.name) == name)).one()
        person.locale = "en"
        found = select(Envelope).where(col(Envelope.person_id) == person.id, col(Envelope.kind) == "reminder")
        row = session.scalars(found.order_by(col(Envelope.id).desc())).first()
        assert row
        envelope = QueuedMessage(row.id, person.id, row.kind, row.period, row.about_kind, row.about_id or 0, row.params)
        case = Case(LetterCache(session, clock.now()), envelope, recipients(session, [person.id])[person.id])
        return KINDS["reminder"].message(KINDS["reminder"].load(case))


def test_the_mail_asks_for_word_with_the_three_answers(session: Session, action: Action) -> None:
    turn(session, action, Rhythm.MONTH, "2026-10-20")

    mail = letter(session, "2026-11-23", "Karim")

    assert mail.subject.startswith("Periodic update awaited: Guide")
    assert "Periodic update for the month, asked for by 30 November 2026." in mail.text
    assert "?s=on_track" in mail.text
    assert "?s=done" in mail.text
    assert "No word for" not in mail.text


def test_silence_is_counted_in_the_mail_to_the_holder_and_to_the_manager(session: Session, action: Action) -> None:
    turn(session, action, Rhythm.MONTH, "2026-09-20")

    assert "No word for 1 whole month." in letter(session, "2026-11-16", "Leila").text
    assert "No word for 2 whole months." in letter(session, "2026-12-07", "Karim").text


def test_what_an_action_owes_anyway_and_its_word_are_one_line(session: Session, action: Action) -> None:
    turn(session, action, Rhythm.MONTH, "2026-10-20")
    action.due_on = dt.date(2026, 11, 30)
    session.flush()

    mail = letter(session, "2026-11-23", "Karim")

    assert mail.subject.startswith("Due in 7 days:")
    assert mail.text.count("?s=on_track") == 1
    assert "Periodic update for the month, asked for by 30 November 2026." in mail.text


def test_four_passes_at_once_ask_each_once(database: Database) -> None:
    now = instant("2026-11-23")
    with database.write() as session:
        programme = builders.programme(session, word_every=Rhythm.MONTH, word_since=dt.date(2026, 10, 20))
        parent = builders.recommendation(session, builders.meeting(session, programme))
        for number in range(12):
            post = builders.post(session)
            builders.person(session, f"Karim{number}", holds=post)
            for _ in range(5):
                builders.action(session, parent, post)
    start = threading.Barrier(4)

    def one_pass() -> int:
        with clock.at(now):
            start.wait(10)
            return reminders.plan(database.read, database.write, now).planned

    with ThreadPoolExecutor(4) as threads:
        counts = [done.result(60) for done in [threads.submit(one_pass) for _ in range(4)]]

    with database.read() as session:
        people = Counter(session.scalars(select(Reminder.person_id)))
        mails = session.scalar(select(sa.func.count()).select_from(Envelope))
    assert sum(counts) == 60
    assert set(people.values()) == {5}
    assert mails == 12
    with clock.at(now):
        assert reminders.plan(database.read, database.write, now).planned == 0


def test_a_rhythm_without_its_first_day_is_found_by_the_deep_check(session: Session) -> None:
    programme = builders.programme(session, word_every=Rhythm.YEAR, word_since=dt.date(2026, 10, 20))
    assert integrity.differences(session) == []

    programme.word_since = None
    session.flush()

    [said] = integrity.differences(session)
    assert said.endswith(f"first {programme.slug}")


def exports(session: Session, action: Action) -> Indicator:
    """Measured every quarter by the post of the action."""
    own = Indicator(
        programme_id=action.programme_id, titles={"en": "Exports of the region"}, target=Decimal(3),
        target_on=dt.date(2028, 1, 1), post_id=action.owner_post_id, word_every=Rhythm.QUARTER,
        word_since=dt.date(2026, 9, 20), created_at=builders.LONG_AGO,
    )  # fmt: skip
    session.add(own)
    session.flush()
    return own


def test_the_mail_about_an_indicator_leads_to_its_page_and_names_what_is_asked(
    session: Session, action: Action
) -> None:
    own = exports(session, action)

    mail = letter(session, "2026-12-24", "Karim")

    assert mail.subject == "Value awaited: Exports of the region"
    assert "Value for the quarter, asked for by 31 December 2026." in mail.text
    assert f"/workspace/indicators/{own.id}" in mail.text
    assert "Foreign trade programme" in mail.text
    assert "?s=" not in mail.text


def test_what_an_action_owes_and_a_value_are_two_lines_of_one_mail(session: Session, action: Action) -> None:
    turn(session, action, Rhythm.QUARTER, "2026-09-20")
    exports(session, action)

    mail = letter(session, "2026-12-24", "Karim")

    assert mail.subject == "Your morning: 1 periodic update awaited, …"
    assert mail.text.count("asked for by 31 December 2026.") == 2
