"""digests: one week of a person is one window, whatever they read; an observer's figures stay beside it"""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(JSONB(), "postgresql")
_SAME = "FROM digest_window o WHERE o.person_id = digest_window.person_id AND o.period = digest_window.period"
# Nothing is missed: a week of which one shape is still to be told, or was not, is not told. Rather twice than never.
_JOIN = f"""
UPDATE digest_window SET
    start_at = (SELECT MIN(o.start_at) {_SAME}),
    end_at = (SELECT MAX(o.end_at) {_SAME}),
    message_id = COALESCE(
        (SELECT MIN(o.message_id) {_SAME} AND o.outcome = 'planned'), (SELECT MIN(o.message_id) {_SAME})
    ),
    outcome = CASE
        WHEN EXISTS (SELECT 1 {_SAME} AND o.outcome = 'planned') THEN 'planned'
        WHEN EXISTS (SELECT 1 {_SAME} AND o.outcome = 'missed') THEN 'missed'
        WHEN EXISTS (SELECT 1 {_SAME} AND o.outcome = 'sent') THEN 'sent'
        ELSE 'empty'
    END
WHERE id IN (SELECT MIN(id) FROM digest_window GROUP BY person_id, period HAVING COUNT(*) > 1)
"""  # noqa: S608 - our own words


def upgrade() -> None:
    op.execute(_JOIN)
    op.execute("DELETE FROM digest_window WHERE id NOT IN (SELECT MIN(id) FROM digest_window GROUP BY person_id, period)")
    with op.batch_alter_table("digest_window") as table:
        table.drop_constraint("uq_digest_window_person_id_shape_period", type_="unique")
        table.drop_column("shape")
        table.add_column(sa.Column("figures", JSON, server_default="{}", nullable=False))
        table.create_unique_constraint("uq_digest_window_person_id_period", ["person_id", "period"])


def downgrade() -> None:
    """Each shape gets the window of the whole."""
    with op.batch_alter_table("digest_window") as table:
        table.drop_constraint("uq_digest_window_person_id_period", type_="unique")
        table.add_column(sa.Column("shape", sa.String(length=20), server_default="owner", nullable=False))
        table.drop_column("figures")
        table.create_unique_constraint("uq_digest_window_person_id_shape_period", ["person_id", "shape", "period"])
    op.execute(
        "INSERT INTO digest_window (person_id, shape, period, start_at, end_at, outcome, message_id)"
        " SELECT person_id, 'secretariat', period, start_at, end_at, outcome, message_id FROM digest_window"
    )
    with op.batch_alter_table("digest_window") as table:
        table.alter_column("shape", server_default=None)
