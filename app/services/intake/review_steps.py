"""The steps of a review, each remembered with what stood before it, and taking the last one back."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

from sqlmodel import Session

from app import clock
from app.domain.errors import Refused, Stale
from app.domain.messages import N_
from app.models.intake import Proposal, ReviewAct
from app.queries.intake import intake
from app.queries.intake.intake import Review
from app.services.kernel import audit
from app.services.kernel.audit import Actor
from app.services.meetings.meetings import require


@contextmanager
def step(
    session: Session, actor: Actor, review: Review, verb: str, *touched: Proposal, **data: object
) -> Iterator[list[Proposal]]:
    """Change or delete `touched` within the block and put new proposals into the list that it gives.

    At its end the step stands in the review, to be undone, and in the record; what was changed has a new version.
    """
    require(actor.viewer, review.meeting.programme_id)
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
    require(actor.viewer, review.meeting.programme_id)
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
