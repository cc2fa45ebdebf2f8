"""The page of the record: the head of each day, the latest first, as whoever keeps one needs it."""

import datetime as dt

import pytest

from app.db import Database
from app.queries.public import record_heads as known_heads
from app.services.kernel import audit
from app.services.upkeep import record_heads
from tests.fixtures.pages import TestClient

pytestmark = pytest.mark.sqlite_only


def test_each_day_is_listed_with_its_number_and_its_head(client: TestClient, database: Database) -> None:
    assert "There is no head yet" in client.get("/en/record").text
    told = []
    for day in (20, 21):
        with database.write() as session:
            audit.record(session, audit.SERVICE, "edit", "meeting", day)
            audit.seal(session)
            record_heads.publish(session, dt.date(2026, 11, day))
        with database.read() as session:
            newest = known_heads.newest(session)
            assert newest
            told.append(newest.head)

    text = client.get("/en/record").text.replace("<wbr>", "")  # a phone breaks the line there, a copy has no break

    assert text.index(told[1]) < text.index(told[0])
    assert "21 November 2026" in text
    assert "/en/record" in client.get("/en/about").text
