"""One's own week as it would be told now: the same engine and window as the mail's; it records nothing."""

import datetime as dt
from dataclasses import dataclass

from sqlmodel import Session

from app import clock
from app.domain.digests import Window
from app.domain.permissions import Viewer
from app.mail.digest_letters import Digest
from app.mail.letters import Reader
from app.queries.mailing import digest_lines, digest_readers, digests
from app.queries.mailing.digest_readers import WeeklyReader
from app.queries.mailing.digest_rows import DigestReader
from app.queries.mailing.told import told

_WEEK = dt.timedelta(days=7)


@dataclass(frozen=True)
class WeekPage:
    """`since_on`: the day from which it tells what happened."""

    letter: Digest
    since_on: dt.date
    today: dt.date


def of(session: Session, viewer: Viewer, lang: str, now: dt.datetime) -> WeekPage | None:
    """None for whoever has nothing that a week could tell of."""
    reader = digest_readers.one(session, now, viewer.person_id or 0)
    if reader is None:
        return None
    zone, window = reader.preference.zone, _window(reader, now)
    today = clock.day(now, zone)
    week = digests.week(session, DigestReader(reader.person_id, today, window))
    parts = digest_lines.parts(session, week, lang, today, told(session, week.action_ids))
    letter = Digest(to=Reader(address="", lang=lang), today=today, parts=parts)
    return WeekPage(letter, clock.day(window.start_at, zone), today)


def _window(reader: WeeklyReader, now: dt.datetime) -> Window:
    """From where the last one ended, or was switched on, until now; without either, a week."""
    known = [at for at in (reader.last_end, reader.preference.since_at) if at is not None]
    return Window(min(max(known, default=now - _WEEK), now), now)
