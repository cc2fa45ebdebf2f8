"""mails that came back: a state of their own, each with its reason, and what they say of an address"""

import sqlalchemy as sa

from alembic import op
from app.choice_checks import admit, dismiss

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

WHEN = sa.DateTime(timezone=True)


def upgrade() -> None:
    admit(op.get_bind(), "message", "state", "bounced")
    _index_of_failures("'bounced', 'dead', 'parked'")
    op.create_table(
        "bounce",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("at", WHEN, nullable=False),
        sa.Column(
            "weight",
            sa.Enum("hard", "soft", "policy", name="weight", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_bounce_message_id_message")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bounce")),
    )
    op.create_index("ix_bounce_message_id", "bounce", ["message_id"])
    op.create_index("ix_bounce_address", "bounce", ["address"])
    op.create_table(
        "failing_address",
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("scored_at", WHEN, nullable=False),
        sa.Column("failing_since_at", WHEN, nullable=True),
        sa.Column("told_at", WHEN, nullable=True),
        sa.PrimaryKeyConstraint("address", name=op.f("pk_failing_address")),
    )
    op.create_index("ix_failing_address_failing_since_at", "failing_address", ["failing_since_at"])


def downgrade() -> None:
    """What came back had been sent, and is called so again."""
    op.drop_table("failing_address")
    op.drop_table("bounce")
    op.execute("UPDATE message SET state = 'sent' WHERE state = 'bounced'")
    _index_of_failures("'dead', 'parked'")
    dismiss(op.get_bind(), "message", "state", "bounced")


def _index_of_failures(states: str) -> None:
    op.drop_index("ix_message_failed", "message")
    where = sa.text(f"state IN ({states})")
    columns = ["state", "ended_at", "id"]
    op.create_index("ix_message_failed", "message", columns, sqlite_where=where, postgresql_where=where)
