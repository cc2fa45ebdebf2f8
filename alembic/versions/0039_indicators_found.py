"""indicators found: search knows a kind more, and is made anew with the indicators that there are"""

from alembic import op
from app.choice_checks import admit, dismiss

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    admit(op.get_bind(), "search_document", "kind", "indicator")
    # `migrate` makes the index of search where there is none: what is kept says nothing of indicators.
    op.execute("DELETE FROM search_document")
    op.execute("DELETE FROM search_word")


def downgrade() -> None:
    op.execute("DELETE FROM search_document WHERE kind = 'indicator'")
    dismiss(op.get_bind(), "search_document", "kind", "indicator")
