"""What stands above the lists: true for every number, and in words that agree with it."""

import datetime as dt

import pytest

from app.domain import list_heads
from app.domain.desk import DeskSection
from app.domain.messages import Counted, Message
from app.i18n.catalogues import form
from app.queries.followup.organisation_sections import OrganisationSection
from app.queries.followup.owed_actions import COUNTED

DAY = dt.date(2026, 12, 3)


@pytest.mark.parametrize(
    ("total", "is_more", "said"),
    [
        (0, False, "Nothing needs you"),
        (1, False, "1 thing needs you today"),
        (25, False, "25 things need you today"),
        (100, True, "More than a hundred things need you today"),
    ],
)
def test_the_desk_says_how_much_there_is(total: int, is_more: bool, said: str) -> None:
    assert str(list_heads.desk(total, is_more=is_more)) == said


@pytest.mark.parametrize(
    ("count", "next_on", "said"),
    [
        (0, None, "Nothing is due"),
        (0, DAY, "Nothing is due. Next deadline: 2026-12-03"),
        (1, DAY, "1 action waits for you"),
        (3, None, "3 actions wait for you"),
    ],
)
def test_one_s_own_actions_say_what_waits_or_comes_next(count: int, next_on: dt.date | None, said: str) -> None:
    assert str(list_heads.mine(count, next_on, is_more=False)) == said


def test_lateness_is_said_where_there_is_some() -> None:
    assert list_heads.late(0, 100) is None
    assert [str(list_heads.late(count, 100)) for count in (1, 2, 101)] == [
        "1 action is late",
        "2 actions are late",
        "More than a hundred actions are late",
    ]


def test_an_organisation_says_first_whether_it_is_late() -> None:
    assert [str(list_heads.organisation(count, 100)) for count in (0, 1, 2, 101)] == [
        "Nothing of your organisation is late",
        "1 action of your organisation is late",
        "2 actions of your organisation are late",
        "More than a hundred actions of your organisation are late",
    ]


@pytest.mark.parametrize("name", [*DeskSection, *COUNTED, *OrganisationSection])
def test_every_section_says_what_it_counts_and_that_it_stopped_counting(name: str) -> None:
    head = list_heads.section(name, 7, 100)
    more = list_heads.section(name, 101, 100)

    assert isinstance(head, Counted)
    assert (head.number, head.params["num"]) == (7, 7)
    assert more == Message("At least %(counted)s", counted=list_heads.section(name, 100, 100))


def test_the_list_of_actions_says_what_it_is_narrowed_to() -> None:
    said = [
        list_heads.actions(state, is_overdue=late) for state, late in (("open", True), ("open", False), ("all", False))
    ]
    assert list(map(str, said)) == [
        "Overdue actions",
        "Open actions, the earliest deadline first",
        "Actions, the earliest deadline first",
    ]


def test_arabic_counts_actions_in_the_masculine_and_recommendations_in_the_feminine() -> None:
    late = [form("ar", list_heads.section("late", number, 100)) for number in (1, 2, 3, 11, 100)]
    unplanned = [form("ar", list_heads.section("unplanned", number, 100)) for number in (1, 2, 3, 11)]

    assert late == [
        "إجراء واحد متأخر",
        "إجراءان متأخران",
        "%(num)s إجراءات متأخرة",
        "%(num)s إجراء متأخرا",
        "%(num)s إجراء متأخر",
    ]
    assert unplanned == [
        "توصية واحدة مقبولة بدون إجراء",
        "توصيتان مقبولتان بدون إجراء",
        "%(num)s توصيات مقبولة بدون إجراء",
        "%(num)s توصية مقبولة بدون إجراء",
    ]
