"""Where proposals stand: added by hand, split, merged, always in the report's own words."""

import pytest
from sqlmodel import Session

from app.domain.errors import Refused, Stale
from app.models.intake import Origin, Proposal
from app.queries.intake.intake import Review
from app.services.intake import excerpts, reviews
from app.services.kernel.audit import Actor
from tests.services.reviewing import by_hand


def test_a_row_is_split_where_it_was_cut(session: Session, review: Review, amina: Actor) -> None:
    whole = by_hand(session, review, amina, "former les artisans aux normes, de traduire les notices")
    cut = review.report.text.index("de traduire")
    first, second = excerpts.split(session, amina, review, whole.id, cuts=[cut], version=whole.version)
    assert _words(session, review, first) == "former les artisans aux normes"
    assert _words(session, review, second) == "de traduire les notices"


def test_a_row_is_split_before_words_of_it(session: Session, review: Review, amina: Actor) -> None:
    whole = by_hand(session, review, amina, "ouvrir un guichet régional pour l'exportation")
    first, second = excerpts.split(session, amina, review, whole.id, words="Pour l'Exportation")
    assert [_words(session, review, number) for number in (first, second)] == [
        "ouvrir un guichet régional",
        "pour l'exportation",
    ]
    with pytest.raises(Refused):
        excerpts.split(session, amina, review, first, words="annuaire")


def test_merged_rows_keep_all_their_places_and_become_one_source(
    session: Session, review: Review, amina: Actor
) -> None:
    one = by_hand(session, review, amina, "guichet régional")
    two = by_hand(session, review, amina, "publier un annuaire")
    merged = excerpts.merge(session, amina, review, [(two.id, two.version), (one.id, one.version)])
    assert merged == one.id
    assert session.get(Proposal, two.id) is None
    made = reviews.accept(session, amina, review, merged)
    assert made.source_text == "guichet régional … publier un annuaire"
    assert made.source_more == [[two.start, two.end]]
    with pytest.raises(Stale):
        reviews.drop(session, amina, review, two.id, reason="trop tard")


def test_merging_needs_two(session: Session, review: Review, amina: Actor) -> None:
    one = by_hand(session, review, amina, "guichet régional")
    with pytest.raises(Refused):
        excerpts.merge(session, amina, review, [(one.id, one.version)])


def test_a_choice_of_letters_grows_to_whole_words(session: Session, review: Review, amina: Actor) -> None:
    start = review.report.text.index("chet régio")
    added = excerpts.add(session, amina, review, chosen=(start, start + len("chet régio")))
    assert review.report.text[added.start : added.end] == "guichet régional"
    assert (added.origin, added.confidence) == (Origin.HAND, None)


def test_a_sentence_is_added_by_its_number_once(session: Session, review: Review, amina: Actor) -> None:
    added = excerpts.add(session, amina, review, sentence=1)
    assert review.report.text[added.start : added.end] == "Les participants ont salué la qualité des échanges."
    with pytest.raises(Refused, match="already"):
        excerpts.add(session, amina, review, sentence=1)
    with pytest.raises(Refused):
        excerpts.add(session, amina, review, sentence=999)


def test_words_that_are_not_in_the_report_are_not_added(session: Session, review: Review, amina: Actor) -> None:
    for words in ("", "lancer une fusée", "?"):
        with pytest.raises(Refused):
            excerpts.add(session, amina, review, words=words)


def _words(session: Session, review: Review, proposal_id: int) -> str:
    proposal = session.get_one(Proposal, proposal_id)
    return review.report.text[proposal.start : proposal.end]
