"""Recommendations: accepted at review, edited, answered, published, closed."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Required, TypedDict, Unpack

import sqlalchemy as sa
from sqlmodel import Session, col

from app import clock, db
from app.domain import permissions, references, texts
from app.domain.errors import Refused
from app.domain.messages import N_
from app.domain.progress import Closure, Response
from app.domain.texts import Titles
from app.models.actions import Action
from app.models.meetings import Meeting
from app.models.recommendations import Recommendation, ReferenceCounter, TranslationFlag
from app.queries.scope import locks
from app.services.kernel import audit, publishing, rollups
from app.services.kernel.audit import Actor
from app.services.kernel.conflicts import expect
from app.services.setup.programmes import named

_EDITABLE = ("titles", "title_flags", "done_when", "is_priority", "external_number")
_AT_THE_END = 1_000_000_000
_REASONED = frozenset({Response.NOT_ACCEPTED, Response.ACCEPTED_IN_PART})


class NewRecommendation(TypedDict, total=False):
    """What a new recommendation is made of; `place` counts code points of the report."""

    titles: Required[Titles]
    source_text: Required[str]
    source_lang: Required[str]
    place: tuple[int, int] | None
    more: list[list[int]]
    done_when: str
    is_priority: bool
    external_number: str
    position: int


def create(session: Session, actor: Actor, meeting: Meeting, **new: Unpack[NewRecommendation]) -> Recommendation:
    """A proposal that was accepted: it gets its permanent reference now."""
    permissions.require_secretariat(actor.viewer, meeting.programme_id)
    if not new["source_text"].strip():
        raise Refused(N_("Paste the sentence of the report that says it"), "source_text")
    locks.take(session, meeting)  # whoever publishes the meeting counts this one too, or waits
    recommendation = _made(meeting, new)
    recommendation.ref = _next_reference(session, meeting)
    with rollups.kept(session, recommendation):
        session.add(recommendation)
    place = [recommendation.source_start, recommendation.source_end]
    _record(session, actor, "create", recommendation, ref=recommendation.ref, place=place)
    return recommendation


def _made(meeting: Meeting, new: NewRecommendation) -> Recommendation:
    titles, start_end = named(new["titles"]), new.get("place")
    start, end = start_end or (None, None)
    return Recommendation(
        ref="",
        programme_id=meeting.programme_id,
        meeting_id=meeting.id,
        position=new.get("position", _AT_THE_END if start is None else start),
        source_text=new["source_text"],
        source_lang=new["source_lang"],
        source_start=start,
        source_end=end,
        source_more=new.get("more", []),
        titles=titles,
        title_flags={lang: TranslationFlag.COURTESY for lang in titles if lang != new["source_lang"]},
        done_when=texts.one_line(new.get("done_when", "")),
        is_priority=new.get("is_priority", False),
        external_number=texts.one_line(new.get("external_number", "")),
        created_at=clock.now(),
    )


def edit(
    session: Session, actor: Actor, recommendation: Recommendation, *, version: int | None = None, **changes: Any
) -> None:
    """Change the public words; a translation whose original changed is flagged outdated until it is edited too."""
    permissions.require_secretariat(actor.viewer, recommendation.programme_id)
    expect(recommendation, version, _EDITABLE)
    if "titles" in changes:
        changes["titles"] = named(changes["titles"])
        changes["title_flags"] = _flags(recommendation, changes["titles"], changes.get("title_flags"))
    for name in _EDITABLE:
        if name in changes:
            setattr(recommendation, name, changes[name])
    recommendation.version += 1
    _record(session, actor, "edit", recommendation, **changes)


def respond(
    session: Session,
    actor: Actor,
    recommendation: Recommendation,
    response: Response,
    *,
    reason: str = "",
    organisation_id: int | None = None,
    referred_to: str = "",
    merged_into: Recommendation | None = None,
    version: int | None = None,
) -> None:
    """Record the administration's response. The reason of a refusal, in whole or in part, is public."""
    permissions.require_secretariat(actor.viewer, recommendation.programme_id)
    expect(recommendation, version, ("response", "response_reason"))
    _require_reason(recommendation, response, reason)
    if response == Response.REFERRED and not referred_to.strip():
        raise Refused(N_("Say to whom it is referred"), "referred_to")
    if response == Response.MERGED and (merged_into is None or merged_into.id == recommendation.id):
        raise Refused(N_("Give the reference of the other recommendation into which this one is merged"), "merged_into")
    with rollups.kept(session, recommendation):
        recommendation.response = response
        recommendation.response_reason = texts.many_lines(reason)
        recommendation.response_by_id = organisation_id
        recommendation.responded_at = None if response == Response.PENDING else clock.now()
        recommendation.referred_to = texts.one_line(referred_to) if response == Response.REFERRED else ""
        recommendation.merged_into_id = merged_into.id if merged_into and response == Response.MERGED else None
        recommendation.version += 1
    _record(session, actor, "respond", recommendation, response=response, reason=reason, by=organisation_id)


def _require_reason(recommendation: Recommendation, response: Response, reason: str) -> None:
    if response is Response.PENDING and recommendation.response is not Response.PENDING:
        raise Refused(N_("A response is taken back with a reason: it is public"), "response")
    if response in _REASONED and not reason.strip():
        raise Refused(N_("Give the reason: it is public"), "reason")


def accept_by_planning(session: Session, actor: Actor, recommendation: Recommendation) -> None:
    """Whoever gives an action to a post accepts what it is planned for."""
    if recommendation.response == Response.PENDING:
        respond(session, actor, recommendation, Response.ACCEPTED)


def close(session: Session, actor: Actor, recommendation: Recommendation, closure: Closure, *, reason: str) -> None:
    """End it without implementation; the reason is public. What is open below it, `closures` ends with it."""
    permissions.require_secretariat(actor.viewer, recommendation.programme_id)
    if recommendation.closure is not None:
        raise Refused(N_("The recommendation is closed already"))
    if not reason.strip():
        raise Refused(N_("Give the reason: it is public"), "reason")
    with rollups.kept(session, recommendation):
        recommendation.closure = closure
        recommendation.closure_reason = texts.many_lines(reason)
        recommendation.closed_at = clock.now()
        recommendation.version += 1
    _record(session, actor, "close", recommendation, closure=closure, reason=reason)


def publish(session: Session, actor: Actor, recommendation: Recommendation) -> None:
    permissions.require_secretariat(actor.viewer, recommendation.programme_id)
    if recommendation.published_at is None:
        with _followed(session, recommendation):
            publishing.publish(recommendation)
        _record(session, actor, "publish", recommendation)


def withdraw(session: Session, actor: Actor, recommendation: Recommendation, *, reason: str) -> None:
    permissions.require_secretariat(actor.viewer, recommendation.programme_id)
    with _followed(session, recommendation):
        publishing.withdraw(recommendation, reason)
    _record(session, actor, "withdraw", recommendation, reason=reason)


def require_open(session: Session, recommendation_id: int) -> None:
    """Raises Refused under a recommendation that was closed: nothing can be owed there."""
    require_not_closed(session.get_one(Recommendation, recommendation_id))


def require_not_closed(recommendation: Recommendation) -> None:
    if recommendation.closure is not None:
        raise Refused(N_("The recommendation is closed: open it again first"))


@contextmanager
def _followed(session: Session, recommendation: Recommendation) -> Iterator[None]:
    """Publish or withdraw within the block: what is public of it and of its actions follows, with their counts."""
    meeting_is_public = session.scalars(
        sa.select(col(Meeting.is_public)).where(col(Meeting.id) == recommendation.meeting_id)
    ).one()
    query = sa.select(Action).where(col(Action.recommendation_id) == recommendation.id).order_by(col(Action.id))
    actions = session.scalars(query.with_for_update(**locks.ROW), execution_options=locks.FRESH).all()
    with rollups.kept(session, recommendation, *actions):
        yield
        recommendation.is_public = meeting_is_public and recommendation.published_at is not None
        for action in actions:
            action.is_public = recommendation.is_public and action.published_at is not None


def _flags(recommendation: Recommendation, titles: Titles, given: dict[str, str] | None) -> dict[str, str]:
    """The flag of every title that is not in the source's language."""
    old, source = recommendation.titles, recommendation.source_lang
    original_changed = titles.get(source) != old.get(source)
    flags = dict(recommendation.title_flags) | (given or {})
    for lang, text in titles.items():
        if lang == source:
            flags.pop(lang, None)
        elif text != old.get(lang):
            flags[lang] = (given or {}).get(lang) or TranslationFlag.COURTESY
        elif original_changed:
            flags[lang] = TranslationFlag.OUTDATED
    return {lang: str(flag) for lang, flag in flags.items() if lang in titles}


def _next_reference(session: Session, meeting: Meeting) -> str:
    """The counter of prefix and year moves in the same transaction, under the row's lock: no number comes twice."""
    insert = db.insert(session, ReferenceCounter).values(prefix=meeting.prefix, year=meeting.held_on.year, last=1)
    counted = insert.on_conflict_do_update(
        index_elements=["prefix", "year"], set_={"last": col(ReferenceCounter.last) + 1}
    ).returning(col(ReferenceCounter.last))
    number: int = session.execute(counted).scalar_one()
    return references.for_recommendation(meeting.prefix, meeting.held_on.year, number)


def _record(session: Session, actor: Actor, verb: str, item: Recommendation, **data: object) -> None:
    audit.record(session, actor, verb, "recommendation", item.id, item.programme_id, **data)
