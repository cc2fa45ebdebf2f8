"""The one way from a template to text: an environment per language, with its words, dates, numbers and marks.

What each value looks like is said in app.wording. No request, session or row is known here.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache, partial
from threading import Lock
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from app import assets, wording
from app.config import TEMPLATES
from app.domain import documents, wordings
from app.domain.marks import ACTION_LEADS, RECOMMENDATION_LEADS, Lead
from app.domain.sentences import translations
from app.domain.translations import outdated
from app.domain.workflow import State
from app.i18n import catalogues, dates, labels, numbers, voices
from app.i18n.locales import direction
from app.i18n.spoken import SpokenEnvironment

LANGUAGE_NAMES = {"ar": "العربية", "fr": "Français", "en": "English"}
# Time runs left to right in every language until readers have been asked; charts of shares mirror.
CHART_TIME = "ltr"
# A cache would make one for each thread that is first at the same moment, and what mails put into theirs would be lost.
_environments: dict[str, Environment] = {}
_making = Lock()


def render(template: str, lang: str, **context: object) -> str:
    """The template in the language; a name that the context lacks is an error, not an empty string."""
    return environment(lang).get_template(template).render(context)


def environment(lang: str) -> Environment:
    """One per language, so that compiled templates stay, and what is put into it is found by every thread.

    And one per voice with words of its own, since sentences are written into compiled templates.
    """
    voice = voices.of(lang)
    if voice is not None and voice.forms:
        return voice.kept.get(lang) or _made_once(lang, voice.kept)
    return _environments.get(lang) or _made_once(lang, _environments)


def _made_once(lang: str, among: dict[Any, Any]) -> Environment:
    with _making:
        if lang not in among:
            among[lang] = _made(lang)
        made: Environment = among[lang]
        return made


def _made(lang: str) -> Environment:
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
    env.filters["row_chips"] = env.globals["row_chips"]  # in long lists: a filter is called with less ado than a global
    return env


def _filters(lang: str) -> dict[str, Callable[..., str]]:
    """By name in a template; those ending in _text are for mails, feeds, `<title>` and attributes."""
    return {
        "ltr": wording.ltr,
        "bdi": wording.bdi,
        "isolate": wording.isolate,
        "titled": partial(wording.titled, lang=lang),
        "day": partial(wording.day, lang=lang),
        "when": partial(wording.when, lang=lang),
        "moment": partial(wording.moment, lang=lang),
        "clock": partial(wording.clock, lang=lang),
        "number": partial(wording.number, lang=lang),
        "percent": partial(wording.percent, lang=lang),
        "size": partial(wording.size, lang=lang),
        "say": partial(wording.say, lang=lang),
        "days": partial(dates.days, lang=lang),
        "label": partial(labels.label, lang=lang),
        "day_text": partial(wording.day_text, lang=lang),
        "weekday_text": partial(dates.weekday, lang=lang),
        "month_text": partial(dates.month, lang=lang),
        "when_text": partial(wording.when_text, lang=lang),
        "moment_text": partial(wording.moment_text, lang=lang),
        "clock_text": partial(wording.clock_text, lang=lang),
        "number_text": partial(numbers.number, lang=lang),
        "percent_text": partial(numbers.percent, lang=lang),
        "say_text": partial(wording.say_text, lang=lang),
        "title_text": partial(wording.title_text, lang=lang),
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
        "titled": partial(wording.titled, lang=lang),
        "changed_original": partial(wording.changed_original, lang=lang),
        "outdated_in": outdated,
        "changed_since": translations.changed_since,
        "original_in": translations.original_in,
        "translated_into": translations.into,
        "moved_since": translations.moved_since,
        "status_word": partial(labels.status_word, lang=lang),
        "going_on": partial(labels.going_on, lang),
        "accept_documents": documents.ACCEPT,
        "pieces_of_wording": wordings.pieces,
        "flag_word": partial(labels.flag_word, lang=lang),
    }


def _marks(env: Environment) -> dict[str, object]:
    """The macros that stand in every row, remembered: their few hundred answers are asked for thousands of times."""
    env.tests["of_action"] = lambda member: isinstance(member, State)
    env.globals["LEADS"] = {**_plain(ACTION_LEADS), **_plain(RECOMMENDATION_LEADS)}
    module: Any = env.get_template("macros/marks.html").module
    remember = lru_cache(maxsize=1024, typed=True)  # typed: State.VERIFIED and Evidence.VERIFIED are equal as strings
    return {name: remember(getattr(module, name)) for name in ("chip", "chips", "row_chips", "flag", "glyph")}


def _plain(leads: Mapping[Any, Lead]) -> dict[str, str]:
    return {str(member): str(lead) for member, lead in leads.items()}
