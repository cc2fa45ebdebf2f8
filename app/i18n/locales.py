"""Which languages there are, which one a reader gets and which way it runs."""

from functools import lru_cache

from babel import Locale

from app.domain.titles import LANGS

__all__ = ["LANGS", "direction", "locale", "negotiate"]

# Moroccan months (نونبر, غشت, دجنبر) and Western digits come with the territory.
_LOCALES = {"ar": "ar_MA", "fr": "fr_MA", "en": "en_GB"}


def direction(lang: str) -> str:
    """The value of `dir` for a page or a run of text in `lang`."""
    return "rtl" if lang == "ar" else "ltr"


@lru_cache
def locale(lang: str) -> Locale:
    """The Babel locale behind a language of ours."""
    return Locale.parse(_LOCALES[lang])


def negotiate(accept_language: str | None, default: str = "ar") -> str:
    """The best of our languages for an Accept-Language header; `default` when it names none of them."""
    wishes = [_wish(part) for part in (accept_language or "")[:1000].split(",")]
    ours = [(weight, lang) for weight, lang in wishes if lang in LANGS and weight > 0]
    return max(ours, key=lambda wish: wish[0])[1] if ours else default


def _wish(part: str) -> tuple[float, str]:
    tag, _, parameter = part.partition(";")
    lang = tag.strip().lower().partition("-")[0]
    name, _, weight = parameter.strip().partition("=")
    if name.strip() != "q":
        return 1.0, lang
    try:
        return float(weight), lang
    except ValueError:
        return 0.0, lang
