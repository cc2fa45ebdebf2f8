"""The gettext catalogues: loaded once on first use, compiled, asked for a sentence. English is its own catalogue."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from app.domain.messages import CONTEXT, Counted, Message
from app.i18n import voices

LOCALE = Path(__file__).parent / "locale"
TRANSLATED = ("ar", "fr")
# Babel's own Arabic rule swaps two forms, so the usual one is written here and wins over what a file says.
PLURALS = {
    "ar": "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5);",
    "fr": "nplurals=2; plural=(n > 1);",
}


def translate(lang: str, message: Message | str, isolate: bool = False) -> str:
    """The sentence in `lang` as plain text; `isolate` sets parameters apart for text that mixes directions."""
    if isinstance(message, str):
        return gettext(lang, message)
    sentence = form(lang, message)
    return sentence % _spoken(lang, message.params, isolate) if message.params else sentence


def _spoken(lang: str, params: Mapping[str, object], isolate: bool) -> dict[str, str]:
    said = {
        name: translate(lang, value) if isinstance(value, Message) else str(value) for name, value in params.items()
    }
    return {name: f"\u2068{value}\u2069" for name, value in said.items()} if isolate else said


def gettext(lang: str, msgid: str) -> str:
    """The sentence behind a message id, its %(placeholders)s still in it."""
    voice = voices.of(lang)
    own = voice.said(msgid) if voice is not None else None
    if own is not None:
        return own
    return catalogue(lang).gettext(msgid).rpartition(CONTEXT)[2] if msgid else ""


def ngettext(lang: str, one: str, many: str, number: int) -> str:
    """The form of a sentence for `number` (six of them in Arabic), its %(placeholders)s still in it."""
    voice = voices.of(lang)
    own = voice.said(one, many, form_of(lang, number)) if voice is not None else None
    if own is not None:
        return own
    return catalogue(lang).ngettext(one, many, number).rpartition(CONTEXT)[2]


def form_of(lang: str, number: int) -> int:
    """Which of a sentence's forms the number asks for."""
    plural: Callable[[int], int] | None = getattr(catalogue(lang), "plural", None)  # none in English
    return plural(number) if plural else int(number != 1)


def form(lang: str, message: Message) -> str:
    """The sentence of a message in the form that its number asks for, its %(placeholders)s still in it."""
    if isinstance(message, Counted):
        return ngettext(lang, message.text, message.many, message.number)
    return gettext(lang, message.text)


class _Typed(NullTranslations):
    """English as it is read: message ids are typed with the apostrophe of keyboards."""

    def gettext(self, message: str) -> str:
        return message.replace("'", "’")

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(super().ngettext(msgid1, msgid2, n))


@lru_cache
def catalogue(lang: str) -> NullTranslations:
    """The catalogue of a language; from the .po itself where no up-to-date .mo lies beside it."""
    if lang not in TRANSLATED:
        return _Typed()
    po = LOCALE / lang / "LC_MESSAGES" / "messages.po"
    mo = po.with_suffix(".mo")
    if mo.exists() and (not po.exists() or mo.stat().st_mtime_ns >= po.stat().st_mtime_ns):
        return GNUTranslations(BytesIO(mo.read_bytes()))
    return GNUTranslations(BytesIO(compiled(lang)))


def compiled(lang: str) -> bytes:
    """The .po of a language as the bytes of a .mo."""
    out = BytesIO()
    write_mo(out, read(lang))
    return out.getvalue()


def read(lang: str) -> Catalog:
    """The .po of a language, with the plural rule that we stand by."""
    with (LOCALE / lang / "LC_MESSAGES" / "messages.po").open("rb") as file:
        catalog = read_po(file, locale=lang)
    catalog.mime_headers = [("Plural-Forms", PLURALS[lang])]
    return catalog
