"""proposers: who proposed a recommendation is written to without an account, and says once whether it is so"""

import sqlalchemy as sa

from alembic import op
from app.choice_checks import admit, dismiss
from app.models.base import UtcDateTime

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

NEW = ("confirm", "not_upheld")
ONE = "(person_id IS NULL) <> (proposer_id IS NULL)"
OURS, THEIRS = "person_id INTEGER NOT NULL", "person_id INTEGER"


def upgrade() -> None:
    _proposer()
    _voice_link()
    _voice()
    key = "CONSTRAINT fk_message_proposer_id_proposer REFERENCES proposer (id)"
    if _is_sqlite():  # a rule may stand with a new column, but not be added to a table that stands
        _message(OURS, THEIRS)
        op.execute(f"ALTER TABLE message ADD COLUMN proposer_id INTEGER {key} CONSTRAINT ck_message_reader CHECK ({ONE})")
    else:
        op.alter_column("message", "person_id", nullable=True)
        op.execute(f"ALTER TABLE message ADD COLUMN proposer_id INTEGER {key}")
        op.execute(f"ALTER TABLE message ADD CONSTRAINT ck_message_reader CHECK ({ONE})")
    where = sa.text("proposer_id IS NOT NULL")
    op.create_index("ix_message_proposer_id", "message", ["proposer_id"], sqlite_where=where, postgresql_where=where)
    where = sa.text("evidence = 'disputed'")
    parts = ["programme_id", "verified_at", "id"]
    op.create_index("ix_action_disputed", "action", parts, sqlite_where=where, postgresql_where=where)
    admit(op.get_bind(), "progress_update", "verb", *NEW)


def downgrade() -> None:
    """What a proposer confirmed was never told before: it goes, and so do the mails to them."""
    op.drop_table("voice")
    op.drop_table("voice_link")
    op.execute("DELETE FROM progress_update WHERE verb IN ('confirm', 'not_upheld')")
    dismiss(op.get_bind(), "progress_update", "verb", *NEW)
    op.drop_index("ix_action_disputed", "action")
    op.execute("DELETE FROM message WHERE proposer_id IS NOT NULL")
    op.drop_index("ix_message_proposer_id", "message")
    if _is_sqlite():
        op.drop_column("message", "proposer_id")
        _message(THEIRS, OURS)
    else:
        op.drop_constraint("ck_message_reader", "message")
        op.drop_column("message", "proposer_id")
        op.alter_column("message", "person_id", nullable=False)
    op.drop_table("proposer")


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _message(before: str, after: str) -> None:
    """Whether a mail has to have a person: SQLite would rewrite the table for it, and others point to it."""
    op.execute("PRAGMA writable_schema = ON")
    changed = sa.text(
        "UPDATE sqlite_master SET sql = replace(sql, :before, :after) WHERE type = 'table' AND name = 'message'"
    )
    op.get_bind().execute(changed, {"before": f"{before},", "after": f"{after},"})
    op.execute("PRAGMA writable_schema = RESET")


def _proposer() -> None:
    op.create_table(
        "proposer",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("recommendation_id", sa.Integer(), sa.ForeignKey("recommendation.id"), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("email", sa.String(254)),
        sa.Column("locale", sa.String(2), nullable=False),
        sa.Column("agreed_on", sa.Date()),
        sa.Column("removed_at", UtcDateTime(timezone=True)),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.UniqueConstraint("recommendation_id", "email"),
    )


def _voice_link() -> None:
    op.create_table(
        "voice_link",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("token_hash", sa.String(64), nullable=False, unique=True),
        sa.Column("proposer_id", sa.Integer(), sa.ForeignKey("proposer.id"), nullable=False, index=True),
        sa.Column("verification_id", sa.Integer(), sa.ForeignKey("progress_update.id"), nullable=False),
        sa.Column("action_id", sa.Integer(), sa.ForeignKey("action.id"), nullable=False, index=True),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("expires_at", UtcDateTime(timezone=True), nullable=False, index=True),
        sa.Column("revoked_at", UtcDateTime(timezone=True)),
    )


def _voice() -> None:
    op.create_table(
        "voice",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("proposer_id", sa.Integer(), sa.ForeignKey("proposer.id"), nullable=False),
        sa.Column("verification_id", sa.Integer(), sa.ForeignKey("progress_update.id"), nullable=False),
        sa.Column("update_id", sa.Integer(), sa.ForeignKey("progress_update.id"), nullable=False, unique=True),
        sa.UniqueConstraint("proposer_id", "verification_id"),
    )
