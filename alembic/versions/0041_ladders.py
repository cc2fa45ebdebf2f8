"""ladders of reminders that a programme edited, those of actions with priority apart"""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "programme_ladder",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("is_priority", sa.Boolean(), nullable=False),
        sa.Column("days", JSON, nullable=False),
        sa.Column("since", JSON, nullable=False),
        sa.Column("since_on", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programme.id"], name=op.f("fk_programme_ladder_programme_id_programme")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_ladder")),
        sa.UniqueConstraint("programme_id", "is_priority", name=op.f("uq_programme_ladder_programme_id_is_priority")),
    )


def downgrade() -> None:
    """Every programme has ours again; what it had is in the record."""
    op.drop_table("programme_ladder")
