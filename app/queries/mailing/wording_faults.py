"""Which mails could not be written in the installation's own words; they went out in ours."""

import datetime as dt
from typing import NamedTuple

import sqlalchemy as sa
from sqlmodel import Session, col

from app.models.notifications import Heartbeat

FAULT = "wording:"  # the heartbeats that remember it, by language and kind


class WordingFault(NamedTuple):
    lang: str
    kind: str
    last_at: dt.datetime


def listed(session: Session) -> list[WordingFault]:
    """At most one of each kind and language, until that language's wording is changed."""
    query = sa.select(Heartbeat).where(col(Heartbeat.name).startswith(FAULT)).order_by(col(Heartbeat.name))
    named = ((row.name.removeprefix(FAULT).partition(":"), row.at) for row in session.scalars(query))
    return [WordingFault(lang, kind, at) for (lang, _, kind), at in named]
