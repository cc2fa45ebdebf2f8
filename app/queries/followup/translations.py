"""What is to be done about translations, what is outdated first; and the one thing that is translated."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from app.domain.errors import NotFound
from app.domain.permissions import Role, Viewer, has_role, may
from app.domain.shared import Ownership
from app.domain.texts import Titles
from app.domain.translations import SHARED, TextKind
from app.models.actions import Action
from app.models.base import TranslatedTable, table_of
from app.models.people import Organisation, Post
from app.models.translations import MODELS, TEXTS, TranslationDue
from app.queries.scope import cursors, locks, ranges, visible
from app.queries.setup import ownership, rooms
from app.statements import Statement

PER_PAGE = 50
_DUE = table_of(TranslationDue)
_ADMINISTRATED = (TextKind.PROGRAMME, *sorted(SHARED))
Key = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class TranslationLine:
    """A language in which words of one thing are outdated or missing."""

    id: int
    kind: TextKind
    subject_id: int
    beside_id: int
    lang: str
    is_missing: bool
    ref: str
    titles: Titles
    since_at: dt.datetime

    @property
    def key(self) -> str:
        return f"{self.subject_id}-{self.beside_id}" if self.kind is TextKind.PART else str(self.subject_id)


COLUMNS = tuple(_DUE.c[name] for name in TranslationLine.__dataclass_fields__)


@dataclass(frozen=True, slots=True)
class TranslationFilter:
    """Nothing: whatever it is."""

    lang: str = ""
    kind: TextKind | None = None
    is_missing: bool | None = None

    @property
    def kept(self) -> dict[str, str]:
        """As they stand in the address."""
        state = {None: "", False: "outdated", True: "missing"}[self.is_missing]
        return {
            name: value for name, value in (("language", self.lang), ("kind", self.kind), ("state", state)) if value
        }


def listed(session: Session, viewer: Viewer, which: TranslationFilter, after: str = "") -> list[TranslationLine]:
    """One more than a page holds tells that there are others."""
    place = cursors.number(after, **which.kept)
    scopes = _scopes(session, viewer)
    if not scopes:
        return []
    given = {"after_key": bool(place[0]), "after_id": place[1]} if place else {}
    rows = _listed(scopes, which, is_further=place is not None).rows(session, given)
    return [TranslationLine(*row[1:]) for row in rows]


def following(lines: list[TranslationLine]) -> str:
    return cursors.following(lines, PER_PAGE, lambda last: (int(last.is_missing), last.id))


def picked_rows(picked: sa.Subquery) -> Any:
    """Those that were picked, each behind its key."""
    return sa.select(picked.c.key, *COLUMNS).join(picked, picked.c.id == _DUE.c.id)


def require(viewer: Viewer) -> None:
    """Raises NotFound for whoever translates nothing."""
    rooms.require(viewer)


def get(session: Session, viewer: Viewer, kind: TextKind, key: str, *, lock: bool = False) -> Any:
    """The thing of that key, for whoever may at least see its words beside each other; else NotFound."""
    model = MODELS[kind]
    columns = table_of(model).primary_key.columns
    query = sa.select(model).where(*(column == one for column, one in zip(columns, _key(kind, key), strict=True)))
    if lock:
        query = query.with_for_update(**locks.ROW).execution_options(**locks.FRESH)
    row = session.scalars(query).first()
    if row is None or not _reads(session, viewer, row):
        raise NotFound
    return row


def key_of(row: Any) -> str:
    return f"{row.action_id}-{row.organisation_id}" if TEXTS[type(row)][0] is TextKind.PART else str(row.id)


def programme_of(session: Session, row: Any) -> int:
    """Of what belongs to one."""
    kind = TEXTS[type(row)][0]
    if kind in (TextKind.PART, TextKind.MILESTONE):
        return session.get_one(Action, row.action_id).programme_id
    return int(row.id if kind is TextKind.PROGRAMME else row.programme_id)


def claim(session: Session, row: Any) -> Ownership:
    """Of what several programmes share."""
    if isinstance(row, Organisation):
        return ownership.on_organisation(session, row)
    return ownership.on_post(session, row) if isinstance(row, Post) else ownership.on_theme(session, row)


def _reads(session: Session, viewer: Viewer, row: TranslatedTable) -> bool:
    kind = TEXTS[type(row)][0]
    if kind in SHARED:
        return has_role(viewer, Role.ADMINISTRATOR, Role.SECRETARIAT)
    runs = may(viewer, programme_of(session, row), Role.SECRETARIAT)
    return runs or (kind is TextKind.PROGRAMME and has_role(viewer, Role.ADMINISTRATOR))


def _key(kind: TextKind, key: str) -> Key:
    parts = key.split("-")
    if len(parts) != (2 if kind is TextKind.PART else 1) or not all(map(_is_id, parts)):
        raise NotFound
    return tuple(map(int, parts))


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 10


Scopes = tuple[tuple[int | None, TextKind | None], ...]


def _scopes(session: Session, viewer: Viewer) -> Scopes:
    """Of each programme that the viewer is the secretariat of everything; of an administrator what is set up."""
    own = visible.programme_ids(session, viewer, Role.SECRETARIAT)
    if has_role(viewer, Role.ADMINISTRATOR):
        return (*((one, None) for one in own), *((None, kind) for kind in _ADMINISTRATED))
    return tuple((one, None) for one in own)


@lru_cache(maxsize=128)
def _listed(scopes: Scopes, which: TranslationFilter, *, is_further: bool) -> Statement:
    """Each scope by the index that begins with what it narrows; where two hold the same row, it comes once."""
    picked = ranges.first(list(_parts(scopes, which, is_further=is_further)), PER_PAGE + 1)
    return Statement(picked_rows(picked).order_by(*ranges.order(picked)))


def _parts(scopes: Scopes, which: TranslationFilter, *, is_further: bool) -> Iterator[sa.Select[Any]]:
    key, row_id = _DUE.c.is_missing, _DUE.c.id
    behind: list[Any] = ranges.after(key, row_id)[:2] if is_further else [sa.true()]
    for programme_id, kind in scopes:
        if kind and which.kind and kind is not which.kind:
            continue
        wanted = {"programme_id": programme_id, "kind": kind or which.kind, "lang": which.lang or None}
        narrowed = [_DUE.c[name] == value for name, value in wanted.items() if value is not None]
        states = [] if which.is_missing is None else [key == which.is_missing]
        for further in behind:
            yield sa.select(row_id.label("id"), key.label("key")).where(*narrowed, *states, further)
