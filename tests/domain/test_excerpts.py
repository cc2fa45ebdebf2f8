"""Joining and cutting places of a text, and the titles they propose."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from app.domain.excerpts import MAX_TITLE, headline, joined, parted, quoted, tightened

TEXT = "Accélérer la croissance, soutenir l'artisanat et ouvrir un guichet."
_places = st.lists(st.tuples(st.integers(0, 60), st.integers(1, 20)), max_size=5).map(
    lambda pairs: [(start, start + length) for start, length in pairs]
)


def test_places_that_touch_become_one_and_the_others_stay_in_order() -> None:
    assert joined([(20, 30), (0, 5), (5, 9)]) == ((0, 9), (20, 30))


@given(_places)
def test_joining_covers_exactly_what_the_places_covered(places: list[tuple[int, int]]) -> None:
    covered = {offset for start, end in places for offset in range(start, end)}
    whole = joined(places)
    assert {offset for start, end in whole for offset in range(start, end)} == covered
    assert all(before[1] < after[0] for before, after in pairwise(whole))


@given(st.text(alphabet="ab, \nوس،", max_size=80), st.lists(st.integers(-5, 90), max_size=6))
def test_no_word_is_lost_by_cutting_and_no_piece_ends_in_a_blank_or_comma(text: str, cuts: list[int]) -> None:
    pieces = parted(text, [(0, len(text))], cuts)
    said = "".join(quoted(text, piece) for piece in pieces)
    assert [c for c in said if c.isalpha()] == [c for c in text if c.isalpha()]
    for piece in pieces:
        for start, end in piece:
            assert text[start:end] == text[start:end].strip(" ,\n،")


def test_a_cut_outside_or_at_an_edge_makes_no_empty_piece() -> None:
    assert parted(TEXT, [(0, 23)], [0, 23, 500]) == [((0, 23),)]


def test_what_was_merged_can_be_cut_between_its_places() -> None:
    assert parted(TEXT, [(0, 23), (25, 45)], [24]) == [((0, 23),), ((25, 45),)]


def test_a_place_of_blanks_is_none() -> None:
    assert tightened(" , ", (0, 3)) is None


def test_a_title_is_one_line_without_bullet_or_final_mark() -> None:
    assert headline("  - ouvrir un guichet\nrégional ;") == "Ouvrir un guichet régional"
    assert headline("• تسريع نمو الصادرات،") == "تسريع نمو الصادرات"


def test_a_long_title_is_cut_between_words() -> None:
    title = headline("mot " * 100)
    assert len(title) <= MAX_TITLE + 1
    assert title.endswith("mot…")


def test_what_tied_a_piece_to_the_one_before_it_is_not_part_of_its_title() -> None:
    assert headline("et de publier un annuaire") == "Publier un annuaire"
    assert headline("d'ouvrir un guichet") == "Ouvrir un guichet"
    assert headline("والتعريف بالمنتوجات") == "التعريف بالمنتوجات"


def test_a_word_that_only_looks_tied_is_left_alone() -> None:
    assert headline("De nouveaux marchés") == "De nouveaux marchés"
    assert headline("والي الجهة") == "والي الجهة"
    assert headline("وضع خطة") == "وضع خطة"
