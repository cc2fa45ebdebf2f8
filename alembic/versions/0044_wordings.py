"""sentences of mails in an administrator's words"""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    editor = sa.ForeignKey("person.id", name=op.f("fk_wording_edited_by_id_person"))
    op.create_table(
        "wording",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("lang", sa.String(length=2), nullable=False),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.Column("forms", JSON, nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_by_id", sa.Integer(), editor, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wording")),
        sa.UniqueConstraint("lang", "text", name=op.f("uq_wording_lang_text")),
    )
    op.create_index("ix_wording_edited_by_id", "wording", ["edited_by_id"])


def downgrade() -> None:
    """Mails are written in our words again."""
    op.drop_table("wording")
