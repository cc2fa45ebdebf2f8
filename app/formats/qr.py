"""An address as a QR code: an SVG of one colour, with the quiet border that cameras need."""

from importlib import import_module
from io import BytesIO


def svg(address: str) -> bytes:
    """Whoever photographs a printed page is led to it; a smudge on a quarter of it does no harm."""
    out = BytesIO()
    drawn = import_module("segno").make_qr(address, error="q")  # by name: what prints nothing needs none of it
    drawn.save(out, kind="svg", border=4, xmldecl=False, omitsize=True)
    return out.getvalue()
