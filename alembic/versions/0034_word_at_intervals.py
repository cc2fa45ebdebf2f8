"""word at intervals: how often a programme asks for it, and since when"""

import sqlalchemy as sa

from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

RHYTHMS = "'month', 'quarter', 'half_year', 'year'"


def upgrade() -> None:
    # As text: through a batch SQLite would copy the table, and lose it where others point to it.
    op.execute(
        "ALTER TABLE programme ADD COLUMN word_every VARCHAR(32) "
        f"CONSTRAINT ck_programme_word_every CHECK (word_every IN ({RHYTHMS}))"
    )
    op.add_column("programme", sa.Column("word_since", sa.Date()))


def downgrade() -> None:
    op.drop_column("programme", "word_since")
    op.drop_column("programme", "word_every")
