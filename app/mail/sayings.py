"""What each mail says: its sentences, found in its templates and by listening to its example letters; no words here.

A new kind of mail is listed once it has templates and an example letter. What the whole house says, the words of
states and the distance of days, is not a mail's own: it reads there as on the pages.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from app.config import TEMPLATES
from app.domain import messages
from app.domain.messages import C_
from app.i18n import labels, voices
from app.mail.specimens import everywhere, situations
from app.mail.specimens.situations import Letter
from app.rendering import environment

COMMON = "all"  # the name of what is no one mail's
FEW = 4  # mails: what more of them say is common to all
_LANG = "en"  # to listen in: every language says the same sentences
_HOUSE = frozenset(
    {word for words in labels.LABELS.values() for word in words.values()}
    | {messages.away(days).text for days in range(-2, 3)}
)


class MailSentence(NamedTuple):
    """One that mails say: its message id, and that of its plural where a number bends it."""

    text: str
    many: str = ""

    @property
    def key(self) -> str:
        """Its name in addresses."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:16]


def names() -> list[str]:
    """Of all mails, by their templates."""
    return list(_said())


def of(name: str) -> tuple[MailSentence, ...]:
    """What this mail says and few others do, in about the order in which it is read; of COMMON, what many say."""
    common = _common()
    if name == COMMON:
        return tuple(common)
    return tuple(sentence for sentence in _said().get(name, ()) if sentence not in common)


def saying(text: str) -> list[str]:
    """The mails that say it; [COMMON] where many do, nothing where none does any more."""
    if any(sentence.text == text for sentence in _common()):
        return [COMMON]
    return [name for name, said in _said().items() if any(sentence.text == text for sentence in said)]


@lru_cache(maxsize=1)
def _common() -> Mapping[MailSentence, None]:
    shared = {sentence: None for path in sorted((TEMPLATES / "mail").glob("*.*")) for sentence in _written(path.name)}
    counts = Counter(sentence for said in _said().values() for sentence in said)
    any_may = [sentence for sentence in _heard(everywhere.LETTERS) if sentence not in _said()[everywhere.PLAIN]]
    often = [sentence for sentence, number in counts.items() if number > FEW]
    return {sentence: None for sentence in [*shared, *often, *any_may] if sentence.text not in _HOUSE}


@lru_cache(maxsize=1)
def _said() -> Mapping[str, tuple[MailSentence, ...]]:
    return {name: tuple(_own(name)) for name in sorted(situations.LETTERS)}


def _own(name: str) -> Iterable[MailSentence]:
    written = dict.fromkeys([*_written(f"{name}/body.txt"), *_written(f"{name}/body.html")])
    heard = [sentence for sentence in _heard(situations.of(name)) if sentence not in written]
    return [sentence for sentence in [*heard, *written] if sentence.text not in _HOUSE]


def _written(path: str) -> Iterator[MailSentence]:
    """The sentences in a template of mails."""
    source = (TEMPLATES / "mail" / path).read_text(encoding="utf-8")
    for _, function, found in environment(_LANG).extract_translations(source):  # type: ignore[attr-defined]
        texts = [text for text in ([found] if isinstance(found, str) else found) if text]
        if function in ("pgettext", "npgettext"):
            texts = [C_(texts[0], texts[1]), *texts[2:]]
        yield MailSentence(*texts[:2])


def _heard(letters: Iterable[Letter]) -> Iterator[MailSentence]:
    listener = voices.Listener(_LANG)
    with voices.speaking(listener):
        for letter in letters:
            letter(_LANG)
    return (MailSentence(text, many) for text, many in listener.heard.items())
