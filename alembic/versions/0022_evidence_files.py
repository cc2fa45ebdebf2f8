"""evidence files: a piece may bring its file, and may be kept from the public for good"""

import sqlalchemy as sa

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

TABLE = "evidence_item"


def _added() -> list[sa.Column[object]]:
    return [
        sa.Column("file_key", sa.String(32), nullable=True),
        sa.Column("file_name", sa.String(200), nullable=False, server_default=""),
        sa.Column("file_kind", sa.String(8), nullable=False, server_default=""),
        sa.Column("file_size", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("file_sha256", sa.String(64), nullable=False, server_default=""),
        sa.Column("is_internal", sa.Boolean(), nullable=False, server_default=sa.false()),
    ]


def upgrade() -> None:
    for column in _added():
        op.add_column(TABLE, column)
    op.create_index("ix_evidence_item_file_key", TABLE, ["file_key"], unique=True)


def downgrade() -> None:
    op.drop_index("ix_evidence_item_file_key", TABLE)
    for column in reversed(_added()):
        op.drop_column(TABLE, column.name)
