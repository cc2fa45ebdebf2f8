"""Subjects: what and when first, a title shortened at a word, the reference last; nothing about bodies."""

from collections.abc import Callable, Sequence
from functools import lru_cache

from app.domain.texts import one_line
from app.i18n.catalogues import ngettext
from app.rendering import render

LONGEST = 45  # characters before the reference: what a phone shows
_SHORTEST_TITLE = 12
_COMMA = {"ar": "، "}

Counts = Sequence[tuple[str, int]]


def about(name: str, lang: str, title: str, ref: str, **context: object) -> str:
    """The subject of a mail about one thing; its template says everything but the reference."""
    whole = _line(name, lang, title=title, **context)
    if len(whole) > LONGEST:
        room = max(_SHORTEST_TITLE, LONGEST - (len(whole) - len(one_line(title))))
        whole = _line(name, lang, title=shortened(title, room), **context)
    return f"{whole} · {ref}" if ref else whole


def counted(name: str, lang: str, counts: Counts) -> str:
    """The subject of a mail about many: as many counts as a phone shows, and a sign if there are more."""
    said = spoken(lang, counts) or [""]
    line = _counted(name, lang, joined(lang, said))
    for most in range(len(said) - 1, 0, -1):
        if len(line) <= LONGEST:
            break
        line = _counted(name, lang, joined(lang, [*said[:most], "…"]))
    return line


@lru_cache(maxsize=1024)
def _counted(name: str, lang: str, counts: str) -> str:
    """A morning brings the same counts to many."""
    return _line(name, lang, counts=counts, item=None)


def spoken(lang: str, counts: Counts) -> list[str]:
    """`2 overdue`, `3 due`; what is zero is not said."""
    return [_COUNTED[what](lang, number) % {"num": number} for what, number in counts if number]


def joined(lang: str, parts: Sequence[str]) -> str:
    return _COMMA.get(lang, ", ").join(parts)


def shortened(title: str, room: int) -> str:
    """At the end of a word, and only inside one when it is longer than the room."""
    title = one_line(title)
    if len(title) <= room:
        return title
    cut = title[: room - 1]
    if not title[room - 1].isspace():
        cut = cut.rpartition(" ")[0] or cut
    return cut.rstrip(" ,،;؛:.-") + "…"


def _line(name: str, lang: str, **context: object) -> str:
    return one_line(render(f"mail/{name}/subject.txt", lang, **context))


def _overdue(lang: str, number: int) -> str:
    return ngettext(lang, "%(num)s overdue", "%(num)s overdue", number)


def _due(lang: str, number: int) -> str:
    return ngettext(lang, "%(num)s due", "%(num)s due", number)


def _confirm(lang: str, number: int) -> str:
    return ngettext(lang, "%(num)s to confirm", "%(num)s to confirm", number)


def _blocked(lang: str, number: int) -> str:
    return ngettext(lang, "%(num)s blocked", "%(num)s blocked", number)


def _waiting(lang: str, number: int) -> str:
    return ngettext(lang, "%(num)s waiting for you", "%(num)s waiting for you", number)


def _changed(lang: str, number: int) -> str:
    return ngettext(lang, "%(num)s change", "%(num)s changes", number)


def _verify(lang: str, number: int) -> str:
    return ngettext(lang, "%(num)s to verify", "%(num)s to verify", number)


def _requests(lang: str, number: int) -> str:
    return ngettext(lang, "%(num)s request", "%(num)s requests", number)


def _silent(lang: str, number: int) -> str:
    return ngettext(lang, "%(num)s without an update", "%(num)s without an update", number)


def _failed(lang: str, number: int) -> str:
    return ngettext(lang, "%(num)s failed mail", "%(num)s failed mails", number)


_COUNTED: dict[str, Callable[[str, int], str]] = {
    "overdue": _overdue,
    "due": _due,
    "confirm": _confirm,
    "blocked": _blocked,
    "waiting": _waiting,
    "changed": _changed,
    "verification": _verify,
    "requests": _requests,
    "silence": _silent,
    "failures": _failed,
}
ORDER = list(_COUNTED)
