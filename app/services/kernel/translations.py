"""Translations follow their originals: whatever a flush changes of words is judged before it is written.

Which rows to judge comes from the changed rows themselves, so no verb can forget it.
"""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm
from sqlmodel import Session

from app.domain.translations import first_written, follow
from app.models.actions import Action, ActionSupport, Milestone
from app.models.base import TranslatedTable
from app.models.indicators import Indicator
from app.models.meetings import Meeting, Programme
from app.models.people import Organisation, Post
from app.models.recommendations import Recommendation
from app.models.translations import TEXTS
from app.services.kernel import translation_dues

_KNOWN = ("original_lang", "made_of")
# Where to look for the language in which a thing was written, where it was written in several at once.
_ABOVE: dict[type[TranslatedTable], tuple[tuple[str, type[TranslatedTable]], ...]] = {
    Meeting: (("programme_id", Programme),),
    Action: (("recommendation_id", Recommendation),),
    ActionSupport: (("action_id", Action),),
    Milestone: (("action_id", Action),),
    Indicator: (("recommendation_id", Recommendation), ("programme_id", Programme)),
    Post: (("organisation_id", Organisation),),
}


def _flushing(session: Session, *_rest: object) -> None:
    with session.no_autoflush:
        for row in session.new:
            if type(row) in TEXTS:
                _begin(session, row)
        for row in session.dirty:
            if type(row) in TEXTS:
                _follow(session, row)


def _begin(session: Session, row: Any) -> None:
    """What is new has an original: the language that stands alone, or that of what it belongs to."""
    titles = row.titles or {}
    if row.original_lang or not titles:
        return
    above = () if len(titles) == 1 else _langs_above(session, row)
    row.original_lang = first_written(titles, *above)


def _langs_above(session: Session, row: Any) -> Iterator[str]:
    if isinstance(row, Recommendation):
        yield row.source_lang
    for key, model in _ABOVE.get(type(row), ()):
        if (above := session.get(model, getattr(row, key) or 0)) is not None:
            yield above.original_lang


def _follow(session: Session, row: Any) -> None:
    changed: dict[str, Any] = sa.inspect(row).committed_state
    words = [field for field in TEXTS[type(row)][1] if field in changed]
    if not words and "original_lang" not in changed:
        return
    fields = TEXTS[type(row)][1] if "original_lang" in changed else words
    before = _before(session, row, (*fields, "original_lang"))
    if not row.original_lang:
        _begin(session, row)
    made_of = dict(row.made_of)
    for field in fields:
        was, now = before[field] or {}, getattr(row, field)
        kept = follow(was, now, made_of.pop(field, {}), before["original_lang"], row.original_lang)
        made_of |= {field: kept} if kept else {}
    if made_of != row.made_of:
        row.made_of = made_of


def _before(session: Session, row: Any, names: tuple[str, ...]) -> dict[str, Any]:
    """What the columns hold until the flush; what was changed without being read is read now."""
    state = sa.inspect(row)
    found = {name: state.committed_state.get(name, getattr(row, name)) for name in names}
    if any(isinstance(value, orm.LoaderCallableStatus) for value in found.values()):
        columns = [getattr(type(row), name) for name in names]
        key = sa.and_(
            *(column == value for column, value in zip(state.mapper.primary_key, state.identity, strict=True))
        )
        found = dict(session.execute(sa.select(*columns).where(key)).one()._mapping)
    return found


def _flushed(session: Session, _context: object) -> None:
    """What is due changes in the same breath, whatever was written of words, originals and whose they are."""
    with session.no_autoflush:
        new = [row for row in session.new if type(row) in TEXTS]
        changed = [row for row in session.dirty if type(row) in TEXTS and _is_concerned(row)]
        gone = [row for row in session.deleted if type(row) in TEXTS]
        translation_dues.add(session, new)
        translation_dues.keep(session, changed)
        translation_dues.forget(session, gone)


def _is_concerned(row: Any) -> bool:
    before: dict[str, Any] = sa.inspect(row).committed_state
    words = (*TEXTS[type(row)][1], "made_of", "owner_programme_id")
    return any(name in before and before[name] != getattr(row, name) for name in words)


sa.event.listen(orm.Session, "before_flush", _flushing)
sa.event.listen(orm.Session, "after_flush", _flushed)
