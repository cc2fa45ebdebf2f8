"""What a person's posts owe, sorted by urgency: on either database, in a fixed number of statements."""

import datetime as dt

from sqlmodel import Session

from app.config import settings
from app.domain.workflow import State
from app.queries import mine
from app.queries.mine import Mine, Owed
from app.services import milestones, updates, verifications
from tests import scenes
from tests.scenes import Scene
from tests.statements import counted


def owed(made: Scene, name: str = "karim", **cursors: str) -> Owed:
    made.session.flush()
    return mine.of(made.session, made.viewer(name), scenes.in_days(0), **cursors)


def refs(lines: list[Mine]) -> list[str]:
    return [line.row.ref for line in lines]


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

    assert [*found.late, *found.week, *found.new, *found.later, *found.waiting, *found.done] == []


def test_a_supporting_post_goes_by_the_date_of_its_part(session: Session) -> None:
    made = scenes.scene(session)
    action = scenes.action(made, due_on=scenes.in_days(60))
    scenes.support(made, action, due_on=scenes.in_days(-1))

    assert refs(owed(made, "salma").late) == [action.ref]
    assert refs(owed(made).later) == [action.ref]


def test_cursors_lead_through_what_is_later_and_what_is_done(session: Session) -> None:
    made = scenes.scene(session)
    later = {scenes.action(made, due_on=scenes.in_days(10 + number // 3)).ref for number in range(23)}
    done = {scenes.action(made, State.VERIFIED).ref for _ in range(22)}

    first = owed(made)
    second = owed(made, later=first.more_later, done=first.more_done)

    assert len(first.later) == len(first.done) == mine.PER_PAGE
    assert {*refs(first.later), *refs(second.later)} == later
    assert {*refs(first.done), *refs(second.done)} == done
    assert (second.more_later, second.more_done) == ("", "")


def test_the_reason_of_a_return_is_shown_until_the_next_word(session: Session) -> None:
    made = scenes.scene(session)
    action = scenes.action(made, State.SUBMITTED)
    verifications.send_back(session, made.actor("youssef"), action, reason="Il manque la liste")

    [line] = [line for line in owed(made).later if line.row.ref == action.ref]

    assert line.returned == "Il manque la liste"

    updates.on_track(session, made.actor("karim"), action)
    [line] = [line for line in owed(made).later if line.row.ref == action.ref]
    assert line.returned == ""


def test_milestones_come_with_their_action(session: Session) -> None:
    made = scenes.scene(session)
    action = scenes.action(made)
    milestones.add(session, made.actor("karim"), action, titles={"fr": "Imprimé"}, due_on=scenes.in_days(2))

    [line] = owed(made).later

    assert [stone.titles for stone in line.milestones] == [{"fr": "Imprimé"}]


def test_the_number_of_statements_does_not_grow(session: Session) -> None:
    made = scenes.scene(session)
    scenes.action(made)
    viewer, today = made.viewer("karim"), dt.datetime.now(settings().zone).date()
    few = counted(session, lambda: mine.of(session, viewer, today))
    for _ in range(12):
        scenes.action(made)

    assert counted(session, lambda: mine.of(session, viewer, today)) == few <= 5
