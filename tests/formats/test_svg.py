"""Where the marks of charts stand."""

import re
from datetime import date, timedelta
from itertools import pairwise

import pytest

from app.formats import svg
from app.rendering import environment

TODAY = date(2026, 11, 23)
START = date(2024, 11, 28)


def test_the_parts_of_a_bar_fill_it_and_keep_their_order() -> None:
    bar = svg.bar(implemented=2, under_way=3, late=1, not_begun=1, set_aside=1, mirror=False)
    assert bar.total == 7
    assert [part.kind for part in bar.parts] == ["implemented", "under_way", "late", "not_begun", "set_aside"]
    assert [part.count for part in bar.parts] == [2, 2, 1, 1, 1]
    assert sum(part.width for part in bar.parts) == pytest.approx(100, abs=0.05)
    assert bar.parts[0].x == 0


def test_an_arabic_bar_begins_at_the_right() -> None:
    plain = svg.bar(implemented=1, under_way=2, not_begun=5, mirror=False)
    mirrored = svg.bar(implemented=1, under_way=2, not_begun=5, mirror=True)
    for part, twin in zip(plain.parts, mirrored.parts, strict=True):
        assert part.kind == twin.kind
        assert part.x + part.width + twin.x == pytest.approx(100, abs=0.05)


def test_an_empty_bar_has_no_parts_and_divides_by_nothing() -> None:
    assert svg.bar(implemented=0, under_way=0, not_begun=0, mirror=False).parts == ()


def test_more_late_than_under_way_is_never_drawn() -> None:
    bar = svg.bar(implemented=0, under_way=2, late=5, not_begun=0, mirror=False)
    assert [(part.kind, part.count) for part in bar.parts] == [("late", 2)]


def test_a_number_stands_inside_only_where_it_fits() -> None:
    bar = svg.bar(implemented=1, under_way=0, not_begun=99, mirror=False)
    assert [part.middle is None for part in bar.parts] == [True, False]


def test_nothing_accepted_is_no_line() -> None:
    assert svg.burn_up(accepted=[], planned=[], verified=[], today=TODAY) is None
    assert svg.burn_up(accepted=[(START, 0)], planned=[], verified=[], today=TODAY) is None


def line(**changes: object) -> svg.ChartLine:
    given: dict[str, object] = {
        "accepted": [(START, 30), (START + timedelta(days=300), 96)],
        "planned": [(START + timedelta(days=20 * n), 2 * n) for n in range(1, 48)],
        "verified": [(START + timedelta(days=25 * n), n) for n in range(1, 29)],
        "today": TODAY,
    }
    made = svg.burn_up(**{**given, **changes})  # type: ignore[arg-type]
    assert made is not None
    return made


def test_the_line_steps_from_the_foot_and_ends_today_at_its_count() -> None:
    made = line()
    assert made.verified.startswith(f"M0 {svg.LINE_HEIGHT}H")
    assert made.verified.endswith(f"H{round(made.today_x * 10)}")
    assert {label.kind: label.value for label in made.labels} == {"accepted": 96, "planned": 72, "verified": 28}


def test_the_plan_goes_on_beyond_today_and_the_facts_do_not() -> None:
    made = line()
    assert made.end > TODAY
    assert made.planned.endswith(f"H{svg.LINE_WIDTH}")
    assert made.today_x < 100


def test_labels_never_stand_on_each_other() -> None:
    same = [(START, 10)]
    heights = [label.y for label in line(accepted=same, planned=same, verified=same).labels]
    assert all(lower - upper >= 18 for upper, lower in pairwise(heights))


def test_everything_on_one_day_still_has_a_width() -> None:
    made = line(accepted=[(TODAY, 3)], planned=[], verified=[])
    assert made.today_x == 0
    assert "nan" not in made.accepted


def test_years_of_daily_steps_weigh_no_more_than_a_chart_may() -> None:
    daily = [(START + timedelta(days=n), n) for n in range(1, 900)]
    made = line(accepted=[(START, 900)], planned=daily, verified=daily)
    assert len(draw("line", made)) < 4500
    assert made.labels[0].value == 900


def test_a_strip_shows_both_dates_of_what_moved_and_one_of_what_did_not() -> None:
    first, moved = date(2026, 3, 31), date(2026, 12, 5)
    strip = svg.deadlines([(first, moved, "open"), (moved, moved, "late")], TODAY)
    assert strip is not None
    assert strip.lines[0].from_x < (strip.lines[0].to_x or 0)
    assert strip.lines[1].to_x is None
    assert 0 < strip.today_x < 100
    assert svg.deadlines([], TODAY) is None


def test_silence_is_hatched_only_after_thirty_days_without_word() -> None:
    strip = svg.silence([date(2026, 9, 23)], date(2026, 9, 1), TODAY)
    assert len(strip.weeks) == 26
    assert strip.weeks[-1] == "late"
    assert strip.weeks.count("word") == 1
    after = strip.weeks[strip.weeks.index("word") + 1 :]
    assert list(after) == ["none"] * after.count("none") + ["late"] * after.count("late")
    assert set(strip.weeks[:13]) == {"before"}


def draw(macro: str, made: object, lang: str = "ar") -> str:
    source = '{% import "macros/charts.html" as charts %}{{ charts[macro](made, "<b>34</b> of 96") }}'
    return environment(lang).from_string(source).render(macro=macro, made=made)


@pytest.mark.parametrize("lang", ["ar", "fr"])
def test_every_drawing_has_a_title_its_own_direction_and_quoted_attributes(lang: str) -> None:
    drawings = {
        "bar": svg.bar(implemented=2, under_way=3, late=1, not_begun=1, mirror=lang == "ar"),
        "line": line(),
        "deadlines": svg.deadlines([(date(2026, 3, 31), None, "late")], TODAY),
        "silence": svg.silence([date(2026, 9, 23)], date(2026, 9, 1), TODAY),
    }
    for macro, made in drawings.items():
        drawn = draw(macro, made, lang)
        assert 'direction="ltr"' in drawn
        assert "<title>" in drawn
        assert " style=" not in drawn
        assert not re.search(r"=[^\"'\s>][^\s>]*/>", drawn)
        assert len(drawn.encode()) <= 3600, macro
