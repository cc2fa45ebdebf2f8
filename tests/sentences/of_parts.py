"""What is said of the parts of supporting posts."""

import datetime as dt

from app.domain.sentences import parts
from app.domain.sentences.parts import PartSituation
from app.domain.workflow import PartState
from tests.sentences.table import Rows, situations

TODAY = dt.date(2026, 11, 26)


def part(
    state: PartState = PartState.UNDER_WAY, due: int = 9, asked: int = -5, heard: int | None = -2
) -> PartSituation:
    """Days from today."""
    day = dt.timedelta(days=1)
    return PartSituation(state, TODAY + due * day, TODAY + asked * day, None if heard is None else TODAY + heard * day)


LATE, DONE = part(due=-3), part(PartState.DONE, due=-3)
SILENT = part(asked=-40, heard=None)


@situations("Of one part, by its organisation")
def one() -> Rows:
    for name, it, said in (
        ("asked today", part(PartState.ASKED, asked=0, heard=None), "Its part is not confirmed yet"),
        ("confirmed", part(PartState.ACKNOWLEDGED), "It has confirmed its part"),
        ("under way", part(), "Its part is under way"),
        ("due today", part(due=0), "Its part is under way"),
        ("late by a day", part(due=-1), "Its part is 1 day late"),
        ("late, heard from today", part(due=-12, heard=0), "Its part is 12 days late"),
        ("late and never confirmed", part(PartState.ASKED, due=-3, heard=None), "Its part is 3 days late"),
        ("silent", SILENT, "No word of its part for 40 days"),
        ("done after its date", DONE, "It has declared its part done"),
    ):
        yield name, parts.of_one(it, TODAY), said


@situations("Of one part, once its action was verified")
def afterwards() -> Rows:
    for name, it, said in (
        ("never confirmed", part(PartState.ASKED, heard=None), "Its part was not declared done"),
        ("late", LATE, "Its part was not declared done"),
        ("done", DONE, "It has declared its part done"),
    ):
        yield name, parts.afterwards(it), said


@situations("Beside an action, of its supporting institutions")
def together() -> Rows:
    for name, them, said in (
        ("none", [], ""),
        ("one on time", [part()], ""),
        ("one late", [LATE], "The only supporting institution is late."),
        ("one of two late", [LATE, part()], "1 of 2 supporting institutions is late."),
        ("one late, one done late", [LATE, DONE], "1 of 2 supporting institutions is late."),
        ("two of three late", [LATE, LATE, part()], "2 of 3 supporting institutions are late."),
        ("both late", [LATE, LATE], "Both supporting institutions are late."),
        ("all three late", [LATE] * 3, "All 3 supporting institutions are late."),
        ("late and silent", [LATE, SILENT], "1 of 2 supporting institutions is late."),
        ("one silent", [SILENT, part()], "1 supporting institution has given no word for thirty days."),
        ("three silent", [SILENT] * 3, "3 supporting institutions have given no word for thirty days."),
        ("all done", [DONE, DONE], ""),
    ):
        yield name, parts.together(them, TODAY), said
