"""Meetings: making, editing, publishing; their report belongs to intake."""

import datetime as dt
from typing import Any, Required, TypedDict, Unpack

import sqlalchemy as sa
from sqlmodel import Session, col

from app import clock
from app.domain import permissions, references, regions, texts
from app.domain.errors import Refused
from app.domain.messages import N_
from app.domain.texts import Titles
from app.models.meetings import Meeting, Programme
from app.models.recommendations import Recommendation
from app.queries.scope import locks
from app.services.kernel import audit, counts, publishing, rollups, slugs
from app.services.kernel.audit import Actor
from app.services.kernel.conflicts import expect
from app.services.setup.programmes import named

_EDITABLE = ("titles", "held_on", "place", "region", "convenor", "chair", "participants", "prefix")
_BY_LANGUAGE = ("place", "convenor", "chair", "participants")


class NewMeeting(TypedDict, total=False):
    """What a new meeting is made of."""

    titles: Required[Titles]
    held_on: Required[dt.date]
    region: Required[str]
    place: Titles
    convenor: Titles
    chair: Titles
    participants: Titles
    prefix: str


def create(session: Session, actor: Actor, programme: Programme, **new: Unpack[NewMeeting]) -> Meeting:
    permissions.require_secretariat(actor.viewer, programme.id)
    titles = named(new["titles"])
    meeting = Meeting(
        programme_id=programme.id,
        slug=slugs.give(session, Meeting, titles),
        titles=titles,
        held_on=new["held_on"],
        region=_region(new["region"]),
        place=texts.clean(new.get("place", {})),
        convenor=texts.clean(new.get("convenor", {})),
        chair=texts.clean(new.get("chair", {})),
        participants=texts.clean(new.get("participants", {})),
        prefix=references.check_prefix(new.get("prefix") or new["region"]),
        created_at=clock.now(),
    )
    session.add(meeting)
    session.flush()
    _record(session, actor, "create", meeting, titles=titles, held_on=meeting.held_on, region=meeting.region)
    return meeting


def edit(session: Session, actor: Actor, meeting: Meeting, *, version: int | None = None, **changes: Any) -> None:
    """Change what is said of the meeting; the prefix only while no reference carries it."""
    permissions.require_secretariat(actor.viewer, meeting.programme_id)
    locks.take(session, meeting)
    expect(meeting, version, _EDITABLE)
    if "titles" in changes:
        changes["titles"] = named(changes["titles"])
    if "region" in changes:
        changes["region"] = _region(changes["region"])
        _change_region(session, meeting, changes["region"])
    if changes.get("prefix") == "":
        del changes["prefix"]  # left empty, it stays
    if changes.get("prefix", meeting.prefix) != meeting.prefix:
        changes["prefix"] = _new_prefix(session, meeting, changes["prefix"])
    changes |= {name: texts.clean(changes[name]) for name in _BY_LANGUAGE if name in changes}
    for name in _EDITABLE:
        if name in changes:
            setattr(meeting, name, changes[name])
    meeting.version += 1
    _record(session, actor, "edit", meeting, **changes)


def publish(session: Session, actor: Actor, meeting: Meeting) -> None:
    permissions.require_secretariat(actor.viewer, meeting.programme_id)
    locks.below(session, [meeting.id])
    if publishing.publish(meeting):
        rollups.republish(session, [meeting.id])
        _record(session, actor, "publish", meeting)


def withdraw(session: Session, actor: Actor, meeting: Meeting, *, reason: str) -> None:
    permissions.require_secretariat(actor.viewer, meeting.programme_id)
    locks.below(session, [meeting.id])
    publishing.withdraw(meeting, reason)
    rollups.republish(session, [meeting.id])
    _record(session, actor, "withdraw", meeting, reason=reason)


def _change_region(session: Session, meeting: Meeting, code: str) -> None:
    """Nobody moves what is below it meanwhile: its region is asked for as a move is written."""
    if code != meeting.region:
        locks.below(session, [meeting.id])
        counts.change_region(session, meeting, code)


def _region(code: str) -> str:
    if regions.find(code) is None:
        raise Refused(N_("Choose one of the twelve regions"), "region")
    return code


def _new_prefix(session: Session, meeting: Meeting, prefix: str) -> str:
    used = sa.select(col(Recommendation.id)).where(col(Recommendation.meeting_id) == meeting.id).limit(1)
    if session.scalars(used).first():
        raise Refused(N_("References already carry this prefix: it can't change any more"), "prefix")
    return references.check_prefix(prefix)


def _record(session: Session, actor: Actor, verb: str, meeting: Meeting, **data: object) -> None:
    audit.record(session, actor, verb, "meeting", meeting.id, meeting.programme_id, **data)
