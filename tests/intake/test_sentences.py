"""Where sentences begin and end, how a mark snaps to words, and where a piece may be cut."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.intake.sentences import clauses, sentences, snap_to_words


def cut(text: str) -> list[str]:
    return [text[span.start : span.end] for span in sentences(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("أوصى المجلس بالترميم. هل من مزيد؟ نعم!", ["أوصى المجلس بالترميم.", "هل من مزيد؟", "نعم!"]),
        ("- ترميم السوق؛\n- توسيع الميناء؛", ["ترميم السوق؛", "توسيع الميناء؛"]),
        ("M. Karim et Mme. Leila sont venus. Bien.", ["M. Karim et Mme. Leila sont venus.", "Bien."]),
        ("La C. C. I. de Fès a parlé. Elle part.", ["La C. C. I. de Fès a parlé.", "Elle part."]),
        ("1. First thing\n2) Second thing\n(a) Third", ["First thing", "Second thing", "Third"]),
        ("Growth was 2.6 billion. Art. 5 applies.", ["Growth was 2.6 billion.", "Art. 5 applies."]),
        ("Il a dit « assez. » Puis il partit.", ["Il a dit « assez. »", "Puis il partit."]),
        ("deux lignes\nd'une phrase", ["deux lignes\nd'une phrase"]),
        ("## Titre\nTexte", ["Titre", "Texte"]),
        ("", []),
        (" \n\t\n", []),
    ],
)
def test_a_text_is_cut_into_these_sentences(text: str, expected: list[str]) -> None:
    assert cut(text) == expected


def test_a_paragraph_broken_by_hand_is_one_sentence() -> None:
    text = (
        "The committee met three times in the course of the year and heard the\n"
        "Director of Customs, who described how the new desk has been set up in\n"
        "Tangier and in Oujda without any additional staff being appointed to it."
    )
    assert cut(text) == [text]


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [(1, 3, "ouvrir"), (0, 9, "ouvrir un"), (6, 7, ""), (8, 12, "un marché"), (-5, 99, "ouvrir un marché")],
)
def test_a_mark_snaps_to_whole_words(start: int, end: int, expected: str) -> None:
    text = "ouvrir un marché"
    span = snap_to_words(text, start, end)
    assert text[span.start : span.end] == expected


def test_a_vowel_sign_stays_with_its_letter() -> None:
    text = "تَقْوِيَةُ التعاون"
    span = snap_to_words(text, 1, 3)
    assert text[span.start : span.end] == "تَقْوِيَةُ"


def test_a_piece_is_offered_for_cutting_at_its_joints() -> None:
    text = "تبسيط المساطر، وتكوين الأطر والترويج للمنتجات"
    pieces = [text[span.start : span.end] for span in clauses(text, 0, len(text))]
    assert pieces == ["تبسيط المساطر، ", "وتكوين الأطر ", "والترويج للمنتجات"]
    french = "créer un guichet et former les agents, ainsi que publier la liste"
    assert [french[s.start : s.end].strip() for s in clauses(french, 0, len(french))] == [
        "créer un guichet",
        "et former les agents,",
        "ainsi que publier la liste",
    ]


@given(st.text(max_size=300))
def test_sentences_of_any_text_stand_in_order_and_apart(text: str) -> None:
    last = 0
    for span in sentences(text):
        assert last <= span.start < span.end <= len(text)
        assert text[span.start : span.end].strip()
        last = span.end


@given(st.text(max_size=120), st.integers(-5, 130), st.integers(-5, 130))
def test_snapping_and_cutting_stay_inside_any_text(text: str, start: int, end: int) -> None:
    span = snap_to_words(text, start, end)
    assert 0 <= span.start <= span.end <= len(text)
    pieces = clauses(text, span.start, span.end)
    assert all(a.end <= b.start for a, b in pairwise(pieces))
    assert all(span.start <= piece.start < piece.end <= span.end for piece in pieces)
