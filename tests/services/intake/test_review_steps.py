"""The steps of a review: undone one after the other, never what was accepted, all in the record."""

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session, col

from app.domain.errors import Refused, Stale
from app.models.audit import AuditEvent
from app.models.intake import Proposal, ProposalState
from app.queries.intake import intake
from app.queries.intake.intake import Review
from app.services.intake import excerpts, reviews
from app.services.kernel.audit import Actor
from tests.services.reviewing import by_hand


def test_undo_takes_back_one_step_after_the_other(session: Session, review: Review, amina: Actor) -> None:
    before = _state(session, review)
    proposal = intake.proposals(session, review.report)[0]
    reviews.edit(session, amina, review, proposal.id, titles={"fr": "Corrigé", "ar": "مصحح"})
    excerpts.add(session, amina, review, words="qualité des échanges")
    reviews.undo(session, amina, review)
    reviews.undo(session, amina, review)
    assert _state(session, review) == before
    with pytest.raises(Refused, match="nothing to undo"):
        reviews.undo(session, amina, review)


def test_undo_passes_over_what_was_accepted_and_all_it_rests_on(session: Session, review: Review, amina: Actor) -> None:
    dropped = by_hand(session, review, amina, "qualité des échanges")
    reviews.drop(session, amina, review, dropped.id, reason="politesse")
    whole = by_hand(session, review, amina, "guichet régional pour l'exportation")
    first, second = excerpts.split(session, amina, review, whole.id, words="pour l'exportation")
    reviews.accept(session, amina, review, first)
    reviews.undo(session, amina, review)
    assert session.get_one(Proposal, second).state == ProposalState.PROPOSED
    assert session.get_one(Proposal, first).state == ProposalState.ACCEPTED
    assert dropped.state == ProposalState.PROPOSED


def test_undo_of_another_step_than_the_one_seen_is_refused(session: Session, review: Review, amina: Actor) -> None:
    by_hand(session, review, amina, "guichet régional")
    seen = intake.undoable(session, review.report)
    by_hand(session, review, amina, "qualité des échanges")
    assert seen
    with pytest.raises(Stale):
        reviews.undo(session, amina, review, seen=seen.id)


def test_an_undone_row_never_has_a_version_that_was_seen(session: Session, review: Review, amina: Actor) -> None:
    proposal = intake.proposals(session, review.report)[0]
    reviews.edit(session, amina, review, proposal.id, titles={"fr": "Corrigé"})
    seen = proposal.version
    reviews.undo(session, amina, review)
    with pytest.raises(Stale):
        reviews.accept(session, amina, review, proposal.id, version=seen)


def test_every_act_stands_in_the_record(session: Session, review: Review, amina: Actor) -> None:
    added = by_hand(session, review, amina, "former les artisans aux normes, de traduire les notices")
    first, second = excerpts.split(session, amina, review, added.id, words="de traduire")
    merged = excerpts.merge(session, amina, review, [(first, None), (second, None)])
    reviews.edit(session, amina, review, merged, titles={"fr": "Former et traduire"})
    reviews.drop(session, amina, review, merged, reason="double")
    reviews.restore(session, amina, review, merged)
    reviews.undo(session, amina, review)
    reviews.restore(session, amina, review, merged)
    reviews.accept(session, amina, review, merged)
    query = sa.select(col(AuditEvent.verb)).where(
        col(AuditEvent.subject_kind) == "report", col(AuditEvent.subject_id) == review.report.id
    )
    verbs = list(session.scalars(query.order_by(col(AuditEvent.id))))
    assert verbs == [
        "add_report", "add", "split", "merge", "edit", "drop", "restore", "undo", "restore", "accept",
    ]  # fmt: skip


_acts = st.lists(
    st.tuples(st.sampled_from(["split", "merge", "add", "drop", "undo"]), st.integers(0, 400)), max_size=12
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=_acts)
def test_whatever_is_done_places_stay_in_the_text_and_undoing_all_restores_the_start(
    session: Session, review: Review, amina: Actor, acts: list[tuple[str, int]]
) -> None:
    with session.begin_nested() as attempt:
        before = _state(session, review)
        for verb, number in acts:
            _try(session, review, amina, verb, number)
            for proposal in intake.proposals(session, review.report):
                for start, end in intake.places(proposal):
                    words = review.report.text[start:end]
                    assert words
                    assert words == words.strip()
        while intake.undoable(session, review.report):
            reviews.undo(session, amina, review)
        assert _state(session, review) == before
        attempt.rollback()
    session.expire_all()


def _try(session: Session, review: Review, amina: Actor, verb: str, number: int) -> None:
    rows = intake.proposals(session, review.report)
    chosen = rows[number % len(rows)].id if rows else 0
    try:
        if verb == "split":
            place = intake.places(session.get_one(Proposal, chosen))[0]
            excerpts.split(session, amina, review, chosen, cuts=[place[0] + number % max(1, place[1] - place[0])])
        elif verb == "merge":
            excerpts.merge(session, amina, review, [(row.id, None) for row in rows[number % 3 : number % 3 + 2]])
        elif verb == "add":
            excerpts.add(session, amina, review, chosen=(number, number + number % 37))
        elif verb == "drop":
            reviews.drop(session, amina, review, chosen, reason="essai")
        else:
            reviews.undo(session, amina, review)
    except Refused:
        pass


def _state(session: Session, review: Review) -> list[dict[str, object]]:
    """Everything but the versions, which never go back."""
    rows = intake.proposals(session, review.report)
    return [{name: value for name, value in row.model_dump().items() if name != "version"} for row in rows]
