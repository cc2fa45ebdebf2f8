"""What machines are told of the service in numbers: a fixed number of statements, and no person in any label."""

import datetime as dt
from collections.abc import Iterator

import sqlalchemy as sa
from sqlmodel import Session, col

from app import clock
from app.config import settings
from app.domain.sentences.wellness import Ages
from app.formats.exposition import Metric, one
from app.models.notifications import Envelope
from app.queries.mailing import backlog, health, turns
from app.queries.mailing.health import Health
from app.queries.mailing.turns import Pulse
from app.queries.setup import installation, machine

_URGENCY = {0: "sign_in", 3: "act", 6: "reminder", 8: "digest"}
_AGES = {"fresh": "under_1m", "minutes": "under_15m", "quarter": "under_1h", "older": "older", "later": "later"}
_MOST = 100_000  # of a day's mails


def taken(session: Session, now: dt.datetime) -> list[Metric]:
    found, pulse = health.followup(session, now), turns.pulse(session, now)
    return [
        *_of_followup(found, now),
        *_of_jobs(pulse),
        _of_backlog(backlog.by_priority(session, now)),
        one("tatbiq_mails_sent_last_day", "Mails that left in the last 24 hours", _sent(session, now)),
        *_of_installation(session, now),
    ]


def of_machine() -> list[Metric]:
    """Without the database."""
    room = machine.room()
    return [
        one("tatbiq_disk_free_bytes", "Room on the disk of DATA_DIR", room.free),
        one("tatbiq_disk_bytes", "Size of the disk of DATA_DIR", room.whole),
        one("tatbiq_zone_tables_right", "1 where Casablanca is on UTC on 2026-11-30", machine.is_zone_right()),
        one("tatbiq_relay_set", "1 where mails have a way out", bool(machine.relay().host)),
    ]


def _of_followup(found: Health, now: dt.datetime) -> Iterator[Metric]:
    yield one("tatbiq_followup_red", "1 while /healthz/followup is red", found.is_red)
    if found.last_pass_at:
        age = (now - found.last_pass_at).total_seconds()
        yield one("tatbiq_last_pass_age_seconds", "Since reminders were last looked for; below 0: in the future", age)
    states = [(("dead",), float(found.dead)), (("parked",), float(found.parked))]
    yield Metric(
        "tatbiq_mails_failed", "Mails of the last seven days that did not arrive, or perhaps", states, ("state",)
    )
    yield one("tatbiq_channel_refused", "1 while the relay refuses us", found.is_paused)
    yield one("tatbiq_channel_held", "1 while mails are held until somebody releases them", found.is_held)


def _of_jobs(pulse: Pulse) -> Iterator[Metric]:
    def each(name: str, told: str, of: str) -> Metric:
        return Metric(name, told, [((job,), _number(getattr(one, of))) for job, one in pulse.turns.items()], ("job",))

    yield each("tatbiq_job_last_turn_timestamp_seconds", "When a job last had its turn", "at")
    yield each("tatbiq_job_failures", "How many turns of a job failed in a row", "failures")
    yield each("tatbiq_job_seconds", "How long its last turn took", "seconds")
    yield one("tatbiq_schedulers", "Schedulers that said within two minutes that they live", len(pulse.schedulers))
    yield one("tatbiq_scheduler_leads", "1 while one of them leads", pulse.is_led)
    counts = [(tuple(name.split(".", 1)), float(count)) for name, count in pulse.totals.items() if "." in name]
    yield Metric(
        "tatbiq_done_total", "What turns of jobs have reported since counting began", counts, ("job", "outcome"), True
    )


def _number(value: dt.datetime | float) -> float:
    return value.timestamp() if isinstance(value, dt.datetime) else float(value)


def _of_backlog(found: dict[int, Ages]) -> Metric:
    samples = [
        ((_URGENCY.get(priority, str(priority)), age), float(getattr(ages, name)))
        for priority, ages in ({number: Ages() for number in _URGENCY} | found).items()
        for name, age in _AGES.items()
    ]
    return Metric(
        "tatbiq_mails_waiting", "Mails that wait, by urgency and by how long they are due", samples, ("urgency", "due")
    )


def _sent(session: Session, now: dt.datetime) -> int:
    """By the index of the hour; it stops counting in time."""
    day = sa.select(col(Envelope.id)).where(col(Envelope.sent_at) > now - dt.timedelta(days=1)).limit(_MOST).subquery()
    return session.scalars(sa.select(sa.func.count()).select_from(day)).one()


def _of_installation(session: Session, now: dt.datetime) -> Iterator[Metric]:
    facts = installation.facts(session)
    yield one("tatbiq_database_bytes", "Size of the database", facts.size)
    if facts.backup_at:
        yield one("tatbiq_last_backup_timestamp_seconds", "When the last backup was made", facts.backup_at.timestamp())
    if facts.head_on:
        yield one(
            "tatbiq_record_head_age_days",
            "Days since the head of the record left",
            (clock.day(now, settings().zone) - facts.head_on).days,
        )
