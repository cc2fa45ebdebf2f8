"""titled documents: PostgreSQL walks the newest of them before it asks the index of words"""

from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

_TITLED = "kind IN ('action', 'indicator', 'meeting', 'organisation', 'post', 'recommendation')"


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"CREATE INDEX search_index_titled ON search_document (id) WHERE {_TITLED}")


def downgrade() -> None:
    op.execute("DROP INDEX IF EXISTS search_index_titled")
