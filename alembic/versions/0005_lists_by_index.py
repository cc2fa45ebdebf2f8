"""lists by index: each section of the desk, each filter of the lists and each failure is read where it begins"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

OPEN = "state IN ('acknowledged', 'assigned', 'blocked', 'declined', 'in_progress', 'submitted')"
OWED = "state IN ('acknowledged', 'assigned', 'blocked', 'in_progress')"
GIVEN = "state IN ('acknowledged', 'assigned', 'blocked', 'in_progress', 'submitted', 'verified')"
WAITING = "released_at IS NULL AND public_summary <> '' AND withheld_reason = ''"
FAILED = "state IN ('dead', 'parked')"
HEARD = sa.text("coalesce(last_word_at, assigned_at)")
SINCE = sa.text("coalesce(responded_at, created_at)")

# Table, name, columns, the condition of a partial one.
INDEXES = (
    ("action", "lead_organisation_id_state_due_on_id", ["lead_organisation_id", "state", "due_on", "id"], None),
    ("action", "owner_post_id_state_due_on_id", ["owner_post_id", "state", "due_on", "id"], None),
    ("action", "owner_post_id_ended_at_id", ["owner_post_id", "ended_at", "id"], None),
    ("action", "open", ["programme_id", "due_on", "id"], OPEN),
    ("action", "heard", ["programme_id", HEARD, "id"], OWED),
    ("action", "unconfirmed", ["programme_id", "assigned_at", "id"], "state IN ('assigned')"),
    ("action", "unpublished", ["programme_id", "due_on", "id"], f"published_at IS NULL AND {GIVEN}"),
    ("progress_update", "waiting", ["programme_id", "id"], WAITING),
    ("recommendation", "waiting", ["programme_id", "status", SINCE, "id"], None),
    ("message", "kind_id", ["kind", "id"], None),
    ("message", "failed", ["state", "ended_at", "id"], FAILED),
)


def upgrade() -> None:
    op.drop_index("ix_action_owner_post_id_state_due_on", "action")
    op.drop_index("ix_action_programme_id_due_on_id", "action")  # it would be taken for what is open, ended ones first
    for table, name, columns, condition in INDEXES:
        where = sa.text(condition) if condition else None
        op.create_index(f"ix_{table}_{name}", table, columns, sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    for table, name, _, _ in reversed(INDEXES):
        op.drop_index(f"ix_{table}_{name}", table)
    op.create_index("ix_action_programme_id_due_on_id", "action", ["programme_id", "due_on", "id"])
    op.create_index("ix_action_owner_post_id_state_due_on", "action", ["owner_post_id", "state", "due_on"])
