"""Whoever tries whatever in whatever order, by whatever door: nothing moves but as the product's text has it."""

import os
import random
from collections.abc import Iterable

from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as some

from app import clock
from app.db import Database
from app.services.upkeep import integrity
from tests.services.followup.way_round import doors
from tests.services.followup.way_round import house as houses
from tests.services.followup.way_round.acts import ACTS
from tests.services.followup.way_round.house import House
from tests.services.followup.way_round.tries import POSTS, Try, tries
from tests.services.followup.way_round.world import World

WAYS = int(os.environ.get("WAYS", "12"))  # as many are tried of each test; a long run asks for thousands
# A walk that fails is told as it went: to look for a shorter one takes minutes.
as_many = settings(
    max_examples=WAYS, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
ALL = sorted(ACTS)


def _verb(world: World, one: Try, verbs: list[str]) -> str:
    """Any of them, or one that leads on from here, or one that they may do."""
    shuffled = random.Random(one.choice).sample(verbs, len(verbs))
    if one.kind == "any":
        return shuffled[0]
    fits = world.may if one.kind == "own" else world.starts
    return next((name for name in shuffled if fits(one, name)), shuffled[0])


def _walk(database: Database, world: World, attempts: list[Try], verbs: list[str]) -> None:
    with database.writing() as session:
        with clock.at(world.now):
            house = houses.build(session, world)
            house.mail(world.mailed())
        for number, one in enumerate(attempts):
            world.words = f"mot {number}"
            _try(house, one, _verb(world, one, verbs))
        _compare(house, range(len(house.items)))
        assert integrity.differences(session) == []
        session.rollback()


def _try(house: House, one: Try, verb: str) -> None:
    world, before = house.world, house.world.actions[one.number].state
    is_allowed = world.follow(one, verb)

    with clock.at(world.now):
        was_done = house.is_done(ACTS[verb], one)

    note(f"{world.words}, {'done' if was_done else 'not'}: {one.told} {verb} of {one.number}, which is {before}")
    assert was_done is is_allowed
    _compare(house, doors.several(world, one))
    assert houses.seated(house) == {post: world.seats.seated(post) for post in POSTS}
    if was_done:
        with clock.at(world.now):
            house.mail(world.mailed())


def _compare(house: House, numbers: Iterable[int]) -> None:
    for number in numbers:
        item, its = house.items[number], house.world.actions[number]
        assert houses.seen(house, item) == houses.expected(its)
        assert houses.told(house, item) == its.shown


@as_many
@given(attempts=tries(), managers_decide=some.booleans(), partner=some.sampled_from(("", "chamber", "centre")))
def test_nobody_finds_a_way_round_the_table(
    database: Database, attempts: list[Try], managers_decide: bool, partner: str
) -> None:
    _walk(database, World(managers_decide, partner), attempts, ALL)
