"""mornings: the hour at which somebody wants their reminders; a feast that was moved knows where it was"""

import sqlalchemy as sa

from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("person", sa.Column("reminder_hour", sa.Integer(), server_default="8", nullable=False))
    op.add_column("day_off", sa.Column("pair_on", sa.Date(), nullable=True))
    op.add_column("day_off", sa.Column("version", sa.Integer(), server_default="1", nullable=False))


def downgrade() -> None:
    op.drop_column("day_off", "version")
    op.drop_column("day_off", "pair_on")
    op.drop_column("person", "reminder_hour")
