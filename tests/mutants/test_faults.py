"""The list of planted faults does not rot: each still finds its place, and what it makes is still code."""

import ast
from collections import Counter

import pytest

from tests.mutants.faults import Fault, Rotten, load

FAULTS = load()


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_every_fault_finds_its_place_exactly_once_and_leaves_code_that_parses(fault: Fault) -> None:
    planted = fault.checked()

    if fault.file.endswith(".py"):
        ast.parse(planted)
    assert fault.old != fault.new
    assert fault.why


def test_no_two_faults_have_one_name() -> None:
    assert [name for name, times in Counter(fault.name for fault in FAULTS).items() if times > 1] == []


@pytest.mark.parametrize("text", ["nothing of it", "twice and twice"])
def test_a_fault_whose_place_is_gone_or_doubled_is_refused(text: str) -> None:
    fault = Fault("lost", "app/clock.py", "twice", "once", (), "")

    with pytest.raises(Rotten, match=r"lost: its place is found [02] times in app/clock\.py, not once"):
        fault.planted(text)
