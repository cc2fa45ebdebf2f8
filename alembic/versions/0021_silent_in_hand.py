"""silent in hand: who has been silent longest is found without walking past those who never confirmed"""

import sqlalchemy as sa

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

NAME, PARTS = "ix_action_heard", ("programme_id", "coalesce(last_word_at, assigned_at)", "id")


def upgrade() -> None:
    _put("state IN ('acknowledged', 'in_progress')")


def downgrade() -> None:
    _put("state IN ('acknowledged', 'assigned', 'blocked', 'in_progress')")


def _put(where: str) -> None:
    op.drop_index(NAME, "action")
    columns = [part if part.isidentifier() else sa.text(part) for part in PARTS]
    condition = sa.text(where)
    op.create_index(NAME, "action", columns, sqlite_where=condition, postgresql_where=condition)
