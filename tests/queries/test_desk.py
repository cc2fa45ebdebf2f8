"""The desk's sections: whose they are, what belongs in them, and that counting and listing agree."""

import datetime as dt

import pytest
from sqlmodel import Session

from app import clock
from app.domain.workflow import State
from app.models.updates import Via
from app.queries import desk
from app.queries.desk import Desk, Section
from app.services import actions, updates
from app.services.transitions import Words
from tests import scenes
from tests.scenes import Scene
from tests.statements import counted


def seen(made: Scene, name: str = "amina", only: Section | None = None) -> Desk:
    made.session.flush()
    return desk.of(made.session, made.viewer(name), clock.now(), scenes.in_days(0), only)


def refs(found: Desk, section: Section) -> list[str]:
    return [line.row.ref for line in found.lines.get(section, ())]


def test_what_needs_somebody_stands_in_its_section(session: Session) -> None:
    made = scenes.scene(session, published=True)
    long_ago = clock.now() - dt.timedelta(days=45)
    draft, declined = scenes.draft(made), scenes.action(made, State.DECLINED)
    submitted, blocked = scenes.action(made, State.SUBMITTED), scenes.action(made, State.BLOCKED)
    unconfirmed, silent = scenes.action(made, State.ASSIGNED), scenes.action(made)
    unconfirmed.assigned_at = silent.assigned_at = silent.last_word_at = long_ago
    fresh = scenes.action(made, State.ASSIGNED)
    actions.publish(session, made.actor("amina"), fresh)

    found = seen(made)

    assert set(refs(found, Section.TO_ASSIGN)) == {draft.ref, declined.ref}
    assert refs(found, Section.TO_VERIFY) == [submitted.ref]
    assert refs(found, Section.BLOCKED) == [blocked.ref]
    assert refs(found, Section.UNCONFIRMED) == [unconfirmed.ref]
    assert set(refs(found, Section.SILENT)) == {unconfirmed.ref, silent.ref}
    assert set(refs(found, Section.TO_PUBLISH)) == {submitted.ref, blocked.ref, unconfirmed.ref, silent.ref}
    assert found.declared == {submitted.id: "Le guide est imprimé."}
    assert found.documents == {submitted.id: ["Le guide"]}


def test_counts_agree_with_the_lines(session: Session) -> None:
    made = scenes.scene(session, published=True)
    for state in State:
        scenes.action(made, state)
    scenes.recommendation(made)

    found = seen(made)

    for section, lines in found.lines.items():
        assert found.counts[section] == len(lines)
    assert found.counts[Section.UNANSWERED] == len(found.recommendations[Section.UNANSWERED]) == 1
    assert found.total == sum(found.counts.values())


def test_a_recommendation_whose_actions_all_ended_is_without_a_plan(session: Session) -> None:
    made = scenes.scene(session)
    scenes.action(made, State.CANCELLED)

    [row] = seen(made).recommendations[Section.UNPLANNED]

    assert (row.ref, row.days(scenes.in_days(9))) == (made.recommendation.ref, 9)


def test_words_wait_until_released_or_withheld(session: Session) -> None:
    made = scenes.scene(session)
    by_mail, words = made.actor("karim", Via.MAIL_LINK), Words(note="Bien.", public_summary="Bien.")
    first, second, third = (updates.report(session, by_mail, scenes.action(made), words=words) for _ in range(3))

    updates.release(session, made.actor("amina"), first)
    updates.withhold(session, made.actor("amina"), second, reason="Un nom.")

    assert [said.id for said in seen(made).words] == [third.id]


@pytest.mark.parametrize(("name", "sections"), [("youssef", {Section.TO_VERIFY}), ("omar", set()), ("nadia", set())])
def test_others_see_only_what_is_theirs(session: Session, name: str, sections: set[Section]) -> None:
    made = scenes.scene(session, published=True)
    for state in State:
        scenes.action(made, state)

    found = seen(made, name)

    assert {section for section, count in found.counts.items() if count} == sections
    assert set(found.lines) == sections


def test_one_section_alone_is_listed_at_length(session: Session) -> None:
    made = scenes.scene(session)
    for _ in range(desk.FEW + 2):
        scenes.draft(made)

    assert len(refs(seen(made), Section.TO_ASSIGN)) == desk.FEW
    assert len(refs(seen(made, only=Section.TO_ASSIGN), Section.TO_ASSIGN)) == desk.FEW + 2


def test_the_number_of_statements_does_not_grow(session: Session) -> None:
    made = scenes.scene(session, published=True)
    viewer, now, today = made.viewer("amina"), clock.now(), scenes.in_days(0)
    for state in State:
        scenes.action(made, state)
    few = counted(session, lambda: desk.of(session, viewer, now, today))
    for state in State:
        scenes.action(made, state)

    assert counted(session, lambda: desk.of(session, viewer, now, today)) == few <= 13
