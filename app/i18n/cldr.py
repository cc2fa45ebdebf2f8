"""What the CLDR says of our three languages in Morocco: months, weekdays, separators. A test compares it with Babel.

Babel itself would load five megabytes of each language to know these sixty words.
"""

from decimal import Decimal

MONTHS = {
    "ar": ("يناير", "فبراير", "مارس", "أبريل", "ماي", "يونيو", "يوليوز", "غشت", "شتنبر", "أكتوبر", "نونبر", "دجنبر"),
    "fr": ("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
           "décembre"),
    "en": ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
           "December"),
}  # fmt: skip
WEEKDAYS = {  # from Monday
    "ar": ("الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت", "الأحد"),
    "fr": ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
# What parts thousands, and what parts the whole from its fraction.
_SEPARATORS = {"ar": (".", ","), "fr": ("\u202f", ","), "en": (",", ".")}


def decimal(value: int | float | Decimal, lang: str) -> str:
    """At most three decimals, of an exact number all, none of them a trailing zero."""
    group, point = _SEPARATORS[lang]
    whole, _, fraction = _digits(value).partition(".")
    fraction = fraction.rstrip("0")
    return whole.replace(",", group) + (point + fraction if fraction else "")


def _digits(value: int | float | Decimal) -> str:
    if isinstance(value, Decimal):
        return f"{value:,f}"
    return f"{value:,}" if isinstance(value, int) else f"{value:,.3f}"
