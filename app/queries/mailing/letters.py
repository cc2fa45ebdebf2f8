"""What mails tell: readers and actions in the reader's language, with complete addresses; nothing is written here."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlmodel import Session, col

from app import clock
from app.config import settings
from app.domain import schedule
from app.domain.permissions import Role
from app.domain.texts import Titles, language_of, pick
from app.domain.workflow import State
from app.mail.letters import Item, Reader
from app.models.actions import Milestone
from app.models.people import Holding, Organisation, Person, Post, RoleGrant
from app.models.proposers import Proposer
from app.queries.mailing import directory
from app.queries.mailing.told import ToldAction, told
from app.queries.scope.seats import SEATED

_DESKS = (Role.SECRETARIAT, Role.VERIFIER)


@dataclass(frozen=True)
class Recipient:
    """Whoever a mail goes to, and what decides whether and when it does."""

    person_id: int
    to: Reader
    zone: ZoneInfo
    is_active: bool
    has_digest: bool
    posts: tuple[str, ...] = ()  # all that they hold, in their language


def recipients(session: Session, person_ids: Collection[int]) -> dict[int, Recipient]:
    """Posts decide where home is; who holds none works at the desk. Three statements, however many."""
    holding = (
        sa.select(col(Holding.person_id), col(Post.titles), col(Organisation.titles))
        .join(Post, col(Post.id) == col(Holding.post_id))
        .join(Organisation, col(Organisation.id) == col(Post.organisation_id))
        .where(col(Holding.person_id).in_(person_ids), SEATED)
        .order_by(col(Holding.is_acting), col(Post.id))
    )
    held: dict[int, list[tuple[Titles, Titles]]] = defaultdict(list)
    for person_id, post, organisation in session.execute(holding):
        held[person_id].append((post, organisation))
    granted = sa.select(col(RoleGrant.person_id)).where(
        col(RoleGrant.person_id).in_(person_ids), col(RoleGrant.role).in_(_DESKS)
    )
    at_desk = set(session.scalars(granted))
    people = session.execute(sa.select(*_PERSON).where(col(Person.id).in_(person_ids)))
    return {row.id: _recipient(row, held.get(row.id, []), is_desk=row.id in at_desk) for row in people}


_PERSON = (
    col(Person.id),
    col(Person.email),
    col(Person.name),
    col(Person.locale),
    col(Person.timezone),
    col(Person.is_active),
    col(Person.has_digest),
)


def _recipient(person: sa.Row[Any], held: list[tuple[Titles, Titles]], *, is_desk: bool) -> Recipient:
    lang = language_of(person.locale)
    posts = tuple(_post_line(lang, *titles) for titles in held)
    reader = Reader(
        address=person.email,
        lang=lang,
        name=person.name,
        post=posts[0] if posts else "",  # the first one wins
        home=room_address(lang, "mine" if posts or not is_desk else "desk"),
        settings=room_address(lang, "profile"),
    )
    zone = directory.zone_of(person.timezone)
    return Recipient(person.id, reader, zone, person.is_active, person.has_digest, posts)


def proposers(session: Session, proposer_ids: Collection[int]) -> dict[int, Recipient]:
    """They have no page and no settings; whoever was removed, or agreed to nothing, gets no mail."""
    if not proposer_ids:
        return {}
    found = session.scalars(sa.select(Proposer).where(col(Proposer.id).in_(proposer_ids)))
    return {one.id: _proposer(one) for one in found}


def _proposer(one: Proposer) -> Recipient:
    reader = Reader(address=one.email or "", lang=language_of(one.locale), name=one.name)
    may_write = bool(one.email and one.agreed_on and not one.removed_at)
    return Recipient(0, reader, settings().zone, may_write, has_digest=False)


def items(session: Session, action_ids: Collection[int], lang: str, today: dt.date) -> dict[int, Item]:
    """These actions as a mail tells them."""
    return {row.id: item_of(row, lang, today) for row in told(session, set(action_ids)).values()}


def item(session: Session, action_id: int, lang: str, today: dt.date) -> Item:
    return items(session, [action_id], lang, today)[action_id]


def post_line(session: Session, post_id: int, lang: str) -> tuple[str, str]:
    """The post and its organisation."""
    post, organisation = post_titles(session, [post_id])[post_id]
    return pick(post, lang)[0], pick(organisation, lang)[0]


def post_titles(session: Session, post_ids: Collection[int]) -> dict[int, tuple[Titles, Titles]]:
    query = (
        sa.select(col(Post.id), col(Post.titles), col(Organisation.titles))
        .join(Organisation, col(Organisation.id) == col(Post.organisation_id))
        .where(col(Post.id).in_(post_ids))
    )
    return {row[0]: (row[1], row[2]) for row in session.execute(query)}


def body_titles(session: Session, organisation_ids: Collection[int]) -> dict[int, Titles]:
    if not organisation_ids:
        return {}
    query = sa.select(col(Organisation.id), col(Organisation.titles))
    return {row[0]: row[1] for row in session.execute(query.where(col(Organisation.id).in_(organisation_ids)))}


def room_address(lang: str, room: str) -> str:
    return f"{settings().base}/{lang}/workspace/{room}"


def action_address(lang: str, ref: str) -> str:
    return room_address(lang, f"actions/{ref}")


def key_address(lang: str, token: str, page: str = "") -> str:
    return f"{settings().base}/{lang}/u/{token}{page}"


def update_address(lang: str, token: str, page: str = "") -> str:
    """The page behind a key, before the answer, which only pre-selects: a person presses."""
    return f"{key_address(lang, token, page)}?s="


def item_of(row: ToldAction, lang: str, today: dt.date, **changes: Any) -> Item:
    """`changes`: what is told otherwise than the row has it."""
    facts: dict[str, Any] = {
        "title": pick(row.titles, lang)[0],
        "ref": row.ref,
        "page": action_address(lang, row.ref),
        "due_on": row.due_on,
        "state": row.state,
        "programme": pick(row.programme, lang)[0],
        "recommendation": pick(row.recommendation, lang)[0],
        "organisation": pick(row.organisation, lang)[0] if row.organisation else "",
        "post": pick(row.post, lang)[0] if row.post else "",
        "waiting_days": _waiting_days(row, today),
        "block_reason": row.block_reason,
        "unblocker": row.who_can_unblock,
    }
    facts.update(changes)
    return Item(**facts)


def milestone_of(row: ToldAction, milestone: Milestone, lang: str, today: dt.date, **changes: Any) -> Item:
    """A milestone under its own name and date; what holds its action up is the action's own to tell."""
    own: dict[str, Any] = {
        "title": pick(milestone.titles, lang)[0],
        "milestone_of": pick(row.titles, lang)[0],
        "due_on": milestone.due_on,
        "waiting_days": 0,
        "block_reason": None,
        "unblocker": "",
    }
    return item_of(row, lang, today, **(own | changes))


def _waiting_days(action: ToldAction, today: dt.date) -> int:
    """For receipt or verification from the first day on, for word of the holder once it is silence."""
    if action.state is State.SUBMITTED:
        return _days(action.submitted_at, today)
    if action.state is State.ASSIGNED:
        return _days(action.assigned_at, today)
    silent = _days(action.last_word_at or action.assigned_at, today)
    return silent if silent >= schedule.STALE_DAYS else 0


def _days(since: dt.datetime | None, today: dt.date) -> int:
    return max(0, (today - clock.day(since, settings().zone)).days) if since else 0


def _post_line(lang: str, post: dict[str, str], organisation: dict[str, str]) -> str:
    return f"{pick(post, lang)[0]} · {pick(organisation, lang)[0]}"
