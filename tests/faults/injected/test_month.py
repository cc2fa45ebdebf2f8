"""Days of random faults and kills, two schedulers at once: what was promised to whom arrives, whatever happens."""

import datetime as dt
import random
from collections import Counter
from dataclasses import dataclass, field

import pytest

from app.models.notifications import Delivery
from app.queries.scope import calendar
from app.services.mailing.delivery.work import Checkpoint
from tests.builders import instant
from tests.faults.injected import oracle
from tests.faults.injected.conftest import Tally
from tests.faults.injected.mortal import DECIDED, RECORDED
from tests.faults.injected.processes import Scheduler
from tests.faults.injected.sink import LOST_REPLY
from tests.faults.injected.stage import Stage

FIRST = dt.date(2026, 12, 7)
POINTS = (RECORDED, DECIDED, *Checkpoint)
# What a message may meet in bad weather; an answer that ends it for good is of no use here: it would be no loss.
WEATHER = (
    "450_rcpt", "451_mail", "452_data", "421_banner", "hang_banner", "553_mail", "554_banner", "drop_at_ehlo",
    "drop_at_rcpt", "drop_at_data", "drop_mid_data", "accept_then_drop", "accept_then_hang", "one_a_connection",
)  # fmt: skip
_DAYS_OF_GRACE = 3  # after which a step that has not come is lost


@dataclass
class Weather:
    """Fair, unless a storm blows: then most messages meet something."""

    random: random.Random
    chance: float = 0.03
    is_off: bool = False
    doubling: int = field(default=0)

    def __call__(self) -> str:
        if self.is_off:
            return "421_banner"
        met = self.random.choice(WEATHER) if self.random.random() < self.chance else "good"
        self.doubling += met in LOST_REPLY or met == "drop_mid_data"
        return met


@pytest.mark.parametrize("seed", [1])
def test_through_days_of_faults_and_kills_nothing_is_lost_and_nobody_gets_two_texts(
    stage: Stage, tally: Tally, at_length: bool, seed: int
) -> None:
    days, people, hours = (30, 300, 12) if at_length else (3, 24, 4)
    chance = random.Random(seed)
    weather = stage.sink.choose = Weather(chance)
    with stage.database.read() as session:
        off = calendar.around(session, FIRST)
    stage.owners(
        [FIRST + dt.timedelta(days=chance.randrange(days + 8)) for _ in range(people)], actions=2, has_digest=True
    )
    last = FIRST + dt.timedelta(days=days - 1)
    pair = stage.scheduler(), stage.scheduler()
    kills = sum(_day(pair, weather, FIRST + dt.timedelta(days=day), hours) for day in range(days))
    weather.chance, weather.is_off = 0, False
    calm = oracle.working_days(last + dt.timedelta(days=1), 2, off)
    for day in calm:
        for hour in range(8, 20, 1 if at_length else 3):
            pair[0].run(instant(f"{day}T{hour:02}:05"))

    lost, seconds, states = _lost(stage, last, off), stage.second_copies(), stage.states()
    tally(
        passes=days * hours * 2, killed=kills, faults=sum(stage.sink.met.values()) - stage.sink.met["good"],
        accepted=len(stage.sink.accepted), lost=len(lost), twice=seconds, may=weather.doubling + kills,
        **{state.value: count for state, count in states.items()},
    )  # fmt: skip
    assert not lost
    assert seconds <= weather.doubling + kills, [some for some in stage.sink.copies().values() if len(some) > 1]
    assert stage.most_a_morning() == 1
    assert not states[Delivery.QUEUED]
    assert not states[Delivery.DEAD]
    _agree(stage)


def _day(pair: tuple[Scheduler, Scheduler], weather: Weather, day: dt.date, hours: int) -> int:
    """Both at each hour, their clocks three minutes apart at most; one or the other may die, or the relay be off."""
    kills, chance = 0, weather.random
    for number, hour in enumerate(range(8, 20, 12 // hours)):
        weather.chance = chance.choice([0.05, 0.1, 0.5])
        weather.is_off = chance.random() < 0.1
        minute = chance.randrange(50)
        for scheduler in pair:
            dies = chance.random() < (0.8 if number == 0 else 0.1)
            point = f"{chance.choice(POINTS)}:{chance.choice((1, 1, 2, 3))}" if dies else ""
            scheduler.begin(instant(f"{day}T{hour:02}:{minute + chance.randrange(4):02}"), point)
        kills += sum(not scheduler.end() for scheduler in pair)
    return kills


def _lost(stage: Stage, last: dt.date, off: frozenset[dt.date]) -> list[tuple[str, str, dt.date]]:
    """Told by what was accepted alone: to whom, about which action, on which days."""
    told: dict[tuple[str, str], set[dt.date]] = {}
    for one in stage.reminders():
        for ref in one.refs:
            told.setdefault((one.to, ref), set()).add(one.on)
    lost = []
    for address, owed in stage.owed.items():
        for ref, due_on in owed.items():
            for day in sorted(oracle.holder_days(due_on, last, off)):
                grace = {day + dt.timedelta(days=late) for late in range(_DAYS_OF_GRACE + 1)}
                if day >= FIRST and not grace & told.get((address, ref), set()):
                    lost.append((address, ref, day))
    return lost


def _agree(stage: Stage) -> None:
    """What the ledger calls sent was accepted, and the other way round; what was joined or uncertain says so."""
    accepted = Counter(one.message_id for one in stage.sink.receipts())
    sent = stage.message_ids(Delivery.SENT)
    assert sent <= accepted.keys()
    assert accepted.keys() - sent <= stage.message_ids(Delivery.PARKED)
