"""indicators: what is measured, its target, and its dated values"""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

RHYTHMS = ("month", "quarter", "half_year", "year")
WHEN = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "indicator",
        sa.Column("id", sa.Integer(), nullable=False),
        _key("indicator", "programme_id", "programme"),
        _key("indicator", "recommendation_id", "recommendation", nullable=True),
        sa.Column("titles", _json(), nullable=False),
        sa.Column("unit", _json(), nullable=False),
        sa.Column("baseline", sa.String(32), nullable=True),
        sa.Column("baseline_on", sa.Date(), nullable=True),
        sa.Column("target", sa.String(32), nullable=False),
        sa.Column("target_on", sa.Date(), nullable=False),
        _key("indicator", "post_id", "post", nullable=True),
        sa.Column(
            "word_every",
            sa.Enum(*RHYTHMS, name="word_every", native_enum=False, create_constraint=True, length=32),
            nullable=True,
        ),
        sa.Column("word_since", sa.Date(), nullable=True),
        sa.Column("published_at", WHEN, nullable=True),
        sa.Column("created_at", WHEN, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_indicator")),
    )
    for column in ("programme_id", "recommendation_id", "post_id"):
        op.create_index(f"ix_indicator_{column}", "indicator", [column])
    _values()


def downgrade() -> None:
    op.execute("DELETE FROM reminder WHERE subject_kind = 'indicator'")
    op.drop_table("indicator_value")
    op.drop_table("indicator")


def _values() -> None:
    op.create_table(
        "indicator_value",
        sa.Column("id", sa.Integer(), nullable=False),
        _key("indicator_value", "indicator_id", "indicator"),
        sa.Column("of_on", sa.Date(), nullable=False),
        sa.Column("value", sa.String(32), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("link", sa.String(), nullable=False),
        sa.Column("is_current", sa.Boolean(), nullable=False),
        _key("indicator_value", "corrects_id", "indicator_value", nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        _key("indicator_value", "person_id", "person", nullable=True),
        sa.Column("at", WHEN, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_indicator_value")),
    )
    for column in ("indicator_id", "corrects_id", "person_id"):
        op.create_index(f"ix_indicator_value_{column}", "indicator_value", [column])
    now = sa.text("is_current")
    name, columns = "uq_indicator_value_current", ["indicator_id", "of_on"]
    op.create_index(name, "indicator_value", columns, unique=True, sqlite_where=now, postgresql_where=now)


def _key(of: str, name: str, table: str, *, nullable: bool = False) -> sa.Column[int]:
    points = sa.ForeignKey(f"{table}.id", name=op.f(f"fk_{of}_{name}_{table}"))
    return sa.Column(name, sa.Integer(), points, nullable=nullable)


def _json() -> sa.types.TypeEngine[object]:
    return sa.JSON().with_variant(JSONB(), "postgresql")
