"""A reply to a mail as words: where what its writer said ends and what the mail said begins; and its language."""

import re
from enum import StrEnum

from app.domain.texts import many_lines

LONGEST = 4000
DELIMITERS = {
    "ar": "اكتبوا جوابكم فوق هذا السطر",
    "fr": "Répondez au-dessus de cette ligne",
    "en": "Reply above this line",
}
# A line each: two directions in one are a riddle.
DELIMITER = "\n".join(f"— {words} —" for words in DELIMITERS.values())

_DELIMITER = re.compile("|".join(re.escape(words).replace(r"\ ", r"[\s>*]+") for words in DELIMITERS.values()))
_ATTRIBUTIONS = re.compile(
    r"(?m)^[ \t>*]{0,20}(?:"
    r"On\b[^\n]{3,200}(?:\n[^\n]{0,200})?\bwrote:"
    r"|Le\b[^\n]{3,200}(?:\n[^\n]{0,200})?\ba[ \u00a0]écrit[ \u00a0\u202f]?:"
    r"|[^\n]{3,200}(?:\n[^\n]{0,200})?كتب(?:ت)?(?:[^\n]{0,120})[:：]"
    r"|[^\n]{3,200}تمت كتابة ما يلي"
    r"|-{2,}[ ]?(?:Original Message|Message d['’]origine|Message original|الرسالة الأصلية)[ ]?-{0,}"
    r"|_{20,}[ \t]*$"
    r"|(?:From|De|من)[ \u00a0]?:[^\n]{1,200}\n[ \t>*]{0,20}(?:Sent|Date|Envoyé|To|À|تاريخ|أرسلت|إلى)[^\n]{0,30}:"
    r"|--[ \t]*$"
    r")"
)
_QUOTED = re.compile(r"(?m)^[ \t]*>.*\n?")
_ARABIC = re.compile(r"[\u0620-\u064a]")
_LATIN = re.compile(r"[A-Za-zÀ-ÿ]")


class ReplyState(StrEnum):
    WAITING = "waiting"
    CONFIRMED = "confirmed"
    DISCARDED = "discarded"
    EXPIRED = "expired"


def own_words(text: str) -> str:
    """What the writer added: above our line, above what programs put over a quotation, without quoted lines."""
    plain = many_lines(text[:50_000]).replace("\u200e", "").replace("\u200f", "")
    ends = [found.start() for pattern in (_DELIMITER, _ATTRIBUTIONS) if (found := pattern.search(plain))]
    kept = plain[: min(ends, default=len(plain))]
    kept = kept.rstrip(" \t>*—–-")  # what our line is introduced by
    lines = _QUOTED.sub("", f"{kept}\n").strip()
    return re.sub(r"\n{3,}", "\n\n", lines)[:LONGEST]


def language(text: str, otherwise: str) -> str:
    """Arabic by its letters; between the other two nobody can tell, so it is the one that the writer reads."""
    arabic, latin = len(_ARABIC.findall(text)), len(_LATIN.findall(text))
    if arabic > latin:
        return "ar"
    return otherwise if otherwise != "ar" or not latin else "fr"
