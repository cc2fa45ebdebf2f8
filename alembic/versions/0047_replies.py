"""mails that take a reply, and replies that wait for their writer to confirm them"""

import sqlalchemy as sa

from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None

WHEN = sa.DateTime(timezone=True)
STATES = ("waiting", "confirmed", "discarded", "expired")


def upgrade() -> None:
    op.create_table(
        "reply_line",
        _key("reply_line", "message_id", "message"),
        _key("reply_line", "person_id", "person"),
        _key("reply_line", "post_id", "post"),
        _key("reply_line", "action_id", "action"),
        sa.Column("expires_at", WHEN, nullable=False),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_reply_line")),
    )
    _index("reply_line", "person_id", "post_id", "action_id", "expires_at")
    op.create_table(
        "pending_reply",
        sa.Column("id", sa.Integer(), nullable=False),
        _key("pending_reply", "message_id", "message"),
        _key("pending_reply", "person_id", "person"),
        _key("pending_reply", "post_id", "post"),
        _key("pending_reply", "action_id", "action"),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("lang", sa.String(length=2), nullable=False),
        sa.Column(
            "state",
            sa.Enum(*STATES, name="reply_state", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("received_at", WHEN, nullable=False),
        sa.Column("expires_at", WHEN, nullable=False),
        sa.Column("ended_at", WHEN, nullable=True),
        _key("pending_reply", "update_id", "progress_update", nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pending_reply")),
        sa.UniqueConstraint("digest", name=op.f("uq_pending_reply_digest")),
    )
    _index("pending_reply", "message_id", "person_id", "post_id", "action_id", "expires_at", "update_id")


def downgrade() -> None:
    """What was confirmed is in the record; what waited is forgotten."""
    op.drop_table("pending_reply")
    op.drop_table("reply_line")


def _key(owner: str, name: str, table: str, *, nullable: bool = False) -> sa.Column[int]:
    points = sa.ForeignKey(f"{table}.id", name=op.f(f"fk_{owner}_{name}_{table}"))
    return sa.Column(name, sa.Integer(), points, nullable=nullable, autoincrement=False)


def _index(table: str, *columns: str) -> None:
    for column in columns:
        op.create_index(f"ix_{table}_{column}", table, [column])
