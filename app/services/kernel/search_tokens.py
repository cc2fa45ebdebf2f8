"""What a document of the index is made of, whatever it is about."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import sqlalchemy as sa

from app.domain import references, searching
from app.domain.searching import SearchKind
from app.search.words import stems


class IndexDocument(NamedTuple):
    """No tokens: there is nothing to find, and no row to keep."""

    id: int
    kind: SearchKind
    subject_id: int
    tokens: str


def document(kind: SearchKind, at: Any, subject_id: int, text: tuple[str, str], beside: Iterable[str]) -> IndexDocument:
    """`text`: the title, and the body."""
    titled = stems(text[0])
    found = titled | stems(text[1])
    named = sorted({*found, *map(searching.of_title, titled), *beside}) if found else []
    return IndexDocument(searching.place(kind, at, subject_id), kind, subject_id, " ".join(named))


def public(programme_id: int, *published: object) -> list[str]:
    return [searching.everybody(programme_id)] if all(published) else []


def narrowed(kind: SearchKind, programme_id: int, year: int, lead: int | None = None) -> list[str]:
    led = [searching.led_by(lead)] if lead else []
    return [searching.of_kind(kind), searching.in_programme(programme_id), searching.of_year(year), *led]


def referred(ref: str) -> list[str]:
    reference = references.parse(ref)
    if reference is None:
        return []
    own, above = searching.of_reference(reference), searching.under(reference.recommendation)
    return [own] if reference.action is None else [own, above]


def said(*texts: Mapping[str, str] | str) -> str:
    return "\n".join(text if isinstance(text, str) else "\n".join(text.values()) for text in texts)


def columns(table: sa.Table, *names: str) -> list[Any]:
    return [table.c[name] for name in names]
