"""All that is invented from a seed, handful by handful; asks no database anything."""

import datetime as dt
from collections.abc import Generator
from typing import NamedTuple

import sqlalchemy as sa

from app.models.updates import Via
from app.synth.bulk import InventedRows, WriteBatch
from app.synth.chance import Chance
from app.synth.foundations import lay
from app.synth.meetings import PER_MEETING, Sessions

_FIRST = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)  # before everything: the record begins with what it is
_AT_ONCE = 20  # meetings: memory holds no more of them


class Order(NamedTuple):
    """How much of what."""

    actions: int
    seed: int
    today: dt.date


def invent(order: Order, dialect: sa.Dialect) -> Generator[tuple[int, WriteBatch]]:
    """Each handful, and how many actions are in it."""
    rows, chance = InventedRows(dialect), Chance(order.seed)
    rows.event(_FIRST, (None, Via.COMMAND), "synth", ("service", 0, None), actions=order.actions, seed=order.seed)
    sessions = Sessions(rows, lay(rows, chance, order.today), chance, order.today)
    waiting = 0
    for first in range(0, order.actions, PER_MEETING):
        size = min(PER_MEETING, order.actions - first)
        sessions.hold(size, age=1 - first / order.actions)
        waiting += size
        if first // PER_MEETING % _AT_ONCE == 0:
            yield waiting, rows.take()
            waiting = 0
    sessions.askings.keep_counters()
    yield waiting, rows.take()
