"""What passes remember of the subjects of the ladder, and which of them a statement may therefore leave out."""

import datetime as dt
import hashlib
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlmodel import col

from app.config import settings
from app.domain.calendar import DaysOff
from app.domain.ladder import LADDER, Kind, Ladder
from app.models.actions import Action, ActionSupport, Milestone
from app.models.indicators import Indicator
from app.models.notifications import Look
from app.queries.mailing.directory import Directory


class Now(NamedTuple):
    """What a pass finds: the world apart from its subjects, and the first and the last morning that it is somewhere."""

    world: str
    first: dt.date
    last: dt.date


class Looked(NamedTuple):
    """A subject of which nothing is owed from the one day until the other that the ledger has not."""

    kind: str
    subject_id: int
    body_id: int
    world: str
    seen: str
    since_on: dt.date
    until_on: dt.date


def world(people: Directory, off: DaysOff) -> str:
    """Whatever else decides who hears what: the same for every subject, so any change makes all be looked at again."""
    posts = sorted(people.holders.items()), sorted(people.vacated.items()), sorted(people.acting_since.items())
    seated = sorted((post, sorted(some)) for post, some in people.seated.items())
    roles = sorted((repr(role), sorted(some)) for role, some in people.granted.items())
    managers = sorted((body, sorted(some)) for body, some in people.managers.items())
    edited = sorted((*of, *_told(ladder)) for of, ladder in people.ladders.items())
    told = repr((_told(LADDER), edited, settings().zone.key, sorted(off), posts, seated, roles, managers))
    return hashlib.blake2b(told.encode(), digest_size=16).hexdigest()


def _told(ladder: Ladder) -> list[object]:
    return [[_ordered(value) for value in vars(rung).values()] for rung in ladder]


def _ordered(value: object) -> object:
    """Each process has another order of a set."""
    return sorted(value) if isinstance(value, frozenset) else value


class _Written(FunctionElement[Any]):
    """In one call: joined piece by piece, each of a hundred thousand rows was copied thirty times over."""

    inherit_cache = True
    type = sa.String()


@compiles(_Written)
def _by_format(joined: Any, compiler: Any, **given: Any) -> str:
    return f"format({compiler.process(joined.clauses, **given)})"


@compiles(_Written, "sqlite")
def _by_printf(joined: Any, compiler: Any, **given: Any) -> str:
    return f"printf({compiler.process(joined.clauses, **given)})"


def written(*columns: Any) -> Any:
    """Columns as one text, nothing for a NULL: compared by the database, no value has to be understood here."""
    return _Written(sa.literal("|".join(["%s"] * len(columns))), *columns)


_NO_BODY: Any = sa.literal_column("0")
_KEYS: dict[Kind, tuple[Any, Any]] = {
    Kind.ACTION: (col(Action.id), _NO_BODY),
    Kind.PART: (col(Action.id), col(ActionSupport.organisation_id)),
    Kind.MILESTONE: (col(Milestone.id), _NO_BODY),
    Kind.WORD: (col(Action.id), _NO_BODY),
    Kind.INDICATOR: (col(Indicator.id), _NO_BODY),
}


def is_new(kind: Kind, seen: Any, now: Now) -> sa.ColumnElement[bool]:
    """Nobody has looked at the subject as it is, in the world as it is, for all of these mornings."""
    subject_id, body_id = _KEYS[kind]
    known = (
        sa.select(sa.literal(1))
        .select_from(Look)
        .where(
            col(Look.kind) == kind.value,
            col(Look.subject_id) == subject_id,
            col(Look.body_id) == body_id,
            col(Look.world) == now.world,
            col(Look.since_on) <= now.first,
            col(Look.until_on) > now.last,
            col(Look.seen) == seen,
        )
    )
    return ~known.exists()
