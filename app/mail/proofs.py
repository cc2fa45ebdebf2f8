"""Example letters as they would be written in given words, and which example says a sentence."""

import logging
from collections.abc import Iterator
from functools import lru_cache

from app.i18n import voices
from app.i18n.voices import SpokenVoice
from app.mail.policy import Mail
from app.mail.sayings import COMMON, MailSentence
from app.mail.specimens import everywhere, situations
from app.mail.specimens.situations import Letter

log = logging.getLogger("tatbiq.wordings")
_MARK = "⁂ ⁂"  # no letter says it


def examples(name: str) -> tuple[Letter, ...]:
    """Of a mail in all its situations, the plainest first; of COMMON, one letter to each reader."""
    return everywhere.LETTERS if name == COMMON else situations.of(name)


def proof(letter: Letter, lang: str, voice: SpokenVoice | None) -> Mail:
    """In ours where the words fail, as the mail itself would be."""
    try:
        with voices.speaking(voice):
            return letter(lang)
    except Exception:
        log.exception("the wording of an example in %s failed", lang)
        return letter(lang)


@lru_cache(maxsize=512)
def saying(sentence: MailSentence, name: str) -> Letter:
    """The first example that says it; the plainest where none does."""
    marked = SpokenVoice("en", {sentence.text: (_MARK, _MARK)})
    for letter in _candidates(name):
        mail = proof(letter, "en", marked)
        if any(_MARK in part for part in (mail.subject, mail.text, mail.html)):
            return letter
    return examples(name)[0]


def _candidates(name: str) -> Iterator[Letter]:
    yield from examples(name)
    if name == COMMON:
        yield from (letter for other in sorted(situations.LETTERS) for letter in situations.of(other))
