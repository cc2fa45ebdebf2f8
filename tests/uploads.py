"""Files on their way in: one that was looked at already, and a form with one as a browser sends it."""

import hashlib
import io
import secrets

from app import private
from app.domain.documents import FileKind
from app.files import store
from app.files.store import Arrived
from tests.files import samples

Sent = dict[str, tuple[str, io.BytesIO, str]]


def arrived(data: bytes = samples.PDF, name: str = "guide.pdf", kind: FileKind = FileKind.PDF) -> Arrived:
    """Without a child: for tests about what comes after."""
    found = Arrived(secrets.token_hex(16), name, kind, len(data), hashlib.sha256(data).hexdigest())
    private.directory(store.incoming())
    private.write(store.incoming() / found.key, data)
    return found


def sent(data: bytes, name: str = "guide.pdf", kind: str = "application/octet-stream") -> Sent:
    return {"evidence_file": (name, io.BytesIO(data), kind)}


def kept() -> list[str]:
    """Names in the store."""
    return sorted(file.name for file in store.home().iterdir()) if store.home().is_dir() else []


def left() -> list[str]:
    """What is on its way, and should not be."""
    return sorted(file.name for file in store.incoming().iterdir()) if store.incoming().is_dir() else []
