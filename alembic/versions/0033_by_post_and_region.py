"""by post and region: who is silent at a post, what a post asks more time for; search is made anew with its regions"""

import sqlalchemy as sa

from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

INDEXES = (
    (
        "ix_action_post_heard", "action", ("owner_post_id", "coalesce(last_word_at, assigned_at)", "id"),
        "state IN ('acknowledged', 'assigned', 'blocked', 'in_progress')",
    ),
    ("ix_extension_request_of_post", "extension_request", ("post_id", "asked_at", "id"), "outcome IN ('open')"),
)  # fmt: skip


def upgrade() -> None:
    for name, table, parts, where in INDEXES:
        columns = [part if part.isidentifier() else sa.text(part) for part in parts]
        condition = sa.text(where)
        op.create_index(name, table, columns, sqlite_where=condition, postgresql_where=condition)
    _made_anew()


def downgrade() -> None:
    for name, table, _, _ in INDEXES:
        op.drop_index(name, table)
    _made_anew()


def _made_anew() -> None:
    """`serve` makes the index of search where there is none: what is kept says nothing of regions."""
    op.execute("DELETE FROM search_document")
    op.execute("DELETE FROM search_word")
