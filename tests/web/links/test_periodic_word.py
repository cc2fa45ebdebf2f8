"""Word at intervals from the mail: one press answers the period, the count of silence goes from the public page."""

import datetime as dt

import pytest
import time_machine
from sqlmodel import select

from app.db import Database
from app.domain.periods import Rhythm
from app.models.notifications import Reminder
from app.services.kernel.audit import SERVICE
from app.services.mailing import reminders
from app.services.setup import programmes
from app.services.upkeep import integrity
from tests import scenes
from tests.fixtures.pages import TestClient

pytestmark = pytest.mark.sqlite_only


def _pass(database: Database, at: dt.datetime) -> int:
    with time_machine.travel(at, tick=False):
        return reminders.plan(database.read, database.write, at).planned


def test_one_press_on_the_mailed_page_answers_the_period(database: Database, client: TestClient) -> None:
    with time_machine.travel(dt.datetime(2026, 9, 20, 9, tzinfo=dt.UTC), tick=False), database.write() as session:
        made = scenes.scene(session, published=True)
        programmes.edit(session, SERVICE, made.programme, word_every=Rhythm.MONTH)
        action = scenes.action(made, due_on=dt.date(2027, 6, 30))
        scenes.publish(made, action)
        ref = action.ref
    asked = dt.datetime(2026, 12, 7, 9, tzinfo=dt.UTC)
    assert _pass(database, asked) == 2, "the holder, and who manages"
    with time_machine.travel(asked, tick=False):
        assert "Aucune nouvelle pendant 2 mois entiers." in client.get(f"/fr/actions/{ref}").text
        assert "point d’étape mensuel" in client.get("/fr/programmes/programme-de-fes").text
        with database.write() as session:
            token = scenes.link(made.within(session), session.merge(action))
        sent = client.post(f"/fr/u/{token}", data={"s": "on_track"})
        assert sent.status_code == 303
        assert "Aucune nouvelle" not in client.get(f"/fr/actions/{ref}").text

    for day in (14, 21, 24, 31):
        assert _pass(database, dt.datetime(2026, 12, day, 9, tzinfo=dt.UTC)) == 0
    assert _pass(database, dt.datetime(2027, 1, 25, 9, tzinfo=dt.UTC)) == 1
    with database.read() as session:
        assert {row.step for row in session.scalars(select(Reminder))} >= {"word.before_7", "word.after_7"}
        assert not integrity.differences(session)
