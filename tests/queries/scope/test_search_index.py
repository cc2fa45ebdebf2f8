"""What a search costs the database: five times the documents are no more work, wherever the words stand."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from app.domain import searching
from app.domain.searching import SearchKind
from app.models.searches import SearchDocument
from app.queries.scope import search_index
from app.queries.scope.search_index import IndexPlace
from app.search import expressions
from app.search.expressions import Token
from app.services.kernel import searches
from tests import grounds
from tests.statements import effort

FEW, MANY, PER_PAGE = 4_000, 20_000, 21
RARE = (3, 300, 2_700)
EVERYBODY, SOMEBODY = expressions.any_of(["p_1"]), expressions.any_of(["p_7"])


def _documents(numbers: range) -> Iterator[dict[str, object]]:
    """Every third is an action, but the newest are notes alone; SOMEBODY may find three of them."""
    for number in numbers:
        is_note = number % 3 != 0 or number >= numbers.stop - 1_000
        words = {"partout", *(["rare"] if number in RARE else []), *(["plutot"] if number % 99 == 0 else [])}
        beside = {"p_1", *(["p_7"] if number in RARE else [])}
        titled = set() if is_note else {f"t_{word}" for word in words}
        kind = SearchKind.NOTE if is_note else SearchKind.ACTION
        tokens = " ".join(sorted(words | titled | beside | {f"k_{kind}"}))
        yield {"id": number, "kind": kind, "subject_id": number, "tokens": tokens}


def _settle(session: Session) -> None:
    """As a database that has run for a while: counted, and what was written last is in the index."""
    session.execute(sa.text("ANALYZE"))
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.text("SELECT gin_clean_pending_list('search_index_tokens')"))


CASES = {
    "in all": ("partout ", [EVERYBODY]),
    "in three": ("rare ", [EVERYBODY]),
    "in all, but of a kind that nobody wrote": ("partout ", [EVERYBODY, Token("k_said")]),
    "in all, for somebody who may find three": ("partout ", [SOMEBODY]),
    "nowhere": ("jamais ", [EVERYBODY]),
}


@pytest.mark.parametrize("case", CASES)
def test_five_times_the_documents_are_no_more_work(session: Session, case: str) -> None:
    typed, within = CASES[case]
    work = []
    for numbers in (range(FEW), range(FEW, MANY)):
        session.execute(sa.insert(SearchDocument), list(_documents(numbers)))
        _settle(session)
        sought = search_index.read(session, typed)
        work.append(effort(session, lambda: search_index.page(session, sought, within, None, PER_PAGE)))  # noqa: B023
    assert work[1] <= 1.5 * work[0] + 30, work


@pytest.mark.parametrize("typed", ["partout ", "plutot ", "rare "])
def test_titles_first_and_the_newest_first_however_they_are_looked_for(session: Session, typed: str) -> None:
    rows = list(_documents(range(FEW)))
    session.execute(sa.insert(SearchDocument), rows)
    sought, word = search_index.read(session, typed), typed.strip()
    kept = [(str(row["tokens"]).split(), int(str(row["id"]))) for row in reversed(rows)]
    titled = [IndexPlace(0, number) for tokens, number in kept if f"t_{word}" in tokens]
    others = [IndexPlace(1, number) for tokens, number in kept if word in tokens and f"t_{word}" not in tokens]
    found: list[IndexPlace] = []

    for _ in range(5):
        found += search_index.page(session, sought, [EVERYBODY], found[-1] if found else None, PER_PAGE)

    assert found == [*titled, *others][: 5 * PER_PAGE]


def test_the_kinds_that_are_walked_for_titles_are_those_that_have_one(session: Session) -> None:
    grounds.lay(session)
    searches.settle(session)

    found = session.execute(sa.select(SearchDocument.kind, SearchDocument.tokens))  # type: ignore[call-overload]
    titled = {kind for kind, tokens in found if any(token.startswith("t_") for token in tokens.split())}

    assert titled == searching.TITLED
