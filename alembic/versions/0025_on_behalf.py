"""on behalf: how what a post said outside the house came, and on which day"""

import sqlalchemy as sa

from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

WORDS = "'letter', 'phone', 'meeting', 'e_mail'"


def upgrade() -> None:
    # As text: through a batch SQLite would copy the table, and lose it where others point to it.
    op.execute(
        "ALTER TABLE progress_update ADD COLUMN came_by VARCHAR(32) "
        f"CONSTRAINT ck_progress_update_came_by CHECK (came_by IN ({WORDS}))"
    )
    op.add_column("progress_update", sa.Column("came_on", sa.Date()))


def downgrade() -> None:
    op.drop_column("progress_update", "came_on")
    op.drop_column("progress_update", "came_by")
