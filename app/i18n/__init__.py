"""The reader's language: which one, its catalogue, its dates and numbers, the words for our enums. No HTML here."""

from app.i18n.catalogues import gettext, ngettext, translate
from app.i18n.labels import flag_word, label, msgid, status_word
from app.i18n.locales import LANGS, direction, negotiate

__all__ = [
    "LANGS",
    "direction",
    "flag_word",
    "gettext",
    "label",
    "msgid",
    "negotiate",
    "ngettext",
    "status_word",
    "translate",
]
