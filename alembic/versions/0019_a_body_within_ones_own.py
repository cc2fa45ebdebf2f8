"""a body within one's own: whoever owes thousands finds those that one body leads"""

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    columns = ["owner_post_id", "lead_organisation_id", "state", "due_on", "id"]
    op.create_index("ix_action_owner_lead", "action", columns)


def downgrade() -> None:
    op.drop_index("ix_action_owner_lead", "action")
