"""What is to be done about translations: derived from the things themselves, row by row, and compared with them."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlmodel import Session

from app import clock
from app.domain.texts import Titles
from app.domain.translations import SHARED, TextKind, due
from app.models.actions import Action
from app.models.base import TranslatedTable, table_of
from app.models.recommendations import Recommendation
from app.models.translations import MODELS, TEXTS, TranslationDue

_DUE = table_of(TranslationDue)
_AT_ONCE = 200
_HOMES = ("programme_id", "owner_programme_id", "recommendation_id", "action_id", "ref")
Place = tuple[TextKind, int, int]
Key = tuple[int, ...]
Turn = Callable[[], AbstractContextManager[Session]]


class DueLine(NamedTuple):
    """As it has to stand, but for the moment since which it does."""

    kind: TextKind
    subject_id: int
    beside_id: int
    lang: str
    programme_id: int
    is_missing: bool
    ref: str
    titles: Titles

    @property
    def key(self) -> tuple[TextKind, int, int, str]:
        return self[:4]


def place_of(row: Any, model: type[TranslatedTable] | None = None) -> Place:
    """Of a thing, or of its columns read as those of `model`."""
    kind = TEXTS[model or type(row)][0]
    return (kind, row.action_id, row.organisation_id) if kind is TextKind.PART else (kind, row.id, 0)


def add(session: Session, rows: Sequence[Any]) -> None:
    """Of things that nobody knew before."""
    _insert(session, [line for row in rows for line in lines(session, row)])


def keep(session: Session, rows: Sequence[Any]) -> None:
    """Of things that were changed: only what differs is written, and what stays due keeps since when it is."""
    if rows:
        _write(session, {place_of(row) for row in rows}, (line for row in rows for line in lines(session, row)))


def _write(session: Session, places: Iterable[Place], due_now: Iterable[DueLine]) -> None:
    wanted = {line.key: line for line in due_now}
    found = {line.key: (row_id, line) for row_id, line in _kept(session, places)}
    for key, (row_id, line) in found.items():
        if key not in wanted:
            session.execute(sa.delete(_DUE).where(_DUE.c.id == row_id))
        elif line != wanted[key]:
            values = wanted[key]._asdict()
            values |= {"since_at": clock.now()} if line.is_missing != wanted[key].is_missing else {}
            session.execute(sa.update(_DUE).where(_DUE.c.id == row_id).values(**values))
    _insert(session, [line for key, line in wanted.items() if key not in found])


def forget(session: Session, rows: Sequence[Any]) -> None:
    """Of things that are no more."""
    for kind, subject_id, beside_id in map(place_of, rows):
        this = (_DUE.c.kind == kind, _DUE.c.subject_id == subject_id, _DUE.c.beside_id == beside_id)
        session.execute(sa.delete(_DUE).where(*this))


def lines(session: Session, row: Any, model: type[TranslatedTable] | None = None) -> Iterator[DueLine]:
    kind, fields = TEXTS[model or type(row)]
    found = due({field: getattr(row, field) for field in fields}, row.made_of)
    if found:
        programme_id, ref = _home(session, kind, row)
        for lang, is_outdated in found.items():
            yield DueLine(*place_of(row, model), lang, programme_id, not is_outdated, ref, row.titles)


def rebuild(session: Session) -> None:
    """All of it anew, in one transaction."""
    rebuild_in_turn(lambda: nullcontext(session), lambda: None)


def rebuild_in_turn(write: Turn, pause: Callable[[], None]) -> None:
    """In short transactions; whoever writes meanwhile keeps their own."""
    with write() as session:
        session.flush()
        for kind, model in MODELS.items():
            session.execute(sa.delete(_DUE).where(_DUE.c.kind == kind, ~_of(model).exists()))
    for model in TEXTS:
        after: Key | None = ()
        while after is not None:
            with write() as session:
                after = _next(session, model, after)
            pause()


def _next(session: Session, model: type[TranslatedTable], after: Key) -> Key | None:
    """The next few things; the key of the last, None at the end."""
    few = _few(session, model, after)
    places = {place_of(row, model) for row in few}
    _write(session, places, [line for row in few for line in lines(session, row, model)])
    return _key(few[-1], model) if few else None


def _of(model: type[TranslatedTable]) -> Any:
    """The thing that a row is of."""
    table = table_of(model)
    if "id" in table.c:
        return sa.select(table.c.id).where(table.c.id == _DUE.c.subject_id)
    own = (table.c.action_id == _DUE.c.subject_id, table.c.organisation_id == _DUE.c.beside_id)
    return sa.select(table.c.action_id).where(*own)


def faults(session: Session) -> list[str]:
    """What differs from what it derives from; reads only."""
    wrong: list[str] = []
    count = 0
    for model, few in _all(session):
        wanted = {_plain(line) for row in few for line in lines(session, row, model)}
        kept = {_plain(line) for _, line in _kept(session, {place_of(row, model) for row in few})}
        count += len(kept)
        wrong += [f"{line[0]} {line[1]} {line[3]}" for line in sorted(wanted ^ kept, key=str)]
    stored = session.execute(sa.select(sa.func.count()).select_from(_DUE)).scalar_one()
    wrong += [f"{stored - count} of nothing"] if stored != count else []
    return [f"translations due: {len(wrong)} differ, first {wrong[0]}"] if wrong else []


def _plain(line: DueLine) -> tuple[object, ...]:
    return (*line[:-1], tuple(sorted(line.titles.items())))


def _home(session: Session, kind: TextKind, row: Any) -> tuple[int, str]:
    """The programme whose secretariat sees to it, and the reference by which people know it."""
    if kind in SHARED:
        return row.owner_programme_id or 0, ""
    if kind is TextKind.PROGRAMME:
        return row.id, ""
    if kind in (TextKind.PART, TextKind.MILESTONE):
        action = session.get_one(Action, row.action_id)
        return action.programme_id, action.ref
    if kind is TextKind.INDICATOR and row.recommendation_id:
        return row.programme_id, session.get_one(Recommendation, row.recommendation_id).ref
    return row.programme_id, getattr(row, "ref", "")


def _kept(session: Session, places: Iterable[Place]) -> Iterator[tuple[int, DueLine]]:
    by_kind: dict[TextKind, set[int]] = defaultdict(set)
    for kind, subject_id, _ in places:
        by_kind[kind].add(subject_id)
    own = set(places)
    columns = [_DUE.c[name] for name in DueLine._fields]
    for kind, ids in by_kind.items():
        query = sa.select(_DUE.c.id, *columns).where(_DUE.c.kind == kind, _DUE.c.subject_id.in_(ids))
        for row_id, *values in session.execute(query):
            line = DueLine(*values)
            if line[:3] in own:
                yield row_id, line


def _insert(session: Session, added: Sequence[DueLine]) -> None:
    if added:
        now = clock.now()
        session.execute(sa.insert(_DUE), [{**line._asdict(), "since_at": now} for line in added])


def _all(session: Session) -> Iterator[tuple[type[TranslatedTable], Sequence[Any]]]:
    for model in TEXTS:
        after: Key = ()
        while few := _few(session, model, after):
            yield model, few
            after = _key(few[-1], model)


def _few(session: Session, model: type[TranslatedTable], after: Key) -> Sequence[Any]:
    """Some by their columns, behind a key."""
    table = table_of(model)
    keys = tuple(table.primary_key.columns)
    names = (*TEXTS[model][1], "made_of", *_HOMES)
    query = sa.select(*keys, *(table.c[name] for name in names if name in table.c and table.c[name] not in set(keys)))
    query = query.where(sa.tuple_(*keys) > after) if after else query
    return session.execute(query.order_by(*keys).limit(_AT_ONCE)).all()


def _key(row: Any, model: type[TranslatedTable]) -> Key:
    _, subject_id, beside_id = place_of(row, model)
    return (subject_id, beside_id)[: len(table_of(model).primary_key.columns)]
