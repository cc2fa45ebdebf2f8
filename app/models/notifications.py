"""Obligations to remind, envelopes to send, the keys in them, and the pulse of the clock."""

import datetime as dt
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from app.models.base import Json, Table, choice, instant, maybe_instant, one_of, partial, versioned


class Delivery(StrEnum):
    QUEUED = "queued"
    CLAIMED = "claimed"
    SENT = "sent"
    CANCELLED = "cancelled"  # no longer wanted when looked at again
    DEAD = "dead"  # refused for good, or its use has passed
    PARKED = "parked"  # twice uncertain: somebody has to look
    BOUNCED = "bounced"  # the relay took it, and it came back


NOT_ARRIVED = frozenset({Delivery.DEAD, Delivery.PARKED, Delivery.BOUNCED})
HAS_FAILED = one_of("state", NOT_ARRIVED)


class ReminderState(StrEnum):
    PLANNED = "planned"
    SUPERSEDED = "superseded"
    DONE = "done"
    DROPPED = "dropped"


class Purpose(StrEnum):
    REPORT = "report"
    SUBMIT = "submit"
    EXTEND = "extend"


class Outcome(StrEnum):
    PLANNED = "planned"
    SENT = "sent"
    EMPTY = "empty"
    MISSED = "missed"


class Envelope(Table, table=True):
    """A mail to one person, or to one proposer who has no account: an intent until it is claimed, then frozen bytes."""

    __tablename__ = "message"
    __table_args__ = (
        sa.Index("ix_message_state_priority_due_at_id", "state", "priority", "due_at", "id"),
        sa.Index("ix_message_person_id_id", "person_id", "id"),
        sa.Index("ix_message_about_kind_about_id", "about_kind", "about_id"),
        sa.Index("ix_message_kind_id", "kind", "id"),
        sa.CheckConstraint("(person_id IS NULL) <> (proposer_id IS NULL)", name="reader"),
        partial("ix_message_proposer_id", "proposer_id", where="proposer_id IS NOT NULL"),
        partial("ix_message_failed", "state", "ended_at", "id", where=HAS_FAILED),
    )
    id: int = Field(default=None, primary_key=True)
    key: str = Field(unique=True, max_length=200)  # recipient | channel | kind | period
    person_id: int | None = Field(default=None, foreign_key="person.id")
    proposer_id: int | None = Field(default=None, foreign_key="proposer.id")
    channel: str = Field(default="mail", max_length=20)
    kind: str = Field(max_length=40)
    period: str = Field(max_length=80)
    about_kind: str = Field(default="", max_length=20)
    about_id: int | None = None
    params: dict[str, object] = Field(default_factory=dict, sa_type=Json, nullable=False)
    priority: int = 5  # lower leaves first
    state: Delivery = Field(default=Delivery.QUEUED, sa_type=choice(Delivery))
    due_at: dt.datetime = instant()
    first_due_at: dt.datetime | None = maybe_instant()  # what no failure moves: how late it is counts from here
    expires_at: dt.datetime | None = maybe_instant()
    created_at: dt.datetime = instant()
    message_id: str = Field(unique=True, max_length=120)
    epoch: int = 0  # of the claim; a final update carries it, so a late claimant can't overwrite
    leased_until_at: dt.datetime | None = maybe_instant()
    attempts: int = 0
    uncertain: int = 0
    data_started_at: dt.datetime | None = maybe_instant()
    frozen: bytes | None = None  # what was or will be sent, encrypted; gone once final
    address: str = Field(default="", max_length=254)  # frozen with the bytes
    subject: str = ""
    shown: str = ""  # the text as the ledger may show it: keys and codes replaced
    sent_at: dt.datetime | None = maybe_instant(index=True)
    ended_at: dt.datetime | None = maybe_instant()
    reason: str = ""  # why cancelled, dead, parked or last put off
    acknowledged_at: dt.datetime | None = maybe_instant()  # somebody looks after the failure: it alarms nobody any more
    acknowledged_by_id: int | None = Field(default=None, foreign_key="person.id")
    closed_at: dt.datetime | None = maybe_instant()  # somebody decided that it is not sent any more
    closed_by_id: int | None = Field(default=None, foreign_key="person.id")
    closing: str = Field(default="", max_length=500, sa_column_kwargs={"server_default": ""})  # why it was closed


class Reminder(Table, table=True):
    """One obligation of the ladder: recorded once for a person, a subject, a step and a version of the deadline."""

    __table_args__ = (
        sa.UniqueConstraint("person_id", "subject_kind", "subject_id", "step", "deadline_version"),
        sa.Index("ix_reminder_subject_kind_subject_id", "subject_kind", "subject_id"),
        partial("ix_reminder_message_id", "message_id", where="message_id IS NOT NULL"),  # what is superseded has none
    )
    id: int = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id")
    subject_kind: str = Field(max_length=20)
    subject_id: int
    step: str = Field(max_length=40)
    audience: str = Field(max_length=20)
    deadline_version: int
    due_on: dt.date
    state: ReminderState = Field(default=ReminderState.PLANNED, sa_type=choice(ReminderState))
    message_id: int | None = Field(default=None, foreign_key="message.id")
    at: dt.datetime = instant()


class Look(Table, table=True):
    """From which morning until before which one a subject of the ladder owes nothing that the ledger has not.

    As long as it stands as it was `seen` and the world does: what differs, or is not here, is looked at. A row of the
    ledger that is taken out takes this one along, by a trigger.
    """

    __table_args__ = ({"sqlite_with_rowid": False},)
    kind: str = Field(primary_key=True, max_length=20)
    subject_id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    body_id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})  # whose part it is
    world: str = Field(max_length=32)
    seen: str
    since_on: dt.date
    until_on: dt.date


class DigestWindow(Table, table=True):
    """A person's digest of one ISO week: the stored window, so that nothing is missed or told twice.

    One for all that they read: whoever is given a role in mid-week hears of all of it from where their last week ended.
    """

    __table_args__ = (sa.UniqueConstraint("person_id", "period"),)
    id: int = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id")
    period: str = Field(max_length=10)  # 2026-W48
    start_at: dt.datetime = instant()
    end_at: dt.datetime = instant()
    outcome: Outcome = Field(default=Outcome.PLANNED, sa_type=choice(Outcome))
    message_id: int | None = Field(default=None, foreign_key="message.id")
    # Of an observer, as told: the week after says how they moved.
    figures: dict[str, Any] = Field(
        default_factory=dict, sa_type=Json, nullable=False, sa_column_kwargs={"server_default": "{}"}
    )


class UpdateLink(Table, table=True):
    """The key in a mail: hashed, bound to person, action and purpose; some to one milestone of it, or one question."""

    id: int = Field(default=None, primary_key=True)
    token_hash: str = Field(unique=True, max_length=64)
    person_id: int = Field(foreign_key="person.id", index=True)
    post_id: int = Field(foreign_key="post.id", index=True)
    action_id: int = Field(foreign_key="action.id", index=True)
    milestone_id: int | None = Field(default=None, foreign_key="milestone.id")
    question_id: int | None = Field(default=None, foreign_key="question_note.id")
    purpose: Purpose = Field(default=Purpose.REPORT, sa_type=choice(Purpose))
    created_at: dt.datetime = instant()
    expires_at: dt.datetime = instant(index=True)
    revoked_at: dt.datetime | None = maybe_instant()


class DayOff(Table, table=True):
    """A date off that an administrator has confirmed, added or struck; it wins over the estimate for that date."""

    on: dt.date = Field(primary_key=True)
    name: str = Field(default="", max_length=120)  # typed, or the English one of a feast that we know
    is_off: bool = True
    pair_on: dt.date | None = None  # of a feast that was moved: where to, or where from
    version: int = versioned()


class Pace(Table, table=True):
    """What has left within the last minute, to one domain, or to all of them where the domain is empty."""

    __table_args__ = ({"sqlite_with_rowid": False},)
    domain: str = Field(primary_key=True, max_length=255)
    spent: list[list[int]] = Field(default_factory=list, sa_type=Json, nullable=False)  # seconds since 1970, mails


class Heartbeat(Table, table=True):
    """When a job last ran, or why a channel rests."""

    name: str = Field(primary_key=True, max_length=40)
    at: dt.datetime = instant()
    epoch: int = 0
    detail: dict[str, object] = Field(default_factory=dict, sa_type=Json, nullable=False)
