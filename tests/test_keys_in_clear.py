"""What an older version kept in clear is cleared by the migration: the keys of mailed links in `form_once`."""

import datetime as dt
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import make_url

from app import migrations
from app.models.access import FormOnce
from app.models.base import table_of

FORMS = table_of(FormOnce)
KEY = "Zm9yZXZlcnlvbmV0b3NlZQ-and_more_of_it_12345"


def test_the_keys_of_earlier_forms_are_cleared_and_the_way_is_kept(empty_url: str) -> None:
    migrations.to_head(empty_url)
    migrations.down_to(empty_url, "0007")
    engine = sa.create_engine(empty_url)
    at = dt.datetime(2026, 11, 23, tzinfo=dt.UTC)
    ways = {"a": f"/fr/u/{KEY}/receipts/5", "b": f"/ar/u/{KEY}?said=recorded", "c": "/fr/workspace/mine"}
    with engine.begin() as connection:
        connection.execute(sa.insert(FORMS), [{"key": key, "location": way, "at": at} for key, way in ways.items()])

    migrations.to_head(empty_url)

    with engine.begin() as connection:
        found = {row.key: row.location for row in connection.execute(sa.select(FORMS))}
    engine.dispose()
    assert found == {
        "a": "/fr/u/{token}/receipts/5", "b": "/ar/u/{token}?said=recorded", "c": "/fr/workspace/mine",
    }  # fmt: skip
    if (path := make_url(empty_url).database) and empty_url.startswith("sqlite"):
        assert KEY.encode() not in Path(path).read_bytes()
