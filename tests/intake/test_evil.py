"""Texts made to make a pattern work for ever: each must be read within a second."""

import time

import pytest

from app.intake.propose import MAX_PROPOSALS, propose

SIZE = 100_000


def filled(unit: str) -> str:
    return (unit * (SIZE // len(unit) + 1))[:SIZE]


@pytest.mark.parametrize(
    "text",
    [
        filled("a"),
        filled("ت"),
        filled(" "),
        filled("\n"),
        filled("- "),
        filled("1."),
        filled("."),
        filled("("),
        filled("و "),
        filled("، "),
        filled("إلى "),
        filled("قبل نهاية "),
        filled("les "),
        filled("de la "),
        filled("avant le 1 "),
        filled("يوصي المشاركون "),
        filled("recommande que "),
        filled("the committee recommends that "),
        filled("9"),
        filled("\u064b"),
        "أوصى المشاركون " + filled("بتحسين "),
        "Le comité demande à " + filled("la ville "),
        "Participants call on " + filled("the "),
    ],
    ids=lambda text: repr(text[:18]),
)
def test_an_evil_text_is_read_within_a_second(text: str) -> None:
    start = time.process_time()
    propose(text)
    assert time.process_time() - start < 1


def test_there_is_an_end_to_the_proposals_of_one_report() -> None:
    text = "\n".join(f"Le comité recommande de créer le guichet numéro {n}." for n in range(MAX_PROPOSALS + 50))
    assert len(propose(text).proposals) == MAX_PROPOSALS
