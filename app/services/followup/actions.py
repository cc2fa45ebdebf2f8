"""Actions: made, edited, assigned to a post, published. What holders and verifiers do with them has its own rooms."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, Required, TypedDict, Unpack

import sqlalchemy as sa
from sqlmodel import Session, col

from app import clock
from app.domain import references, texts
from app.domain.errors import Refused
from app.domain.messages import N_
from app.domain.texts import Titles
from app.domain.workflow import Need, State, Verb
from app.models.actions import Action, ActionSupport
from app.models.people import Organisation, Post
from app.models.recommendations import Recommendation
from app.models.updates import Update
from app.queries.followup.actions import is_baseline_open
from app.queries.mailing import recipients
from app.queries.scope import locks
from app.services.followup import parts
from app.services.followup.transitions import (
    REFUSALS,
    Words,
    carry_out,
    record,
    require_secretariat,
    tell,
    tell_nobody_holds_it,
)
from app.services.kernel import deadlines, outbox, proposer_news, publishing, rollups, update_links
from app.services.kernel.audit import Actor
from app.services.kernel.conflicts import expect
from app.services.meetings import recommendations
from app.services.setup.programmes import named

Support = tuple[int, int | None, dt.date | None]
_EDITABLE = ("titles", "description", "is_priority")


class NewAction(TypedDict, total=False):
    """What a draft is made of; `supporting` holds (organisation, post or None, date of its part or None)."""

    titles: Required[Titles]
    owner_post_id: int | None
    due_on: dt.date | None
    supporting: Sequence[Support]
    description: str
    is_priority: bool | None


def create(session: Session, actor: Actor, recommendation: Recommendation, **new: Unpack[NewAction]) -> Action:
    """A draft; assigning comes after."""
    require_secretariat(actor, recommendation.programme_id)
    recommendations.require_not_closed(recommendation)
    locks.take(session, recommendation)
    recommendation.last_action_number += 1
    is_priority = new.get("is_priority")
    action = Action(
        ref=references.for_action(recommendation.ref, recommendation.last_action_number),
        recommendation_id=recommendation.id,
        number=recommendation.last_action_number,
        meeting_id=recommendation.meeting_id,
        programme_id=recommendation.programme_id,
        titles=named(new["titles"]),
        description=texts.many_lines(new.get("description", "")),
        is_priority=recommendation.is_priority if is_priority is None else is_priority,
        due_on=new.get("due_on"),
        created_at=clock.now(),
    )
    _give_to(session, action, new.get("owner_post_id"))
    with rollups.kept(session, recommendation, action):
        session.add(action)
    with rollups.supported(session, action):
        _set_support(session, action, new.get("supporting", ()))
    plan = {"due_on": action.due_on, "owner_post_id": action.owner_post_id}
    record(session, actor, Verb.CREATE, action, ref=action.ref, **plan)
    return action


def edit(session: Session, actor: Actor, action: Action, *, version: int | None = None, **changes: Any) -> None:
    """Change the words, and of a draft also the post, the date and the supporting bodies."""
    require_secretariat(actor, action.programme_id)
    expect(action, version, (*_EDITABLE, "due_on", "owner_post_id"))
    if "titles" in changes:
        changes["titles"] = named(changes["titles"])
    recommendation = locks.parent(session, action)
    with rollups.kept(session, recommendation, action):
        for name in _EDITABLE:
            if name in changes:
                setattr(action, name, changes[name])
        if action.state == State.DRAFT:
            action.due_on = changes.get("due_on", action.due_on)
            _give_to(session, action, changes.get("owner_post_id", action.owner_post_id))
        action.version += 1
    if "supporting" in changes and action.state == State.DRAFT:  # afterwards each part has its own verbs
        with rollups.supported(session, action):
            _set_support(session, action, changes["supporting"])
    record(session, actor, Verb.EDIT, action, **changes)


def assign(
    session: Session, actor: Actor, action: Action, *, owner_post_id: int | None = None, due_on: dt.date | None = None,
    reason: str = "", is_past: bool = False, version: int | None = None,
) -> Update:  # fmt: skip
    """Give the action to its post: the first deadline is the baseline (`is_past`: meant so), and the holder hears."""
    owner_post_id, due_on = owner_post_id or action.owner_post_id, due_on or action.due_on
    is_first = action.baseline_on is None or is_baseline_open(session, action)
    is_moved = not is_first and action.due_on != due_on

    def check() -> None:
        recommendations.require_open(session, action.recommendation_id)
        _require_leads_alone(session, action, owner_post_id)
        deadlines.ask_back(due_on, is_meant=is_past)
        _require_reason(reason, is_moved)

    def given(item: Action) -> None:
        _give_to(session, item, owner_post_id)
        _promise(item, due_on, is_first=is_first)
        _begin_anew(item)

    update = carry_out(
        session, actor, action, Verb.ASSIGN, check=check, change=given, version=version,
        given={Need.TITLE: action.titles, Need.OWNER: owner_post_id, Need.DATE: due_on},
        words=Words("", reason) if is_moved else Words(reason), data={"owner_post_id": owner_post_id, "due_on": due_on},
    )  # fmt: skip
    recommendations.accept_by_planning(session, actor, session.get_one(Recommendation, action.recommendation_id))
    _tell_holder(session, action, update)
    parts.ask_all(session, action, update)
    proposer_news.tell(session, action)
    return update


def reassign(
    session: Session,
    actor: Actor,
    action: Action,
    *,
    owner_post_id: int | None,
    reason: str,
    version: int | None = None,
) -> Update:
    """Move the action to another post: the baseline stays, the old keys die, the new holder hears."""

    def check() -> None:
        if owner_post_id == action.owner_post_id:
            raise Refused(N_("This post already owns the action: choose another"), "owner_post_id")
        _require_leads_alone(session, action, owner_post_id)

    def moved(item: Action) -> None:
        _give_to(session, item, owner_post_id)
        _begin_anew(item)

    former_post_id, former = action.owner_post_id, recipients.holder(session, action.owner_post_id)
    update = carry_out(
        session, actor, action, Verb.REASSIGN, words=Words(note=reason), given={Need.OWNER: owner_post_id}, check=check,
        change=moved, version=version, data={"owner_post_id": owner_post_id},
    )  # fmt: skip
    update_links.revoke_for_action(session, action.id)
    _tell_holder(session, action, update, former_post_id=former_post_id)
    _tell_former(session, action, former, former_post_id, update)
    return update


def publish(session: Session, actor: Actor, action: Action) -> None:
    require_secretariat(actor, action.programme_id)
    if action.state == State.DRAFT:
        raise Refused(N_("Assign the action before publishing it"))
    recommendation = locks.parent(session, action)
    with rollups.kept(session, recommendation, action):
        if not publishing.publish(action):
            return
        action.is_public = recommendation.is_public
    record(session, actor, "publish", action)


def withdraw(session: Session, actor: Actor, action: Action, *, reason: str) -> None:
    require_secretariat(actor, action.programme_id)
    recommendation = locks.parent(session, action)
    with rollups.kept(session, recommendation, action):
        publishing.withdraw(action, reason)
        action.is_public = False
    record(session, actor, "withdraw", action, reason=reason)


def _promise(action: Action, due_on: dt.date | None, *, is_first: bool) -> None:
    """The deadline; a new one after a refusal of what was public already is an extension."""
    action.extensions += int(not is_first and action.due_on != due_on)
    action.baseline_on = due_on if is_first else action.baseline_on
    action.deadline_version += int(action.due_on != due_on or action.deadline_version == 0)
    action.due_on, action.deadline_set_at = due_on, clock.now()


def _require_reason(reason: str, is_extension: bool) -> None:
    """Another date than the one that was public or acknowledged is public with its reason, like any extension."""
    if is_extension and not reason.strip():
        raise Refused(*REFUSALS[Need.PUBLIC_REASON])


def _begin_anew(action: Action) -> None:
    action.assigned_at, action.acknowledged_at, action.last_word_at = clock.now(), None, None


def _give_to(session: Session, action: Action, owner_post_id: int | None) -> None:
    """The post owns it, and the post's organisation leads it."""
    action.owner_post_id = owner_post_id
    if owner_post_id is None:
        action.lead_organisation_id = None
        return
    post = session.get(Post, owner_post_id)
    if post is None:
        raise Refused(N_("Choose the post that owns the action"), "owner_post_id")
    action.lead_organisation_id = post.organisation_id


def _require_leads_alone(session: Session, action: Action, owner_post_id: int | None) -> None:
    """Who supports an action and is to lead it is one of the two: the part ends first."""
    post = session.get(Post, owner_post_id) if owner_post_id else None
    if post and session.get(ActionSupport, (action.id, post.organisation_id)):
        raise Refused(N_("The organisation of this post supports the action: end its support first"), "owner_post_id")


def _set_support(session: Session, action: Action, supporting: Sequence[Support]) -> None:
    session.execute(sa.delete(ActionSupport).where(col(ActionSupport.action_id) == action.id))
    for organisation_id, post_id, due_on in {row[0]: row for row in supporting}.values():
        if organisation_id == action.lead_organisation_id:
            raise Refused(N_("The lead organisation can't support itself: choose another"), "supporting")
        if session.get(Organisation, organisation_id) is None:
            raise Refused(N_("Choose an organisation of the list"), "supporting")
        session.add(ActionSupport(action_id=action.id, organisation_id=organisation_id, post_id=post_id, due_on=due_on))
    session.flush()


def _tell_former(session: Session, action: Action, former: int | None, post_id: int | None, update: Update) -> None:
    if former and former != recipients.holder(session, action.owner_post_id):
        key, about = f"u{update.id}", ("action", action.id)
        outbox.enqueue(session, "link_moved", former, key, about=about, update_id=update.id, former_post_id=post_id)


def _tell_holder(session: Session, action: Action, update: Update, former_post_id: int | None = None) -> None:
    """The holder hears; a post without one is never silence: the secretariat hears instead."""
    holder = recipients.holder(session, action.owner_post_id)
    if holder:
        tell(session, action, update, [holder], former_post_id=former_post_id)
    else:
        tell_nobody_holds_it(session, action, update)
