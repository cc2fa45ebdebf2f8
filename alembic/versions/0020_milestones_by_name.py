"""milestones by name: a mailed key may be about one milestone, and so may an update, with what was said of it"""

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

KEYED = ("progress_update", "update_link")
WORDS = "'reached', 'on_track', 'blocked'"


def upgrade() -> None:
    # Spelled out: SQLite adds a column with its rule, but no rule to a table that stands.
    for table in KEYED:
        key = f"fk_{table}_milestone_id_milestone"
        op.execute(f"ALTER TABLE {table} ADD COLUMN milestone_id INTEGER CONSTRAINT {key} REFERENCES milestone (id)")
    op.execute(
        "ALTER TABLE progress_update ADD COLUMN milestone_word VARCHAR(32) "
        f"CONSTRAINT ck_progress_update_milestone_word CHECK (milestone_word IN ({WORDS}))"
    )


def downgrade() -> None:
    """A key about a milestone would open the whole action below: it opens nothing any more."""
    op.execute("DELETE FROM update_link WHERE milestone_id IS NOT NULL")
    op.drop_column("progress_update", "milestone_word")
    for table in KEYED:
        op.drop_column(table, "milestone_id")
