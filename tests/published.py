"""A small public record with everything that must not be in it: each private word begins with CANARY."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from app.domain.progress import Response
from app.domain.workflow import BlockReason, Evidence, State, Verb
from app.models.actions import Action, ActionSupport
from app.models.evidence import EvidenceItem
from app.models.indicators import Indicator
from app.models.intake import Report
from app.models.meetings import Meeting, Programme
from app.models.people import Organisation, Post
from app.models.recommendations import Recommendation
from app.models.updates import Update, Via
from app.services.kernel import rollups
from tests import builders as b

TODAY = dt.date(2026, 11, 23)
NOW = dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)
CANARY = "CANARY"
NAMES = [f"{first} {CANARY}{number}" for number, first in enumerate(["Amina", "Karim", "Leila", "Omar"] * 5)]
BEFORE, SENTENCE, AFTER = "افتتح اللقاء. ", "مواكبة المقاولات للحصول على الشهادات", " ثم رفعت الجلسة."


@dataclass
class Record:
    programme: Programme
    meeting: Meeting
    recommendation: Recommendation
    waiting: Recommendation
    done: Action
    late: Action
    lead: Organisation


def write(session: Session, *, is_report_public: bool = False) -> Record:
    """One implemented action, one overdue and blocked, one recommendation without an answer; drafts beside them."""
    programme = b.programme(session, slug="exports")
    meeting = b.meeting(session, programme, slug="fez", region="FM", titles=b.titled("لقاء فاس", "Fès", "Fez"))
    lead = b.organisation(session, slug="centre")
    owner = b.post(session, lead)
    for name in NAMES:
        b.person(session, name, holds=owner if name == NAMES[1] else None)
    place = {"source_start": len(BEFORE), "source_end": len(BEFORE + SENTENCE)}
    recommendation = b.recommendation(
        session, meeting, ref="FM-2024-03", source_text=SENTENCE, position=1, response=Response.ACCEPTED,
        response_reason=f"{CANARY} reason of an acceptance", responded_at=b.LONG_AGO, **place,
    )  # fmt: skip
    waiting = b.recommendation(session, meeting, ref="FM-2024-04", position=2)
    done = b.action(
        session, recommendation, owner, State.VERIFIED, dt.date(2026, 6, 30), number=1, ref="FM-2024-03.1",
        evidence=Evidence.VERIFIED, verified_at=b.instant("2026-07-01"), last_word_at=b.instant("2026-06-20"),
        submitted_at=b.instant("2026-06-20"), description=f"{CANARY} description",
    )  # fmt: skip
    late = b.action(
        session, recommendation, owner, State.BLOCKED, dt.date(2026, 11, 11), number=2, ref="FM-2024-03.2",
        baseline_on=dt.date(2026, 8, 31), extensions=1, block_reason=BlockReason.BUDGET,
        who_can_unblock=f"{CANARY} who can unblock", last_word_at=b.instant("2026-09-23"),
    )  # fmt: skip
    record = Record(programme, meeting, recommendation, waiting, done, late, lead)
    _say(session, record)
    _hide(session, record, is_report_public)
    rollups.recount(session, *(meeting_id or 0 for meeting_id in session.scalars(sa.select(col(Meeting.id)))))
    return record


def _say(session: Session, record: Record) -> None:
    """Released words and evidence, and such as wait for their release."""
    told = act(session, record.done, Verb.SUBMIT, State.SUBMITTED, "2026-06-20", "الدليل منشور")
    act(session, record.done, Verb.VERIFY, State.VERIFIED, "2026-07-01")
    act(session, record.late, Verb.REPORT, State.IN_PROGRESS, "2026-09-23", f"{CANARY} waits", released=False)
    for title, released_at in (("Guide.pdf", NOW), (f"{CANARY} evidence", None)):
        session.add(
            EvidenceItem(
                action_id=record.done.id, update_id=told.id, title=title, location="https://example.ma/guide.pdf",
                person_id=told.person_id or 0, created_at=NOW, released_at=released_at,
            )
        )  # fmt: skip


def _hide(session: Session, record: Record, is_report_public: bool) -> None:
    """Drafts at every level, and a report."""
    titles = b.titled(f"{CANARY} سري", f"{CANARY} secret", f"{CANARY} secret")
    hidden: dict[str, Any] = {"titles": titles, "published_at": None, "is_public": False}
    shut = b.programme(session, slug="canary-programme", titles=titles, published_at=None)
    inside = b.meeting(session, shut, slug="canary-meeting", **hidden | {"published_at": NOW})
    below = b.recommendation(session, inside, ref="RSK-2024-01", **hidden | {"published_at": NOW})
    b.action(session, below, ref="RSK-2024-01.1", **hidden | {"published_at": NOW})
    b.meeting(session, record.programme, slug="canary-draft", **hidden)
    for of in (None, record.recommendation.id):
        session.add(
            Indicator(
                programme_id=record.programme.id,
                recommendation_id=of,
                titles=titles,
                target=Decimal(3),
                target_on=TODAY,
                created_at=NOW,
            )
        )
    draft = b.recommendation(session, record.meeting, ref="FM-2024-05", source_text=f"{CANARY} sentence", **hidden)
    inner = b.action(session, draft, ref="FM-2024-05.1", **hidden | {"published_at": NOW})
    secret = b.organisation(session, slug="canary-body", titles=titles)
    session.add(ActionSupport(action_id=inner.id, organisation_id=secret.id))
    home, post = record.recommendation, b.post(session, secret, titles=titles)
    b.action(session, home, post, number=8, ref="FM-2024-03.8", due_on=dt.date(2026, 1, 1), **hidden)
    b.action(session, home, post, State.DRAFT, number=9, ref="FM-2024-03.9", titles=titles, is_public=True)
    text = BEFORE + SENTENCE + AFTER + " " + "…" * 300 + f" {CANARY} far away"
    session.add(
        Report(
            meeting_id=record.meeting.id, text=text, lang="ar", filename=f"{CANARY}.docx", sha256="ab" * 32,
            is_public=is_report_public, created_at=NOW,
        )
    )  # fmt: skip
    session.flush()


def act(
    session: Session, of: Action, verb: Verb, state: State, on: str, summary: str = "", *, released: bool = True
) -> Update:
    """An entry of the story, with a note that stays inside."""
    person = b.person(session, NAMES[1])
    row = Update(
        action_id=of.id, recommendation_id=of.recommendation_id, programme_id=of.programme_id, verb=verb,
        state_after=state, at=b.instant(on), person_id=person.id, post_id=_post(session, of).id, via=Via.WORKSPACE,
        note=f"{CANARY} note", public_summary=summary, lang="ar", withheld_reason=f"{CANARY} withheld",
        released_at=b.instant(on) if released and summary else None,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def _post(session: Session, of: Action) -> Post:
    return session.get_one(Post, of.owner_post_id)


def lengthen(session: Session, record: Record) -> None:
    """A meeting of thirty recommendations with two actions each, another dozen of meetings, a story of fifty acts."""
    for number in range(28):
        more = b.recommendation(session, record.meeting, ref=f"FM-2024-{number + 10}", position=number + 10)
        for part in (1, 2):
            b.action(session, more, _owner(session, record), due_on=TODAY + dt.timedelta(number), number=part)
    for number in range(12):
        b.meeting(session, record.programme, slug=f"round-{number}", region="FM")
    for number in range(50):
        act(session, record.late, Verb.REPORT, State.IN_PROGRESS, f"2026-10-{number % 28 + 1:02}", "تم عقد اجتماع")
    rollups.recount(session, record.meeting.id)


def _owner(session: Session, record: Record) -> Post:
    return _post(session, record.late)


def dispute(session: Session, record: Record) -> None:
    """Two more that are implemented, of which one is disputed."""
    for number, evidence in ((6, Evidence.VERIFIED), (7, Evidence.DISPUTED)):
        more = b.recommendation(session, record.meeting, ref=f"FM-2024-0{number}", position=number)
        b.action(session, more, _owner(session, record), State.VERIFIED, TODAY, number=1, evidence=evidence)
    rollups.recount(session, record.meeting.id)


def prove(session: Session, record: Record, *, title: str, location: str) -> None:
    """A released piece of evidence."""
    person = b.person(session, NAMES[1])
    session.add(
        EvidenceItem(
            action_id=record.done.id, title=title, location=location, person_id=person.id, created_at=NOW,
            released_at=NOW,
        )
    )  # fmt: skip
