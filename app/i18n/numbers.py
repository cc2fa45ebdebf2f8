"""Numbers and percents as the language writes them, in Western digits, as plain text."""

from decimal import Decimal
from functools import lru_cache

from app.i18n.cldr import decimal


@lru_cache(maxsize=4096)
def number(value: int | float | Decimal, lang: str) -> str:
    """2 600 000 · 2.6, with the separators of the language."""
    if isinstance(value, int) and 0 <= value < 1000:
        return str(value)
    return decimal(value, lang)


@lru_cache(maxsize=256)
def percent(value: int | float, lang: str) -> str:
    """34% · 34 %, from 34; what is not yet everything is never rounded up to 100."""
    whole = min(99, round(value)) if value < 100 else round(value)
    return f"{whole}\u00a0%" if lang == "fr" else f"{whole}%"


@lru_cache(maxsize=256)
def size(count: int, lang: str) -> str:
    """1.2 MB · 1,2 Mo, of a number of bytes."""
    kilo, mega = ("ko", "Mo") if lang == "fr" else ("kB", "MB")
    if count < 1_000_000:
        return f"{max(1, round(count / 1000))}\u00a0{kilo}"
    return f"{decimal(round(count / 1_000_000, 1), lang)}\u00a0{mega}"
