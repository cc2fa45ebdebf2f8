"""Whose words are spoken: the catalogue's own, or in mails an installation's where it says something otherwise.

A voice holds for what is written while it speaks, in its own language. Whatever keeps sentences keeps them by voice:
nothing that one has said is heard from another. No message, template or row is known here.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


class SpokenVoice:
    """Sentences of one language in other words than the catalogue's: by message id, in each form that numbers ask."""

    def __init__(self, lang: str, forms: Mapping[str, Sequence[str]]) -> None:
        self.lang, self.forms = lang, forms
        self.kept: dict[object, Any] = {}  # what was made of its words: caches, templates

    def said(self, text: str, many: str = "", form: int = 0) -> str | None:
        """Its own words; None where it has none, or not for that form."""
        own = self.forms.get(text)
        return own[form] if own is not None and form < len(own) else None


class Listener(SpokenVoice):
    """Says all as the catalogue does, and notes what is said: the message ids in their order, each with its plural."""

    def __init__(self, lang: str) -> None:
        super().__init__(lang, {})
        self.heard: dict[str, str] = {}

    def said(self, text: str, many: str = "", form: int = 0) -> str | None:
        self.heard.setdefault(text, many)
        return None


_SPEAKING: ContextVar[SpokenVoice | None] = ContextVar("voice", default=None)
current: Callable[[], SpokenVoice | None] = _SPEAKING.get


@contextmanager
def speaking(voice: SpokenVoice | None) -> Iterator[None]:
    token = _SPEAKING.set(voice)
    try:
        yield
    finally:
        _SPEAKING.reset(token)


def of(lang: str) -> SpokenVoice | None:
    """The one that speaks now, if it is of this language."""
    voice = _SPEAKING.get()
    return voice if voice is not None and voice.lang == lang else None


def remembered(maxsize: int) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """As lru_cache, each voice for itself."""

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        cached: Callable[[Callable[P, R]], Callable[P, R]] = lru_cache(maxsize)  # type: ignore[assignment]
        plain = cached(function)

        def remembering(*given: P.args, **named: P.kwargs) -> R:
            voice = _SPEAKING.get()
            if voice is None:
                return plain(*given, **named)
            own: Callable[P, R] = voice.kept.get(function) or voice.kept.setdefault(function, cached(function))
            return own(*given, **named)

        return remembering

    return decorate
