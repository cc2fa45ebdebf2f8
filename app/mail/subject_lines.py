"""Subjects: what and when first, a title shortened at a word, the reference last; nothing about bodies."""

from collections.abc import Callable, Sequence

from app.domain import mail_sentences
from app.domain.messages import Message
from app.domain.texts import one_line
from app.i18n.voices import remembered
from app.wording import say_text

LONGEST = 45  # characters before the reference: what a phone shows
_SHORTEST_TITLE = 12
_COMMA = {"ar": "، "}

Counts = tuple[tuple[str, int], ...]
Sentence = Callable[[str], Message]


def about(sentence: Sentence, lang: str, title: str, ref: str = "") -> str:
    """The subject of a mail about one thing; the sentence says everything of a title but the reference."""
    whole = _line(sentence(title), lang)
    if len(whole) > LONGEST:
        room = max(_SHORTEST_TITLE, LONGEST - (len(whole) - len(one_line(title))))
        whole = _line(sentence(shortened(title, room)), lang)
    return f"{whole} · {ref}" if ref else whole


@remembered(1024)
def counted(name: str, lang: str, counts: Counts, instead: str = "") -> str:
    """The subject of a mail about many: as many counts as a phone shows, and a sign if there are more."""
    parts = _spoken(lang, counts) or [instead]
    line = _of_several(name, lang, parts)
    for most in range(len(parts) - 1, 0, -1):
        if len(line) <= LONGEST:
            break
        line = _of_several(name, lang, [*parts[:most], "…"])
    return line


@remembered(1024)
def said(lang: str, counts: Counts) -> str:
    """`2 actions overdue, 3 due`; what is zero is not said."""
    return _joined(lang, _spoken(lang, counts))


def _spoken(lang: str, counts: Counts) -> list[str]:
    return [say_text(count, lang) for count in mail_sentences.counted(counts)]


def _joined(lang: str, parts: Sequence[str]) -> str:
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


def _of_several(name: str, lang: str, parts: Sequence[str]) -> str:
    return _line(mail_sentences.subject_of_several(name, _joined(lang, parts)), lang)


def _line(sentence: Message, lang: str) -> str:
    return one_line(say_text(sentence, lang))
