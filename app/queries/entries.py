"""The acts and the evidence of a story as the public reads them: no note, no name, no word before its release."""

import datetime as dt
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from app import clock
from app.config import settings
from app.domain.titles import Titles
from app.domain.workflow import HOLDER_ACTS, Verb
from app.models.actions import Action
from app.models.base import UtcDateTime, table_of
from app.models.evidence import EvidenceItem
from app.models.people import Organisation, Post
from app.models.updates import Update, Via
from app.queries import cursors, visible

PER_PAGE = 20


@dataclass(frozen=True, slots=True)
class Entry:
    """One act; `summary` is empty until it is released, `post` is None when the secretariat acted."""

    id: int
    at: dt.datetime
    verb: Verb
    ref: str
    titles: Titles
    via: Via
    summary: str
    lang: str
    percent: int | None
    post: Titles | None
    organisation_slug: str | None
    organisation: Titles | None


def newest(
    session: Session,
    *,
    recommendation_id: int | None = None,
    action_id: int | None = None,
    before: tuple[dt.datetime, int] | None = None,
) -> list[Entry]:
    """The newest acts before a point, newest first; one more than a page tells that there are earlier ones."""
    given: dict[str, object] = {"value": recommendation_id if action_id is None else action_id}
    query = _newest(action_id is not None, before is not None)
    if before:
        given |= {"at": before[0], "id": before[1]}
    return [Entry(*row) for row in session.execute(query, given)]


@cache
def _newest(is_of_action: bool, is_before: bool) -> Any:
    """Made once: making a statement costs several times what running it does."""
    of = col(Update.action_id) if is_of_action else col(Update.recommendation_id)
    query: Any = (
        sa.select(
            col(Update.id),
            col(Update.at),
            col(Update.verb),
            col(Action.ref),
            col(Action.titles),
            col(Update.via),
            _released(col(Update.public_summary)),
            col(Update.lang),
            col(Update.percent),
            col(Post.titles),
            col(Organisation.slug),
            col(Organisation.titles),
        )
        .join(Action, col(Action.id) == col(Update.action_id))
        .outerjoin(Post, col(Post.id) == col(Update.post_id))
        .outerjoin(Organisation, col(Organisation.id) == col(Post.organisation_id))
        .where(of == sa.bindparam("value"), visible.SHOWN)
        .where(col(Update.verb) != Verb.START)  # always comes with the act that implies it
    )
    if is_before:
        point = sa.tuple_(sa.bindparam("at", type_=UtcDateTime()), sa.bindparam("id", type_=sa.Integer()))
        query = query.where(sa.tuple_(col(Update.at), col(Update.id)) < point)
    return query.order_by(col(Update.at).desc(), col(Update.id).desc()).limit(PER_PAGE + 1)


def page(found: list[Entry]) -> list[Entry]:
    """A page of what `newest` found, in the order of time."""
    return found[PER_PAGE - 1 :: -1] if len(found) > PER_PAGE else found[::-1]


def earlier(found: list[Entry]) -> str:
    """The cursor of the page before, empty when there is none."""
    return cursors.following(found, PER_PAGE, lambda last: (last.at, last.id))


def _released(words: Any) -> Any:
    """Words that wait for their release don't even leave the database."""
    return sa.case((col(Update.released_at).is_not(None), words), else_="")


@dataclass(frozen=True, slots=True)
class Piece:
    """A released piece of evidence."""

    ref: str
    title: str
    location: str
    released_at: dt.datetime


def evidence(session: Session, *, recommendation_id: int | None = None, action_id: int | None = None) -> list[Piece]:
    value = recommendation_id if action_id is None else action_id
    return [Piece(*row) for row in session.execute(_evidence(action_id is not None), {"value": value})]


@cache
def _evidence(is_of_action: bool) -> Any:
    of = col(Action.id) if is_of_action else col(Action.recommendation_id)
    return (
        sa.select(col(Action.ref), col(EvidenceItem.title), col(EvidenceItem.location), col(EvidenceItem.released_at))
        .join(Action, col(Action.id) == col(EvidenceItem.action_id))
        .where(of == sa.bindparam("value"), visible.SHOWN, col(EvidenceItem.released_at).is_not(None))
        .order_by(col(EvidenceItem.id))
        .limit(100)
    )


def words_heard(session: Session, action_id: int, since: dt.date) -> list[dt.date]:
    """The days on which a holder said something."""
    zone = settings().zone
    given = {"action_id": action_id, "since": clock.start(since, zone)}
    return [clock.day(at, zone) for at in session.scalars(_HEARD, given)]


_HEARD: Any = sa.select(table_of(Update).c.at).where(
    table_of(Update).c.action_id == sa.bindparam("action_id"),
    table_of(Update).c.at >= sa.bindparam("since"),
    table_of(Update).c.verb.in_(sorted(HOLDER_ACTS)),
)
