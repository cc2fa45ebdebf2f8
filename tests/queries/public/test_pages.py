"""The reads behind the public pages, on both databases: what they count, whom they leave out, in which order."""

import datetime as dt

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col

from app.domain.errors import NotFound
from app.domain.marks import Flag
from app.domain.progress import Group, Status
from app.domain.sentences.next_steps import Next
from app.domain.sentences.standing import ActionSituation
from app.domain.workflow import State, Verb
from app.models.actions import Action
from app.models.meetings import Meeting, SlugAlias
from app.models.people import Post
from app.queries.meetings import meetings, recommendations
from app.queries.public import addresses, organisations, overview, story_context, story_entries, tallies
from app.queries.public import story as stories
from app.queries.public.overview import WaitedFor
from app.queries.public.tallies import Growth
from app.services.kernel import rollups
from tests import builders, published
from tests.published import CANARY, TODAY, Record


@pytest.fixture
def record(session: Session) -> Record:
    return published.write(session)


def test_counts_are_those_of_what_is_public(session: Session, record: Record) -> None:
    only = tallies.whole(session, TODAY)

    assert only.counts == {Status.PARTIALLY_IMPLEMENTED: 1, Status.AWAITING_RESPONSE: 1}
    assert (only.overdue, only.disputed, only.total) == (1, 0, 2)
    assert only.of(Group.UNDER_WAY) == only.of(Group.NOT_BEGUN) == 1
    assert only.late == 1
    assert tallies.of_meetings(session, [record.meeting.id], TODAY) == {record.meeting.id: only}
    assert tallies.of_programme(session, record.programme.id, TODAY) == only
    assert tallies.of_programme(session, 0, TODAY) == tallies.NOTHING


def test_what_is_due_today_is_not_overdue_yet(session: Session, record: Record) -> None:
    due_on = record.late.due_on or TODAY

    for day, count in ((due_on, 0), (due_on + dt.timedelta(days=1), 1)):
        meeting = tallies.of_meetings(session, [record.meeting.id], day)[record.meeting.id]
        leading = tallies.of_organisation(session, record.lead.id, day)
        assert (meeting.overdue, meeting.late, leading.overdue, leading.late) == (count,) * 4
        for progress in (tallies.whole(session, day), tallies.of_programme(session, record.programme.id, day)):
            assert (progress.overdue, progress.late) == (count, count)


def test_what_was_declared_done_is_late_for_nobody(session: Session, record: Record) -> None:
    """The verifier's slowness is not the owner's: the count says the same as the row beside it."""
    record.late.state, record.late.submitted_at = State.SUBMITTED, builders.instant("2026-11-20")
    session.flush()
    rollups.recount(session, record.meeting.id)
    lead = record.lead.id

    whole, leading = tallies.whole(session, TODAY), tallies.of_organisation(session, lead, TODAY)
    assert (whole.overdue, whole.late, leading.overdue, leading.late) == (0, 0, 0, 0)
    assert [waited.overdue for waited in overview.waited_for(session, TODAY, 5).rows] == []
    meeting = record.meeting.id
    assert tallies.of_meetings(session, [meeting], TODAY)[meeting].overdue == 0


def test_disputed_recommendations_are_not_in_the_rate(session: Session, record: Record) -> None:
    published.dispute(session, record)

    whole = tallies.whole(session, TODAY)

    assert whole.counts[Status.IMPLEMENTED] == 2
    assert (whole.rate.implemented, whole.rate.denominator, whole.disputed) == (1, 4, 1)


def test_growth_adds_up_day_by_day(session: Session, record: Record) -> None:
    published.dispute(session, record)

    growth = tallies.growth(session, TODAY)

    assert growth.published == [(dt.date(2026, 1, 31), 4)]
    assert growth.planned[-1][1] == 3
    assert growth.implemented[-1][1] == 2


def test_figures_are_given_at_the_ends_of_months_and_today() -> None:
    growth = Growth([(dt.date(2026, 9, 3), 1)], [], [])

    assert growth.days(TODAY) == [dt.date(2026, 9, 30), dt.date(2026, 10, 31), TODAY]
    assert Growth([], [], []).days(TODAY) == []


def test_an_organisation_counts_its_public_actions(session: Session, record: Record) -> None:
    leading = tallies.of_organisation(session, record.lead.id, TODAY)

    assert leading.states == {State.VERIFIED: 1, State.BLOCKED: 1}
    assert (leading.overdue, leading.late, leading.supports, leading.silence(TODAY)) == (1, 1, 0, 61)
    assert [row.ref for row in organisations.owed(session, record.lead.id, None)] == ["FM-2024-03.2"]
    assert [row.ref for row in organisations.done(session, record.lead.id)] == ["FM-2024-03.1"]


def test_an_organisation_that_nothing_public_names_has_nothing_to_show(session: Session, record: Record) -> None:
    hidden = organisations.get(session, "canary-body").id
    assert tallies.of_organisation(session, hidden, TODAY) == tallies.Leading({}, 0, 0, 0, None)
    assert not organisations.has_answered(session, hidden)

    record.waiting.response_by_id = hidden
    session.flush()

    assert organisations.has_answered(session, hidden)
    with pytest.raises(NotFound):
        organisations.get(session, "nobody")


def test_what_is_owed_comes_by_pages_in_the_order_of_deadlines(session: Session, record: Record) -> None:
    for number in range(30):
        due_on = TODAY + dt.timedelta(days=number // 2)
        more = builders.recommendation(session, record.meeting)
        builders.action(session, more, session.get_one(Post, record.late.owner_post_id), due_on=due_on)
    lead = record.lead.id

    first = organisations.owed(session, lead, None)
    last = first[organisations.PER_PAGE - 1]
    second = organisations.owed(session, lead, (last.due_on or TODAY, last.id))

    shown = [row.id for row in first[: organisations.PER_PAGE]] + [row.id for row in second]
    assert len(shown) == len(set(shown)) == 31
    assert [row.due_on for row in first] == sorted(row.due_on or TODAY for row in first)


def test_who_is_waited_for_is_who_has_been_silent_longest(session: Session, record: Record) -> None:
    (waited,) = overview.waited_for(session, TODAY, 5).rows

    assert (waited.slug, waited.silence, waited.overdue) == ("centre", 61, 1)


def test_who_spoke_lately_and_is_not_late_is_not_waited_for(session: Session, record: Record) -> None:
    record.late.last_word_at, record.late.due_on = published.NOW, TODAY
    rollups.recount(session)

    assert overview.waited_for(session, TODAY, 5) == WaitedFor([], is_owed=True)


def test_where_nothing_is_owed_nobody_is_said_to_have_answered(session: Session, record: Record) -> None:
    record.late.state, record.late.submitted_at = State.SUBMITTED, published.NOW
    rollups.recount(session)

    assert overview.waited_for(session, TODAY, 5) == WaitedFor([], is_owed=False)


def test_what_moved_is_told_once_by_its_latest_act(session: Session, record: Record) -> None:
    for day in ("2026-11-20", "2026-11-22"):
        published.act(session, record.late, Verb.ON_TRACK, State.IN_PROGRESS, day)
    hidden = session.scalars(sa.select(Action).where(col(Action.ref) == "FM-2024-03.8")).one()
    published.act(session, hidden, Verb.REPORT, State.IN_PROGRESS, "2026-11-22")
    rollups.recount(session, *_all_meetings(session))

    (moved,) = overview.moved_lately(session, TODAY, 5)

    assert (moved.ref, moved.state, moved.at) == ("FM-2024-03.2", State.IN_PROGRESS, builders.instant("2026-11-22"))


def test_recommendations_under_way_that_are_late_are_counted_once(session: Session, record: Record) -> None:
    post = session.get_one(Post, record.late.owner_post_id)
    builders.action(session, record.recommendation, post, State.IN_PROGRESS, TODAY - dt.timedelta(days=1), number=3)
    rollups.recount(session, record.meeting.id)

    whole = tallies.whole(session, TODAY)

    assert (whole.overdue, whole.late) == (2, 1)


def _all_meetings(session: Session) -> list[int]:
    return [item or 0 for item in session.scalars(sa.select(col(Meeting.id)))]


def test_meetings_come_newest_first_by_pages(session: Session, record: Record) -> None:
    for day in (1, 1, 2):
        builders.meeting(session, record.programme, held_on=dt.date(2025, 3, day))

    first = meetings.newest(session, 2)
    rest = meetings.newest(session, 9, before=(first[-1].held_on, first[-1].id))

    assert [row.held_on.day for row in first + rest] == [2, 1, 1, 28]
    assert len({row.id for row in first + rest}) == 4
    assert len(meetings.newest(session, 9, programme_id=0)) == 0


def test_the_words_of_a_report_stay_inside_unless_it_is_public(session: Session) -> None:
    closed = published.write(session)

    assert meetings.head(session, closed.meeting.slug).is_report_public is False
    assert meetings.excerpts(session, closed.meeting.id) == []


def test_a_public_report_is_read_round_its_marks_alone(session: Session) -> None:
    record = published.write(session, is_report_public=True)

    (excerpt,) = meetings.excerpts(session, record.meeting.id)

    assert excerpt.text.startswith(published.BEFORE + published.SENTENCE + published.AFTER)
    assert CANARY not in excerpt.text
    assert excerpt.text[excerpt.mark[0] - excerpt.start : excerpt.mark[1] - excerpt.start] == published.SENTENCE


def test_the_story_holds_public_actions_and_released_words_alone(session: Session, record: Record) -> None:
    head = stories.recommendation(session, "FM-2024-03")
    found = story_entries.newest(session, recommendation_id=head.id)

    assert [item.row.ref for item in stories.actions_of(session, head.id)] == ["FM-2024-03.1", "FM-2024-03.2"]
    assert [(entry.verb, entry.summary) for entry in story_entries.page(found)] == [
        (Verb.SUBMIT, "الدليل منشور"),
        (Verb.VERIFY, ""),
        (Verb.REPORT, ""),
    ]
    assert [piece.title for piece in story_context.of_recommendation(session, head.id).evidence] == ["Guide.pdf"]
    for hidden in ("FM-2024-05", "RSK-2024-01"):
        with pytest.raises(NotFound):
            stories.recommendation(session, hidden)


def test_a_reference_into_a_private_recommendation_is_not_given(session: Session, record: Record) -> None:
    draft = builders.recommendation(session, record.meeting, published_at=None, is_public=False)
    record.waiting.merged_into_id = draft.id
    session.flush()

    assert stories.recommendation(session, "FM-2024-04").merged_into is None


def test_how_a_recommendation_stands_is_what_its_actions_say(session: Session, record: Record) -> None:
    rows = recommendations.of_meeting(session, record.meeting.id)
    (first, standing), (second, waiting) = recommendations.listed(session, rows, TODAY)

    assert (first.ref, second.ref) == ("FM-2024-03", "FM-2024-04")
    assert standing.marks.flags == (Flag.OVERDUE, Flag.BLOCKED)
    assert (standing.late, standing.live, standing.verified) == (12, 2, 1)
    assert (waiting.awaited, waiting.live) == (322, 0)


def test_what_comes_next_is_late_then_to_verify_then_due(session: Session, record: Record) -> None:
    published.act(session, record.late, Verb.SUBMIT, State.SUBMITTED, "2026-11-20")
    for state, due_on in (
        (State.SUBMITTED, None),
        (State.IN_PROGRESS, TODAY),
        (State.IN_PROGRESS, dt.date(2027, 1, 1)),
    ):
        builders.action(session, record.recommendation, state=state, due_on=due_on)
    found = [stories.situation_of(item.row) for item in stories.actions_of(session, record.recommendation.id)]

    def kinds(status: Status, actions: list[ActionSituation]) -> list[Next]:
        return [step.kind for step in stories.next_of_recommendation(status, builders.LONG_AGO, actions, TODAY)]

    assert kinds(Status.IN_PROGRESS, found) == [Next.LATE, Next.VERIFICATION, Next.DEADLINE]
    assert [kinds(status, []) for status in _WAITING] == [[Next.RESPONSE], [Next.PLAN]]
    assert kinds(Status.MERGED, []) == []


def test_a_former_slug_is_known_for_what_is_public(session: Session, record: Record) -> None:
    session.add(SlugAlias(kind="meeting", slug="formerly", target_id=record.meeting.id))
    session.add(SlugAlias(kind="programme", slug="formerly", target_id=record.programme.id + 1))
    session.flush()

    assert addresses.current(session, "meeting", "formerly") == "fez"
    for kind in ("programme", "organisation"):
        with pytest.raises(NotFound):
            addresses.current(session, kind, "formerly")


_WAITING = (Status.AWAITING_RESPONSE, Status.ACCEPTED_NO_ACTION)
