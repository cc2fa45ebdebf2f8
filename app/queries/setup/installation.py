"""What the database itself tells of the installation: its shape, its size, the last backup, the last published head."""

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col

from app import db
from app.models.audit import PublishedHead
from app.models.notifications import Heartbeat

BACKUP = "backup"  # the heartbeat of `tatbiq backup`


@dataclass(frozen=True, slots=True)
class Installation:
    revision: str
    size: int  # bytes
    backup_at: dt.datetime | None
    head_on: dt.date | None


def facts(session: Session) -> Installation:
    """Each by a key or by what the database keeps of itself."""
    head = sa.select(sa.func.max(col(PublishedHead.on)))
    made = session.get(Heartbeat, BACKUP)
    return Installation(
        db.revision(session) or "", size(session), made.at if made else None, session.scalars(head).first()
    )


def size(session: Session) -> int:
    if session.get_bind().dialect.name == "postgresql":
        said = session.connection().execute(sa.text("SELECT pg_database_size(current_database())")).scalar_one()
    else:
        pages = "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
        said = session.connection().execute(sa.text(pages)).scalar_one()
    return int(said)
