"""The static files by content: an address that changes with the bytes, and style that travels inside a page."""

import re
from base64 import b64encode
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from app.config import STATIC

_COMMENT = re.compile(r"/\*.*?\*/\s*", re.DOTALL)


@lru_cache(maxsize=256)
def url(name: str) -> str:
    """`app.css` → `/static/app.3f2a9c1e.css`: may be kept for ever, since other bytes have another address."""
    stem, _, ending = name.rpartition(".")
    return f"/static/{stem}.{_digest(name)}.{ending}"


@lru_cache(maxsize=256)
def find(hashed: str) -> Path | None:
    """The file behind what follows `/static/` in such an address; None for another hash or another name."""
    stem, _, ending = hashed.rpartition(".")
    name = f"{stem.rpartition('.')[0]}.{ending}"
    known = name in _names() and url(name) == f"/static/{hashed}"
    return STATIC / name if known else None


@lru_cache(maxsize=8)
def inline_css(name: str) -> tuple[str, str]:
    """The sheet for a `<style>` element, and the source expression that lets a content security policy allow it."""
    css = _COMMENT.sub("", (STATIC / name).read_text(encoding="utf-8"))
    return css, f"'sha256-{b64encode(sha256(css.encode()).digest()).decode()}'"


def _digest(name: str) -> str:
    return sha256((STATIC / name).read_bytes()).hexdigest()[:12]


def _names() -> frozenset[str]:
    return frozenset(path.relative_to(STATIC).as_posix() for path in STATIC.rglob("*") if path.is_file())
