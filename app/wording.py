"""Values and messages in the reader's language, for pages as marked text and for mails as plain text.

Plain words come from app.i18n; this room wraps and isolates them. No template, request, session or row is known here.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache

from markupsafe import Markup, escape

from app.config import settings
from app.domain.messages import Message, When
from app.domain.texts import pick
from app.domain.translations import outdated
from app.i18n import catalogues, dates, labels, numbers
from app.i18n.locales import direction


@lru_cache(maxsize=4096)
def ltr(value: object) -> Markup:
    """A reference, number with a sign, phone, address: left to right in any line."""
    return Markup('<bdi dir="ltr">{}</bdi>').format(value)


@lru_cache(maxsize=4096)
def bdi(value: object) -> Markup:
    """A name or title that somebody typed: by its own first letter."""
    return Markup("<bdi>{}</bdi>").format(value)


def isolate(value: object) -> str:
    """The same for plain text."""
    return f"\u2068{value}\u2069"


def titled(titles: Mapping[str, str], lang: str) -> Markup:
    """A title in the reader's language, or in the one it has, marked as such."""
    text, own = pick(titles, lang)
    return bdi(text) if own == lang else _foreign(text, own)


def changed_original(titles: Mapping[str, str], made_of: Mapping[str, list[str]] | None, lang: str) -> str:
    """The language of the original where it has changed since what the reader is shown was written, else empty."""
    return outdated(titles, made_of, pick(titles, lang)[1]) if made_of else ""


@lru_cache(maxsize=4096)
def _foreign(text: str, lang: str) -> Markup:
    return Markup('<bdi lang="{}" dir="{}">{}</bdi>').format(lang, direction(lang), text)


def title_text(titles: Mapping[str, str], lang: str) -> str:
    return pick(titles, lang)[0]


@lru_cache(maxsize=4096)
def day(value: date | datetime, lang: str) -> Markup:
    on = dates.day_of(value, settings().zone)
    return Markup('<time datetime="{}">{}</time>').format(on.isoformat(), dates.day(on, lang))


@lru_cache(maxsize=4096)
def day_text(value: date | datetime, lang: str) -> str:
    return dates.day(dates.day_of(value, settings().zone), lang)


@lru_cache(maxsize=4096)
def when(value: date | datetime, today: date, lang: str) -> Markup:
    on = dates.day_of(value, settings().zone)
    words = dates.when(on, today, lang)
    return Markup('<time datetime="{}" title="{}">{}</time>').format(on.isoformat(), dates.day(on, lang), words)


def when_text(value: date | datetime, today: date, lang: str) -> str:
    return dates.when(dates.day_of(value, settings().zone), today, lang)


def moment(value: datetime, lang: str) -> Markup:
    return _instant(value, moment_text(value, lang))


def moment_text(value: datetime, lang: str) -> str:
    return dates.moment(value, lang, settings().zone)


def clock(value: datetime, lang: str) -> Markup:
    return _instant(value, clock_text(value, lang))


def clock_text(value: datetime, lang: str) -> str:
    return dates.time_of_day(value, lang, settings().zone)


def _instant(value: datetime, words: str) -> Markup:
    return Markup('<time datetime="{:%Y-%m-%dT%H:%M:%SZ}">{}</time>').format(value.astimezone(UTC), words)


def number(value: int | float | Decimal, lang: str) -> str:
    words = numbers.number(value, lang)
    return words if words.isdigit() else ltr(words)


def percent(value: int | float, lang: str) -> Markup:
    return ltr(numbers.percent(value, lang))


def size(count: int, lang: str) -> Markup:
    return ltr(numbers.size(count, lang))


def say(message: Message | str, lang: str, figure: str = "") -> Markup:
    """A message from the domain in the reader's language, each value isolated; `figure`: the one that stands out."""
    if isinstance(message, str):
        return escape(catalogues.gettext(lang, message))
    sentence = escape(catalogues.form(lang, message))
    if not message.params:
        return sentence
    values = {name: _shown(value, lang, figure) for name, value in message.params.items()}
    if figure in values:
        values[figure] = Markup('<b class="figure">{}</b>').format(values[figure])
    return Markup(str(sentence) % values)  # noqa: S704 - the sentence and each value are escaped


def _shown(value: object, lang: str, figure: str = "") -> Markup | str:
    kind = type(value)
    if kind is int or kind is Decimal:
        return number(value, lang)  # type: ignore[arg-type]
    if isinstance(value, Message):
        return say(value, lang, figure)
    if kind is When:
        return when(value.on, value.today, lang)  # type: ignore[attr-defined]
    if kind is float:
        return percent(value * 100, lang)  # type: ignore[operator]
    return day(value, lang) if isinstance(value, date) else bdi(_word(value, lang))


def say_text(message: Message | str, lang: str) -> str:
    """The same as plain text."""
    if isinstance(message, str):
        return catalogues.gettext(lang, message)
    values = {name: _told(value, lang) for name, value in message.params.items()}
    sentence = catalogues.form(lang, message)
    return sentence % values if values else sentence


def say_isolated(message: Message, lang: str) -> str:
    """The same with each value isolated that is no number and no sentence of ours."""
    values = {
        name: _told(value, lang) if isinstance(value, Message | int) else isolate(_told(value, lang))
        for name, value in message.params.items()
    }
    sentence = catalogues.form(lang, message)
    return sentence % values if values else sentence


def _told(value: object, lang: str) -> object:
    match value:
        case Message():
            return say_text(value, lang)
        case When(on, today):
            return when_text(on, today, lang)
        case date():
            return day_text(value, lang)
        case Decimal():
            return numbers.number(value, lang)
        case int() | float():
            return numbers.number(value, lang) if isinstance(value, int) else numbers.percent(value * 100, lang)
    return _word(value, lang)


def _word(value: object, lang: str) -> object:
    return labels.label(value, lang) if type(value).__name__ in labels.LABELS and isinstance(value, StrEnum) else value
