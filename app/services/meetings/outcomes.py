"""The outcome or impact of what was implemented, in the words of its secretariat: public, with its day."""

import datetime as dt
from collections.abc import Mapping

from sqlmodel import Session

from app import clock
from app.config import settings
from app.domain import permissions, texts
from app.domain.errors import Problems, Refused
from app.domain.messages import N_
from app.domain.progress import Status
from app.models.meetings import Meeting
from app.models.recommendations import Recommendation
from app.services.kernel import audit
from app.services.kernel.audit import Actor
from app.services.kernel.conflicts import expect


def name(
    session: Session,
    actor: Actor,
    recommendation: Recommendation,
    *,
    words: Mapping[str, str],
    on: dt.date | None,
    version: int | None = None,
) -> None:
    """Only of what is implemented; with the status it is taken back, and named anew by whoever has read it again."""
    permissions.require_secretariat(actor.viewer, recommendation.programme_id)
    expect(recommendation, version, ("outcome", "outcome_on"))
    if recommendation.status is not Status.IMPLEMENTED:
        raise Refused(N_("It is not implemented: an outcome is named once all its actions are verified"))
    said = texts.paragraphs(words)
    wrong = [*_wrong_words(said), *_wrong_day(session, recommendation, on)]
    if wrong:
        raise Problems(wrong)
    recommendation.outcome, recommendation.outcome_on, recommendation.outcome_at = said, on, clock.now()
    recommendation.version += 1
    _record(session, actor, "name_outcome", recommendation, words=said, on=on)


def take_back(session: Session, actor: Actor, recommendation: Recommendation, *, reason: str) -> None:
    """Off the public page at once; the words stay at hand in the form, and in the record."""
    permissions.require_secretariat(actor.viewer, recommendation.programme_id)
    if recommendation.outcome_at is None:
        raise Refused(N_("No outcome is named"))
    if not reason.strip():
        raise Refused(N_("Give the reason: it is kept in the private record"), "reason")
    recommendation.outcome_at = None
    recommendation.version += 1
    _record(session, actor, "take_back_outcome", recommendation, reason=reason)


def _wrong_words(said: Mapping[str, str]) -> list[Refused]:
    return [] if said else [Refused(N_("Say in at least one language what came of it"), "words.ar")]


def _wrong_day(session: Session, recommendation: Recommendation, on: dt.date | None) -> list[Refused]:
    if on is None:
        return [Refused(N_("Give the day on which it showed"), "on")]
    if on > clock.today(settings().zone):
        return [Refused(N_("The day lies ahead: an outcome is named once it shows"), "on")]
    if on < session.get_one(Meeting, recommendation.meeting_id).held_on:
        return [Refused(N_("The day lies before the meeting"), "on")]
    return []


def _record(session: Session, actor: Actor, verb: str, item: Recommendation, **data: object) -> None:
    audit.record(session, actor, verb, "recommendation", item.id, item.programme_id, **data)
