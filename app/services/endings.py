"""How an action ends without being done, how it is reopened, and how its deadline is moved: all by the secretariat."""

import datetime as dt

from sqlmodel import Session

from app.domain import titles as names
from app.domain.errors import N_, Refused
from app.domain.workflow import OPEN, Verb
from app.models.actions import Action
from app.models.updates import Update
from app.services import rollups, update_links
from app.services.audit import Actor
from app.services.transitions import Words, carry_out, evidence_of, record, require_secretariat
from app.services.versions import expect


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
) -> None:
    """Grant more time: counted and public, while the baseline stays what it was."""
    require_secretariat(actor, action.programme_id)
    expect(action, version, ("due_on",))
    if action.state not in OPEN or action.due_on is None:
        raise Refused(N_("Only an open action with a deadline can be given another one"))
    if not reason.strip():
        raise Refused(N_("Give the reason: it is public"), "reason")
    if due_on == action.due_on:
        raise Refused(N_("This is the present deadline: choose another date"), "due_on")
    before = action.due_on
    with rollups.kept(session, rollups.parent(session, action), action):
        action.due_on = due_on
        action.deadline_version += 1
        action.extensions += 1
        action.version += 1
    record(session, actor, "move_deadline", action, before=before, after=due_on, reason=reason)


def _end(
    session: Session, actor: Actor, action: Action, verb: Verb, reason: str, version: int | None, **data: object
) -> Update:
    def ended(item: Action) -> None:
        item.end_reason = names.many_lines(reason)

    words = Words(public_summary=reason)
    update = carry_out(session, actor, action, verb, words=words, change=ended, version=version, **data)
    update_links.revoke_for_action(session, action.id or 0)
    return update
