"""The one way from a template to text: an environment per language, with its words, dates, numbers and marks.

Plain words come from app.i18n; this room only wraps them in HTML. No request, session or row is known here.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import lru_cache, partial
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape

from app import assets
from app.config import TEMPLATES, settings
from app.domain.marks import ACTION_LEADS, RECOMMENDATION_LEADS, Lead
from app.domain.messages import Message
from app.domain.texts import pick
from app.domain.workflow import State
from app.i18n import catalogues, dates, labels, numbers
from app.i18n.locales import LANGS, direction
from app.i18n.spoken import SpokenEnvironment

LANGUAGE_NAMES = {"ar": "العربية", "fr": "Français", "en": "English"}
# Time runs left to right in every language until readers have been asked; charts of shares mirror.
CHART_TIME = "ltr"


def render(template: str, lang: str, **context: object) -> str:
    """The template in the language; a name that the context lacks is an error, not an empty string."""
    return environment(lang).get_template(template).render(context)


@lru_cache(maxsize=len(LANGS))
def environment(lang: str) -> Environment:
    """One environment per language, so that threads never share a catalogue and compiled templates stay."""
    env = SpokenEnvironment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(disabled_extensions=("txt",), default=True),
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        auto_reload=False,
        cache_size=-1,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.lang = lang
    env.policies["ext.i18n.trimmed"] = True
    catalogue = catalogues.catalogue(lang)
    env.install_gettext_translations(catalogue, newstyle=True)  # type: ignore[attr-defined]
    env.filters.update(_filters(lang))
    env.globals.update(_globals(lang))
    env.globals.update(_marks(env))
    env.filters["chips"] = env.globals["chips"]  # in long lists: a filter is called with less ado than a global
    return env


def _filters(lang: str) -> dict[str, Callable[..., str]]:
    """By name in a template; those ending in _text are for mails, feeds, `<title>` and attributes."""
    return {
        "ltr": ltr,
        "bdi": bdi,
        "isolate": isolate,
        "titled": partial(titled, lang=lang),
        "day": partial(day, lang=lang),
        "when": partial(when, lang=lang),
        "moment": partial(moment, lang=lang),
        "clock": partial(clock, lang=lang),
        "number": partial(number, lang=lang),
        "percent": partial(percent, lang=lang),
        "size": partial(size, lang=lang),
        "say": partial(say, lang=lang),
        "days": partial(dates.days, lang=lang),
        "label": partial(labels.label, lang=lang),
        "day_text": partial(day_text, lang=lang),
        "weekday_text": partial(dates.weekday, lang=lang),
        "month_text": partial(dates.month, lang=lang),
        "when_text": partial(when_text, lang=lang),
        "moment_text": partial(moment_text, lang=lang),
        "clock_text": partial(clock_text, lang=lang),
        "number_text": partial(numbers.number, lang=lang),
        "percent_text": partial(numbers.percent, lang=lang),
        "say_text": partial(say_text, lang=lang),
        "title_text": partial(title_text, lang=lang),
    }


def _globals(lang: str) -> dict[str, object]:
    return {
        "lang": lang,
        "dir": direction(lang),
        "direction": direction,
        "chart_time": CHART_TIME,
        "languages": LANGUAGE_NAMES,
        "asset": assets.url,
        "inline_css": lambda name: Markup(assets.inline_css(name)[0]),  # noqa: S704 - our own file
        "titled": partial(titled, lang=lang),
        "status_word": partial(labels.status_word, lang=lang),
        "flag_word": partial(labels.flag_word, lang=lang),
    }


def _marks(env: Environment) -> dict[str, object]:
    """The macros that stand in every row, remembered: their few hundred answers are asked for thousands of times."""
    env.tests["of_action"] = lambda member: isinstance(member, State)
    env.globals["LEADS"] = {**_plain(ACTION_LEADS), **_plain(RECOMMENDATION_LEADS)}
    module: Any = env.get_template("macros/marks.html").module
    remember = lru_cache(maxsize=1024, typed=True)  # typed: State.VERIFIED and Evidence.VERIFIED are equal as strings
    return {name: remember(getattr(module, name)) for name in ("chip", "chips", "flag", "glyph")}


def _plain(leads: Mapping[Any, Lead]) -> dict[str, str]:
    return {str(member): str(lead) for member, lead in leads.items()}


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


@lru_cache(maxsize=4096)
def _foreign(text: str, lang: str) -> Markup:
    return Markup('<bdi lang="{}" dir="{}">{}</bdi>').format(lang, direction(lang), text)


def title_text(titles: Mapping[str, str], lang: str) -> str:
    return pick(titles, lang)[0]


@lru_cache(maxsize=4096)
def day(value: date | datetime, lang: str) -> Markup:
    on = dates.day_of(value, settings().zone)
    return Markup('<time datetime="{}">{}</time>').format(on.isoformat(), dates.day(on, lang))


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


def number(value: int | float, lang: str) -> str:
    words = numbers.number(value, lang)
    return words if words.isdigit() else ltr(words)


def percent(value: int | float, lang: str) -> Markup:
    return ltr(numbers.percent(value, lang))


def size(count: int, lang: str) -> Markup:
    return ltr(numbers.size(count, lang))


def say(message: Message | str, lang: str) -> Markup:
    """A message from the domain in the reader's language, each value in it isolated."""
    if isinstance(message, str):
        return escape(catalogues.gettext(lang, message))
    values = {name: _shown(value, lang) for name, value in message.params.items()}
    sentence = escape(catalogues.form(lang, message))
    return sentence % values if values else sentence


def _shown(value: object, lang: str) -> Markup:
    if isinstance(value, Message):
        return say(value, lang)
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
    if isinstance(value, Message):
        return say_text(value, lang)
    return day_text(value, lang) if isinstance(value, date) else _word(value, lang)


def _word(value: object, lang: str) -> object:
    return labels.label(value, lang) if type(value).__name__ in labels.LABELS and isinstance(value, StrEnum) else value
