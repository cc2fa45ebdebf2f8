"""A pasted report becomes proposals, and proposals become recommendations: what is kept and what is refused."""

import datetime as dt

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col

from app.domain.errors import NotAllowed, NotFound, Refused, Stale
from app.domain.permissions import Viewer
from app.domain.workflow import State
from app.models.actions import Action
from app.models.intake import ProposalState
from app.queries.intake import intake
from app.queries.intake.intake import Review
from app.services.intake import excerpts, reports, reviews
from app.services.kernel.audit import Actor
from tests import builders
from tests.services.reviewing import LETTER


def test_a_report_is_kept_with_what_it_proposes(session: Session, review: Review) -> None:
    found = intake.proposals(session, review.report)
    assert found
    assert all(review.report.text[p.start : p.end].strip() for p in found)
    assert all(p.titles["fr"] and not p.titles["fr"].endswith((".", ",")) for p in found)


def test_an_outsider_neither_adds_nor_decides(session: Session, review: Review) -> None:
    omar = Actor(Viewer(builders.person(session, "Omar").id))
    first = intake.proposals(session, review.report)[0]
    with pytest.raises(NotAllowed):
        reports.add(session, omar, review.meeting, text=LETTER)
    with pytest.raises(NotAllowed):
        reviews.drop(session, omar, review, first.id, reason="non")
    with pytest.raises(NotAllowed):
        reviews.undo(session, omar, review)


@pytest.mark.parametrize("text", ["", "   \n\t", "\0\0"])
def test_nothing_is_kept_of_a_report_that_says_nothing(
    session: Session, review: Review, amina: Actor, text: str
) -> None:
    meeting = builders.meeting(session, programme_id=review.meeting.programme_id)
    with pytest.raises(Refused):
        reports.add(session, amina, meeting, text=text)
    assert intake.report(session, meeting) is None


def test_a_report_without_a_recommendation_is_kept_all_the_same(session: Session, review: Review, amina: Actor) -> None:
    meeting = builders.meeting(session, programme_id=review.meeting.programme_id)
    report = reports.add(session, amina, meeting, text="Le soleil brillait sur la médina.", lang="fr")
    assert report.id
    assert intake.proposals(session, report) == []


def test_a_report_is_replaced_until_something_was_accepted_from_it(
    session: Session, review: Review, amina: Actor
) -> None:
    replaced = reports.add(session, amina, review.meeting, text=LETTER + "\nFin.", version=review.report.version)
    assert replaced.text.endswith("Fin.")
    first = intake.proposals(session, replaced)[0]
    reviews.accept(session, amina, Review(review.meeting, replaced), first.id)
    with pytest.raises(Refused, match="accepted"):
        reports.add(session, amina, review.meeting, text=LETTER)


def test_two_first_reports_do_not_overwrite_each_other(session: Session, review: Review, amina: Actor) -> None:
    with pytest.raises(Stale):
        reports.add(session, amina, review.meeting, text="Autre chose.", version=0)


def test_accepting_gives_a_reference_and_keeps_the_very_words(session: Session, review: Review, amina: Actor) -> None:
    proposal = intake.proposals(session, review.report)[0]
    made = reviews.accept(session, amina, review, proposal.id, version=proposal.version)
    assert made.ref.startswith("FM-2024-")
    assert made.source_text == review.report.text[proposal.start : proposal.end]
    assert (made.source_start, made.source_end) == (proposal.start, proposal.end)
    assert (proposal.state, proposal.recommendation_id) == (ProposalState.ACCEPTED, made.id)


def test_a_post_and_a_date_of_the_row_make_the_first_draft_action(
    session: Session, review: Review, amina: Actor
) -> None:
    post = builders.post(session)
    proposal = intake.proposals(session, review.report)[0]
    made = reviews.accept(
        session,
        amina,
        review,
        proposal.id,
        titles={"fr": "Guichet régional"},
        owner_post_id=post.id,
        due_on=dt.date(2027, 3, 31),
        done_when="Le guichet reçoit",
    )
    action = session.scalars(sa.select(Action).where(col(Action.recommendation_id) == made.id)).one()
    assert (action.state, action.owner_post_id, action.due_on) == (State.DRAFT, post.id, dt.date(2027, 3, 31))
    assert made.done_when == "Le guichet reçoit"


def test_what_was_accepted_is_decided_for_good(session: Session, review: Review, amina: Actor) -> None:
    first = intake.proposals(session, review.report)[0].id
    reviews.accept(session, amina, review, first)
    for act in (
        lambda: reviews.accept(session, amina, review, first),
        lambda: reviews.drop(session, amina, review, first, reason="non"),
        lambda: reviews.edit(session, amina, review, first, titles={"fr": "Autre"}),
        lambda: excerpts.split(session, amina, review, first, cuts=[review.report.text.index("guichet")]),
    ):
        with pytest.raises(Refused, match="accepted"):
            act()


def test_the_second_writer_of_a_row_learns_what_stands_now(session: Session, review: Review, amina: Actor) -> None:
    proposal = intake.proposals(session, review.report)[0]
    seen = proposal.version
    reviews.edit(session, amina, review, proposal.id, titles={"fr": "La première main"}, version=seen)
    with pytest.raises(Stale) as stale:
        reviews.edit(session, amina, review, proposal.id, titles={"fr": "La seconde"}, version=seen)
    assert stale.value.current["titles"] == {"fr": "La première main"}


def test_a_drop_needs_a_reason_and_can_be_restored(session: Session, review: Review, amina: Actor) -> None:
    proposal = intake.proposals(session, review.report)[0]
    with pytest.raises(Refused):
        reviews.drop(session, amina, review, proposal.id, reason="  ")
    reviews.drop(session, amina, review, proposal.id, reason="déjà dit")
    assert (proposal.state, proposal.drop_reason) == (ProposalState.DROPPED, "déjà dit")
    reviews.restore(session, amina, review, proposal.id)
    assert (proposal.state, proposal.drop_reason) == (ProposalState.PROPOSED, "")


def test_a_proposal_of_another_report_is_not_there(session: Session, review: Review, amina: Actor) -> None:
    other = builders.meeting(session, programme_id=review.meeting.programme_id)
    its_review = Review(other, reports.add(session, amina, other, text=LETTER, lang="fr"))
    strange = intake.proposals(session, its_review.report)[0]
    with pytest.raises(NotFound):
        reviews.accept(session, amina, review, strange.id)


def test_an_arabic_mark_never_begins_inside_a_word(session: Session, review: Review, amina: Actor) -> None:
    meeting = builders.meeting(session, programme_id=review.meeting.programme_id)
    report = reports.add(session, amina, meeting, text="أوصى المشاركون بتسريع نمو الصادرات وتحسين الإطار.", lang="ar")
    first = intake.proposals(session, report)[0]
    assert report.text[first.start : first.end] == "بتسريع نمو الصادرات"
    assert first.titles == {"ar": "تسريع نمو الصادرات"}
