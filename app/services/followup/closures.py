"""How an action ends without being done, how it is reopened, and how its deadline is moved: all by the secretariat.

Whoever owes it hears of each.
"""

import datetime as dt

from sqlmodel import Session

from app import clock
from app.domain import texts
from app.domain.errors import Refused
from app.domain.messages import N_
from app.domain.workflow import REOPENED, Need, State, Verb
from app.models.actions import Action
from app.models.updates import Update
from app.queries.followup.actions import is_baseline_open
from app.queries.mailing import recipients
from app.services.followup.transitions import Words, carry_out, evidence_of, tell_nobody_holds_it, tell_those_who_owe
from app.services.kernel import deadlines, proposer_news, update_links, voice_links
from app.services.kernel.audit import Actor
from app.services.meetings.recommendations import require_open


def cancel(session: Session, actor: Actor, action: Action, *, reason: str, version: int | None = None) -> Update:
    return _end(session, actor, action, Verb.CANCEL, reason, version)


def not_applicable(
    session: Session, actor: Actor, action: Action, *, reason: str, version: int | None = None
) -> Update:
    return _end(session, actor, action, Verb.NOT_APPLICABLE, reason, version)


def supersede(
    session: Session, actor: Actor, action: Action, *, reason: str, successor: Action | None, version: int | None = None
) -> Update:
    """Another action takes its place; the public reason names it."""
    return _end(session, actor, action, Verb.SUPERSEDE, reason, version, successor)


def reopen(session: Session, actor: Actor, action: Action, *, reason: str, version: int | None = None) -> Update:
    def reopened(item: Action) -> None:
        item.evidence, item.end_reason = evidence_of(session, item), ""

    # Why an ending is taken back is public, as the ending was.
    words = Words(public_summary=reason) if action.state in REOPENED else Words(note=reason)
    update = carry_out(
        session, actor, action, Verb.REOPEN, words=words, change=reopened, version=version,
        check=lambda: require_open(session, action.recommendation_id),
    )  # fmt: skip
    voice_links.revoke_for_action(session, action.id)
    proposer_news.tell(session, action)
    tell_those_who_owe(session, actor, action, update)
    if recipients.holder(session, action.owner_post_id) is None:  # never silence
        tell_nobody_holds_it(session, action, update)
    return update


def move_deadline(
    session: Session, actor: Actor, action: Action, *, due_on: dt.date, reason: str = "", is_past: bool = False,
    version: int | None = None,
) -> Update:  # fmt: skip
    """Grant more time: counted and public with its reason, while the baseline stays what it was.

    Before anybody has acknowledged or published it, a correction: the baseline follows and nothing is counted.
    """
    before, is_correction = action.due_on, is_baseline_open(session, action)
    words = Words(note=reason) if is_correction else Words(public_summary=reason)

    def check() -> None:
        if due_on == before:
            raise Refused(N_("This is the present deadline: choose another date"), "due_on")
        deadlines.ask_back(due_on, is_meant=is_past)

    def moved(item: Action) -> None:
        item.due_on, item.deadline_version = due_on, item.deadline_version + 1
        item.deadline_set_at = clock.now()
        item.baseline_on = due_on if is_correction else item.baseline_on
        item.extensions += int(not is_correction)

    verb, data = Verb.CORRECT_DEADLINE if is_correction else Verb.MOVE_DEADLINE, {"from_on": before, "to_on": due_on}
    update = carry_out(session, actor, action, verb, words=words, check=check, change=moved, version=version, data=data)
    dates = {"from_on": before.isoformat() if before else "", "to_on": due_on.isoformat()}
    tell_those_who_owe(session, actor, action, update, **dates)
    return update


def _end(
    session: Session, actor: Actor, action: Action, verb: Verb, reason: str, version: int | None,
    successor: Action | None = None,
) -> Update:  # fmt: skip
    def check() -> None:
        if successor is not None and successor.id == action.id:
            raise Refused(N_("An action can't take its own place: give another reference"), "successor")

    def ended(item: Action) -> None:
        item.end_reason = texts.many_lines(reason)

    was_declined = action.state == State.DECLINED
    update = carry_out(
        session, actor, action, verb, words=Words(public_summary=reason), given={Need.SUCCESSOR: successor},
        check=check, change=ended, version=version, data={"successor": successor.ref} if successor else {},
    )  # fmt: skip
    update_links.revoke_for_action(session, action.id)
    if not was_declined:  # given back before: nobody owed it any more
        tell_those_who_owe(session, actor, action, update, successor=successor.ref if successor else "")
    return update
