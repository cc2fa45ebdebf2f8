"""no keys in clear: where a form of a mailed link led is kept without the link's key"""

import re

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0015"
branch_labels = None
depends_on = None

FORMS = sa.table("form_once", sa.column("key", sa.String), sa.column("location", sa.String))
KEYED = re.compile(r"^(/[a-z]{2}/u/)[^/?#{]+")


def upgrade() -> None:
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA secure_delete=ON")  # or the old bytes stay in the free parts of the file
    keyed = sa.select(FORMS.c.key, FORMS.c.location).where(FORMS.c.location.like("/__/u/%"))
    for key, location in connection.execute(keyed).all():
        cleared = KEYED.sub(r"\1{token}", location)
        connection.execute(sa.update(FORMS).where(FORMS.c.key == key).values(location=cleared))


def downgrade() -> None:
    """What is not kept can't come back: a form sent twice across a downgrade leads to a page that is not there."""
