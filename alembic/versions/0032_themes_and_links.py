"""themes are merged, actions also serve other recommendations, recommendations are linked and name their outcome"""

import sqlalchemy as sa

from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

TEXTS = sa.JSON().with_variant(sa.dialects.postgresql.JSONB(), "postgresql")
OF_THEME = "ix_recommendation_theme_theme_id"


def upgrade() -> None:
    # As text: through a batch SQLite would copy the table, and lose it where others point to it.
    key = "fk_theme_owner_programme_id_programme"
    op.execute(f"ALTER TABLE theme ADD COLUMN owner_programme_id INTEGER CONSTRAINT {key} REFERENCES programme (id)")
    op.add_column("theme", sa.Column("version", sa.Integer(), server_default="1", nullable=False))
    op.add_column("recommendation", sa.Column("outcome", TEXTS, server_default="{}", nullable=False))
    op.add_column("recommendation", sa.Column("outcome_on", sa.Date(), nullable=True))
    op.add_column("recommendation", sa.Column("outcome_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("action", sa.Column("serves_others", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_index(f"{OF_THEME}_recommendation_id", "recommendation_theme", ["theme_id", "recommendation_id"])
    op.drop_index(OF_THEME, "recommendation_theme")
    _pair("also_serves", ("action_id", "action"), ("recommendation_id", "recommendation"))
    ordered = sa.CheckConstraint("first_id < second_id", name=op.f("ck_recommendation_link_first_before_second"))
    _pair("recommendation_link", ("first_id", "recommendation"), ("second_id", "recommendation"), ordered)


def downgrade() -> None:
    """What was merged stays merged; that actions served elsewhere, that recommendations were linked, is forgotten."""
    op.drop_table("recommendation_link")
    op.drop_table("also_serves")
    op.create_index(OF_THEME, "recommendation_theme", ["theme_id"])
    op.drop_index(f"{OF_THEME}_recommendation_id", "recommendation_theme")
    op.drop_column("action", "serves_others")
    for column in ("outcome_at", "outcome_on", "outcome"):
        op.drop_column("recommendation", column)
    for column in ("version", "owner_programme_id"):
        op.drop_column("theme", column)


def _pair(table: str, first: tuple[str, str], second: tuple[str, str], *more: sa.CheckConstraint) -> None:
    columns = [sa.Column(name, sa.Integer(), nullable=False) for name, _ in (first, second)]
    points = [
        sa.ForeignKeyConstraint([name], [f"{to}.id"], name=op.f(f"fk_{table}_{name}_{to}"))
        for name, to in (first, second)
    ]
    key = sa.PrimaryKeyConstraint(first[0], second[0], name=op.f(f"pk_{table}"))
    op.create_table(table, *columns, *points, *more, key)
    op.create_index(f"ix_{table}_{second[0]}", table, [second[0]])
