"""dispatch: who saw or closed a mail that failed, and what has left of late, to each domain and in all"""

import sqlalchemy as sa

from alembic import op
from app.models.base import Json, UtcDateTime

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

SEEN_BY, CLOSED_BY = "acknowledged_by_id", "closed_by_id"


def upgrade() -> None:
    op.add_column("message", sa.Column("acknowledged_at", UtcDateTime(), nullable=True))
    op.add_column("message", sa.Column("closed_at", UtcDateTime(), nullable=True))
    op.add_column("message", sa.Column("closing", sa.String(500), server_default="", nullable=False))
    for column in (SEEN_BY, CLOSED_BY):
        key = f"CONSTRAINT fk_message_{column}_person REFERENCES person (id)"
        op.execute(f"ALTER TABLE message ADD COLUMN {column} INTEGER {key}")
    op.create_table(
        "pace",
        sa.Column("domain", sa.String(255), nullable=False),
        sa.Column("spent", Json, nullable=False),
        sa.PrimaryKeyConstraint("domain", name="pk_pace"),
    )


def downgrade() -> None:
    op.drop_table("pace")
    for column in (CLOSED_BY, SEEN_BY, "closing", "closed_at", "acknowledged_at"):
        op.drop_column("message", column)
