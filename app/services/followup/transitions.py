"""The one way an action moves: permit, transition, change, story, record, roll-up; every verb uses it."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from app import clock
from app.config import settings
from app.domain import permissions, texts, workflow
from app.domain.calendar import add_working_days
from app.domain.errors import Refused
from app.domain.messages import N_
from app.domain.permissions import ActionFacts
from app.domain.workflow import HOLDER_ACTS, NEWS, TERMINAL, Evidence, MilestoneWord, Part, State, Verb
from app.models.actions import Action
from app.models.evidence import EvidenceItem
from app.models.meetings import Programme, ReleasePolicy
from app.models.updates import Update, Via
from app.queries.followup.actions import facts
from app.queries.mailing import recipients
from app.queries.scope import calendar
from app.services.kernel import audit, inserts, outbox, rollups
from app.services.kernel.audit import Actor
from app.services.kernel.conflicts import expect

_REASONS = {
    "reason": N_("Give the reason"),
    "public_reason": N_("Give the reason: it is public"),
    "note": N_("Say in one sentence what was done"),
}


@dataclass(frozen=True)
class Words:
    """What somebody says with an act: for the house, for the public, the estimate, and of which milestone if of one."""

    note: str = ""
    public_summary: str = ""
    percent: int | None = None
    lang: str = ""
    milestone_id: int | None = None
    of_milestone: MilestoneWord | None = None


NO_WORDS = Words()
_HOLDERS = frozenset({Part.OWNER, Part.CONTRIBUTOR})


def carry_out(
    session: Session,
    actor: Actor,
    action: Action,
    verb: Verb,
    *,
    words: Words = NO_WORDS,
    check: Callable[[], None] | None = None,
    change: Callable[[Action], None] | None = None,
    version: int | None = None,
    data: Mapping[str, object] | None = None,
) -> Update:
    """Move the action by `verb`, with the steps it implies, each in the story and the record; returns the last entry.

    Raises NotAllowed before anything else, Stale, Refused (not from this state, words missing, or what `check` finds).
    `change` makes what else the verb means, after the state has moved; `data` goes into the record.
    """
    by = _capacity(actor, facts(session, action), verb, action.state)
    expect(action, version, ("state", "due_on", "percent"))
    _require_words(workflow.move(verb, action.state).needs, words)
    if check:
        check()
    with rollups.moved(session, action):
        action.version += 1  # before the first step, which writes the row
        for step in workflow.implied(verb, action.state):
            _step(session, by, action, step, NO_WORDS, {})
        last = _step(session, by, action, verb, words, data or {})
        if change:
            change(action)
    return last


@dataclass(frozen=True)
class _Capacity:
    """Who acts, and as what: a manager's block is no word of the holder."""

    actor: Actor
    post_id: int | None  # in whose name
    is_holder: bool


def _capacity(actor: Actor, about: ActionFacts, verb: Verb, state: State) -> _Capacity:
    held = permissions.require(actor.viewer, about, verb, state)
    own = actor.viewer.post_ids
    post_ids: frozenset[int] = frozenset()
    if Part.OWNER in held and about.owner_post_id:
        post_ids = frozenset({about.owner_post_id})
    elif Part.CONTRIBUTOR in held:
        post_ids = own & about.supporting_post_ids
    elif Part.MANAGER in held:
        post_ids = own
    return _Capacity(actor, min(post_ids, default=None), bool(held & _HOLDERS))


def _step(
    session: Session, by: _Capacity, action: Action, verb: Verb, words: Words, data: Mapping[str, object]
) -> Update:
    before, actor, now = action.state, by.actor, clock.now()
    action.state = workflow.move(verb, before).target or before
    _stamp(by, action, verb, before, now)
    action.moved_at = now if verb in NEWS else action.moved_at
    action.percent = action.percent if words.percent is None else words.percent
    update = _entry(session, by, action, verb, words, now)  # the first statement since: it writes the action as well
    record(session, actor, verb, action, update_id=update.id, before=before, after=action.state, **data)
    return update


def _entry(session: Session, by: _Capacity, action: Action, verb: Verb, words: Words, now: dt.datetime) -> Update:
    """What the story tells of the step."""
    via, summary = by.actor.via, texts.many_lines(words.public_summary)
    released_at, release_on = public_from(session, via, action.programme_id) if summary else (None, None)
    return inserts.store(
        session,
        Update,
        action_id=action.id,
        recommendation_id=action.recommendation_id,
        programme_id=action.programme_id,
        verb=verb,
        state_after=action.state,
        at=now,
        person_id=by.actor.person_id,
        post_id=by.post_id,
        via=via,
        note=texts.many_lines(words.note),
        public_summary=summary,
        lang=words.lang or by.actor.viewer.lang,
        percent=words.percent,
        released_at=released_at,
        release_on=release_on,
        released_by_id=None,
        withheld_reason="",
        milestone_id=words.milestone_id,
        milestone_word=words.of_milestone,
    )


def record(session: Session, actor: Actor, verb: str, action: Action, **data: object) -> None:
    audit.record(session, actor, verb, "action", action.id, action.programme_id, **data)


def _stamp(by: _Capacity, action: Action, verb: Verb, before: State, now: dt.datetime) -> None:
    """The instants that the schedule and the silence are judged by."""
    if verb in HOLDER_ACTS and by.is_holder:
        action.last_word_at = now
    if verb == Verb.ACKNOWLEDGE:
        action.acknowledged_at = now
    if action.state != State.BLOCKED:
        action.blocked_at, action.block_reason, action.who_can_unblock = None, None, ""
    elif before != State.BLOCKED:
        action.blocked_at = now
    if verb == Verb.SUBMIT:
        action.submitted_at, action.submitted_by_id = now, by.actor.person_id
    elif action.state not in TERMINAL and action.state != State.SUBMITTED:
        action.submitted_at = action.submitted_by_id = None  # a return restarts the clock as if never submitted
    if action.state != before:
        action.verified_at = now if action.state == State.VERIFIED else None
        action.ended_at = now if action.state in TERMINAL else None


def evidence_of(session: Session, action: Action) -> Evidence:
    """The axis as the pieces at hand make it, before anybody has verified."""
    pieces = sa.select(sa.func.count()).select_from(EvidenceItem).where(col(EvidenceItem.action_id) == action.id)
    if session.scalars(pieces).one():
        return Evidence.DOCUMENTED
    return Evidence.DECLARED if action.submitted_at else Evidence.NONE


def public_from(session: Session, via: Via, programme_id: int) -> tuple[dt.datetime | None, dt.date | None]:
    """When words and documents are public: now, from a day on, or (neither) once somebody releases them.

    From somebody signed in at once; behind a mailed key as the programme's policy says.
    """
    if via != Via.MAIL_LINK:
        return clock.now(), None
    programme = session.get_one(Programme, programme_id)
    if programme.release_policy == ReleasePolicy.AT_ONCE:
        return clock.now(), None
    if programme.release_policy == ReleasePolicy.BY_HAND:
        return None, None
    today = clock.today(settings().zone)
    off = calendar.days_off(session, (today.year, today.year + 1))
    return None, add_working_days(today, programme.release_days, off)


def _require_words(needs: frozenset[str], words: Words) -> None:
    for need in ("reason", "public_reason", "note"):
        if need in needs and not (words.note.strip() or words.public_summary.strip() or words.of_milestone):
            raise Refused(_REASONS[need], "note" if need == "note" else "reason")


def tell_those_who_owe(
    session: Session, actor: Actor, action: Action, kind: str, update: Update, **params: Any
) -> None:
    """Whoever holds the post that owns the action or one that supports it hears, but for who did it themselves."""
    about = ("action", action.id)
    for person_id in recipients.owing(session, action.id, action.owner_post_id):
        if person_id != actor.person_id:
            outbox.enqueue(session, kind, person_id, f"u{update.id}", about=about, update_id=update.id, **params)


def require_secretariat(actor: Actor, programme_id: int) -> None:
    permissions.require_secretariat(actor.viewer, programme_id)
