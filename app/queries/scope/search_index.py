"""The index of search asked: the places of documents that hold the words, best first, by cursor, on either database."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import sqlalchemy as sa
from sqlmodel import Session, col

from app.domain import references, searching
from app.domain.references import Reference
from app.models.searches import SearchWord
from app.search import expressions
from app.search.expressions import AllOf, AnyOf, Expression, Token, Without
from app.search.hits import Wanted
from app.search.words import beginning, fold, words

MOST_WORDS = 8
_ENDINGS = 20  # words that the last one may become
_SHORTEST = 3  # letters of a word that is not typed to its end
_NEWEST = 2**63 - 1
_LAST = "\U0010ffff"


@dataclass(frozen=True)
class Sought:
    """What was typed: of each word the stems that may stand for it, and the reference if it is one whole."""

    words: tuple[tuple[str, ...], ...]
    reference: Reference | None
    wanted: Wanted


class IndexPlace(NamedTuple):
    """The stage in which a document was found, and its place."""

    stage: int
    id: int


def read(session: Session, text: str) -> Sought:
    """The last word counts as begun unless a space follows it."""
    typed = [*words(text)][:MOST_WORDS]
    asked: list[tuple[str, ...]] = [(stem,) for stem in dict.fromkeys(word.stem for word in typed)]
    begun = beginning(typed[-1].folded) if typed and not text[-1:].isspace() else ""
    begun = begun if len(begun) >= _SHORTEST and begun.isalpha() else ""
    if begun:
        last = (typed[-1].stem,)
        asked = [*(one for one in asked if one != last), tuple(dict.fromkeys([*last, *_becoming(session, begun)]))]
    reference = references.parse(fold(text).strip())
    return Sought(
        tuple(asked),
        reference,
        Wanted(frozenset(stem for stems in asked for stem in stems), begun),
    )


def _becoming(session: Session, begun: str) -> Iterator[str]:
    known = col(SearchWord.word)
    query = sa.select(known).where(known >= begun, known < begun + _LAST).order_by(known).limit(_ENDINGS)
    yield from session.scalars(query)


def page(
    session: Session, sought: Sought, within: list[Expression], after: IndexPlace | None, limit: int
) -> list[IndexPlace]:
    """What has all words in its title, then all others; in each the newest first."""
    found: list[IndexPlace] = []
    start = after or IndexPlace(0, _NEWEST)
    dialect = session.get_bind().dialect.name
    for stage, asked in enumerate(_stages(sought)):
        if stage < start.stage or len(found) >= limit:
            continue
        given = {
            "asked": expressions.written(AllOf((asked, *within)), for_sqlite=dialect == "sqlite"),
            "before": start.id if stage == start.stage else _NEWEST,
            "limit": limit - len(found),
        }
        found += [IndexPlace(stage, row_id) for (row_id,) in session.execute(_QUERIES[dialect], given)]
    return found


def _stages(sought: Sought) -> list[Expression]:
    """A reference finds what it names and the actions below that: its parts as words would find half of the index."""
    if sought.reference:
        return [Token(searching.of_reference(sought.reference)), Token(searching.under(sought.reference))]
    titled = AllOf(tuple(expressions.any_of(map(searching.of_title, stems)) for stems in sought.words))
    anywhere = AllOf(tuple(expressions.any_of(stems) for stems in sought.words))
    return [titled, Without(anywhere, titled)] if sought.words else []


def any_token(tokens: frozenset[str]) -> Expression:
    return AnyOf(tuple(Token(token) for token in sorted(tokens)) or (Token("_"),))


_QUERIES = {
    "sqlite": sa.text(
        "SELECT rowid FROM search_index WHERE search_index MATCH :asked AND rowid < :before"
        " ORDER BY rowid DESC LIMIT :limit"
    ),
    "postgresql": sa.text(
        "SELECT id FROM search_document"
        " WHERE array_to_tsvector(string_to_array(tokens, ' ')) @@ CAST(:asked AS tsquery) AND id < :before"
        " ORDER BY id DESC LIMIT :limit"
    ),
}
