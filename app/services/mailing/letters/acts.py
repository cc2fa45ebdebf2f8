"""Letters about one act on one action: each looks again at what it is about, and says no more than what stands now."""

from collections.abc import Iterable
from dataclasses import replace

import sqlalchemy as sa
from sqlmodel import col

from app.domain import ladder, on_behalf
from app.domain.messages import N_, Message
from app.domain.permissions import Role
from app.domain.texts import pick
from app.domain.workflow import OPEN, PartState, State
from app.mail import letters
from app.mail.letters import Item, Reader
from app.models.actions import Action
from app.models.evidence import EvidenceItem
from app.models.updates import Update, Via
from app.queries.followup import support_rows
from app.queries.mailing import ladder_candidates, recipients
from app.queries.mailing.letters import item, items, post_line, room_address
from app.services.mailing.letters.case import Case, NoLongerWanted
from app.services.mailing.letters.keys import answerable

CLOSED = N_("The action is closed")
MOVED_ON = N_("The action has moved on")
NOT_HOLDER = N_("No longer the holder of the post")
NOT_CONCERNED = N_("No longer concerned by it")
HELD_AGAIN = N_("The post has a holder again")


def assigned(case: Case) -> letters.Assigned:
    action = held(case)
    told, acknowledge, decline = answerable(case, _item(case, action), action, action.owner_post_id or 0)
    return letters.Assigned(
        to=_owner(case, action),
        today=case.today,
        item=told,
        acknowledge=acknowledge,
        decline=decline,
        ladder=_ladder(case, action),
        note=case.envelope.words("note"),
    )


def reassigned(case: Case) -> letters.Reassigned:
    action = held(case)
    told, acknowledge, _ = answerable(case, _item(case, action), action, action.owner_post_id or 0)
    former = case.envelope.number("former_post_id")
    return letters.Reassigned(
        to=_owner(case, action),
        today=case.today,
        item=told,
        note=case.envelope.words("note") or _note(case),
        former=" · ".join(post_line(case.session, former, case.lang)) if former else "",
        acknowledge=acknowledge if action.state is State.ASSIGNED else "",
        ladder=_ladder(case, action),
    )


def moved(case: Case) -> letters.Moved:
    action, former = any_state(case), case.envelope.number("former_post_id")
    return letters.Moved(
        to=replace(case.to, post=" · ".join(post_line(case.session, former, case.lang)) if former else ""),
        today=case.today,
        item=_item(case, action),
        reason=case.envelope.words("reason") or _note(case),
    )


def returned(case: Case) -> letters.Returned:
    action = held(case)
    told, _, _ = answerable(case, _item(case, action), action, action.owner_post_id or 0)
    return letters.Returned(to=_owner(case, action), today=case.today, item=told, reason=_note(case))


def submitted(case: Case) -> letters.Submitted:
    action = to_verify(case)
    pieces = sa.select(sa.func.count()).where(col(EvidenceItem.action_id) == action.id)
    told = _item(case, action)
    verifiers = recipients.verifiers(case.session, action.programme_id)
    role = Role.VERIFIER if case.envelope.person_id in verifiers else Role.SECRETARIAT
    return letters.Submitted(
        to=at_desk(case, role, [told.programme]),
        today=case.today,
        item=told,
        note=_note(case),
        came=_came(case),
        documents=case.session.scalars(pieces).one(),
        open_parts=_open_parts(case, action),
    )


def _open_parts(case: Case, action: Action) -> tuple[tuple[str, Message], ...]:
    """Nobody judges a joint action without hearing of the parts that are not done."""
    rows = support_rows.of(case.session, [action.id])[action.id]
    left = [row for row in rows if row.post_id and row.state is not PartState.DONE]
    return tuple((pick(row.organisation, case.lang)[0], row.says(case.today)) for row in left)


def verified(case: Case) -> letters.Verified:
    action = found_done(case)
    return letters.Verified(to=_owner(case, action), today=case.today, item=_item(case, action), note=_note(case))


def declined(case: Case) -> letters.Declined:
    told = _item(case, given_back(case))
    to = at_desk(case, Role.SECRETARIAT, [told.programme])
    return letters.Declined(to=to, today=case.today, item=told, reason=_note(case), came=_came(case))


def blocked(case: Case) -> letters.Blocked:
    action = stuck(case)
    told = _item(case, action)
    if case.envelope.person_id in recipients.managers(case.session, action.lead_organisation_id):
        to = replace(case.to, role=Role.MANAGER, of=(told.organisation,))
    else:
        to = at_desk(case, Role.SECRETARIAT, [told.programme])
    return letters.Blocked(to=to, today=case.today, item=told, note=_note(case), came=_came(case))


def no_holder(case: Case) -> letters.NoHolder:
    """Of one action's post, with everything else that this post owes."""
    action = unheld(case)
    post, organisation = post_line(case.session, action.owner_post_id or 0, case.lang)
    owed = sa.select(col(Action.id)).where(
        col(Action.owner_post_id) == action.owner_post_id,
        col(Action.programme_id) == action.programme_id,
        col(Action.state).in_(OPEN),
    )
    ids = [found for found in case.session.scalars(owed.order_by(col(Action.due_on), col(Action.id))) if found]
    told = items(case.session, ids, case.lang, case.today)
    return letters.NoHolder(
        to=at_desk(case, Role.SECRETARIAT, [told[found].programme for found in ids]),
        today=case.today,
        post=post,
        organisation=organisation,
        page=room_address(case.lang, "setup"),
        items=tuple(told[found] for found in ids),
    )


def any_state(case: Case) -> Action:
    action = case.session.get(Action, case.envelope.about_id)
    if action is None:
        raise NoLongerWanted(MOVED_ON)
    return action


def held(case: Case) -> Action:
    action = open_action(case)
    if action.state in {State.DECLINED, State.SUBMITTED}:
        raise NoLongerWanted(MOVED_ON)
    _require_holder(case, action)
    return action


def to_verify(case: Case) -> Action:
    action = _in_state(case, State.SUBMITTED)
    _require_among(case, recipients.verifiers(case.session, action.programme_id), action)
    return action


def found_done(case: Case) -> Action:
    action = _in_state(case, State.VERIFIED)
    _require_holder(case, action)
    return action


def given_back(case: Case) -> Action:
    action = _in_state(case, State.DECLINED)
    _require_among(case, [], action)
    return action


def stuck(case: Case) -> Action:
    action = _in_state(case, State.BLOCKED)
    _require_among(case, recipients.managers(case.session, action.lead_organisation_id), action)
    return action


def unheld(case: Case) -> Action:
    action = open_action(case)
    _require_among(case, [], action)
    if recipients.holder(case.session, action.owner_post_id) is not None:
        raise NoLongerWanted(HELD_AGAIN)
    return action


def open_action(case: Case) -> Action:
    action = any_state(case)
    if action.state not in OPEN:
        raise NoLongerWanted(CLOSED)
    return action


def _in_state(case: Case, state: State) -> Action:
    action = any_state(case)
    if action.state is not state:
        raise NoLongerWanted(CLOSED if action.state not in OPEN else MOVED_ON)
    return action


def _require_holder(case: Case, action: Action) -> None:
    if not recipients.is_seated(case.session, action.owner_post_id, case.envelope.person_id):
        raise NoLongerWanted(NOT_HOLDER)


def _require_among(case: Case, people: list[int], action: Action) -> None:
    """These, or the secretariat, which may hear of everything."""
    if case.envelope.person_id not in {*people, *recipients.secretariat(case.session, action.programme_id)}:
        raise NoLongerWanted(NOT_CONCERNED)


def _item(case: Case, action: Action) -> Item:
    return item(case.session, action.id, case.lang, case.today)


def _owner(case: Case, action: Action) -> Reader:
    """Told because of the post that owns the action, whatever other posts they hold."""
    return replace(case.to, post=" · ".join(post_line(case.session, action.owner_post_id or 0, case.lang)))


def at_desk(case: Case, role: Role, of: Iterable[str]) -> Reader:
    """Told because of a role, not of a post."""
    return replace(case.to, post="", role=role, of=tuple(dict.fromkeys(of)), home=room_address(case.lang, "desk"))


def answering(case: Case) -> Reader:
    """Told as whoever answers for mails, of no one action."""
    role, titles = recipients.standing(case.session, case.envelope.person_id)
    return at_desk(case, role, [pick(one, case.lang)[0] for one in titles])


def _note(case: Case) -> str:
    """What was written with the act."""
    update = case.session.get(Update, case.envelope.number("update_id"))
    return update.note if update else case.envelope.words("reason")


def _came(case: Case) -> Message | None:
    """How it came, where the secretariat recorded it."""
    update = case.session.get(Update, case.envelope.number("update_id"))
    return on_behalf.told(update.came_by, update.came_on) if update and update.via is Via.ON_BEHALF else None


def _ladder(case: Case, action: Action) -> tuple[ladder.Step, ...]:
    steps = ladder.announce(ladder_candidates.held(action), case.table.days_off, ladder=case.table.ladder(action))
    return tuple(step for step in steps if step.on > case.today)
