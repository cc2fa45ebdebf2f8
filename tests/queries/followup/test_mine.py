"""What a person's posts owe, sorted by urgency: on either database, in a fixed number of statements."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlmodel import Session

from app import clock
from app.config import settings
from app.domain.workflow import PartState, State
from app.models.actions import ActionSupport
from app.models.people import Post
from app.queries.followup import mine
from app.queries.followup.mine import MineSections, Shown
from app.queries.followup.owed_actions import MineSection
from app.queries.followup.owed_actions import _open as owed_by
from app.queries.scope import ranges
from app.services.followup import milestones, updates, verifications
from tests import builders, scenes
from tests.scenes import Scene
from tests.statements import counted


def owed(made: Scene, name: str = "karim", **cursors: str) -> MineSections:
    made.session.flush()
    return mine.of(made.session, made.viewer(name), scenes.in_days(0), cursors)


def refs(shown: Shown) -> list[str]:
    return [line.row.ref for line in shown.lines]


def test_each_action_stands_in_one_section_by_urgency(session: Session) -> None:
    made = scenes.scene(session)
    late = [scenes.action(made, due_on=scenes.in_days(days)).ref for days in (-30, -1)]
    week = [scenes.action(made, due_on=scenes.in_days(days)).ref for days in (0, 7)]
    later = scenes.action(made, due_on=scenes.in_days(8)).ref
    new = scenes.action(made, State.ASSIGNED, due_on=scenes.in_days(3)).ref
    waiting = [scenes.action(made, state, due_on=scenes.in_days(-2)).ref for state in (State.SUBMITTED, State.DECLINED)]
    done = scenes.action(made, State.VERIFIED).ref
    scenes.draft(made)

    found = owed(made)

    assert (refs(found.late), refs(found.week), refs(found.new)) == (late, week, [new])
    assert (refs(found.later), refs(found.waiting), refs(found.done)) == ([later], waiting, [done])
    assert found.count == 5
    assert found.next_on == scenes.in_days(0)


def test_a_stranger_owes_nothing_of_it(session: Session) -> None:
    made = scenes.scene(session)
    scenes.action(made)

    found = owed(made, "omar")

    assert (found.refs, found.count) == (set(), 0)


def test_a_supporting_post_goes_by_the_date_of_its_part(session: Session) -> None:
    made = scenes.scene(session)
    action = scenes.action(made, due_on=scenes.in_days(60))
    scenes.support(made, action, due_on=scenes.in_days(-1))

    assert refs(owed(made, "salma").late) == [action.ref]
    assert refs(owed(made).later) == [action.ref]


def walked(made: Scene, name: str = "karim", **given: str) -> dict[MineSection, list[str]]:
    """All pages of every section, one section after the other."""
    found: dict[MineSection, list[str]] = {}
    for part in MineSection:
        after = ""
        while True:
            shown: Shown = getattr(owed(made, name, **(given | ({part.value: after} if after else {}))), part)
            assert len(shown.lines) <= mine.FEW
            found.setdefault(part, []).extend(refs(shown))
            if not (after := shown.next):
                break
    return found


def test_cursors_lead_through_each_section_once_in_its_order(session: Session) -> None:
    made = scenes.scene(session)
    days = {
        MineSection.LATE: -5,
        MineSection.WEEK: 3,
        MineSection.LATER: 30,
        MineSection.NEW: 9,
        MineSection.WAITING: -3,
    }
    states = {MineSection.NEW: State.ASSIGNED, MineSection.WAITING: State.SUBMITTED}
    expected = {
        part: [
            scenes.action(made, states.get(part, State.IN_PROGRESS), due_on=scenes.in_days(day + number // 9)).ref
            for number in range(14)
        ]
        for part, day in days.items()
    }
    expected[MineSection.WAITING].append(scenes.action(made, State.DECLINED).ref)
    undated = scenes.action(made, State.ASSIGNED)
    undated.due_on = None
    expected[MineSection.NEW].append(undated.ref)
    done = [scenes.action(made, State.VERIFIED).ref for _ in range(14)]

    found = walked(made)

    assert found == expected | {MineSection.DONE: found[MineSection.DONE]}
    assert sorted(found[MineSection.DONE]) == sorted(done)


def test_what_is_supported_stands_among_what_is_owned_page_by_page(session: Session) -> None:
    made = scenes.scene(session)
    expected = []
    for number in range(10):
        own = scenes.action(made, State.ASSIGNED, owner_post_id=made.posts["salma"])
        own.state, own.due_on = State.IN_PROGRESS, scenes.in_days(20 + 2 * number)
        theirs = scenes.action(made, due_on=scenes.in_days(90))
        scenes.support(made, theirs, due_on=scenes.in_days(21 + 2 * number))
        expected += [own.ref, theirs.ref]

    assert walked(made, "salma")[MineSection.LATER] == expected


def test_what_is_supported_follows_its_action(session: Session) -> None:
    made = scenes.scene(session)
    action = scenes.action(made, due_on=scenes.in_days(40))
    scenes.support(made, action)
    row = session.get_one(ActionSupport, (action.id, made.organisations["chamber"]))
    assert refs(owed(made, "salma").later) == [action.ref]

    action.due_on = scenes.in_days(-3)
    assert refs(owed(made, "salma").late) == [action.ref]

    row.due_on = scenes.in_days(2)
    assert refs(owed(made, "salma").week) == [action.ref]

    action.state = State.SUBMITTED
    assert refs(owed(made, "salma").week) == [action.ref]  # that its lead has declared it done ends no part

    row.part_state = PartState.DONE
    assert refs(owed(made, "salma").waiting) == [action.ref]

    action.state, action.ended_at = State.VERIFIED, clock.now()
    assert refs(owed(made, "salma").done) == [action.ref]


def test_what_two_of_my_posts_support_is_owed_once_by_the_earlier_date(session: Session) -> None:
    made = scenes.scene(session)
    action, own = scenes.action(made, due_on=scenes.in_days(40)), scenes.action(made, due_on=scenes.in_days(50))
    other = builders.post(session)
    for post, day in ((made.posts["salma"], 3), (other.id, -2)):
        for item in (action, own):
            body = session.get_one(Post, post).organisation_id
            session.add(
                ActionSupport(action_id=item.id, organisation_id=body, post_id=post, due_on=scenes.in_days(day))
            )
    own.owner_post_id = other.id
    session.flush()
    viewer = replace(made.viewer("salma"), post_ids=frozenset({made.posts["salma"], other.id}))

    found = mine.of(session, viewer, scenes.in_days(0))

    assert (refs(found.late), refs(found.week), refs(found.later)) == ([action.ref], [], [own.ref])


def test_a_place_in_one_section_moves_no_other_and_no_count(session: Session) -> None:
    made = scenes.scene(session)
    for number in range(12):
        scenes.action(made, due_on=scenes.in_days(-20 + number))
        scenes.action(made, due_on=scenes.in_days(10 + number))

    first = owed(made)
    second = owed(made, late=first.late.next)

    assert second.late.lines != first.late.lines
    assert refs(second.later) == refs(first.later)
    assert (first.count, second.count) == (12, 12)


@pytest.fixture
def counting_to_ten(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(ranges, "MOST", 10)
    owed_by.cache_clear()
    yield
    owed_by.cache_clear()


@pytest.mark.usefixtures("counting_to_ten")
def test_counting_stops_early_and_says_so(session: Session) -> None:
    made = scenes.scene(session)
    for number in range(10):
        scenes.action(made, due_on=scenes.in_days(-20 + number))
    assert (owed(made).count, owed(made).is_more) == (10, False)

    scenes.action(made, due_on=scenes.in_days(-1))

    assert (owed(made).count, owed(made).is_more) == (10, True)


def test_the_reason_of_a_return_is_shown_until_the_next_word(session: Session) -> None:
    made = scenes.scene(session)
    action = scenes.action(made, State.SUBMITTED)
    verifications.send_back(session, made.actor("youssef"), action, reason="Il manque la liste")

    [line] = [line for line in owed(made).later.lines if line.row.ref == action.ref]

    assert line.returned == "Il manque la liste"

    updates.on_track(session, made.actor("karim"), action)
    [line] = [line for line in owed(made).later.lines if line.row.ref == action.ref]
    assert line.returned == ""


def test_milestones_come_with_their_action(session: Session) -> None:
    made = scenes.scene(session)
    action = scenes.action(made)
    milestones.add(session, made.actor("karim"), action, titles={"fr": "Imprimé"}, due_on=scenes.in_days(2))

    [line] = owed(made).later.lines

    assert [stone.titles for stone in line.milestones] == [{"fr": "Imprimé"}]


def test_the_number_of_statements_does_not_grow(session: Session) -> None:
    made = scenes.scene(session)
    scenes.action(made)
    viewer, today = made.viewer("karim"), dt.datetime.now(settings().zone).date()
    few = counted(session, lambda: mine.of(session, viewer, today))
    for _ in range(12):
        scenes.action(made)

    assert counted(session, lambda: mine.of(session, viewer, today)) == few <= 5
