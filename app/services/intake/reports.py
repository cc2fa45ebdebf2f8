"""A meeting's report: taken in, read for proposals, replaced while nothing came of it, opened to the public."""

import hashlib

import sqlalchemy as sa
from sqlmodel import Session, col

from app import clock
from app.domain import excerpts, permissions
from app.domain.errors import Refused, Stale
from app.domain.messages import N_
from app.domain.texts import one_line
from app.intake.languages import language_of
from app.intake.page import fold
from app.intake.propose import Reading
from app.intake.reports import read
from app.intake.sentences import snap_to_words
from app.models.intake import Proposal, Report, ReviewAct
from app.models.meetings import Meeting
from app.queries.intake import intake
from app.queries.intake.intake import Review
from app.queries.scope import locks
from app.services.kernel import audit
from app.services.kernel.audit import Actor
from app.services.kernel.conflicts import expect


def add(
    session: Session,
    actor: Actor,
    meeting: Meeting,
    *,
    text: str = "",
    data: bytes | None = None,
    filename: str = "",
    lang: str | None = None,
    version: int | None = None,
    reading: Reading | None = None,
) -> Report:
    """Keep the report and what it proposes. A version of 0 says: there was none yet. No proposal is no error.

    `reading` where it was read before, out of everybody's way: a long report takes seconds.
    """
    permissions.require_secretariat(actor.viewer, meeting.programme_id)
    reading = reading or read(text, data, lang, meeting.held_on)
    locks.take(session, meeting)  # two first reports at once: the second finds the first
    before = intake.report(session, meeting, lock=True)
    _require_replaceable(session, before, version)
    report = before or _blank(meeting)
    _fill(report, reading, filename)
    session.add(report)
    session.flush()
    session.add_all(_proposals(report, reading))
    session.flush()
    verb = "replace_report" if before else "add_report"
    _record(session, actor, meeting, report, verb, sha256=report.sha256, lang=report.lang, found=len(reading.proposals))
    return report


def open_text(session: Session, actor: Actor, review: Review, *, is_public: bool, version: int | None = None) -> None:
    """Whether the public may read the whole text, beyond the sentences of its recommendations."""
    permissions.require_secretariat(actor.viewer, review.meeting.programme_id)
    expect(review.report, version, ("is_public",))
    review.report.is_public = is_public
    review.report.version += 1
    _record(session, actor, review.meeting, review.report, "open_report" if is_public else "shut_report")


def title_of(report: Report, words: str) -> dict[str, str]:
    """The first public title of a place, in the language it is in: reports mix them."""
    return {language_of(fold(words), report.lang): excerpts.headline(words)}


def _require_replaceable(session: Session, report: Report | None, version: int | None) -> None:
    if report is None:
        return
    if version is not None and version != report.version:
        raise Stale({"version": report.version, "filename": report.filename})
    if intake.has_accepted(session, report):
        raise Refused(N_("Recommendations were accepted from this report: it can't be replaced any more"), "report")
    for table in (Proposal, ReviewAct):
        session.execute(sa.delete(table).where(col(table.report_id) == report.id))


def _blank(meeting: Meeting) -> Report:
    return Report(meeting_id=meeting.id, text="", lang="", sha256="", created_at=clock.now(), version=0)


def _fill(report: Report, reading: Reading, filename: str) -> None:
    report.text, report.lang = reading.text, reading.lang
    report.filename = one_line(filename)[:200]
    report.sha256 = hashlib.sha256(reading.text.encode()).hexdigest()
    report.created_at = clock.now()
    report.version += 1


def _proposals(report: Report, reading: Reading) -> list[Proposal]:
    """At whole words, since a mark inside one breaks its letters apart; the title keeps what the rules found."""
    return [
        Proposal(
            report_id=report.id,
            start=span.start,
            end=span.end,
            titles=title_of(report, found.text),
            owner_text=found.owner or "",
            deadline_text=found.deadline or "",
            due_on=found.due_on,
            confidence=found.confidence,
        )
        for found in reading.proposals
        for span in [snap_to_words(reading.text, found.start, found.end)]
    ]


def _record(session: Session, actor: Actor, meeting: Meeting, report: Report, verb: str, **data: object) -> None:
    audit.record(session, actor, verb, "report", report.id, meeting.programme_id, **data)
