"""The days of a calendar: what is said in the square, what it is called for ever, which of too many are left out."""

import datetime as dt

import pytest

from app.domain import calendar_days
from app.domain.calendar_days import CalendarDay, DayKind
from app.wording import say_text

TODAY = dt.date(2026, 11, 23)
WHEN = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)


def day(number: int, **changes: object) -> CalendarDay:
    plain: dict[str, object] = {
        "kind": DayKind.ACTION, "key": str(number), "on": TODAY + dt.timedelta(number), "titles": {"fr": "Guide"},
        "path": "actions/x", "changed_at": WHEN,
    }  # fmt: skip
    return CalendarDay(**(plain | changes))  # type: ignore[arg-type]


def test_they_reach_ninety_days_back_and_two_years_ahead() -> None:
    assert calendar_days.reach(TODAY) == (dt.date(2026, 8, 25), dt.date(2028, 11, 23))


def test_they_stand_in_their_order_and_the_far_end_of_too_many_falls_off() -> None:
    many = [day(number % 1000, key=str(number)) for number in range(2_500)]

    shown = calendar_days.shown(many)

    assert len(shown) == calendar_days.MOST
    assert [one.on for one in shown] == sorted(one.on for one in many)[:2_000]
    assert shown == calendar_days.shown(many[::-1])


@pytest.mark.parametrize(
    ("kind", "lang", "said"),
    [
        (DayKind.ACTION, "en", "Deadline: Guide"),
        (DayKind.ACTION, "ar", "الأجل: Guide"),
        (DayKind.PART, "fr", "Échéance de votre part\u202f: Guide"),
        (DayKind.PART, "ar", "أجل مساهمتكم: Guide"),
        (DayKind.MILESTONE, "ar", "المرحلة: Guide"),
        (DayKind.TARGET, "fr", "Jour de la cible\u202f: Guide"),
        (DayKind.VALUE, "en", "Value awaited: Guide"),
    ],
)
def test_each_kind_of_day_is_told_apart(kind: DayKind, lang: str, said: str) -> None:
    message = calendar_days.said(kind, "Guide")

    assert not isinstance(message, str)
    assert say_text(message, lang) == said


def test_a_meeting_says_by_its_title_what_it_is() -> None:
    assert calendar_days.said(DayKind.MEETING, "Rencontre de Fès") == "Rencontre de Fès"


def test_one_thing_is_one_event_and_two_things_are_two() -> None:
    assert day(1).uid == day(1, on=TODAY).uid == "action-1"
    assert len({day(1, kind=kind).uid for kind in DayKind}) == len(DayKind)
