"""What can be searched: one row for each thing with words, derived from it; and the words that there are."""

import sqlalchemy as sa
from sqlmodel import Field

from app.domain.searching import SearchKind
from app.models.base import Table, choice

# The row's place in SQLite, where the index of words goes by it and gives its rows out in this order.
_PLACE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

_WORD = sa.String(40, collation="C").with_variant(sa.String(40), "sqlite")  # compared letter by letter on both


class SearchDocument(Table, table=True):
    """`tokens`: the stems, those of titles again as `t_…`, who may find it, what it can be narrowed to.

    The id says when it was written, of which kind and what it is: the newest has the greatest.
    """

    id: int = Field(primary_key=True, sa_type=_PLACE, sa_column_kwargs={"autoincrement": False})
    kind: SearchKind = Field(sa_type=choice(SearchKind, "search_kind"))
    subject_id: int
    tokens: str


class SearchWord(Table, table=True):
    """A stem that stands in some document: a word that is not typed to its end yet is found among them."""

    __table_args__ = ({"sqlite_with_rowid": False},)
    word: str = Field(primary_key=True, sa_type=_WORD)
