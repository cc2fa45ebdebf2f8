"""silent of the week: a digest finds who has been silent longest, and how many they are, without reading them all

And what never went into a mail, four rows of five on a busy Monday, is in no index of mails.
"""

import sqlalchemy as sa

from alembic import op

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None

NAME, PARTS = "ix_action_silent", ("programme_id", "coalesce(last_word_at, assigned_at)", "id")
MESSAGE = "ix_reminder_message_id"
AWAITED = sa.text("state IN ('acknowledged', 'assigned', 'blocked', 'in_progress')")


def upgrade() -> None:
    columns = [part if part.isidentifier() else sa.text(part) for part in PARTS]
    op.create_index(NAME, "action", columns, sqlite_where=AWAITED, postgresql_where=AWAITED)
    op.drop_index(MESSAGE, "reminder")
    mailed = sa.text("message_id IS NOT NULL")
    op.create_index(MESSAGE, "reminder", ["message_id"], sqlite_where=mailed, postgresql_where=mailed)


def downgrade() -> None:
    op.drop_index(MESSAGE, "reminder")
    op.create_index(MESSAGE, "reminder", ["message_id"])
    op.drop_index(NAME, "action")
