"""What is the world to the ladder: whatever decides who hears what and when, and is none of its subjects."""

import datetime as dt
import os
import subprocess
import sys
from dataclasses import replace

import pytest

from app.domain.permissions import Role
from app.queries.mailing import ladder_memory
from app.queries.mailing.directory import Directory

KARIM, LEILA, AMINA, POST, BODY = 1, 2, 3, 11, 21
OFF = frozenset({dt.date(2026, 11, 18)})
PEOPLE = Directory({POST: KARIM}, {BODY: [LEILA]}, {(Role.SECRETARIAT, None): [AMINA]}, vacated={})


@pytest.mark.parametrize(
    ("people", "off"),
    [
        (PEOPLE, frozenset()),
        (replace(PEOPLE, holders={POST: LEILA}), OFF),
        (replace(PEOPLE, managers={}), OFF),
        (replace(PEOPLE, granted={(Role.VERIFIER, None): [AMINA]}), OFF),
        (replace(PEOPLE, granted={(Role.SECRETARIAT, 1): [AMINA]}), OFF),
        (replace(PEOPLE, vacated={POST: dt.date(2026, 11, 1)}), OFF),
    ],
    ids=["days off", "holders", "managers", "roles", "where a role is held", "since when a post is empty"],
)
def test_the_world_is_another_when_anything_of_it_is(people: Directory, off: frozenset[dt.date]) -> None:
    assert ladder_memory.world(people, off) != ladder_memory.world(PEOPLE, OFF)


def test_the_order_in_which_it_is_read_is_no_part_of_it() -> None:
    more = {(Role.VERIFIER, 1): [KARIM, LEILA], (Role.SECRETARIAT, None): [AMINA]}
    same = {(Role.SECRETARIAT, None): [AMINA], (Role.VERIFIER, 1): [LEILA, KARIM]}

    assert ladder_memory.world(replace(PEOPLE, granted=more), OFF) == ladder_memory.world(
        replace(PEOPLE, granted=same), OFF
    )


def test_another_process_knows_it_again() -> None:
    ask = (
        "from app.queries.mailing import directory, ladder_memory as memory;"
        "print(memory.world(directory.Directory(), frozenset()))"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", ask], env=os.environ | {"PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("1", "2")
    }
    assert len(said) == 1
