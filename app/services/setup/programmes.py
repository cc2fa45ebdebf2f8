"""Programmes: making, editing, publishing. Whoever makes one is its first secretariat."""

from typing import Any, Required, TypedDict, Unpack

import sqlalchemy as sa
from sqlmodel import Session, col

from app import clock
from app.config import settings
from app.domain import permissions, texts
from app.domain.periods import Rhythm
from app.domain.permissions import Role, may
from app.domain.texts import Titles
from app.models.meetings import Meeting, Programme, ReleasePolicy
from app.models.people import RoleGrant
from app.queries.scope import locks
from app.services.kernel import audit, publishing, rollups, slugs
from app.services.kernel.audit import Actor
from app.services.kernel.conflicts import expect

named = texts.named
_EDITABLE = ("titles", "release_policy", "release_days", "managers_decide", "word_every")


class ProgrammeWords(TypedDict, total=False):
    """What a new programme is made of; without a slug it is given one."""

    titles: Required[Titles]
    slug: str
    release_policy: ReleasePolicy
    release_days: int
    managers_decide: bool
    word_every: Rhythm | None


def create(session: Session, actor: Actor, **new: Unpack[ProgrammeWords]) -> Programme:
    permissions.require_set_up(actor.viewer)
    titles, slug = named(new["titles"]), new.get("slug", "")
    programme = Programme(
        slug=slugs.check(session, Programme, slug) if slug else slugs.give(session, Programme, titles),
        titles=titles,
        release_policy=new.get("release_policy", ReleasePolicy.BY_HAND),
        release_days=new.get("release_days", 3),
        managers_decide=new.get("managers_decide", False),
        word_every=new.get("word_every"),
        word_since=clock.today(settings().zone) if new.get("word_every") else None,
        created_at=clock.now(),
    )
    session.add(programme)
    session.flush()
    if actor.person_id and not may(actor.viewer, programme.id, Role.SECRETARIAT):
        session.add(
            RoleGrant(
                person_id=actor.person_id, role=Role.SECRETARIAT, programme_id=programme.id, created_at=clock.now()
            )
        )
    _record(session, actor, "create", programme, titles=titles)
    return programme


def edit(session: Session, actor: Actor, programme: Programme, *, version: int | None = None, **changes: Any) -> None:
    """Change titles or the release policy; raises Stale when somebody else did in the meantime."""
    _require(actor, programme)
    expect(programme, version, _EDITABLE)
    if "titles" in changes:
        changes["titles"] = named(changes["titles"])
    if changes.get("word_every", programme.word_every) is not programme.word_every:
        # Whatever began before is asked of nobody: the day on which it is turned on brings no mail.
        programme.word_since = clock.today(settings().zone) if changes["word_every"] else None
    for name in _EDITABLE:
        if name in changes:
            setattr(programme, name, changes[name])
    programme.version += 1
    _record(session, actor, "edit", programme, **changes)


def publish(session: Session, actor: Actor, programme: Programme) -> None:
    _require(actor, programme)
    if publishing.publish(programme):
        rollups.republish(session, _locked_meetings(session, programme))
        _record(session, actor, "publish", programme)


def withdraw(session: Session, actor: Actor, programme: Programme, *, reason: str) -> None:
    _require(actor, programme)
    publishing.withdraw(programme, reason)
    rollups.republish(session, _locked_meetings(session, programme))
    _record(session, actor, "withdraw", programme, reason=reason)


def _require(actor: Actor, programme: Programme) -> None:
    permissions.require_programme(actor.viewer, programme.id)


def _locked_meetings(session: Session, programme: Programme) -> list[int]:
    query = sa.select(col(Meeting.id)).where(col(Meeting.programme_id) == programme.id)
    meeting_ids = [meeting_id for meeting_id in session.scalars(query) if meeting_id]
    locks.below(session, meeting_ids)
    return meeting_ids


def _record(session: Session, actor: Actor, verb: str, programme: Programme, **data: object) -> None:
    audit.record(session, actor, verb, "programme", programme.id, programme.id, **data)
