"""Which languages there are, which one a reader gets and which way it runs."""

from app.domain.texts import LANGS

__all__ = ["LANGS", "direction", "negotiate"]


def direction(lang: str) -> str:
    """The value of `dir` for a page or a run of text in `lang`."""
    return "rtl" if lang == "ar" else "ltr"


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
