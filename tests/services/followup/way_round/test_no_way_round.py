"""Whoever tries whatever in whatever order, by whatever door: nothing moves but as the product's text has it."""

import os
from collections.abc import Iterable
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as some

from app import clock
from app.db import Database
from app.services.upkeep import integrity
from tests.services.followup.way_round import doors, tries
from tests.services.followup.way_round import house as houses
from tests.services.followup.way_round.acts import ACTS
from tests.services.followup.way_round.house import House, Stage
from tests.services.followup.way_round.people import PEOPLES_ACTS
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


def _walk(database: Database, stage: Stage, seed: int, theme: Theme) -> None:
    chance = Random(seed)
    world = World(managers_decide=chance.random() < 0.5, partner=chance.choice(("", "chamber", "centre")))
    with database.writing() as session:
        house = stage.house(session, world)
        with clock.at(world.now):
            house.mail(world.mailed())
        for number in range(STEPS):
            world.words = f"mot {number}"
            _try(house, tries.one(chance, theme, world.may, world.is_tempting))
        _compare(house, range(len(house.items)))
        _compare_seats(house)
        assert integrity.differences(session) == []
        session.rollback()


def _try(house: House, one: Try) -> None:
    world, before = house.world, house.world.actions[one.number].state
    is_allowed = world.follow(one)

    with clock.at(world.now):
        was_done = house.is_done(ACTS[one.verb], one)

    note(f"{world.words} {'done' if was_done else 'not'}: {one}, which is {before}")
    assert was_done is is_allowed
    _compare(house, doors.several(world, one))
    if one.verb in PEOPLES_ACTS:
        _compare_seats(house)
    if was_done:
        with clock.at(world.now):
            house.mail(world.mailed())


def _compare_seats(house: House) -> None:
    assert houses.seated(house) == {post: house.world.seats.seated(post) for post in POSTS}


def _compare(house: House, numbers: Iterable[int]) -> None:
    for number in numbers:
        item, its = house.items[number], house.world.actions[number]
        assert houses.seen(house, item) == houses.expected(its)
        assert houses.told(house, item) == its.shown
        assert houses.spoke_last(house, item) <= its.spoke_last, "in whose name"
        assert bool(houses.spoke_last(house, item)) is bool(its.spoke_last), "in somebody's name"


@as_many
@given(seed=SEEDS)
def test_nobody_finds_a_way_round_the_table(database: Database, stage: Stage, seed: int) -> None:
    """By whatever door: states, parts, verifications, disputes, words, many at once."""
    _walk(database, stage, seed, Theme(VERBS, OF_STATES))


@as_many
@given(seed=SEEDS)
def test_nobody_finds_a_way_round_who_decides_more_time(database: Database, stage: Stage, seed: int) -> None:
    """Asked, endorsed, decided, withdrawn, lapsed: the baseline stays, and each is counted."""
    _walk(database, stage, seed, Theme(VERBS, OF_TIME, numbers=(1, 2)))


@as_many
@given(seed=SEEDS)
def test_on_each_day_those_may_act_who_are_seated_that_day(database: Database, stage: Stage, seed: int) -> None:
    """Whoever holds a post or acts for its holder, signed in or by a mailed key; nobody who did before."""
    _walk(database, stage, seed, Theme(VERBS, OF_SEATS, numbers=(1, 2)))
