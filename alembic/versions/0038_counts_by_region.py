"""counts of regions: an observer's page costs the same however many meetings there are"""

import sqlalchemy as sa

from alembic import op
from app.choice_checks import admit, dismiss

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

# The twelve in the order of their numbers, as they are kept in `scope_id`.
_CODES = ("TTA", "OR", "FM", "RSK", "BMK", "CS", "MS", "DT", "SM", "GON", "LSH", "DOE")
_PLACE = " ".join(f"WHEN '{code}' THEN {number}" for number, code in enumerate(_CODES))
_FILL = f"""
INSERT INTO tally (scope, counted, is_public, scope_id, status, count)
SELECT 'region', 'recommendations', false, place, status, count(*)
FROM (
    SELECT meeting.programme_id * 100 + CASE meeting.region {_PLACE} END AS place, recommendation.status AS status
    FROM recommendation JOIN meeting ON meeting.id = recommendation.meeting_id
) AS counted
GROUP BY place, status
"""


def upgrade() -> None:
    for table in ("tally", "day_tally"):
        admit(op.get_bind(), table, "scope", "region")
    op.create_index("ix_meeting_region_programme_id_id", "meeting", ["region", "programme_id", "id"])
    op.execute(sa.text(_FILL))


def downgrade() -> None:
    op.execute("DELETE FROM tally WHERE scope = 'region'")
    op.drop_index("ix_meeting_region_programme_id_id", "meeting")
    for table in ("tally", "day_tally"):
        dismiss(op.get_bind(), table, "scope", "region")
