"""Passages of a report: joined where they overlap, cut at whole words, every mark at its own place."""

from hypothesis import given
from hypothesis import strategies as st

from app.domain.passages import Excerpt, join

TEXT = "Le lieu était plein. Il faut un guide clair. On parla longtemps encore. Il faut un guichet ouvert. Fin."
GUIDE, GUICHET = (21, 44), (72, 98)


def read(key: int, mark: tuple[int, int], context: int) -> Excerpt:
    start = max(0, mark[0] - context)
    return Excerpt(key, start, TEXT[start : mark[1] + context], mark)


def test_marks_that_are_near_stand_in_one_passage() -> None:
    (passage,) = join([read(2, GUICHET, 30), read(1, GUIDE, 30)], len(TEXT))

    assert [(run.key, run.text) for run in passage.runs if run.key] == [
        (1, "Il faut un guide clair."),
        (2, "Il faut un guichet ouvert."),
    ]
    assert "".join(run.text for run in passage.runs) == TEXT
    assert not passage.starts_inside
    assert not passage.ends_inside


def test_marks_that_are_far_stand_apart_between_whole_words() -> None:
    first, second = join([read(1, GUIDE, 9), read(2, GUICHET, 9)], len(TEXT))

    assert "".join(run.text for run in first.runs) == "plein. Il faut un guide clair. On"
    assert "".join(run.text for run in second.runs) == "encore. Il faut un guichet ouvert. Fin."
    assert (first.starts_inside, first.ends_inside) == (True, True)
    assert (second.starts_inside, second.ends_inside) == (True, False)


def test_a_mark_within_another_keeps_its_own_run() -> None:
    (passage,) = join([read(1, GUIDE, 0), read(2, (29, 37), 0)], len(TEXT))

    assert [run.key for run in passage.runs] == [1, 2]
    assert passage.runs[0].text == TEXT[slice(*GUIDE)]


def test_nothing_read_makes_nothing() -> None:
    assert join([], len(TEXT)) == []


@given(
    st.lists(st.tuples(st.integers(0, 100), st.integers(1, 30)), min_size=1, max_size=8),
    st.integers(0, 40),
)
def test_whatever_the_marks_each_is_there_once_and_the_words_stay_in_order(
    places: list[tuple[int, int]], context: int
) -> None:
    marks = [(start, min(start + length, len(TEXT))) for start, length in places]
    passages = join([read(key, mark, context) for key, mark in enumerate(marks)], len(TEXT))
    runs = [run for passage in passages for run in passage.runs]

    assert sorted(run.key for run in runs if run.key is not None) == list(range(len(marks)))
    at = 0
    for passage in passages:
        words = "".join(run.text for run in passage.runs)
        at = TEXT.index(words, at) + len(words)
