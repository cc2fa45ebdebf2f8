"""A report under review as the secretariat sees it: its proposals, who touched what last, what can be undone."""

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col

from app.domain.errors import NotFound, Stale
from app.domain.excerpts import Places
from app.domain.permissions import Role, Viewer, may
from app.models.intake import Proposal, ProposalState, Report, ReviewAct
from app.models.meetings import Meeting
from app.models.people import Person
from app.models.recommendations import Recommendation
from app.queries.meetings import meetings
from app.queries.scope import locks

ACCEPT = "accept"


@dataclass(frozen=True)
class Review:
    """A meeting and the report that is being reviewed."""

    meeting: Meeting
    report: Report


@dataclass(frozen=True)
class Touch:
    """Who changed a proposal last, and when."""

    name: str
    at: dt.datetime


def meeting(session: Session, viewer: Viewer, slug: str, *, lock: bool = False) -> Meeting:
    """The meeting, for the secretariat of its programme alone: to everybody else intake does not exist."""
    found = meetings.get(session, viewer, slug, lock=lock)
    if not may(viewer, found.programme_id, Role.SECRETARIAT):
        raise NotFound
    if lock:
        locks.take(session, found)
    return found


def report(session: Session, meeting: Meeting, *, lock: bool = False) -> Report | None:
    query = sa.select(Report).where(col(Report.meeting_id) == meeting.id)
    if lock:
        query = query.with_for_update(**locks.ROW).execution_options(**locks.FRESH)
    return session.scalars(query).first()


def review(session: Session, viewer: Viewer, slug: str, *, lock: bool = False) -> Review:
    """With `lock` one reviewer acts after the other."""
    found = meeting(session, viewer, slug, lock=lock)
    its_report = report(session, found, lock=lock)
    if its_report is None:
        raise NotFound
    return Review(found, its_report)


def proposals(session: Session, report: Report) -> list[Proposal]:
    """In the order of the text."""
    query = sa.select(Proposal).where(col(Proposal.report_id) == report.id)
    return list(session.scalars(query.order_by(col(Proposal.start), col(Proposal.end), col(Proposal.id))))


def proposal(session: Session, report: Report, proposal_id: int) -> Proposal:
    """Raises Stale when somebody merged or took it back in the meantime, NotFound when it never was."""
    found = session.get(Proposal, proposal_id)
    if found is not None and found.report_id == report.id:
        return found
    if any(proposal_id in touched(act) for act in _acts(session, report)):
        raise Stale({})
    raise NotFound


def places(proposal: Proposal) -> Places:
    return ((proposal.start, proposal.end), *((start, end) for start, end in proposal.more))


def has_accepted(session: Session, report: Report) -> bool:
    accepted = col(Proposal.state) == ProposalState.ACCEPTED
    query = sa.select(col(Proposal.id)).where(col(Proposal.report_id) == report.id, accepted).limit(1)
    return session.scalars(query).first() is not None


def counts(session: Session, report: Report) -> dict[ProposalState, int]:
    query = sa.select(col(Proposal.state), sa.func.count()).where(col(Proposal.report_id) == report.id)
    return {row[0]: row[1] for row in session.execute(query.group_by(col(Proposal.state))).all()}


def references(session: Session, report: Report) -> dict[int, str]:
    """What became of the accepted ones: recommendation id → reference."""
    query = (
        sa.select(col(Recommendation.id), col(Recommendation.ref))
        .join(Proposal, col(Proposal.recommendation_id) == col(Recommendation.id))
        .where(col(Proposal.report_id) == report.id)
    )
    return {row[0]: row[1] for row in session.execute(query).all()}


def undoable(session: Session, report: Report) -> ReviewAct | None:
    """The newest step that no acceptance rests on: an accepted proposal has its reference for good."""
    final: set[int] = set()
    for act in _acts(session, report):
        if act.verb != ACCEPT and not touched(act) & final:
            return act
        final |= touched(act)
    return None


def touched(act: ReviewAct) -> set[int]:
    """The proposals that the step changed, deleted or made."""
    return {number for image in act.before if isinstance(number := image["id"], int)} | set(act.made)


def last_touch(session: Session, report: Report, proposal_id: int) -> Touch | None:
    for act in _acts(session, report):
        if proposal_id in touched(act):
            return Touch(session.get_one(Person, act.person_id).name, act.at)
    return None


def _acts(session: Session, report: Report) -> list[ReviewAct]:
    """The steps that still hold, newest first."""
    query = sa.select(ReviewAct).where(col(ReviewAct.report_id) == report.id, col(ReviewAct.undone_at).is_(None))
    return list(session.scalars(query.order_by(col(ReviewAct.id).desc())))
