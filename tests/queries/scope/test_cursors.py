"""The place in a list: what we gave out comes back, anything else is said to make no sense."""

import datetime as dt

import pytest

from app.domain.errors import InvalidQuery
from app.queries.scope import cursors


def test_a_date_an_instant_and_a_number_come_back() -> None:
    at = dt.datetime(2026, 11, 23, 9, 30, 1, 5, tzinfo=dt.UTC)

    assert cursors.day(cursors.encode(dt.date(2026, 11, 23), 7)) == (dt.date(2026, 11, 23), 7)
    assert cursors.moment(cursors.encode(at, 7)) == (at, 7)
    assert cursors.number(cursors.encode(1_000_000_000, 7)) == (1_000_000_000, 7)


def test_no_cursor_is_the_beginning() -> None:
    assert [cursors.day(""), cursors.moment(""), cursors.number("")] == [None] * 3


@pytest.mark.parametrize(
    "text",
    ["x", "%%%", "e30", "W10", "é", "A" * 300, cursors.encode("2026-02-30", 1), cursors.encode("soon", 1),
     cursors.encode("2026-01-01", -1), cursors.encode("2026-01-01", 2**64), cursors.encode("9" * 30, 1), "\x00"],
)  # fmt: skip
@pytest.mark.parametrize("read", [cursors.day, cursors.moment, cursors.number])
def test_what_we_never_gave_out_makes_no_sense_and_keeps_the_rest(read: object, text: str) -> None:
    assert callable(read)
    with pytest.raises(InvalidQuery) as refused:
        read(text, region="FM")

    assert refused.value.kept == {"region": "FM"}


def test_there_is_a_next_page_only_when_one_row_more_was_found() -> None:
    rows = [dt.date(2026, 1, day) for day in (1, 2, 3)]

    assert cursors.following(rows, 3, lambda row: (row, 1)) == ""
    assert cursors.day(cursors.following(rows, 2, lambda row: (row, 1))) == (rows[1], 1)
