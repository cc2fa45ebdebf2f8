"""The file of a piece of evidence, as its row describes it."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import sqlalchemy as sa
from sqlmodel import Session, col

from app.domain.errors import NotFound
from app.models.evidence import EvidenceItem

_BATCH = 500


class StoredFile(NamedTuple):
    key: str
    name: str
    kind: str
    size: int
    sha256: str


_FILE = (
    col(EvidenceItem.file_key),
    col(EvidenceItem.file_name),
    col(EvidenceItem.file_kind),
    col(EvidenceItem.file_size),
    col(EvidenceItem.file_sha256),
)
_HAS_FILE = col(EvidenceItem.file_key).is_not(None)
_IS_PUBLIC = (col(EvidenceItem.released_at).is_not(None), col(EvidenceItem.is_internal).is_(False))


def of_piece(session: Session, action_id: int, evidence_id: int, *, is_public: bool) -> StoredFile:
    """That of one piece of this action, which the viewer may know of; with `is_public` only what is released."""
    mine = col(EvidenceItem.id) == evidence_id, col(EvidenceItem.action_id) == action_id, _HAS_FILE
    found = session.execute(sa.select(*_FILE).where(*mine, *(_IS_PUBLIC if is_public else ()))).first()
    if found is None:
        raise NotFound
    return StoredFile(*found)


def unnamed(session: Session, keys: Iterable[str]) -> Iterator[str]:
    """Those of the keys that no row names."""
    asked = [*keys]
    for first in range(0, len(asked), _BATCH):
        some = asked[first : first + _BATCH]
        named = set(session.scalars(sa.select(col(EvidenceItem.file_key)).where(col(EvidenceItem.file_key).in_(some))))
        yield from (key for key in some if key not in named)


def every(session: Session) -> Iterator[StoredFile]:
    query = sa.select(*_FILE).where(_HAS_FILE).order_by(col(EvidenceItem.id))
    return (StoredFile(*row) for row in session.execute(query, execution_options={"yield_per": _BATCH}))
