"""A handful of mails is as much work among many people as among few: what is loaded for it is found by its keys."""

import datetime as dt
from collections.abc import Callable

import pytest
from sqlmodel import Session

from app import clock
from app.db import Database
from app.services.mailing import digests, reminders
from app.services.mailing.delivery import channel, claims, preparation
from app.services.mailing.delivery.preparation import Prepared
from benchmarks import people
from tests.fixtures.databases import Backend
from tests.statements import steps

MONDAY = dt.datetime(2026, 12, 7, 8, tzinfo=dt.UTC)
FEW, MANY, HANDFUL = 30, 180, 25


def work_of_a_handful(database: Database, among: int, plan: Callable[..., object]) -> int:
    with clock.at(MONDAY):
        with database.write() as session:
            people.fill(session, among, MONDAY.date())
            plan(session, MONDAY)
            taken = claims.claim(session, MONDAY, MONDAY + claims.LEASE, HANDFUL, channel.WELL)
        with Session(database.writer) as session, steps(session) as counted:
            written = preparation.written(session, taken.claims, MONDAY)
    assert len([one for one in written if isinstance(one, Prepared)]) == HANDFUL
    return counted[0]


@pytest.mark.sqlite_only
@pytest.mark.parametrize("plan", [digests.plan, reminders.plan], ids=["digests", "reminders"])
def test_six_times_the_people_are_hardly_more_work(sqlite_backend: Backend, plan: Callable[..., object]) -> None:
    spent = {}
    for among in (FEW, MANY):
        address = sqlite_backend.make(migrated=True)
        database = Database(address)
        spent[among] = work_of_a_handful(database, among, plan)
        database.dispose()
        sqlite_backend.drop(address)
    assert spent[MANY] <= 1.2 * spent[FEW], spent
