"""what passes remember: until when a subject of the ladder owes nothing new, as long as it stands as it stood"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

# What is taken out of the ledger may be owed again.
FORGET = "DELETE FROM look WHERE kind = OLD.subject_kind AND subject_id = OLD.subject_id"


def upgrade() -> None:
    op.create_table(
        "look",
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("subject_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("body_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("world", sa.String(32), nullable=False),
        sa.Column("seen", sa.String(), nullable=False),
        sa.Column("since_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "subject_id", "body_id", name=op.f("pk_look")),
        sqlite_with_rowid=False,
    )
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"CREATE TRIGGER forget_look AFTER DELETE ON reminder BEGIN {FORGET}; END")
        return
    op.execute(
        f"CREATE FUNCTION forget_look() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {FORGET}; RETURN NULL; END $$"
    )
    op.execute("CREATE TRIGGER forget_look AFTER DELETE ON reminder FOR EACH ROW EXECUTE FUNCTION forget_look()")


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER forget_look")
    else:
        op.execute("DROP TRIGGER forget_look ON reminder")
        op.execute("DROP FUNCTION forget_look")
    op.drop_table("look")
