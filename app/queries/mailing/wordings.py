"""Sentences of mails beside an administrator's words for them; and the voices that speak those words."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import sqlalchemy as sa
from sqlmodel import Session, col

from app.domain import wordings
from app.domain.errors import NotFound
from app.domain.permissions import Viewer, require_administrator
from app.domain.texts import LANGS
from app.i18n import catalogues
from app.i18n.voices import SpokenVoice
from app.mail import sayings
from app.mail.sayings import MailSentence
from app.models.base import table_of
from app.models.wordings import Wording
from app.statements import Statement

_TABLE = table_of(Wording)
_SPOKEN = Statement(sa.select(_TABLE.c.lang, _TABLE.c.text, _TABLE.c.forms).order_by(_TABLE.c.id))
Forms = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Worded:
    """A sentence in one language: our forms of it, and an administrator's, which are none while ours are spoken."""

    sentence: MailSentence
    lang: str
    ours: Forms
    own: Forms = ()
    version: int = 0
    edited_at: dt.datetime | None = None

    @property
    def forms(self) -> Forms:
        return self.own or self.ours

    @property
    def variables(self) -> list[tuple[str, str]]:
        """Each as it is written, with its meaning in plain words where there are some."""
        names = dict.fromkeys(name for form in self.ours for name in wordings.variables(form))
        return [(f"%({name})s", wordings.VARIABLES.get(name, "")) for name in names]

    @property
    def typeable(self) -> list[str]:
        """What stands in the fields."""
        return [wordings.typeable(form) if self.lang == "ar" else form for form in self.forms]

    @property
    def numbers(self) -> list[str]:
        """For which numbers each form is; nothing where no number bends it."""
        return [numbers for _, numbers in wordings.NUMBERS[self.lang]] if self.sentence.many else [""]


@dataclass(frozen=True, slots=True)
class WordingCounts:
    """How many sentences of each mail (or sayings.COMMON) are reworded in each language, and what nothing says now."""

    by_name: Mapping[tuple[str, str], int]
    unused: Sequence[Wording]


def spoken(session: Session) -> Mapping[str, SpokenVoice]:
    """By language, where anything is said in other words than ours: asked once for each handful of mails."""
    by_lang: dict[str, list[tuple[str, Forms]]] = {}
    for lang, text, forms in _SPOKEN.rows(session, {}):
        if forms:
            by_lang.setdefault(lang, []).append((text, tuple(forms)))
    return {lang: _voice(lang, tuple(said)) for lang, said in by_lang.items()}


@lru_cache(maxsize=6)
def _voice(lang: str, said: tuple[tuple[str, Forms], ...]) -> SpokenVoice:
    """One while the words are the same: templates compiled with them are kept in it."""
    return SpokenVoice(lang, dict(said))


def of_mail(session: Session, viewer: Viewer, lang: str, name: str, *, lock: bool = False) -> list[Worded]:
    """Everything that it says, in about the order in which it is read."""
    del lock
    require_administrator(viewer)
    sentences = sayings.of(_known(lang, name))
    query = sa.select(Wording).where(
        col(Wording.lang) == lang, col(Wording.text).in_([sentence.text for sentence in sentences])
    )
    rows = {row.text: row for row in session.scalars(query)}
    return [_worded(sentence, lang, rows.get(sentence.text)) for sentence in sentences]


def get(session: Session, viewer: Viewer, lang: str, name: str, key: str, *, lock: bool = False) -> Worded:
    """One sentence of a mail, by its name in addresses. Its row, if it has one yet, is locked by whoever changes it."""
    del lock
    require_administrator(viewer)
    for sentence in sayings.of(_known(lang, name)):
        if sentence.key == key:
            query = sa.select(Wording).where(col(Wording.lang) == lang, col(Wording.text) == sentence.text)
            return _worded(sentence, lang, session.scalars(query).first())
    raise NotFound


def counts(session: Session, viewer: Viewer) -> WordingCounts:
    require_administrator(viewer)
    changed, unused = Counter[tuple[str, str]](), list[Wording]()
    for row in session.scalars(sa.select(Wording).order_by(col(Wording.id))):
        names = sayings.saying(row.text) if row.forms else []
        changed.update((name, row.lang) for name in names)
        unused += [row] if row.forms and not names else []
    return WordingCounts(changed, unused)


def unused(session: Session, viewer: Viewer, wording_id: int, *, lock: bool = False) -> Wording:
    """Words for a sentence that no mail says any more."""
    require_administrator(viewer)
    row = session.get(Wording, wording_id, with_for_update=lock or None)
    if row is None or not row.forms or sayings.saying(row.text):
        raise NotFound
    return row


def ours(sentence: MailSentence, lang: str) -> Forms:
    """All forms that the language has of it."""
    if not sentence.many:
        return (catalogues.gettext(lang, sentence.text),)
    numbers = (number for number, _ in wordings.NUMBERS[lang])
    return tuple(catalogues.ngettext(lang, sentence.text, sentence.many, number) for number in numbers)


def _known(lang: str, name: str) -> str:
    if lang not in LANGS or name not in (sayings.COMMON, *sayings.names()):
        raise NotFound
    return name


def _worded(sentence: MailSentence, lang: str, row: Wording | None) -> Worded:
    if row is None:
        return Worded(sentence, lang, ours(sentence, lang))
    return Worded(sentence, lang, ours(sentence, lang), tuple(row.forms), row.version, row.edited_at)
