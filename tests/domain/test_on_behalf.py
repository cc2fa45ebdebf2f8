"""What may be recorded of a post, and how it is told that it was."""

import datetime as dt

import pytest

from app.domain import on_behalf
from app.domain.messages import Message
from app.domain.on_behalf import RECORDABLE, CameBy
from app.domain.workflow import AWAITED, PARTS, Part, State

DAY = dt.date(2026, 11, 12)


@pytest.mark.parametrize("way", CameBy)
def test_every_way_has_its_sentence_with_its_day(way: CameBy) -> None:
    told = on_behalf.told(way, DAY)

    assert told.params == {"day": DAY}
    assert len({on_behalf.told(other, DAY) for other in CameBy}) == len(CameBy)


def test_of_what_was_recorded_without_a_way_only_the_recording_is_told() -> None:
    assert on_behalf.told(None, None) == Message("recorded by the secretariat on its behalf")


@pytest.mark.parametrize("state", State)
def test_words_are_recorded_where_a_holder_owes_them_and_nowhere_else(state: State) -> None:
    assert bool(on_behalf.recordable(state)) == (state in AWAITED)


def test_nothing_is_recorded_that_a_holder_could_not_say() -> None:
    assert all(PARTS[verb] & {Part.OWNER, Part.CONTRIBUTOR} for verb in RECORDABLE)
