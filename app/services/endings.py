"""How an action ends without being done, how it is reopened, and how its deadline is moved: all by the secretariat."""

import datetime as dt

from sqlmodel import Session

from app import clock
from app.domain import titles as names
from app.domain.errors import N_, Refused
from app.domain.workflow import Verb
from app.models.actions import Action
from app.models.updates import Update
from app.services import update_links
from app.services.audit import Actor
from app.services.transitions import Words, carry_out, evidence_of


def cancel(session: Session, actor: Actor, action: Action, *, reason: str, version: int | None = None) -> Update:
    return _end(session, actor, action, Verb.CANCEL, reason, version)


def not_applicable(
    session: Session, actor: Actor, action: Action, *, reason: str, version: int | None = None
) -> Update:
    return _end(session, actor, action, Verb.NOT_APPLICABLE, reason, version)


def supersede(
    session: Session, actor: Actor, action: Action, *, reason: str, successor: Action, version: int | None = None
) -> Update:
    """Another action takes its place; the public reason names it."""
    if successor.id == action.id:
        raise Refused(N_("An action can't take its own place: give another reference"), "successor")
    return _end(session, actor, action, Verb.SUPERSEDE, reason, version, successor=successor.ref)


def reopen(session: Session, actor: Actor, action: Action, *, reason: str, version: int | None = None) -> Update:
    def reopened(item: Action) -> None:
        item.evidence, item.end_reason = evidence_of(session, item), ""

    return carry_out(session, actor, action, Verb.REOPEN, words=Words(note=reason), change=reopened, version=version)


def move_deadline(
    session: Session, actor: Actor, action: Action, *, due_on: dt.date, reason: str, version: int | None = None
) -> Update:
    """Grant more time: counted and public with its reason, while the baseline stays what it was."""
    before = action.due_on
    if due_on == before:
        raise Refused(N_("This is the present deadline: choose another date"), "due_on")

    def moved(item: Action) -> None:
        item.due_on, item.deadline_set_at = due_on, clock.now()
        item.deadline_version += 1
        item.extensions += 1

    words, dates = Words(public_summary=reason), {"from_on": before, "to_on": due_on}
    return carry_out(session, actor, action, Verb.MOVE_DEADLINE, words=words, change=moved, version=version, **dates)


def _end(
    session: Session, actor: Actor, action: Action, verb: Verb, reason: str, version: int | None, **data: object
) -> Update:
    def ended(item: Action) -> None:
        item.end_reason = names.many_lines(reason)

    words = Words(public_summary=reason)
    update = carry_out(session, actor, action, verb, words=words, change=ended, version=version, **data)
    update_links.revoke_for_action(session, action.id or 0)
    return update
