"""Whoever tries whatever in whatever order, by whatever door: nothing moves but as the product's text has it."""

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, currently_in_test_context, given, note, settings
from hypothesis import strategies as some

from app import clock
from app.db import Database
from app.services.upkeep import integrity
from tests.services.followup.way_round import doors, situations, tries
from tests.services.followup.way_round import house as houses
from tests.services.followup.way_round.acts import ACTS
from tests.services.followup.way_round.house import House, Stage
from tests.services.followup.way_round.people import PEOPLES_ACTS
from tests.services.followup.way_round.situations import SITUATIONS, Situation
from tests.services.followup.way_round.tries import POSTS, Theme, Try
from tests.services.followup.way_round.world import BEGINNING, World

WAYS = int(os.environ.get("WAYS", "8"))  # walks of each test; a long run asks for thousands
STEPS = 30
# A walk that fails is told as it went: to look for a shorter one would take minutes.
as_many = settings(
    max_examples=WAYS, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
SEEDS = some.integers(0, 2**48)
VERBS = sorted(ACTS)
_SEATS = ("hand_over", "plan_change", "take_back_change", "name_acting", "choose_acting", "take_back_acting")
_ENDS = ("cancel", "supersede", "not_applicable")
_TIME = ("ask_time", "endorse_time", "grant", "refuse_time", "withdraw_time")
_ANSWERS = ("answer_receipt", "answer_on_track", "answer_report", "answer_blocked", "answer_done")
OF_STATES = (
    dict.fromkeys(VERBS, 1.0)
    | dict.fromkeys((*_SEATS, *_TIME, "days_pass"), 0.1)
    | dict.fromkeys(_ENDS, 0.4)
    | dict.fromkeys([verb for verb in VERBS if verb.startswith("bulk")], 0.5)
    | dict.fromkeys(("publish", "withdraw", "release", "attach"), 0.5)
    | {"submit": 6.0, "verify": 6.0, "record": 6.0, "assign": 3.0, "acknowledge": 3.0, "decline": 2.0, "reassign": 4.0}
    | {"undo": 6.0, "correct": 3.0}
)
OF_TIME = (
    dict.fromkeys(VERBS, 0.2)
    | {"ask_time": 8.0, "endorse_time": 3.0, "grant": 8.0, "refuse_time": 2.0, "withdraw_time": 1.0, "hand_over": 3.0}
    | dict.fromkeys(("add_part", "move_part", "end_part", "part_done", "move_deadline", "days_pass"), 1.0)
    | dict.fromkeys(_ENDS, 0.05)
)
OF_SEATS = (
    dict.fromkeys(VERBS, 0.4)
    | dict.fromkeys((*_SEATS, *_ANSWERS), 3.0)
    | dict.fromkeys(_ENDS, 0.1)
    | {"days_pass": 9.0}
)


@pytest.fixture
def stage(database: Database) -> Stage:
    with database.write() as session, clock.at(BEGINNING):
        return houses.build(session, World())


def _walk(database: Database, stage: Stage, seed: int, theme: Theme, situations: Mapping[str, Situation]) -> None:
    """Half of them begin in the middle."""
    chance = Random(seed)
    opening = chance.choice([situation.opening for situation in situations.values()]) if chance.random() < 0.5 else ()
    world = World(managers_decide=chance.random() < 0.5, partner=chance.choice(("", "chamber", "centre")))
    with _lived_in(database, stage, world) as house:
        for number in range(STEPS):
            world.words = f"mot {number}"
            is_opening = number < len(opening)
            _try(house, opening[number] if is_opening else tries.one(chance, theme, world.may, world.is_tempting))


@contextmanager
def _lived_in(database: Database, stage: Stage, world: World) -> Iterator[House]:
    """What is done there is undone afterwards, once all of it was looked at."""
    with database.writing() as session:
        house = stage.house(session, world)
        with clock.at(world.now):
            house.mail(world.mailed())
        yield house
        _compare(house, range(len(house.items)))
        _compare_seats(house)
        _compare_keys(house)
        assert integrity.differences(session) == []
        session.rollback()


def _try(house: House, one: Try) -> None:
    world, before = house.world, house.world.actions[one.number].state
    is_allowed = world.follow(one)

    with clock.at(world.now):
        was_done = house.is_done(ACTS[one.verb], one)

    told = f"{world.words} {'done' if was_done else 'not'}: {one}, which is {before}"
    if currently_in_test_context():
        note(told)
    assert was_done is is_allowed, told
    _compare(house, doors.several(world, one))
    if one.verb in PEOPLES_ACTS:
        _compare_seats(house)
    if was_done:
        with clock.at(world.now):
            house.mail(world.mailed())


def _compare_keys(house: House) -> None:
    with clock.at(house.world.now):
        opened = [houses.opens(house, token) for token in house.tokens]
    assert opened == [house.world.opens(key) for key in house.world.keys]


def _compare_seats(house: House) -> None:
    assert houses.seated(house) == {post: house.world.seats.seated(post) for post in POSTS}


def _compare(house: House, numbers: Iterable[int]) -> None:
    for number in numbers:
        item, its = house.items[number], house.world.actions[number]
        assert houses.seen(house, item) == houses.expected(its)
        assert houses.told(house, item) == its.shown
        assert houses.spoke_last(house, item) <= its.spoke_last, "in whose name"
        assert bool(houses.spoke_last(house, item)) is bool(its.spoke_last), "in somebody's name"


def test_where_one_step_would_be_a_way_round_nobody_takes_it(database: Database, stage: Stage) -> None:
    """Whoever tries, by name or by any key that was ever mailed; who may is told last."""
    for name, situation in SITUATIONS.items():
        world = World(managers_decide=situation.managers_decide)
        with _lived_in(database, stage, world) as house:
            for number, one in enumerate(situation.opening):
                world.words = f"{name} {number}"
                assert world.may(one), f"{name}: {one}"
                _try(house, one)
            world.words = f"{name}: dared"
            for dare in situation.dares:
                for one in sorted(situations.everybody(dare), key=world.may):
                    _try(house, one)


@as_many
@given(seed=SEEDS)
def test_nobody_finds_a_way_round_the_table(database: Database, stage: Stage, seed: int) -> None:
    """By whatever door: states, parts, verifications, disputes, words, many at once."""
    _walk(database, stage, seed, Theme(VERBS, OF_STATES), situations.OF_STATES)


@as_many
@given(seed=SEEDS)
def test_nobody_finds_a_way_round_who_decides_more_time(database: Database, stage: Stage, seed: int) -> None:
    """Asked, endorsed, decided, withdrawn, lapsed: the baseline stays, and each is counted."""
    _walk(database, stage, seed, Theme(VERBS, OF_TIME, numbers=(1, 2)), situations.OF_TIME)


@as_many
@given(seed=SEEDS)
def test_on_each_day_those_may_act_who_are_seated_that_day(database: Database, stage: Stage, seed: int) -> None:
    """Whoever holds a post or acts for its holder, signed in or by a mailed key; nobody who did before."""
    _walk(database, stage, seed, Theme(VERBS, OF_SEATS, numbers=(1, 2)), situations.OF_SEATS)
