"""Figures that people type and read: exact decimals, as they are written here, or a refusal that says what to write."""

import re
from decimal import Decimal

from app.domain.errors import Refused
from app.domain.messages import N_

WHOLE, FRACTION = 15, 6  # digits before and after the point
_ARABIC = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹٫٬−", "01234567890123456789.,-", "\u200e\u200f")
_BLANKS = re.compile(r"[\s\u00a0\u202f'’]")
_GROUPED = re.compile(
    r"-?[1-9]\d{0,2}(?:(?:,\d{3}){2,}|(?:,\d{3})+(?=\.))(?:\.\d+)?|-?[1-9]\d{0,2}(?:\.\d{3})+,\d+", re.ASCII
)
_DOTTED = re.compile(r"-?[1-9]\d{0,2}(?:\.\d{3}){2,}", re.ASCII)
_EITHER = re.compile(r"-?[1-9]\d{0,2}[.,]\d{3}", re.ASCII)
_PLAIN = re.compile(r"-?\d+(?:[.,]\d+)?", re.ASCII)


def parse(text: str, field: str) -> Decimal:
    """A number as it is written in Arabic, French or English; raises Refused where it could be read in two ways."""
    typed = _BLANKS.sub("", text.translate(_ARABIC))
    if _EITHER.fullmatch(typed):
        raise Refused(N_("This can be read as thousands or as a fraction: write 2600, or 2.6"), field)
    if _GROUPED.fullmatch(typed):
        point = max(typed.rfind(","), typed.rfind("."))
        is_whole = typed.count(typed[point]) > 1
        typed = re.sub(r"[.,]", "", typed) if is_whole else f"{re.sub(r'[.,]', '', typed[:point])}.{typed[point + 1 :]}"
    elif _DOTTED.fullmatch(typed):
        typed = typed.replace(".", "")
    if not _PLAIN.fullmatch(typed):
        raise Refused(N_("Write a number, for example 2600 or 2.6"), field)
    return _kept(typed.replace(",", "."), field)


def _kept(plain: str, field: str) -> Decimal:
    whole, _, fraction = plain.lstrip("-").partition(".")
    fraction = fraction.rstrip("0")
    if len(whole.lstrip("0")) > WHOLE or len(fraction) > FRACTION:
        raise Refused(N_("Write at most 15 digits before the point and 6 after it"), field)
    return Decimal(plain)


def canonical(value: Decimal) -> str:
    """Plain digits, no trailing zero, no exponent: equal numbers are one text."""
    text = f"{value:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in {"-0", ""} else text


def typed(value: Decimal | None) -> str:
    """As it stands in a field: read again it is the same number."""
    text = "" if value is None else canonical(value)
    return f"{text}0" if _EITHER.fullmatch(text) else text
