"""since when: the hour a message was first due, and the day a deadline was last set

What failed for a week was never late, because every try moved the only date it had; and an extension brought back steps
that lay before it, because nothing said when the deadline had been moved.
"""

import sqlalchemy as sa
from alembic import op

from app.models.base import UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("action", sa.Column("deadline_set_at", UtcDateTime(), nullable=True))
    op.add_column("message", sa.Column("first_due_at", UtcDateTime(), nullable=True))
    # Of what was tried before nobody wrote down the hour; it cannot have been due before it was queued.
    op.execute("UPDATE message SET first_due_at = CASE WHEN attempts = 0 THEN due_at ELSE created_at END")
    op.execute(
        "UPDATE action SET deadline_set_at = (SELECT max(at) FROM progress_update "
        "WHERE progress_update.action_id = action.id AND verb = 'move_deadline') WHERE extensions > 0"
    )


def downgrade() -> None:
    op.drop_column("message", "first_due_at")
    op.drop_column("action", "deadline_set_at")
