"""One change on many actions: all of them or none, each with its own entry in story and record, one mail a person."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Session, col

from app.domain.errors import Problems, Refused, Stale
from app.domain.messages import N_, Message
from app.domain.sentences import joint_changes
from app.domain.texts import Titles
from app.domain.workflow import State
from app.models.actions import Action
from app.models.people import Organisation, Post
from app.models.recommendations import Recommendation, RecommendationTheme, Theme
from app.models.updates import Update
from app.services.followup import actions, closures, joint_mails
from app.services.followup.joint_mails import JointMail
from app.services.followup.transitions import require_secretariat
from app.services.kernel import outbox
from app.services.kernel.audit import Actor
from app.services.meetings import recommendation_themes

MOST = 200  # in one go


class BulkChange(StrEnum):
    OWNER = "owner"
    DEADLINE = "deadline"
    THEME = "theme"
    PUBLISH = "publish"
    WITHDRAW = "withdraw"


@dataclass(frozen=True)
class BulkEdit:
    """What is to become of each of them."""

    change: BulkChange
    owner_post_id: int | None = None
    due_on: dt.date | None = None
    is_past: bool = False
    theme_id: int | None = None
    reason: str = ""


Value = Titles | tuple[Titles, Titles] | dt.date | bool | None  # two titles: a body and its post


@dataclass(frozen=True)
class BulkLine:
    """One action: what it had and what it has then; `note` says what follows."""

    ref: str
    titles: Titles
    before: Value
    after: Value
    is_changed: bool
    note: Message | None = None


@dataclass(frozen=True)
class BulkOutcome:
    lines: list[BulkLine]
    mails: list[JointMail]

    @property
    def changed(self) -> int:
        return sum(line.is_changed for line in self.lines)


def make(
    session: Session, actor: Actor, items: Sequence[Action], edit: BulkEdit, versions: Mapping[str, int] | None = None
) -> BulkOutcome:
    """Raises NotAllowed, Stale with the references of what moved since `versions` were read, what is refused of each.

    Whoever only wants to see what would become of them undoes the transaction afterwards.
    """
    for item in items:
        require_secretariat(actor, item.programme_id)
    _require_some(items)
    _require_unmoved(items, versions)
    _require_whole(session, edit)
    with outbox.gathering(session) as held:
        lines = _each(session, actor, items, edit)
    if not any(line.is_changed for line in lines):
        raise Refused(N_("Nothing would change: all of them have that already"))
    return BulkOutcome(lines, joint_mails.send(session, held, edit.reason))


def require_room(count: int) -> None:
    if count > MOST:
        raise Refused(N_("At most %(most)s actions can be changed together: untick some"), most=MOST)


def _require_some(items: Sequence[Action]) -> None:
    if not items:
        raise Refused(N_("Tick at least one action"))
    require_room(len(items))


def _require_unmoved(items: Sequence[Action], versions: Mapping[str, int] | None) -> None:
    if versions is None:
        return
    moved = [item.ref for item in items if versions.get(item.ref) != item.version]
    if moved:
        raise Stale({"refs": moved})


def _require_whole(session: Session, edit: BulkEdit) -> None:
    """What is missing for all of them is said once, at its field."""
    needs_reason = edit.change is not BulkChange.PUBLISH and edit.change is not BulkChange.THEME
    missing = {
        "owner_post_id": edit.change is BulkChange.OWNER and not _post(session, edit.owner_post_id),
        "due_on": edit.change is BulkChange.DEADLINE and not edit.due_on,
        "theme_id": edit.change is BulkChange.THEME and not _theme(session, edit.theme_id),
        "reason": needs_reason and not edit.reason.strip(),
    }
    if problems := [Refused(_MISSING[name], name) for name, is_missing in missing.items() if is_missing]:
        raise Problems(problems)


_MISSING = {
    "owner_post_id": N_("Choose the post that owns the action"),
    "due_on": N_("Give the deadline"),
    "theme_id": N_("Choose a theme of the list"),
    "reason": N_("Give the reason"),
}


def _each(session: Session, actor: Actor, items: Sequence[Action], edit: BulkEdit) -> list[BulkLine]:
    """All that stands in the way is said together, each with its reference; what concerns all of them, once."""
    act, lines, problems = _ACTS[edit.change], list[BulkLine](), list[Refused]()
    for item in items:
        try:
            lines.append(act(session, actor, item, edit))
        except Refused as refused:
            if refused.field == "is_past":
                raise
            problems.append(Refused(N_("%(ref)s: %(why)s"), ref=item.ref, why=refused.message))
        except Problems as several:
            problems += [Refused(N_("%(ref)s: %(why)s"), ref=item.ref, why=one.message) for one in several.problems]
    if problems:
        raise Problems(problems)
    return lines


def _move(session: Session, actor: Actor, item: Action, edit: BulkEdit) -> BulkLine:
    """A draft or what was given back is assigned; anything else moves to the other post."""
    before, after = _post(session, item.owner_post_id), _post(session, edit.owner_post_id)
    if item.assigned_at is None or item.state is State.DECLINED:
        actions.assign(session, actor, item, owner_post_id=edit.owner_post_id, is_past=edit.is_past)
        note = Message(N_("Assigned: it had no post that kept it"))
        return BulkLine(item.ref, item.titles, None, after, is_changed=True, note=note)
    is_changed = item.owner_post_id != edit.owner_post_id
    if is_changed:
        actions.reassign(session, actor, item, owner_post_id=edit.owner_post_id, reason=edit.reason)
    return BulkLine(item.ref, item.titles, before, after, is_changed)


def _set_deadline(session: Session, actor: Actor, item: Action, edit: BulkEdit) -> BulkLine:
    before, note = item.due_on, None
    assert edit.due_on is not None  # required before
    if before != edit.due_on:
        moved: Update = closures.move_deadline(
            session, actor, item, due_on=edit.due_on, reason=edit.reason, is_past=edit.is_past
        )
        note = joint_changes.of_deadline(moved.verb)
    return BulkLine(item.ref, item.titles, before, edit.due_on, before != edit.due_on, note)


def _set_theme(session: Session, actor: Actor, item: Action, edit: BulkEdit) -> BulkLine:
    """The main theme of its recommendation; the others follow as they were."""
    mine = col(RecommendationTheme.recommendation_id) == item.recommendation_id
    query = sa.select(col(RecommendationTheme.theme_id)).where(mine).order_by(col(RecommendationTheme.position))
    had = list(session.scalars(query))
    main = had[0] if had else None
    if edit.theme_id and main != edit.theme_id:
        recommendation = session.get_one(Recommendation, item.recommendation_id)
        kept = [theme for theme in had if theme != edit.theme_id]
        recommendation_themes.set_themes(session, actor, recommendation, [edit.theme_id, *kept])
    themes = _theme(session, main), _theme(session, edit.theme_id)
    note = Message(N_("Of its recommendation, with all its actions"))
    return BulkLine(item.ref, item.titles, *themes, is_changed=main != edit.theme_id, note=note)


def _publish(session: Session, actor: Actor, item: Action, _: BulkEdit) -> BulkLine:
    was_published = item.published_at is not None
    actions.publish(session, actor, item)
    note = joint_changes.of_publication(is_shown=item.is_public)
    return BulkLine(item.ref, item.titles, was_published, True, not was_published, note)


def _withdraw(session: Session, actor: Actor, item: Action, edit: BulkEdit) -> BulkLine:
    was_published = item.published_at is not None
    if was_published:
        actions.withdraw(session, actor, item, reason=edit.reason)
    return BulkLine(item.ref, item.titles, was_published, False, was_published)


_ACTS: dict[BulkChange, Callable[[Session, Actor, Action, BulkEdit], BulkLine]] = {
    BulkChange.OWNER: _move,
    BulkChange.DEADLINE: _set_deadline,
    BulkChange.THEME: _set_theme,
    BulkChange.PUBLISH: _publish,
    BulkChange.WITHDRAW: _withdraw,
}


def _post(session: Session, post_id: int | None) -> tuple[Titles, Titles] | None:
    post = session.get(Post, post_id) if post_id else None
    return (session.get_one(Organisation, post.organisation_id).titles, post.titles) if post else None


def _theme(session: Session, theme_id: int | None) -> Titles | None:
    theme = session.get(Theme, theme_id) if theme_id else None
    return theme.titles if theme else None
