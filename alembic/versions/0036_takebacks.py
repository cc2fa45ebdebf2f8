"""answers that can be undone, words that are corrected, responses and closures that are taken back"""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from alembic import op
from app.choice_checks import admit, dismiss

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

WHEN = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    admit(op.get_bind(), "progress_update", "verb", "undo")
    op.add_column("progress_update", sa.Column("corrected_at", WHEN))
    op.add_column("progress_update", sa.Column("corrections", sa.Integer(), server_default="0", nullable=False))
    op.create_table(
        "kept_answer",
        sa.Column("update_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("first_id", sa.Integer(), nullable=False),
        _key("kept_answer", "action_id", "action"),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("before", JSON, nullable=False),
        sa.Column("until_at", WHEN, nullable=False),
        sa.Column("undone_at", WHEN, nullable=True),
        sa.PrimaryKeyConstraint("update_id", name=op.f("pk_kept_answer")),
    )
    op.create_index("ix_kept_answer_action_id", "kept_answer", ["action_id"])
    op.create_index("ix_kept_answer_until_at", "kept_answer", ["until_at"])
    op.create_table(
        "taken_back",
        sa.Column("id", sa.Integer(), nullable=False),
        _key("taken_back", "recommendation_id", "recommendation"),
        sa.Column(
            "what",
            sa.Enum("response", "closure", name="what", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("was", sa.String(length=40), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("was_public", sa.Boolean(), nullable=False),
        sa.Column("at", WHEN, nullable=False),
        _key("taken_back", "person_id", "person", nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_taken_back")),
    )
    op.create_index("ix_taken_back_recommendation_id_id", "taken_back", ["recommendation_id", "id"])
    op.create_index("ix_taken_back_person_id", "taken_back", ["person_id"])


def downgrade() -> None:
    """What stood before an answer is forgotten; what was corrected and taken back is in the record."""
    op.drop_table("taken_back")
    op.drop_table("kept_answer")
    op.drop_column("progress_update", "corrections")
    op.drop_column("progress_update", "corrected_at")
    op.execute("DELETE FROM progress_update WHERE verb = 'undo'")
    dismiss(op.get_bind(), "progress_update", "verb", "undo")


def _key(owner: str, name: str, table: str, *, nullable: bool = False) -> sa.Column[int]:
    points = sa.ForeignKey(f"{table}.id", name=op.f(f"fk_{owner}_{name}_{table}"))
    return sa.Column(name, sa.Integer(), points, nullable=nullable)
