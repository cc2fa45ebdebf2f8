"""A report from what somebody pasted or sent to what it proposes, in one step that knows no meeting and no row."""

from datetime import date

from app.domain.errors import Refused
from app.domain.messages import N_
from app.domain.texts import LANGS
from app.files import child
from app.files.text import clean_text, decode
from app.intake.propose import Reading, propose

_AT_ONCE = 100_000  # characters or bytes that are read within a tenth of a second


def read(text: str, data: bytes | None, lang: str | None, today: date | None) -> Reading:
    """What the report says; a long one is read in a child process. Raises Refused for what is no report."""
    if lang is not None and lang not in LANGS:
        raise Refused(N_("Choose one of the answers"), "lang")
    if len(text if data is None else data) <= _AT_ONCE:
        return read_here(text, data, lang, today)
    reading: Reading = child.run(__name__, read_here.__name__, text, data, lang, today)
    return reading


def read_here(text: str, data: bytes | None, lang: str | None, today: date | None) -> Reading:
    return propose(clean_text(text) if data is None else decode(data), lang, today)
