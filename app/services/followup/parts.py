"""Supporting posts: asked after planning as well, each with a part of its own, which it confirms, reports and ends."""

import datetime as dt
from dataclasses import replace

import sqlalchemy as sa
from sqlmodel import Session, col

from app import clock
from app.domain import answers, permissions
from app.domain.answers import Answer
from app.domain.errors import NotFound, Refused
from app.domain.messages import N_
from app.domain.texts import Titles
from app.domain.workflow import Part, PartState, Verb
from app.models.actions import Action, ActionSupport
from app.models.people import Post
from app.models.updates import Update
from app.queries.followup.actions import facts
from app.queries.mailing import recipients
from app.services.followup import evidence, received
from app.services.followup.evidence import Document
from app.services.followup.part_days import settle
from app.services.followup.transitions import NO_WORDS, Words, carry_out, tell
from app.services.kernel import outbox, rollups, update_links
from app.services.kernel.audit import Actor

_SAID = {Verb.PART_DONE: PartState.DONE}


def add(
    session: Session, actor: Actor, action: Action, *, post_id: int | None, titles: Titles, due_on: dt.date | None
) -> Update:
    """Ask another post for a part; an organisation that supports it already gets its post named by this."""
    post = session.get(Post, post_id) if post_id else None

    def check() -> None:
        if post is None:
            raise Refused(N_("Choose the post that is to support it"), "post_id")
        if post.organisation_id == action.lead_organisation_id:
            raise Refused(N_("The lead organisation can't support itself: choose another"), "post_id")
        _require_within(action, due_on)
        there = session.get(ActionSupport, (action.id, post.organisation_id))
        if there is not None and there.post_id is not None:
            raise Refused(N_("This organisation supports the action already: change its part instead"), "post_id")

    with rollups.supported(session, action):
        update = carry_out(
            session, actor, action, Verb.ADD_PART, words=Words(part_of=post.organisation_id if post else None),
            check=check, data={"post_id": post_id, "due_on": due_on},
        )  # fmt: skip
        assert post is not None
        support = session.get(ActionSupport, (action.id, post.organisation_id)) or ActionSupport(
            action_id=action.id, organisation_id=post.organisation_id
        )
        support.post_id, support.titles, support.due_on = post.id, _named(titles), due_on
        session.add(_ask(support))
    settle(session, action)
    tell(session, action, update, [recipients.holder(session, post.id)], post_id=post.id)
    return update


def ask_all(session: Session, action: Action, update: Update) -> None:
    """With the assignment of the action whoever was planned to support it is asked for the part."""
    for support in of(session, action.id):
        if support.asked_at is None:
            _ask(support)
            holder, key = recipients.holder(session, support.post_id), f"u{update.id}-{support.organisation_id}"
            if holder:
                about = ("action", action.id)
                outbox.enqueue(session, "part_asked", holder, key, about=about, post_id=support.post_id)
    settle(session, action)


def move(
    session: Session, actor: Actor, action: Action, support: ActionSupport, *, due_on: dt.date | None, reason: str
) -> Update:
    """Another date for a part: counted and public with its reason; the first one stays in sight."""

    def check() -> None:
        if due_on is None or due_on == support.due_on:
            raise Refused(N_("This is the present deadline: choose another date"), "due_on")
        _require_within(action, due_on)

    def moved(item: Action) -> None:
        assert due_on is not None  # `check` required it
        postpone(session, item, support, due_on)

    words = Words(public_summary=reason, part_of=support.organisation_id)
    before = support.due_on
    data = {"from_on": before, "to_on": due_on}
    update = carry_out(session, actor, action, Verb.MOVE_PART, words=words, check=check, change=moved, data=data)
    dates = {"from_on": before.isoformat() if before else ""}
    tell(session, action, update, [recipients.holder(session, support.post_id)], post_id=support.post_id, **dates)
    return update


def postpone(session: Session, action: Action, support: ActionSupport, to_on: dt.date) -> None:
    """Whoever decided it: the date alone moves and is counted, what the first one was stays in sight."""
    support.extensions += int(support.baseline_on is not None)
    support.baseline_on = support.baseline_on or to_on
    support.due_on, support.deadline_set_at = to_on, clock.now()
    settle(session, action)


def end(session: Session, actor: Actor, action: Action, support: ActionSupport, *, reason: str) -> Update:
    """The post supports the action no longer: the reason stays in the house, its links die, its holder hears."""
    post_id, words = support.post_id, Words(note=reason, part_of=support.organisation_id)
    data = {"post_id": post_id, "organisation_id": support.organisation_id}
    with rollups.supported(session, action):
        update = carry_out(session, actor, action, Verb.END_PART, words=words, data=data)
        session.delete(support)
    settle(session, action)
    if post_id is not None:
        update_links.revoke_for_part(session, action.id, post_id)
        tell(session, action, update, [recipients.holder(session, post_id)], former_post_id=post_id)
    return update


def is_of_part(session: Session, actor: Actor, action: Action) -> bool:
    """Whether they may answer for a part alone: who owns the action speaks for the whole of it."""
    held = permissions.parts(actor.viewer, facts(session, action))
    return Part.CONTRIBUTOR in held and Part.OWNER not in held


def acknowledge(session: Session, actor: Actor, action: Action) -> Update:
    return say(session, actor, action, Verb.ACKNOWLEDGE_PART)


def answer(
    session: Session, actor: Actor, action: Action, said: Answer | None, *, words: Words = NO_WORDS,
    document: Document = Document(),
) -> Update:  # fmt: skip
    """What a supporting post says of its part: the action itself stays where it is."""
    if said is None:
        permissions.require(actor.viewer, facts(session, action), Verb.REPORT_PART)
        raise Refused(N_("Choose one answer"), "s")
    if said not in answers.OF_PART:
        raise Refused(N_("Whether the action is blocked is for its owner to say: tell what there is of your part"), "s")
    return say(session, actor, action, answers.OF_PART[said], words=words, document=document)


def say(
    session: Session, actor: Actor, action: Action, verb: Verb, *, words: Words = NO_WORDS,
    document: Document = Document(),
) -> Update:  # fmt: skip
    """Of the one part that is theirs, as far as it is."""
    support = _own(session, actor, action)
    if verb is Verb.ACKNOWLEDGE_PART and support.part_state is not PartState.ASKED:
        raise Refused(N_("Receipt of this part is confirmed already: nothing is left to confirm"))
    if support.part_state is PartState.DONE and verb is not Verb.REPORT_PART:
        raise Refused(N_("This part is declared done already: only news of it can be added"), "s")
    update = _say(session, actor, action, support, verb, words)
    if document.name:
        evidence.add(session, actor, action, document, update)
    return update


def of(session: Session, action_id: int) -> list[ActionSupport]:
    query = sa.select(ActionSupport).where(col(ActionSupport.action_id) == action_id)
    return list(session.scalars(query.order_by(col(ActionSupport.organisation_id))))


def one(session: Session, action: Action, organisation_id: int) -> ActionSupport:
    """The part of that organisation in this action."""
    found = session.get(ActionSupport, (action.id, organisation_id))
    if found is None:
        raise NotFound
    return found


def _ask(support: ActionSupport) -> ActionSupport:
    support.asked_at = support.deadline_set_at = clock.now()
    support.part_state, support.baseline_on = PartState.ASKED, support.due_on
    return support


def _say(session: Session, actor: Actor, action: Action, support: ActionSupport, verb: Verb, words: Words) -> Update:
    def said(_: Action) -> None:
        at = received.said_at(actor, action, clock.now())
        support.last_word_at = max(support.last_word_at or at, at)
        support.acknowledged_at = support.acknowledged_at or at
        if verb is Verb.ACKNOWLEDGE_PART:
            support.part_state = PartState.ACKNOWLEDGED
        elif support.part_state is not PartState.DONE:
            support.part_state = _SAID.get(verb, PartState.UNDER_WAY)
            support.done_at = at if support.part_state is PartState.DONE else None

    told = replace(words, percent=None, part_of=support.organisation_id)
    update = carry_out(session, actor, action, verb, words=told, change=said)
    settle(session, action)
    return update


def _own(session: Session, actor: Actor, action: Action) -> ActionSupport:
    """Of several posts of theirs the one in whose name the story says it."""
    mine = [support for support in of(session, action.id) if support.post_id in actor.viewer.post_ids]
    if not mine:
        permissions.require(actor.viewer, facts(session, action), Verb.REPORT_PART)
    return min(mine, key=lambda support: support.post_id or 0)


def _named(titles: Titles) -> Titles:
    """A part may go without words of its own."""
    return {lang: " ".join(text.split()) for lang, text in titles.items() if text.strip()}


def _require_within(action: Action, due_on: dt.date | None) -> None:
    if due_on and action.due_on and due_on > action.due_on:
        raise Refused(
            N_("A part is due by the deadline of its action at the latest: %(day)s"), "due_on", day=action.due_on
        )
