"""The analyser: one token for what a reader would call one word, in three languages, whatever is typed."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.search.expressions import AllOf, Token, Without, any_of, written
from app.search.hits import Wanted, excerpt, pieces
from app.search.words import fold, stems, words

ALIKE = [
    ("الصحية", "صحية"),
    ("الشهادات", "شهادة"),
    ("المقاولات", "والمقاولات"),
    ("إحداث", "احداث"),
    ("مُقَاوَلَة", "مقاولة"),
    ("مقـــاولة", "مقاوله"),
    ("للمصدرين", "المصدرون"),
    ("مستشفى", "مستشفي"),
    ("Réalisée", "realisees"),
    ("l’entreprise", "Entreprises"),
    ("d'exportation", "exportations"),
    ("régionaux", "régional"),
    ("ŒUVRE", "oeuvres"),
    ("companies", "Company"),
    ("ＦＭ", "fm"),
    ("e\u0301tude", "étude"),
    ("\u0662\u0660\u0662\u0664", "2024"),
]


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_two_spellings_of_a_word_are_found_by_each_other(one: str, other: str) -> None:
    assert stems(one) == stems(other) != set()


@pytest.mark.parametrize(("one", "other"), [("تصدير", "تكوين"), ("export", "expert"), ("2024", "2025")])
def test_other_words_are_not(one: str, other: str) -> None:
    assert not stems(one) & stems(other)


def test_narrow_spaces_elisions_and_signs_part_words() -> None:
    assert [word.folded for word in words("L’accueil\u00a0: qu’il\u202f; (FM-2024-03.2)")] == [
        "accueil", "il", "fm", "2024", "03", "2"
    ]  # fmt: skip


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_a_token_is_letters_and_digits_whatever_is_typed(text: str) -> None:
    for word in words(text):
        assert word.stem.isalnum()
        assert 0 <= word.start < word.end <= len(text)


@given(st.text(), st.text())
def test_marks_lose_nothing_of_the_text(text: str, sought: str) -> None:
    assert "".join(piece for piece, _ in pieces(text, Wanted(frozenset(stems(sought))))) == text


def test_marks_stand_on_the_whole_word_in_its_own_spelling() -> None:
    wanted = Wanted(frozenset(stems("certificat")), "export")

    assert pieces("Les Certificats d’exportation", wanted) == [
        ("Les ", False), ("Certificats", True), (" d’", False), ("exportation", True)
    ]  # fmt: skip


def test_an_excerpt_stands_around_the_first_hit_and_says_that_it_is_cut() -> None:
    text = f"{'avant ' * 100}le certificat{' apres' * 100}"

    shown = excerpt(text, Wanted(frozenset({"certificat"})))

    assert ("certificat", True) in shown
    assert (shown[0], shown[-1]) == (("… ", False), (" …", False))
    assert sum(len(piece) for piece, _ in shown) < 200


def test_a_text_twice_as_long_takes_about_twice_as_long() -> None:
    def took(text: str) -> float:
        begun = time.process_time()
        stems(text)
        return time.process_time() - begun

    text = "".join(f"توصية{number} l’entreprise{number} " for number in range(3_000))
    took(text)

    assert took(text * 4) < 12 * max(took(text), 0.005)


def test_an_expression_is_written_for_either_database() -> None:
    asked = Without(AllOf((any_of(["b", "a"]), Token("c"))), Token("t_c"))

    assert written(asked, for_sqlite=True) == '((("a" OR "b") AND "c") NOT "t_c")'
    assert written(asked, for_sqlite=False) == "((('a' | 'b') & 'c') & !'t_c')"
