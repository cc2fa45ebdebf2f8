"""What pages and digests count is counted in days of the installation: of Auckland's morning, Greenwich's evening."""

import datetime as dt

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col

from app import clock
from app.config import settings
from app.domain.desk import DeskSection
from app.domain.digests import Window
from app.domain.permissions import Role, Viewer
from app.domain.progress import Response, Status
from app.domain.schedule import Schedule
from app.domain.sentences import next_steps
from app.domain.sentences.next_steps import Next
from app.domain.workflow import State, Verb
from app.formats import svg
from app.models.actions import Action
from app.models.meetings import Meeting
from app.queries.followup import actions, desk, worklist
from app.queries.mailing import digests
from app.queries.mailing.digest_rows import DigestReader
from app.queries.meetings import recommendations, secretariat_meetings
from app.queries.public import overview, story, story_entries, tallies
from app.queries.scope import viewers as known
from app.services.kernel import rollups
from app.web import charts
from tests import builders, published
from tests.builders import instant
from tests.fixtures.settings import Configure

# An instant, and the day on which people there say that it was.
AUCKLAND = ("Pacific/Auckland", "2026-11-23T20:00", dt.date(2026, 11, 24))
NEW_YORK = ("America/New_York", "2026-11-24T02:00", dt.date(2026, 11, 23))
pytestmark = pytest.mark.parametrize(("zone", "at", "day"), [AUCKLAND, NEW_YORK])
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def here(configure: Configure, zone: str) -> None:
    configure(timezone=zone)


def test_an_action_submitted_on_its_day_is_done_on_time_and_the_day_before_it_was_late(
    session: Session, at: str, day: dt.date
) -> None:
    on_time, late = (
        builders.action(session, state=State.SUBMITTED, due_on=due_on, submitted_at=instant(at))
        for due_on in (day, day - DAY)
    )
    for action, schedule, days in ((on_time, Schedule.DONE_ON_TIME, 0), (late, Schedule.DONE_LATE, 1)):
        [row] = _rows(session, action.recommendation_id)
        judged = row.judged(day + 5 * DAY)
        assert (judged.schedule, judged.days_late) == (schedule, days)
        assert worklist.line(action).marks(day + 5 * DAY, settings().zone)[1] == days


def test_silence_is_counted_from_the_local_day(session: Session, at: str, day: dt.date) -> None:
    lead = builders.organisation(session)
    owner = builders.post(session, lead)
    said = builders.action(session, None, owner, last_word_at=instant(at), due_on=day)
    asked = builders.action(session, None, owner, assigned_at=instant(at) + DAY)
    viewer = _everywhere(session)
    for action, since in ((said, day), (asked, day + DAY)):
        [row] = _rows(session, action.recommendation_id)
        assert [row.silence(since + passed * DAY) for passed in (0, 1, 29, 30)] == [0, 1, 29, 30]
        for passed, silence in ((29, 0), (30, 30)):
            assert worklist.line(action).marks(since + passed * DAY, settings().zone)[2] == silence
            assert bool([flag for flag in row.marks(since + passed * DAY).flags if flag == "silent"]) == bool(silence)
            desk_of = desk.of(session, viewer, instant(at) + passed * DAY, since + passed * DAY)
            assert (action.ref in [line.row.ref for line in desk_of.lines.get(DeskSection.SILENT, [])]) == bool(silence)
    rollups.recount(session, said.meeting_id)
    assert tallies.of_organisation(session, lead.id, day + 40 * DAY).silence(day + 40 * DAY) == 40
    assert [one.silence for one in overview.waited_for(session, day + 40 * DAY, 5).rows] == [40]


def test_a_strip_begins_with_the_local_day(session: Session, at: str, day: dt.date) -> None:
    action = builders.action(session, assigned_at=instant(at), due_on=day)
    [row] = _rows(session, action.recommendation_id)

    assert charts.of_silence(row, [], day + 30 * DAY) == svg.silence([], day, day + 30 * DAY)
    published.act(session, action, Verb.REPORT, State.IN_PROGRESS, at)
    for since, heard in ((day - DAY, [day]), (day, [day]), (day + DAY, [])):
        assert story_entries.words_heard(session, action.id, since) == heard


def test_a_week_of_the_first_page_begins_as_a_local_day(session: Session, at: str, day: dt.date) -> None:
    moved = builders.action(session, moved_at=instant(at))
    for passed, refs in ((7, [moved.ref]), (8, [])):
        assert [found.ref for found in overview.moved_lately(session, day + passed * DAY, 5)] == refs


def test_a_recommendation_waits_from_the_local_day(session: Session, at: str, day: dt.date) -> None:
    answered = builders.recommendation(session, response=Response.ACCEPTED, responded_at=instant(at))
    answered.status = Status.ACCEPTED_NO_ACTION
    session.flush()
    [line] = secretariat_meetings.recommendations(session, session.get_one(Meeting, answered.meeting_id))
    amina = _everywhere(session)
    found = desk.of(session, amina, instant(at), day)

    standing = recommendations.standing(Status.ACCEPTED_NO_ACTION, instant(at), [], day + 3 * DAY)
    assert (standing.awaited, line.waited(day + 3 * DAY)) == (3, 3)
    assert [one.days(day + 3 * DAY) for one in found.recommendations[DeskSection.UNPLANNED]] == [3]
    for status, kind in ((Status.AWAITING_RESPONSE, Next.RESPONSE), (Status.ACCEPTED_NO_ACTION, Next.PLAN)):
        [step] = story.next_of_recommendation(status, instant(at), [], day)
        assert (step.kind, step.on) == (kind, day)


def test_a_verification_is_awaited_from_the_local_day(session: Session, at: str, day: dt.date) -> None:
    action = builders.action(session, state=State.SUBMITTED, submitted_at=instant(at), due_on=day)
    rows = _rows(session, action.recommendation_id)

    assert [step.on for step in next_steps.of_actions(map(story.situation_of, rows), day)] == [day]


def test_the_lines_of_the_first_page_move_on_the_local_day(session: Session, at: str, day: dt.date) -> None:
    item = builders.recommendation(session, response=Response.ACCEPTED)
    builders.action(session, item, state=State.VERIFIED, verified_at=instant(at), due_on=day)
    rollups.recount(session, item.meeting_id)

    assert item.implemented_on == day


def test_the_weekly_list_of_the_silent_begins_after_thirty_local_days(session: Session, at: str, day: dt.date) -> None:
    action = builders.action(session, last_word_at=instant(at), due_on=day + 90 * DAY)
    amina = builders.person(session, "Amina", Role.SECRETARIAT)
    window = Window(instant("2026-11-01"), instant("2026-11-02"))
    for passed, silent in ((29, ()), (30, (action.id,))):
        week = digests.week(session, DigestReader(amina.id, day + passed * DAY, window))
        assert week.silence.ids == silent


def test_five_working_days_without_a_receipt_are_local_ones(session: Session, at: str, day: dt.date) -> None:
    """Of Monday 23 or Tuesday 24 November; one week later is five working days."""
    for assigned_at in (instant(at), clock.start(day, settings().zone)):
        builders.action(session, state=State.ASSIGNED, assigned_at=assigned_at, due_on=day + 60 * DAY)
    amina = _everywhere(session)
    the_last_working_day_before = 4 if day.weekday() == 0 else 6
    for passed, count in ((the_last_working_day_before, 0), (7, 2)):
        today = day + passed * DAY
        with clock.at(instant(at) + passed * DAY):
            assert desk.of(session, amina, clock.now(), today).counts[DeskSection.UNCONFIRMED] == count


def _everywhere(session: Session) -> Viewer:
    amina = builders.person(session, "Amina", Role.SECRETARIAT)
    return known.by_person(session, amina.id) or pytest.fail("nobody")


def _rows(session: Session, recommendation_id: int) -> list[actions.ActionRow]:
    query = sa.select(*actions.ROW).where(col(Action.recommendation_id) == recommendation_id)
    return [actions.ActionRow(*row) for row in session.execute(query)]
