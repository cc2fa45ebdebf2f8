"""Rows whose names hold all the words that somebody typed, in whatever language: among thousands, by no index."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

_MOST_WORDS = 6


def conditions(words: str, *columns: Any) -> Iterator[sa.ColumnElement[bool]]:
    """One condition a word; none where nothing was typed."""
    for word in words.split()[:_MOST_WORDS]:
        yield sa.or_(*(sa.cast(column, sa.Text).icontains(word, autoescape=True) for column in columns))
