"""Time limits in words: where one stands in a sentence, and which day it means; what has no day has none here."""

import calendar
import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import cast

from app.intake.lexicon import Lexicon, lexicon
from app.intake.page import page

_ARABIC = re.compile("[\u0620-\u064a]")
_DAY_FIRST = re.compile(r"(?<!\d)(\d{1,2})[/.-](\d{1,2})[/.-]((?:\d\d)?\d\d)(?!\d)")
_YEAR_FIRST = re.compile(r"(?<!\d)(\d{4})-(\d\d)-(\d\d)(?!\d)")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")
_DAY = re.compile(r"(?<![\d./-])(\d{1,2})(?:st|nd|rd|th|er)?(?![\d./-])")
_FIRST = re.compile(r"\bفاتح\b|\b1er\b")
_BEFORE = re.compile(r"\bقبل\b|\bavant\b|\bbefore\b|\bprior to\b")
_HORIZON = re.compile(r"\bافق\b|بحلول|حدود|\bغايه|\bpour\b|horizon|\bd'ici\b|\bby\b|\bfor\b|\bin\b|\ben\b|برسم|خلال")
_YEAR_WORD = re.compile(r"\b(?:ال)?(?:سنة|عام)\b|\bannee\b|\ban\b|\bexercice\b|\byear\b")
_MONTH_WORD = re.compile(r"\b(?:ال)?شهر\b|\bmois\b|\bmonth\b")
_SHORT_PERIOD = re.compile(r"\b[ts]([1-4])\b|\b[qh]([1-4])\b")
_EARLY_DAY, _MIDDLE_DAY = 10, 15


def find(plain: str, start: int, end: int, words: Lexicon) -> tuple[int, int] | None:
    """The first time limit in a folded text, as a place."""
    match = words["deadline"].search(plain, start, end)
    return (match.start(), match.start() + len(match[0].rstrip())) if match else None


def due_on(deadline: str, today: date | None = None, lang: str | None = None) -> date | None:
    """The day a verbatim time limit means. Without `today` (the day of the meeting) only full dates have one.

    A period means its last day, "early" its tenth and "mid" its fifteenth; "before 2027" is the last day of 2026.
    """
    plain = page(deadline).plain
    guesses = [lang] if lang else ["ar"] if _ARABIC.search(plain) else sorted(("fr", "en"), key=_knows(plain))
    try:
        return next((day for guess in guesses for day in _readings(plain, today, lexicon(guess))), None)
    except (ValueError, OverflowError):
        return None


def _knows(plain: str) -> Callable[[str], int]:
    """Sorts the language first that finds the longer time limit in the words."""

    def shortness(lang: str) -> int:
        place = find(plain, 0, len(plain), lexicon(lang))
        return place[0] - place[1] if place else 0

    return shortness


def _readings(plain: str, today: date | None, words: Lexicon) -> Iterator[date]:
    for reading in (_numeric, _after_a_while, _period, _day_and_month, _whole_year):
        day = reading(plain, today, words)
        if day is not None:
            yield day


def _numeric(plain: str, today: date | None, words: Lexicon) -> date | None:
    if match := _YEAR_FIRST.search(plain):
        return date(int(match[1]), int(match[2]), int(match[3]))
    if match := _DAY_FIRST.search(plain):
        year = int(match[3])
        return date(year if year > 99 else 2000 + year, int(match[2]), int(match[1]))
    return None


def _after_a_while(plain: str, today: date | None, words: Lexicon) -> date | None:
    """Six months from the meeting; a while that runs from something else has no day yet."""
    if any(pattern.search(plain) for pattern in (_YEAR, words["month"], words["at_end"], words["at_start"])):
        return None
    match = words["span"].search(plain)
    if match is None or today is None or words["later"].search(plain) or not _names_a_while(match[0], words):
        return None
    if dual := words["dual"].search(match[0]):
        return _add(today, 2, str(words.tables["duals"][dual[0]]))
    unit = cast("re.Match[str]", words["unit"].search(match[0]))
    return _add(today, _count(match[0], words), str(words.tables["units"][unit[0]]))


def _names_a_while(text: str, words: Lexicon) -> bool:
    return bool(words["unit"].search(text) or words["dual"].search(text))


def _count(text: str, words: Lexicon) -> int:
    if digits := re.search(r"\d{1,3}", text):
        return int(digits[0])
    numbers = words["number"].findall(text)
    return int(words.tables["numbers"][numbers[-1]]) if numbers else 1


def _add(day: date, count: int, unit: str) -> date:
    if unit in ("day", "week"):
        return day + timedelta(days=count * (7 if unit == "week" else 1))
    months = day.month - 1 + count * (12 if unit == "year" else 1)
    year, month = day.year + months // 12, months % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def _period(plain: str, today: date | None, words: Lexicon) -> date | None:
    """A quarter or half of a year."""
    match, months = words["quarter"].search(plain), 3
    if match is None:
        match, months = words["half"].search(plain), 6
    year = _year(plain, today, words)
    if match is None or year is None:
        return None
    ordinal = words["ordinal"].search(match[0])
    short = _SHORT_PERIOD.search(match[0])
    number = int(words.tables["ordinals"][ordinal[0]]) if ordinal else int(short[1] or short[2]) if short else 0
    if not 1 <= number <= 12 // months:
        return None
    if _BEFORE.search(plain) and words["at_start"].search(plain):
        return date(year, (number - 1) * months + 1, 1) - timedelta(days=1)
    return _last_day(year, number * months)


def _day_and_month(plain: str, today: date | None, words: Lexicon) -> date | None:
    match = words["month"].search(plain)
    if match is None:
        return None
    month = int(words.tables["months"][match[0]])
    around = _YEAR.sub(" ", plain[: match.end() + 6])
    named = _DAY.search(around)
    number = int(named[1]) if named else 1 if _FIRST.search(plain) else None
    year = int(found[1]) if (found := _YEAR.search(plain)) else None
    if year is not None:
        return _in_month(plain, year, month, number, words)
    if today is None:
        return None
    day = _in_month(plain, today.year, month, number, words)
    return day if day >= today else _in_month(plain, today.year + 1, month, number, words)


def _in_month(plain: str, year: int, month: int, number: int | None, words: Lexicon) -> date:
    if number is not None:
        return date(year, month, number)
    if words["at_end"].search(plain):
        return _last_day(year, month)
    if words["at_start"].search(plain):
        return date(year, month, 1) - timedelta(days=1) if _BEFORE.search(plain) else date(year, month, _EARLY_DAY)
    if words["middle"].search(plain):
        return date(year, month, _MIDDLE_DAY)
    return date(year, month, 1) - timedelta(days=1) if _BEFORE.search(plain) else _last_day(year, month)


def _whole_year(plain: str, today: date | None, words: Lexicon) -> date | None:
    is_end = bool(words["at_end"].search(plain))
    if today and is_end and _MONTH_WORD.search(plain) and not _YEAR.search(plain):
        return _last_day(today.year, today.month)
    year = _year(plain, today, words)
    if year is None or not (is_end or _BEFORE.search(plain) or _HORIZON.search(plain)):
        return None
    before = _BEFORE.search(plain) and not is_end
    return date(year - 1 if before else year, 12, 31)


def _year(plain: str, today: date | None, words: Lexicon) -> int | None:
    if match := _YEAR.search(plain):
        return int(match[1])
    if today is None or not (_YEAR_WORD.search(plain) or words["quarter"].search(plain) or words["half"].search(plain)):
        return None
    return today.year + 1 if words["next"].search(plain) else today.year


def _last_day(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])
