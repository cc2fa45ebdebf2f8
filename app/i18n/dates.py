"""Dates, moments and spans of days in words, as plain text: pages wrap them, mails take them as they are."""

from datetime import date, datetime, tzinfo
from functools import lru_cache

from app.domain import messages
from app.domain.messages import N_
from app.i18n.catalogues import gettext, ngettext, translate
from app.i18n.cldr import MONTHS, WEEKDAYS

# Beyond two months a span of days says less than the date itself.
FAR = 60


@lru_cache(maxsize=4096)
def day(value: date, lang: str) -> str:
    """30 novembre 2026 · 1er décembre 2026 · 30 نونبر 2026"""
    number = "1er" if lang == "fr" and value.day == 1 else str(value.day)
    return f"{number} {month(value, lang)}"


@lru_cache(maxsize=1024)
def weekday(value: date, lang: str) -> str:
    """lundi 30 novembre 2026"""
    return f"{weekday_name(value.weekday(), lang)} {day(value, lang)}"


def weekday_name(number: int, lang: str) -> str:
    """lundi, for 0"""
    return WEEKDAYS[lang][number]


@lru_cache(maxsize=1024)
def month(value: date, lang: str) -> str:
    """novembre 2026"""
    return f"{MONTHS[lang][value.month - 1]} {value.year}"


def time_of_day(value: datetime, lang: str, zone: tzinfo) -> str:
    """10:42 · 10 h 42, on the clock of the installation."""
    here = value.astimezone(zone)
    return f"{here.hour}\u00a0h\u00a0{here.minute:02}" if lang == "fr" else f"{here:%H:%M}"


@lru_cache(maxsize=4096)
def moment(value: datetime, lang: str, zone: tzinfo) -> str:
    """23 November 2026 at 10:42"""
    sentence = gettext(lang, N_("%(day)s at %(time)s"))
    return sentence % {"day": day(day_of(value, zone), lang), "time": time_of_day(value, lang, zone)}


def day_of(value: date | datetime, zone: tzinfo) -> date:
    """The local date of an instant; a date is its own."""
    return value.astimezone(zone).date() if isinstance(value, datetime) else value


@lru_cache(maxsize=4096)
def when(value: date, today: date, lang: str) -> str:
    """in 12 days · today · 3 days ago; the date itself when it is far."""
    away = (value - today).days
    if abs(away) > FAR:
        return day(value, lang)
    return translate(lang, messages.away(away))


@lru_cache(maxsize=1024)
def days(count: int, lang: str) -> str:
    """1 day · 12 days, in the six Arabic forms."""
    return ngettext(lang, "%(num)s day", "%(num)s days", count) % {"num": count}
