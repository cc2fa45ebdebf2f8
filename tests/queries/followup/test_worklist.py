"""Everybody's list: scope, filters, order and cursor, the same on either database, always one statement."""

from dataclasses import replace

import pytest
from sqlmodel import Session

from app.config import settings
from app.domain.errors import InvalidQuery
from app.domain.marks import Flag
from app.domain.workflow import OPEN, State
from app.queries.followup import filter_choices, filters, worklist
from app.queries.followup.filters import Filters
from app.queries.followup.worklist import Listed
from tests import scenes
from tests.scenes import Scene
from tests.statements import counted


def page(made: Scene, name: str = "amina", after: str = "", **filters: str) -> list[Listed]:
    made.session.flush()
    return worklist.page(made.session, made.viewer(name), Filters(**filters), after, scenes.in_days(0))


def test_what_is_open_by_deadline_without_drafts(session: Session) -> None:
    made = scenes.scene(session)
    for number, state in enumerate(State):
        scenes.action(made, state, due_on=scenes.in_days(30 - number))

    found = page(made)

    assert {row.state for row in found} == OPEN
    assert [row.due_on for row in found] == sorted(row.due_on for row in found if row.due_on)
    assert found[0].organisation == {"fr": "Centre", "ar": "هيئة centre"}


@pytest.mark.parametrize(
    ("name", "sees"), [("karim", True), ("salma", True), ("leila", True), ("youssef", True), ("omar", False)]
)
def test_everybody_sees_what_is_their_business(session: Session, name: str, sees: bool) -> None:
    made = scenes.scene(session, published=True)
    action = scenes.action(made)
    scenes.support(made, action)
    scenes.publish(made, action)

    assert [row.ref for row in page(made, name)] == ([action.ref] if sees else [])


def test_filters_narrow_and_combine(session: Session) -> None:
    made = scenes.scene(session)
    late = scenes.action(made, due_on=scenes.in_days(-1)).ref
    other = scenes.action(made, owner_post_id=made.posts["salma"], due_on=scenes.in_days(-1), state=State.ASSIGNED).ref
    scenes.action(made, State.SUBMITTED, due_on=scenes.in_days(-1))
    given_back = scenes.action(made, State.DECLINED, due_on=scenes.in_days(-1)).ref

    assert {row.ref for row in page(made, overdue="1")} == {late, other, given_back}
    assert [row.ref for row in page(made, overdue="1", organisation="chamber")] == [other]
    assert [row.ref for row in page(made, state="in_progress")] == [late]
    assert len(page(made, meeting=made.meeting.slug)) == 4
    assert page(made, meeting="elsewhere") == []


def test_the_cursor_passes_every_action_once_also_without_a_date(session: Session) -> None:
    made = scenes.scene(session)
    refs = {scenes.draft(made, due_on=None).ref for _ in range(52)}
    refs |= {scenes.draft(made, due_on=scenes.in_days(number // 4)).ref for number in range(53)}
    seen: list[str] = []
    after = ""
    for _ in range(3):
        found = page(made, after=after, state="all")
        seen += [row.ref for row in found[: worklist.PER_PAGE]]
        after = worklist.following(found)

    assert after == ""
    assert len(seen) == len(refs)
    assert set(seen) == refs


def test_marks_count_the_days(session: Session) -> None:
    made = scenes.scene(session)
    scenes.action(made, due_on=scenes.in_days(-12))

    [row] = page(made)
    marks, late, silence = row.marks(scenes.in_days(31), settings().zone)

    assert marks.flags == (Flag.OVERDUE, Flag.SILENT)
    assert (late, silence) == (43, 31)


def test_senseless_filters_are_refused_with_the_others_kept(session: Session) -> None:
    made = scenes.scene(session)

    with pytest.raises(InvalidQuery) as senseless:
        Filters("nonsense", "centre").checked()
    with pytest.raises(InvalidQuery):
        filters.named(session, made.viewer("amina"), Filters(organisation="nobody"))

    assert senseless.value.kept == {"organisation": "centre"}
    told = filters.named(session, made.viewer("amina"), Filters(meeting=made.meeting.slug))
    assert told == {"meeting": made.meeting.titles}
    with pytest.raises(InvalidQuery):
        filters.named(session, made.viewer("omar"), Filters(meeting=made.meeting.slug))


def test_what_is_offered_is_what_occurs(session: Session) -> None:
    made = scenes.scene(session)
    scenes.support(made, scenes.action(made))

    for name, occurs in (("amina", True), ("karim", True), ("salma", True), ("leila", True), ("omar", False)):
        viewer = made.viewer(name)
        assert [slug for slug, _ in filter_choices.bodies(session, viewer)] == (["centre"] if occurs else []), name
        assert [slug for slug, _ in filter_choices.meetings(session, viewer)] == (
            [made.meeting.slug] if occurs else []
        ), name


def test_words_find_what_is_offered(session: Session) -> None:
    made = scenes.scene(session)
    scenes.action(made)
    viewer = made.viewer("amina")

    assert [slug for slug, _ in filter_choices.bodies(session, viewer, "هيئة CENTR")] == ["centre"]
    assert filter_choices.bodies(session, viewer, "centre elsewhere") == []
    assert filter_choices.bodies(session, viewer, "100%") == []


def test_who_has_several_roles_sees_each_action_once(session: Session) -> None:
    made = scenes.scene(session)
    actions = [scenes.action(made, due_on=scenes.in_days(number)) for number in range(3)]
    scenes.support(made, actions[1])
    amina, karim = made.viewer("amina"), made.viewer("karim")
    both = replace(amina, post_ids=karim.post_ids | {made.posts["salma"]}, organisation_ids_managed=frozenset({1, 2}))

    found = worklist.page(session, both, Filters(), "", scenes.in_days(0))

    assert [row.ref for row in found] == [action.ref for action in actions]


def test_a_page_is_one_statement(session: Session) -> None:
    made = scenes.scene(session)
    viewer = made.viewer("amina")
    for _ in range(5):
        scenes.action(made)

    assert counted(session, lambda: worklist.page(session, viewer, Filters(), "", scenes.in_days(0))) == 1
