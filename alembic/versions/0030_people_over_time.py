"""people over time: the note that a change of holder leaves, and invitations by mail"""

import sqlalchemy as sa

from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

WHEN = sa.DateTime(timezone=True)
STATES = (
    *("draft", "assigned", "acknowledged", "declined", "in_progress", "blocked", "submitted", "verified"),
    *("cancelled", "superseded", "not_applicable"),
)
ROLES = ("secretariat", "verifier", "observer", "owner", "contributor", "manager", "administrator")


def upgrade() -> None:
    op.create_table(
        "handover_note",
        sa.Column("id", sa.Integer(), nullable=False),
        _key("handover_note", "holding_id", "holding"),
        _key("handover_note", "post_id", "post"),
        _key("handover_note", "former_id", "person", nullable=True),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("created_at", WHEN, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_handover_note"),
        sa.UniqueConstraint("holding_id", name="uq_handover_note_holding_id"),
    )
    _index("handover_note", "post_id")
    _lines()
    _invitations()


def downgrade() -> None:
    for table in ("invitation", "handover_line", "handover_note"):
        op.drop_table(table)


def _lines() -> None:
    op.create_table(
        "handover_line",
        _key("handover_line", "note_id", "handover_note"),
        sa.Column("position", sa.Integer(), nullable=False),
        _key("handover_line", "action_id", "action"),
        sa.Column("is_part", sa.Boolean(), nullable=False),
        _choice("state", STATES),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("is_late", sa.Boolean(), nullable=False),
        _key("handover_line", "update_id", "progress_update", nullable=True),
        sa.PrimaryKeyConstraint("note_id", "position", name="pk_handover_line"),
        sa.UniqueConstraint("note_id", "action_id", name="uq_handover_line_note_id_action_id"),
    )
    _index("handover_line", "action_id")


def _invitations() -> None:
    op.create_table(
        "invitation",
        sa.Column("id", sa.Integer(), nullable=False),
        _key("invitation", "person_id", "person"),
        _key("invitation", "invited_by_id", "person", nullable=True),
        _choice("role", ROLES, nullable=True),
        _key("invitation", "programme_id", "programme", nullable=True),
        _key("invitation", "post_id", "post", nullable=True),
        sa.Column("token_hash", sa.String(length=64), nullable=True),
        sa.Column("sendings", sa.Integer(), nullable=False),
        sa.Column("created_at", WHEN, nullable=False),
        sa.Column("sent_at", WHEN, nullable=True),
        sa.Column("expires_at", WHEN, nullable=True),
        sa.Column("accepted_at", WHEN, nullable=True),
        sa.Column("withdrawn_at", WHEN, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_invitation"),
        sa.UniqueConstraint("token_hash", name="uq_invitation_token_hash"),
    )
    _index("invitation", "person_id")


def _key(table: str, name: str, other: str, *, nullable: bool = False) -> sa.Column[int]:
    points_to = sa.ForeignKey(f"{other}.id", name=f"fk_{table}_{name}_{other}")
    return sa.Column(name, sa.Integer(), points_to, nullable=nullable)


def _choice(name: str, members: tuple[str, ...], *, nullable: bool = False) -> sa.Column[str]:
    words = sa.Enum(*members, name=name, native_enum=False, create_constraint=True, length=32)
    return sa.Column(name, words, nullable=nullable)


def _index(table: str, column: str) -> None:
    op.create_index(f"ix_{table}_{column}", table, [column])
