"""What is decided about a proposal: accepted as a recommendation, corrected, dropped, taken up again.

Each is a step, remembered with what stood before it; the last one can be taken back.
"""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypedDict, Unpack

from sqlmodel import Session

from app import clock
from app.domain import excerpts, permissions, texts
from app.domain.errors import Refused, Stale
from app.domain.messages import N_
from app.domain.texts import Titles
from app.intake.languages import language_of
from app.intake.page import fold
from app.models.intake import Proposal, ProposalState, ReviewAct
from app.models.people import Post
from app.models.recommendations import Recommendation
from app.queries.intake import intake
from app.queries.intake.intake import Review
from app.services.followup import actions
from app.services.kernel import audit, deadlines
from app.services.kernel.audit import Actor
from app.services.kernel.conflicts import expect
from app.services.meetings import recommendations
from app.services.setup.programmes import named

FIELDS = ("titles", "owner_post_id", "due_on", "done_when", "state", "drop_reason")


class TypedRow(TypedDict, total=False):
    """A proposal as it was typed, and the version that it was typed over; `is_past`: a date before today is meant."""

    titles: Titles | None
    owner_post_id: int | None
    due_on: dt.date | None
    done_when: str | None
    is_past: bool
    version: int | None


def accept(session: Session, actor: Actor, review: Review, proposal_id: int, **row: Unpack[TypedRow]) -> Recommendation:
    """Make a recommendation of it, with its permanent reference; a post or date makes its first draft action.

    Without titles the row is taken as it stands; with them, as it was typed.
    """
    permissions.require_secretariat(actor.viewer, review.meeting.programme_id)
    proposal = _at_hand(session, review, proposal_id, row.get("version"))
    is_typed = row.get("titles") is not None
    deadlines.ask_back(row.get("due_on") if is_typed else proposal.due_on, is_meant=row.get("is_past", False))
    with step(session, actor, review, intake.ACCEPT, proposal):
        if is_typed:
            _write(proposal, _wanted(session, row))
        recommendation = _made_of(session, actor, review, proposal)
        proposal.state, proposal.recommendation_id = ProposalState.ACCEPTED, recommendation.id
    return recommendation


def _made_of(session: Session, actor: Actor, review: Review, proposal: Proposal) -> Recommendation:
    places = intake.places(proposal)
    words = excerpts.quoted(review.report.text, places)
    recommendation = recommendations.create(
        session,
        actor,
        review.meeting,
        titles=proposal.titles,
        source_text=words,
        source_lang=language_of(fold(words), review.report.lang),
        place=places[0],
        more=[list(place) for place in places[1:]],
        done_when=proposal.done_when,
    )
    post, day = proposal.owner_post_id, proposal.due_on
    if post or day:
        actions.create(session, actor, recommendation, titles=proposal.titles, owner_post_id=post, due_on=day)
    return recommendation


def edit(session: Session, actor: Actor, review: Review, proposal_id: int, **row: Unpack[TypedRow]) -> bool:
    """Correct the row, its place in the text apart; False when nothing of it was to change: that is no step."""
    permissions.require_secretariat(actor.viewer, review.meeting.programme_id)
    proposal = _at_hand(session, review, proposal_id, row.get("version"))
    wanted = _wanted(session, row)
    if all(getattr(proposal, name) == value for name, value in wanted.items()):
        return False
    with step(session, actor, review, "edit", proposal):
        _write(proposal, wanted)
    return True


def drop(
    session: Session, actor: Actor, review: Review, proposal_id: int, *, reason: str, version: int | None = None
) -> None:
    """It is no recommendation; the row stays, struck out, with the reason."""
    proposal = _at_hand(session, review, proposal_id, version)
    if not reason.strip():
        raise Refused(N_("Say in a word why it is no recommendation"), "reason")
    with step(session, actor, review, "drop", proposal, reason=texts.one_line(reason)):
        proposal.state, proposal.drop_reason = ProposalState.DROPPED, texts.one_line(reason)


def restore(session: Session, actor: Actor, review: Review, proposal_id: int, *, version: int | None = None) -> None:
    """Take a dropped one up again."""
    proposal = intake.proposal(session, review.report, proposal_id)
    expect(proposal, version, FIELDS)
    if proposal.state is not ProposalState.DROPPED:
        raise Refused(N_("This proposal is not dropped"))
    with step(session, actor, review, "restore", proposal):
        proposal.state, proposal.drop_reason = ProposalState.PROPOSED, ""


def require_open(proposal: Proposal) -> None:
    """Raises Refused when it was decided already."""
    if proposal.state is ProposalState.ACCEPTED:
        raise Refused(N_("This proposal was accepted: edit the recommendation itself"))
    if proposal.state is ProposalState.DROPPED:
        raise Refused(N_("This proposal was dropped: restore it first"))


def _at_hand(session: Session, review: Review, proposal_id: int, version: int | None) -> Proposal:
    proposal = intake.proposal(session, review.report, proposal_id)
    expect(proposal, version, FIELDS)
    require_open(proposal)
    return proposal


def _wanted(session: Session, row: TypedRow) -> dict[str, object]:
    """The row's columns as they are to be; raises Refused for a missing title or a post that is none."""
    owner_post_id = row.get("owner_post_id")
    if owner_post_id is not None and session.get(Post, owner_post_id) is None:
        raise Refused(N_("Choose the post that owns the action"), "owner_post_id")
    return {
        "titles": named(row.get("titles") or {}),
        "owner_post_id": owner_post_id,
        "due_on": row.get("due_on"),
        "done_when": texts.one_line(row.get("done_when") or ""),
    }


def _write(proposal: Proposal, wanted: dict[str, object]) -> None:
    for name, value in wanted.items():
        setattr(proposal, name, value)


@contextmanager
def step(
    session: Session, actor: Actor, review: Review, verb: str, *touched: Proposal, **data: object
) -> Iterator[list[Proposal]]:
    """Change or delete `touched` within the block and put new proposals into the list that it gives.

    At its end the step stands in the review, to be undone, and in the record; what was changed has a new version.
    """
    permissions.require_secretariat(actor.viewer, review.meeting.programme_id)
    before = [_image(proposal) for proposal in touched]
    made: list[Proposal] = []
    yield made
    for proposal in touched:
        if proposal not in session.deleted:
            proposal.version += 1
    session.add_all(made)
    session.flush()
    made_ids = [proposal.id for proposal in made]
    session.add(
        ReviewAct(
            report_id=review.report.id,
            person_id=actor.person_id or 0,
            verb=verb,
            before=before,
            made=made_ids,
            at=clock.now(),
        )
    )
    _record(session, actor, review, verb, proposals=[image["id"] for image in before], made=made_ids, **data)


def undo(session: Session, actor: Actor, review: Review, *, seen: int | None = None) -> ReviewAct:
    """Take back the newest step that no acceptance rests on, and give it. `seen`: the step meant."""
    permissions.require_secretariat(actor.viewer, review.meeting.programme_id)
    act = intake.undoable(session, review.report)
    if act is None:
        raise Refused(N_("There is nothing to undo. What was accepted has its reference for good: edit or close it."))
    if seen is not None and act.id != seen:
        raise Stale({"version": act.id})
    for proposal_id in act.made:
        session.delete(session.get_one(Proposal, proposal_id))
    for image in act.before:
        _put_back(session, image)
    act.undone_at = clock.now()
    session.flush()
    _record(session, actor, review, "undo", step=act.id, undone=act.verb, proposals=sorted(intake.touched(act)))
    return act


def _image(proposal: Proposal) -> dict[str, object]:
    """The row in JSON values."""
    return {
        name: value.isoformat() if isinstance(value, dt.date) else value
        for name, value in proposal.model_dump().items()
    }


def _put_back(session: Session, image: dict[str, object]) -> None:
    """The row as it was, but never with a version that somebody has already seen."""
    before = Proposal.model_validate(image)
    row = session.get(Proposal, before.id)
    before.version = (row or before).version + 1
    if row is None:
        session.add(before)
        return
    for name, value in before.model_dump().items():
        setattr(row, name, value)


def _record(session: Session, actor: Actor, review: Review, verb: str, **data: object) -> None:
    audit.record(session, actor, verb, "report", review.report.id, review.meeting.programme_id, **data)
