"""posts over time: a change of holder on its day, and who acts for a holder from one day to another"""

import sqlalchemy as sa

from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

PRESENT = "uq_holding_present"
WAITING, RUNNING = "begun_at IS NULL AND ended_at IS NULL", "begun_at IS NOT NULL AND ended_at IS NULL"


def upgrade() -> None:
    op.add_column("holding", sa.Column("is_acting", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.drop_index(PRESENT, "holding")
    _unique(PRESENT, "until_on IS NULL AND NOT is_acting")
    _unique("uq_holding_acting", "until_on IS NULL AND is_acting")
    op.create_table(
        "planned_seat",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("is_acting", sa.Boolean(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("planned_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name="fk_planned_seat_post_id_post"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_planned_seat_person_id_person"),
        sa.ForeignKeyConstraint(["planned_by_id"], ["person.id"], name="fk_planned_seat_planned_by_id_person"),
        sa.PrimaryKeyConstraint("id", name="pk_planned_seat"),
    )
    for column in ("post_id", "person_id", "planned_by_id"):
        op.create_index(f"ix_planned_seat_{column}", "planned_seat", [column])
    _partial("ix_planned_seat_waiting", "from_on", WAITING)
    _partial("ix_planned_seat_running", "until_on", RUNNING)


def downgrade() -> None:
    """Who acts for a holder does so no longer: the house before this knows one open row a post."""
    op.drop_table("planned_seat")
    op.drop_index("uq_holding_acting", "holding")
    op.drop_index(PRESENT, "holding")
    op.execute("UPDATE holding SET until_on = since_on WHERE is_acting AND until_on IS NULL")
    op.drop_column("holding", "is_acting")
    _unique(PRESENT, "until_on IS NULL")


def _unique(name: str, where: str) -> None:
    condition = sa.text(where)
    op.create_index(name, "holding", ["post_id"], unique=True, sqlite_where=condition, postgresql_where=condition)


def _partial(name: str, column: str, where: str) -> None:
    condition = sa.text(where)
    op.create_index(name, "planned_seat", [column], sqlite_where=condition, postgresql_where=condition)
