"""More time: asked for in the name of a post, endorsed by its manager, granted or refused, each once and told."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial

from sqlmodel import Session

from app import clock
from app.config import settings
from app.domain import extensions as rules
from app.domain import texts
from app.domain.errors import NotAllowed, Refused
from app.domain.extensions import RIGHTS, RequestOutcome
from app.domain.messages import N_
from app.domain.permissions import Viewer, parts, require
from app.domain.workflow import Need, Verb
from app.models.actions import Action
from app.models.extensions import ExtensionRequest
from app.models.people import Post
from app.models.updates import Update
from app.queries.followup import extensions
from app.queries.followup.actions import Judged, facts
from app.queries.mailing import recipients
from app.services.followup import parts as supports
from app.services.followup.transitions import NO_WORDS, Words, carry_out, tell
from app.services.kernel import outbox
from app.services.kernel.audit import Actor

ALREADY = N_("Your post has asked for more time already: withdraw that request first")
DECIDED = N_("This request is no longer open: somebody decided it, or the action has moved on")


def ask(
    session: Session, actor: Actor, action: Action, *, due_on: dt.date | None, reason: str, version: int | None = None
) -> ExtensionRequest:
    """For the action, or for its own part where a supporting post has a date of its own; who decides hears."""
    post_id = _post(session, actor, action)
    part = None if post_id == action.owner_post_id else extensions.part(session, action.id, post_id)
    from_on, until = (part.due_on, action.due_on) if part else (action.due_on, None)

    def check() -> None:
        if extensions.open_of(session, action.id, post_id):
            raise Refused(ALREADY)
        rules.check_date(due_on, from_on, _today(), until=until)

    part_of = part.organisation_id if part else None
    update = carry_out(
        session, actor, action, Verb.ASK_TIME, words=Words(note=reason, part_of=part_of), given={Need.DATE: due_on},
        check=check, version=version, data={"from_on": from_on, "to_on": due_on},
    )  # fmt: skip
    assert due_on is not None  # the table required it
    request = ExtensionRequest(
        action_id=action.id, programme_id=action.programme_id, post_id=post_id,
        part_of_id=part_of, person_id=actor.person_id, asked_at=update.at,
        from_on=from_on, to_on=due_on, reason=texts.many_lines(reason),
    )  # fmt: skip
    session.add(request)
    session.flush()
    tell(session, action, update, _deciding(session, actor, action, post_id), request_id=request.id)
    return request


def endorse(
    session: Session, actor: Actor, action: Action, request: ExtensionRequest, *, version: int | None = None
) -> Update:
    """The manager of the organisation that asks stands behind it: shown to who decides."""

    def endorsed(_: Action) -> None:
        request.endorsed_by_id, request.endorsed_at = actor.person_id, clock.now()

    def check() -> None:
        if request.endorsed_at is not None:
            raise Refused(N_("This request is endorsed already"))

    return _about(session, actor, action, request, Verb.ENDORSE_TIME, change=endorsed, check=check, version=version)


def grant(
    session: Session, actor: Actor, action: Action, request: ExtensionRequest, *, due_on: dt.date | None = None,
    reason: str, version: int | None = None,
) -> Update:  # fmt: skip
    """Until the date asked or another: the baseline stays, the extension is counted and public with its reason."""
    to_on, verb = due_on or request.to_on, extensions.granting(request)
    part = extensions.part(session, action.id, request.post_id) if verb is Verb.GRANT_PART else None
    before, until = (part.due_on, action.due_on) if part else (action.due_on, None)

    def granted(item: Action) -> None:
        _close(request, actor, RequestOutcome.GRANTED, reason)
        request.granted_on = to_on
        if part:
            supports.postpone(session, item, part, to_on)
        else:
            _move(item, to_on)

    update = _about(
        session, actor, action, request, verb, change=granted, version=version,
        words=Words(public_summary=reason),
        check=lambda: rules.check_date(to_on, before, _today(), until=until),
        data={"from_on": before, "to_on": to_on},
    )  # fmt: skip
    asker = _tell_asker(session, actor, action, update, request)
    if verb is Verb.GRANT_TIME:
        _tell_the_others(session, action, update, before, {asker, actor.person_id})
    return update


def refuse(
    session: Session, actor: Actor, action: Action, request: ExtensionRequest, *, reason: str,
    version: int | None = None,
) -> Update:  # fmt: skip
    """The date stays; who asked hears why."""
    closed = partial(_closed, request, actor, RequestOutcome.REFUSED, reason)
    update = _about(
        session, actor, action, request, Verb.REFUSE_TIME, change=closed, words=Words(note=reason), version=version
    )
    _tell_asker(session, actor, action, update, request)
    return update


def withdraw(
    session: Session, actor: Actor, action: Action, request: ExtensionRequest, *, version: int | None = None
) -> Update:
    closed = partial(_closed, request, actor, RequestOutcome.WITHDRAWN, "")
    return _about(session, actor, action, request, Verb.WITHDRAW_TIME, change=closed, version=version)


def require_right(
    session: Session, viewer: Viewer, action: Action | Judged, request: ExtensionRequest, verb: Verb
) -> None:
    """Raises NotAllowed unless this verb is theirs about this request, whatever has become of it."""
    about = facts(session, action)
    require(viewer, about, verb, action.state)
    asked = extensions.facts(session, request, action.id)
    if not RIGHTS[verb](viewer, parts(viewer, about), asked):
        raise NotAllowed


def _about(
    session: Session, actor: Actor, action: Action, request: ExtensionRequest, verb: Verb, *,
    change: Callable[[Action], None], check: Callable[[], None] = lambda: None, words: Words = NO_WORDS,
    version: int | None = None, data: dict[str, object] | None = None,
) -> Update:  # fmt: skip
    """One act on one request that is still open."""
    require_right(session, actor.viewer, action, request, verb)

    def still_open() -> None:
        if request.outcome is not RequestOutcome.OPEN:
            raise Refused(DECIDED)
        check()

    update = carry_out(
        session, actor, action, verb, words=replace(words, part_of=request.part_of_id), given={Need.DATE: True},
        check=still_open, change=change, version=version, data={"request": request.id} | (data or {}),
    )  # fmt: skip
    session.flush()
    return update


def _closed(request: ExtensionRequest, actor: Actor, outcome: RequestOutcome, reason: str, _: Action) -> None:
    _close(request, actor, outcome, reason)


def _close(request: ExtensionRequest, actor: Actor, outcome: RequestOutcome, reason: str) -> None:
    request.outcome, request.decided_at, request.decided_by_id = outcome, clock.now(), actor.person_id
    request.decision = texts.many_lines(reason)


def _move(action: Action, to_on: dt.date) -> None:
    """The deadline alone: what the first one was stays in sight."""
    action.due_on, action.deadline_set_at = to_on, clock.now()
    action.deadline_version, action.extensions = action.deadline_version + 1, action.extensions + 1


def _post(session: Session, actor: Actor, action: Action) -> int:
    """In whose name somebody asks: of the post that owns the action before one that supports it."""
    about, own = facts(session, action), actor.viewer.post_ids
    require(actor.viewer, about, Verb.ASK_TIME, action.state)
    if action.owner_post_id in own:
        return action.owner_post_id
    return min(own & about.supporting_post_ids)


def _deciding(session: Session, actor: Actor, action: Action, post_id: int) -> list[int]:
    """The secretariat, and the managers of the organisation that asks: they endorse it, or decide where they may."""
    post = session.get_one(Post, post_id)
    people = {
        *recipients.secretariat(session, action.programme_id),
        *recipients.managers(session, post.organisation_id),
    }
    return sorted(people - {actor.person_id or 0})


def _tell_asker(
    session: Session, actor: Actor, action: Action, update: Update, request: ExtensionRequest
) -> int | None:
    """Whoever holds the post that asked: what was decided is the post's."""
    holder = recipients.holder(session, request.post_id)
    tell(session, action, update, [holder] if holder != actor.person_id else [], request_id=request.id)
    return holder


def _tell_the_others(
    session: Session, action: Action, update: Update, before: dt.date | None, but: Iterable[int | None]
) -> None:
    """Whoever else owes a part of it has another deadline, too."""
    from_on = before.isoformat() if before else ""
    to_on = action.due_on.isoformat() if action.due_on else ""
    told = {*recipients.owing(session, action.id, action.owner_post_id)} - {*but}
    for person_id in sorted(told):
        outbox.enqueue(
            session, "deadline_moved", person_id, f"u{update.id}", about=("action", action.id), update_id=update.id,
            from_on=from_on, to_on=to_on,
        )  # fmt: skip


def _today() -> dt.date:
    return clock.today(settings().zone)
