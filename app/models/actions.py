"""Actions with their four axes, the bodies that support them, and their milestones."""

import datetime as dt

import sqlalchemy as sa
from sqlmodel import Field

from app.domain.texts import Titles
from app.domain.workflow import AWAITED, IN_HAND, LIVE, OPEN, BlockReason, Evidence, PartState, State
from app.models.base import (
    Table,
    TranslatedTable,
    by_language,
    choice,
    instant,
    maybe_instant,
    one_of,
    partial,
    versioned,
)

# The conditions of partial indexes, word for word as the statements that use them say them.
PUBLIC = "is_public"
PUBLIC_OPEN = "is_public AND state IN ('acknowledged', 'assigned', 'blocked', 'declined', 'in_progress', 'submitted')"
PUBLIC_VERIFIED = "is_public AND state = 'verified'"
# The conditions of partial indexes, for the queries that want to be served by them.
IS_OPEN = one_of("state", OPEN)
IS_IN_HAND = one_of("state", IN_HAND - {State.BLOCKED})
IS_GIVEN = one_of("state", LIVE - {State.DECLINED})  # to a post, which has kept it
IS_AWAITED = one_of("state", AWAITED)  # its post owes the next word
IS_ASSIGNED = one_of("state", {State.ASSIGNED})
IS_DISPUTED = "evidence = 'disputed'"


class Action(TranslatedTable, table=True):
    __table_args__ = (
        sa.UniqueConstraint("recommendation_id", "number"),
        sa.Index("ix_action_programme_id_state_due_on_id", "programme_id", "state", "due_on", "id"),
        sa.Index("ix_action_meeting_id_due_on_id", "meeting_id", "due_on", "id"),
        sa.Index("ix_action_lead_organisation_id_due_on_id", "lead_organisation_id", "due_on", "id"),
        sa.Index("ix_action_lead_organisation_id_state_due_on_id", "lead_organisation_id", "state", "due_on", "id"),
        sa.Index("ix_action_owner_post_id_state_due_on_id", "owner_post_id", "state", "due_on", "id"),
        sa.Index("ix_action_owner_post_id_ended_at_id", "owner_post_id", "ended_at", "id"),
        sa.Index("ix_action_owner_lead", "owner_post_id", "lead_organisation_id", "state", "due_on", "id"),
        sa.Index("ix_action_state_due_on", "state", "due_on"),
        partial("ix_action_meeting_open", "meeting_id", "due_on", "state", where=PUBLIC_OPEN),
        partial("ix_action_lead_open", "lead_organisation_id", "due_on", "id", where=PUBLIC_OPEN),
        partial("ix_action_lead_verified", "lead_organisation_id", "verified_at", "id", where=PUBLIC_VERIFIED),
        partial("ix_action_moved", "moved_at", "id", where=PUBLIC),
        partial("ix_action_open", "programme_id", "due_on", "id", where=IS_OPEN),
        partial("ix_action_heard", "programme_id", "coalesce(last_word_at, assigned_at)", "id", where=IS_IN_HAND),
        partial("ix_action_silent", "programme_id", "coalesce(last_word_at, assigned_at)", "id", where=IS_AWAITED),
        partial("ix_action_post_heard", "owner_post_id", "coalesce(last_word_at, assigned_at)", "id", where=IS_AWAITED),
        partial("ix_action_unconfirmed", "programme_id", "assigned_at", "id", where=IS_ASSIGNED),
        partial("ix_action_parts_due", "programme_id", "parts_due_on", "id", where="parts_due_on IS NOT NULL"),
        partial("ix_action_disputed", "programme_id", "verified_at", "id", where=IS_DISPUTED),
        partial("ix_action_unpublished", "programme_id", "due_on", "id", where=f"published_at IS NULL AND {IS_GIVEN}"),
    )
    id: int = Field(default=None, primary_key=True)
    ref: str = Field(unique=True, max_length=28)
    recommendation_id: int = Field(foreign_key="recommendation.id")
    number: int
    meeting_id: int = Field(foreign_key="meeting.id")
    programme_id: int = Field(foreign_key="programme.id")
    titles: Titles = by_language()
    description: str = ""  # internal
    lead_organisation_id: int | None = Field(default=None, foreign_key="organisation.id")
    owner_post_id: int | None = Field(default=None, foreign_key="post.id")
    is_priority: bool = False
    state: State = Field(default=State.DRAFT, sa_type=choice(State))
    evidence: Evidence = Field(default=Evidence.NONE, sa_type=choice(Evidence))
    percent: int | None = None  # the owner's own estimate; decides nothing
    baseline_on: dt.date | None = None
    due_on: dt.date | None = None
    deadline_version: int = 0  # rises with every change of the deadline
    deadline_set_at: dt.datetime | None = maybe_instant()  # by assignment or extension: steps before it are not owed
    extensions: int = 0
    assigned_at: dt.datetime | None = maybe_instant()
    acknowledged_at: dt.datetime | None = maybe_instant()
    last_word_at: dt.datetime | None = maybe_instant()  # the last act of a holder: silence counts from here
    moved_at: dt.datetime | None = maybe_instant()  # derived: the last act that is news to the public
    blocked_at: dt.datetime | None = maybe_instant()
    block_reason: BlockReason | None = Field(default=None, sa_type=choice(BlockReason), nullable=True)
    who_can_unblock: str = ""
    submitted_at: dt.datetime | None = maybe_instant()
    submitted_by_id: int | None = Field(default=None, foreign_key="person.id")
    verified_at: dt.datetime | None = maybe_instant()
    ended_at: dt.datetime | None = maybe_instant()
    end_reason: str = ""  # public
    parts_due_on: dt.date | None = None  # derived: after this day a supporting part is late, or was never confirmed
    published_at: dt.datetime | None = maybe_instant()
    is_public: bool = False  # derived: published, and its recommendation is public
    # Derived: it counts in other recommendations too, so whatever moves it looks for them.
    serves_others: bool = Field(default=False, sa_column_kwargs={"server_default": sa.false()})
    created_at: dt.datetime = instant()
    version: int = versioned()


class ActionSupport(TranslatedTable, table=True):
    """A supporting organisation, its post when named, and its part: what it is, by when, how far by its own word.

    The last five follow the action by triggers of the database, whoever writes: lists of what one supports would
    otherwise look every action up.
    """

    __table_args__ = (
        sa.Index("ix_action_support_post_id_stage_key_on", "post_id", "stage", "key_on", "action_id"),
        sa.Index("ix_action_support_post_id_state_action_due_on", "post_id", "state", "action_due_on", "action_id"),
        sa.Index(
            "ix_action_support_organisation_id_state_action_due_on",
            *("organisation_id", "state", "action_due_on", "action_id"),
        ),
        sa.Index("ix_action_support_post_id_ended_at", "post_id", "ended_at", "action_id"),
    )
    action_id: int = Field(foreign_key="action.id", primary_key=True)
    organisation_id: int = Field(foreign_key="organisation.id", primary_key=True, index=True)
    post_id: int | None = Field(default=None, foreign_key="post.id", index=True)
    due_on: dt.date | None = None
    titles: Titles = by_language()
    part_state: PartState = Field(
        default=PartState.ASKED, sa_type=choice(PartState), sa_column_kwargs={"server_default": "asked"}
    )
    baseline_on: dt.date | None = None
    extensions: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    deadline_set_at: dt.datetime | None = maybe_instant()
    asked_at: dt.datetime | None = maybe_instant()
    acknowledged_at: dt.datetime | None = maybe_instant()
    last_word_at: dt.datetime | None = maybe_instant()  # its own: neither ends nor hides behind the silence of the lead
    done_at: dt.datetime | None = maybe_instant()
    stage: str = Field(default=State.DRAFT.value, max_length=32, sa_column_kwargs={"server_default": "draft"})
    state: str = Field(default=State.DRAFT.value, max_length=32, sa_column_kwargs={"server_default": "draft"})
    key_on: dt.date | None = None  # of the part, else of the action
    action_due_on: dt.date | None = None
    ended_at: dt.datetime | None = maybe_instant()
    version: int = Field(default=1, nullable=False, sa_column_kwargs={"server_default": "1"})  # of its words


class AlsoServes(Table, table=True):
    """Another recommendation that the action serves beside its home: it counts there too."""

    action_id: int = Field(foreign_key="action.id", primary_key=True)
    recommendation_id: int = Field(foreign_key="recommendation.id", primary_key=True, index=True)


class Milestone(TranslatedTable, table=True):
    id: int = Field(default=None, primary_key=True)
    action_id: int = Field(foreign_key="action.id", index=True)
    titles: Titles = by_language()
    due_on: dt.date | None = Field(default=None, index=True)
    done_on: dt.date | None = None
    version: int = versioned()
