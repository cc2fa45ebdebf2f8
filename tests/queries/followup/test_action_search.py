"""Looking for actions: by words within somebody's own list, by reference, never through too much at once."""

import pytest
from sqlmodel import Session

from app.domain.workflow import State
from app.queries.followup import action_search, worklist
from app.queries.followup.action_search import Found
from app.queries.followup.filters import Filters
from tests import scenes
from tests.scenes import Scene
from tests.statements import counted


def look(made: Scene, text: str, name: str = "amina", after: str = "", **filters: str) -> Found:
    made.session.flush()
    asked = Filters(text=text, **filters)
    return action_search.page(made.session, made.viewer(name), asked, after, scenes.in_days(0))


def refs(found: Found) -> list[str]:
    return [line.ref for line in found.lines]


def titled(made: Scene, title: str, **values: object) -> str:
    action = scenes.action(made, **values)  # type: ignore[arg-type]
    action.titles = {"fr": title, "ar": "دليل المصدرين"}
    return action.ref


def test_all_the_words_stand_in_the_title_whatever_its_language(session: Session) -> None:
    made = scenes.scene(session)
    guide, other = titled(made, "Publier le guide des exportateurs"), titled(made, "Publier un catalogue")

    assert refs(look(made, "guide publier")) == [guide]
    assert set(refs(look(made, "المصدرين"))) == {guide, other}
    assert refs(look(made, "guide catalogue")) == []
    assert refs(look(made, "100%")) == []


def test_nobody_finds_what_is_not_in_their_list(session: Session) -> None:
    made = scenes.scene(session, published=True)
    ref = titled(made, "Publier le guide")

    assert refs(look(made, "guide", "karim")) == [ref]
    for text in ("guide", ref, ref.partition(".")[0]):
        assert refs(look(made, text, "omar")) == [], text


def test_words_and_filters_narrow_together(session: Session) -> None:
    made = scenes.scene(session)
    late = titled(made, "Le guide", due_on=scenes.in_days(-3))
    titled(made, "Le guide", due_on=scenes.in_days(3))

    assert refs(look(made, "guide", overdue="1")) == [late]
    assert refs(look(made, "guide", meeting="elsewhere")) == []


def test_a_reference_is_found_in_whatever_state_and_case_and_the_beginning_of_one(session: Session) -> None:
    made = scenes.scene(session)
    done, other = scenes.action(made, State.VERIFIED), scenes.action(made)

    assert refs(look(made, done.ref.lower())) == [done.ref]
    assert set(refs(look(made, made.recommendation.ref))) == {done.ref, other.ref}
    assert refs(look(made, done.ref, state="blocked")) == []
    assert other.ref in refs(look(made, made.recommendation.ref[:6]))


def test_more_than_a_press_looks_through_waits_for_the_next(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(action_search, "SCANNED", 3)
    made = scenes.scene(session)
    wanted = {titled(made, "Le guide", due_on=scenes.in_days(day)) for day in (1, 5)}
    last = titled(made, "Le guide", due_on=scenes.in_days(9))
    for day in (2, 3, 4, 6, 7):
        titled(made, "Autre chose", due_on=scenes.in_days(day))

    seen, after, presses = [], "", 0
    while True:
        found = look(made, "guide", after=after)
        seen += refs(found)
        presses += 1
        assert found.is_cut == bool(found.next)
        if not (after := found.next):
            break

    assert (len(seen), set(seen), presses) == (3, wanted | {last}, 3)


def test_many_that_hold_the_words_come_in_pages(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(action_search, "PER_PAGE", 2)
    monkeypatch.setattr(worklist, "PER_PAGE", 2)
    made = scenes.scene(session)
    wanted = [titled(made, "Le guide", due_on=scenes.in_days(day)) for day in range(5)]

    first = look(made, "guide")
    second = look(made, "guide", after=first.next)

    assert refs(first) + refs(second) == wanted[:4]
    assert not first.is_cut
    assert refs(look(made, "guide", after=second.next)) == wanted[4:]


def test_looking_costs_two_statements_however_much_there_is(session: Session) -> None:
    made = scenes.scene(session)
    viewer, today = made.viewer("karim"), scenes.in_days(0)
    for _ in range(5):
        titled(made, "Le guide")

    assert counted(session, lambda: action_search.page(session, viewer, Filters(text="guide"), "", today)) == 2
