"""The desk's sections: whose they are, what belongs in them, and that counting and listing agree."""

import datetime as dt
from collections.abc import Iterator

import pytest
from sqlmodel import Session

from app import clock
from app.domain.desk import DeskSection
from app.domain.workflow import State
from app.models.updates import Via
from app.queries.followup import desk
from app.queries.followup.desk import Desk
from app.queries.followup.desk_rows import DeskLine
from app.queries.scope import ranges
from app.services.followup import actions, updates
from app.services.followup.transitions import Words
from tests import scenes
from tests.scenes import Scene
from tests.statements import counted


def seen(made: Scene, name: str = "amina", only: DeskSection | None = None, after: str = "") -> Desk:
    made.session.flush()
    return desk.of(made.session, made.viewer(name), clock.now(), scenes.in_days(0), only, after)


def refs(found: Desk, section: DeskSection) -> list[str]:
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

    assert set(refs(found, DeskSection.TO_ASSIGN)) == {draft.ref, declined.ref}
    assert refs(found, DeskSection.TO_VERIFY) == [submitted.ref]
    assert refs(found, DeskSection.BLOCKED) == [blocked.ref]
    assert refs(found, DeskSection.UNCONFIRMED) == [unconfirmed.ref]
    assert refs(found, DeskSection.SILENT) == [silent.ref]
    assert found.declarations[submitted.id].words == "Le guide est imprimé."
    assert [title for title, *_ in found.declarations[submitted.id].documents] == ["Le guide"]


def test_each_stands_once_with_every_reason(session: Session) -> None:
    made = scenes.scene(session, published=True)
    long_ago = clock.now() - dt.timedelta(days=45)
    submitted, blocked, unconfirmed, silent, worded, plain = (
        scenes.action(made, state)
        for state in (State.SUBMITTED, State.BLOCKED, State.ASSIGNED, *[State.IN_PROGRESS] * 3)
    )
    blocked.last_word_at = unconfirmed.assigned_at = silent.last_word_at = long_ago
    unconfirmed.last_word_at = None
    by_mail = made.actor("karim", Via.MAIL_LINK)
    updates.report(session, by_mail, worded, words=Words(note="Bien.", public_summary="Bien."))

    found = seen(made)

    assert _standing(found) == {
        submitted.ref: [DeskSection.TO_VERIFY, DeskSection.TO_PUBLISH],
        worded.ref: [DeskSection.WORDS, DeskSection.TO_PUBLISH],
        unconfirmed.ref: [DeskSection.UNCONFIRMED, DeskSection.SILENT, DeskSection.TO_PUBLISH],
        blocked.ref: [DeskSection.BLOCKED, DeskSection.SILENT, DeskSection.TO_PUBLISH],
        silent.ref: [DeskSection.SILENT, DeskSection.TO_PUBLISH],
        plain.ref: [DeskSection.TO_PUBLISH],
    }
    assert found.total == 6


def _standing(found: Desk) -> dict[str, list[DeskSection]]:
    """Of everything on the desk its reasons; once."""
    lines = [(section, line) for section, lines in found.lines.items() for line in lines]
    lines += [(DeskSection.WORDS, said.line) for said in found.words]
    assert all(found.reasons[line.row.id][0] == section for section, line in lines)
    standing = {line.row.ref: list(found.reasons[line.row.id]) for _, line in lines}
    assert len(standing) == len(lines)
    return standing


def test_words_of_what_is_to_be_verified_stand_with_it(session: Session) -> None:
    made = scenes.scene(session)
    action = scenes.action(made)
    words = Words(note="Fini.", public_summary="Fini.")
    said = updates.submit(session, made.actor("karim", Via.MAIL_LINK), action, words=words)

    found = seen(made)

    assert not found.words
    assert [line.words for line in found.lines[DeskSection.TO_VERIFY]] == [said.id]


def test_what_is_done_leads_to_what_follows_it(session: Session) -> None:
    made = scenes.scene(session)
    first, second, third = (scenes.action(made, State.SUBMITTED, due_on=scenes.in_days(day)) for day in (1, 2, 3))

    assert seen(made).places == {first.ref: second.ref, second.ref: third.ref, third.ref: second.ref}


def test_counts_agree_with_the_lines(session: Session) -> None:
    made = scenes.scene(session, published=True)
    for state in State:
        scenes.action(made, state)
    scenes.recommendation(made)

    found = seen(made)

    for section, lines in found.lines.items():
        assert found.counts[section] == len(lines)
    assert found.counts[DeskSection.UNANSWERED] == len(found.recommendations[DeskSection.UNANSWERED]) == 1
    assert found.total == sum(found.counts.values())


def test_a_recommendation_whose_actions_all_ended_is_without_a_plan(session: Session) -> None:
    made = scenes.scene(session)
    scenes.action(made, State.CANCELLED)

    [row] = seen(made).recommendations[DeskSection.UNPLANNED]

    assert (row.ref, row.days(scenes.in_days(9))) == (made.recommendation.ref, 9)


def test_words_wait_until_released_or_withheld(session: Session) -> None:
    made = scenes.scene(session)
    by_mail, words = made.actor("karim", Via.MAIL_LINK), Words(note="Bien.", public_summary="Bien.")
    first, second, third = (updates.report(session, by_mail, scenes.action(made), words=words) for _ in range(3))

    updates.release(session, made.actor("amina"), first)
    updates.withhold(session, made.actor("amina"), second, reason="Un nom.")

    assert [said.id for said in seen(made).words] == [third.id]


@pytest.mark.parametrize(
    ("name", "sections"), [("youssef", {DeskSection.TO_VERIFY}), ("omar", set()), ("nadia", set())]
)
def test_others_see_only_what_is_theirs(session: Session, name: str, sections: set[DeskSection]) -> None:
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

    assert len(refs(seen(made), DeskSection.TO_ASSIGN)) == desk.FEW
    assert len(refs(seen(made, only=DeskSection.TO_ASSIGN), DeskSection.TO_ASSIGN)) == desk.FEW + 2


def test_one_section_is_walked_through_by_its_cursor(session: Session) -> None:
    made = scenes.scene(session, published=True)
    for number in range(desk.MANY + 5):
        scenes.draft(made, due_on=scenes.in_days(30 - number // 4) if number % 3 else None)
        unconfirmed, blocked = scenes.action(made, State.ASSIGNED), scenes.action(made, State.BLOCKED)
        silent, _fresh = scenes.action(made), scenes.action(made)
        unconfirmed.assigned_at = silent.last_word_at = clock.now() - dt.timedelta(days=40 + number // 4)
        unconfirmed.last_word_at = None
        blocked.due_on = scenes.in_days(number // 7)
        scenes.recommendation(made)

    for section in (
        DeskSection.TO_ASSIGN,
        DeskSection.SILENT,
        DeskSection.UNCONFIRMED,
        DeskSection.BLOCKED,
        DeskSection.TO_PUBLISH,
    ):
        lines = [line for page in _pages(made, section) for line in page.lines[section]]
        assert len(lines) == len({line.row.ref for line in lines}) == desk.MANY + 5
        assert lines == sorted(lines, key=lambda line: _place(section, line))
    [first, second] = _pages(made, DeskSection.UNANSWERED)
    rows = first.recommendations[DeskSection.UNANSWERED] + second.recommendations[DeskSection.UNANSWERED]
    assert [row.ref for row in rows] == [row.ref for row in sorted(rows, key=lambda row: (row.since, row.id))]
    assert len({row.ref for row in rows}) == desk.MANY + 5


def _pages(made: Scene, section: DeskSection) -> list[Desk]:
    pages = [seen(made, only=section)]
    while pages[-1].next:
        pages.append(seen(made, only=section, after=pages[-1].next))
    return pages


def _place(section: DeskSection, line: DeskLine) -> tuple[dt.date, int]:
    if section in (DeskSection.SILENT, DeskSection.UNCONFIRMED):
        heard = line.row.last_word_at or line.row.assigned_at
        assert heard is not None
        return heard, line.row.id
    return line.row.due_on or dt.date.max, line.row.id


@pytest.fixture
def counting_to_ten(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(ranges, "MOST", 10)
    desk._counted.cache_clear()
    yield
    desk._counted.cache_clear()


@pytest.mark.usefixtures("counting_to_ten")
def test_counting_stops_early_and_says_so(session: Session) -> None:
    made = scenes.scene(session)
    for _ in range(10):
        scenes.draft(made)
    assert (seen(made).counts[DeskSection.TO_ASSIGN], seen(made).total, seen(made).is_more) == (10, 11, False)

    scenes.draft(made)

    assert (seen(made).total, seen(made).is_more) == (11, True)


def test_the_number_of_statements_does_not_grow(session: Session) -> None:
    made = scenes.scene(session, published=True)
    viewer, now, today = made.viewer("amina"), clock.now(), scenes.in_days(0)
    for state in State:
        scenes.action(made, state)
    few = counted(session, lambda: desk.of(session, viewer, now, today))
    for state in State:
        scenes.action(made, state)

    assert counted(session, lambda: desk.of(session, viewer, now, today)) == few <= 13
