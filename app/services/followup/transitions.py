"""The one way an action moves: permit, transition, change, story, record, roll-up; every verb uses it."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from app import clock, db
from app.domain import permissions, texts, workflow
from app.domain.errors import Problems, Refused
from app.domain.messages import N_
from app.domain.permissions import ActionFacts
from app.domain.workflow import TERMINAL, Evidence, MilestoneWord, Need, Part, State, Verb
from app.models.actions import Action
from app.models.evidence import EvidenceItem
from app.models.updates import Update
from app.queries.followup.actions import facts
from app.queries.mailing import recipients
from app.queries.setup import posts
from app.services.followup import lapses, received, undoing
from app.services.followup.releases import public_from
from app.services.kernel import audit, outbox, rollups
from app.services.kernel.audit import Actor
from app.services.kernel.conflicts import expect

# By what a verb needs: the refusal where it is missing, and the field that is marked.
REFUSALS: Mapping[Need, tuple[str, str]] = {
    Need.REASON: (N_("Give the reason"), "reason"),
    Need.PUBLIC_REASON: (N_("Give the reason: it is public"), "reason"),
    Need.NOTE: (N_("Say in one sentence what was done"), "note"),
    Need.TITLE: (N_("Write a title in at least one language"), "titles.ar"),
    Need.OWNER: (N_("Choose the post that owns the action"), "owner_post_id"),
    Need.DATE: (N_("Give the deadline"), "due_on"),
    Need.BLOCK_REASON: (N_("Choose what stands in the way"), "block_reason"),
    Need.WHO_CAN_UNBLOCK: (N_("Say who can remove the obstacle"), "who_can_unblock"),
    Need.SUCCESSOR: (N_("Give the reference of the action that takes its place"), "successor"),
}
_IN_WORDS = frozenset({Need.REASON, Need.PUBLIC_REASON, Need.NOTE})


@dataclass(frozen=True)
class Words:
    """What somebody says with an act: for the house, for the public, the estimate, and of which milestone if of one."""

    note: str = ""
    public_summary: str = ""
    percent: int | None = None
    lang: str = ""
    milestone_id: int | None = None
    of_milestone: MilestoneWord | None = None
    part_of: int | None = None  # the organisation whose part it is about


NO_WORDS = Words()
_HOLDERS = frozenset({Part.OWNER, Part.CONTRIBUTOR})


def carry_out(
    session: Session,
    actor: Actor,
    action: Action,
    verb: Verb,
    *,
    words: Words = NO_WORDS,
    given: Mapping[Need, object] = MappingProxyType({}),
    check: Callable[[], None] = lambda: None,
    change: Callable[[Action], None] = lambda _: None,
    version: int | None = None,
    data: Mapping[str, object] = MappingProxyType({}),
) -> Update:
    """Move the action by `verb`, with the steps it implies, each in the story and the record; returns the last entry.

    Raises NotAllowed before anything else, Stale, and what is refused: this state, what the table needs and neither the
    words nor `given` have, what `check` finds. `change` makes what else the verb means; `data` goes into the record.
    """
    by = _capacity(session, actor, facts(session, action), verb, action.state)
    expect(action, version, ("state", "due_on", "percent"))
    _require(workflow.move(verb, action.state).needs, words, given)
    check()
    was, steps = undoing.before(session, action, verb, words.part_of), workflow.implied(verb, action.state)
    with rollups.moved(session, action):
        action.version += 1  # before the first step, which writes the row
        implied = [_step(session, by, action, step, NO_WORDS, {}) for step in steps]
        last = _step(session, by, action, verb, words, data)
        change(action)
        was["lapsed"] = lapses.follow(session, actor, action, verb, words.part_of)
    return _kept(session, by, [*implied, last], was)


def _kept(session: Session, by: "_Capacity", entries: Sequence[Update], was: Mapping[str, object]) -> Update:
    """The last of them; while a holder's answer can be undone, with what stood before."""
    if by.is_holder:
        undoing.keep(session, by.actor, entries[0].id, entries[-1], was)
    return entries[-1]


@dataclass(frozen=True)
class _Capacity:
    """Who acts, and as what: a manager's block is no word of the holder."""

    actor: Actor
    post_id: int | None  # in whose name
    is_holder: bool


def _capacity(session: Session, actor: Actor, about: ActionFacts, verb: Verb, state: State) -> _Capacity:
    held = permissions.require(actor.viewer, about, verb, state)
    own, post_id = actor.viewer.post_ids, None
    if Part.OWNER in held:
        post_id = about.owner_post_id
    elif Part.CONTRIBUTOR in held:
        post_id = min(own & about.supporting_post_ids)
    elif Part.MANAGER in held:
        post_id = posts.managers_post(session, own, permissions.concerned(about))
    return _Capacity(actor, post_id, bool(held & _HOLDERS))


def _step(
    session: Session, by: _Capacity, action: Action, verb: Verb, words: Words, data: Mapping[str, object]
) -> Update:
    before, actor, now = action.state, by.actor, clock.now()
    action.state = workflow.move(verb, before).target or before
    _stamp(by, action, verb, before, received.said_at(actor, action, now))
    action.moved_at = now if verb.facts.is_news else action.moved_at
    action.percent = action.percent if words.percent is None else words.percent
    update = _entry(session, by, action, verb, words, now)  # the first statement since: it writes the action as well
    told = {**received.for_record(actor), **data}
    record(session, actor, verb, action, update_id=update.id, before=before, after=action.state, **told)
    return update


def _entry(session: Session, by: _Capacity, action: Action, verb: Verb, words: Words, now: dt.datetime) -> Update:
    """What the story tells of the step."""
    via, word, summary = by.actor.via, by.actor.received, texts.many_lines(words.public_summary)
    released_at, release_on = public_from(session, via, action.programme_id, by.post_id) if summary else (None, None)
    return db.store(
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
        **_UNTOUCHED,
        milestone_id=words.milestone_id,
        milestone_word=words.of_milestone,
        part_of_id=words.part_of,
        came_by=word and word.came_by,
        came_on=word and word.came_on,
    )


# What others make of it later.
_UNTOUCHED: Mapping[str, object] = {
    "released_by_id": None,
    "withheld_reason": "",
    "corrected_at": None,
    "corrections": 0,
}


def record(session: Session, actor: Actor, verb: str, action: Action, **data: object) -> None:
    audit.record(session, actor, verb, "action", action.id, action.programme_id, **data)


def _stamp(by: _Capacity, action: Action, verb: Verb, before: State, now: dt.datetime) -> None:
    """The instants that the schedule and the silence are judged by; an old letter doesn't undo a newer word."""
    if verb.facts.is_word and by.is_holder:
        action.last_word_at = max(action.last_word_at or now, now)
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


def _has_words(words: Words) -> bool:
    """What is said of a milestone says enough by itself."""
    return bool(words.note.strip() or words.public_summary.strip() or words.of_milestone)


def _require(needs: frozenset[Need], words: Words, given: Mapping[Need, object]) -> None:
    """Each missing one in the order of the form."""
    said = {**given, **dict.fromkeys(_IN_WORDS, _has_words(words))}
    missing = [Refused(*REFUSALS[need]) for need in Need if need in needs and not said.get(need)]
    if len(missing) == 1:
        raise missing[0]
    if missing:
        raise Problems(missing)


def tell(session: Session, action: Action, update: Update, person_ids: Iterable[int | None], **params: Any) -> None:
    """The letter of its verb, to these; one about an answer that may still be undone waits as long."""
    due_at = undoing.told_at(session, update)
    for person_id in person_ids:
        if person_id is not None:
            letter, about, one = update.verb.facts.letter, ("action", action.id), params | {"update_id": update.id}
            outbox.enqueue(session, letter, person_id, f"u{update.id}", about=about, due_at=due_at, **one)


def tell_nobody_holds_it(session: Session, action: Action, update: Update) -> None:
    """To the secretariat, in place of the holder that there is none of."""
    for person_id in recipients.secretariat(session, action.programme_id):
        about = ("action", action.id)
        outbox.enqueue(session, "action_unheld", person_id, f"u{update.id}", about=about, update_id=update.id)


def tell_those_who_owe(session: Session, actor: Actor, action: Action, update: Update, **params: Any) -> None:
    """Whoever holds the post that owns the action or one that supports it hears, but for who did it themselves."""
    owing = recipients.owing(session, action.id, action.owner_post_id)
    tell(session, action, update, (one for one in owing if one != actor.person_id), **params)


def require_secretariat(actor: Actor, programme_id: int) -> None:
    permissions.require_secretariat(actor.viewer, programme_id)
