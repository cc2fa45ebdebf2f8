"""extension requests: more time is asked for, endorsed and decided; whether managers may decide is the programme's"""

import sqlalchemy as sa

from alembic import op
from app.choice_checks import admit, dismiss

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

VERBS = ("ask_time", "endorse_time", "grant_time", "grant_part", "refuse_time", "withdraw_time")
OUTCOMES = ("open", "granted", "refused", "withdrawn", "lapsed")
OPEN = sa.text("outcome IN ('open')")
WHEN = sa.DateTime(timezone=True)


def upgrade() -> None:
    admit(op.get_bind(), "progress_update", "verb", *VERBS)
    op.add_column("programme", sa.Column("managers_decide", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_table(
        "extension_request",
        sa.Column("id", sa.Integer(), nullable=False),
        _key("action_id", "action"),
        _key("programme_id", "programme"),
        _key("post_id", "post"),
        _key("part_of_id", "organisation", nullable=True),
        _key("person_id", "person", nullable=True),
        sa.Column("asked_at", WHEN, nullable=False),
        sa.Column("from_on", sa.Date(), nullable=True),
        sa.Column("to_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        _key("endorsed_by_id", "person", nullable=True),
        sa.Column("endorsed_at", WHEN, nullable=True),
        sa.Column(
            "outcome",
            sa.Enum(*OUTCOMES, name="outcome", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        _key("decided_by_id", "person", nullable=True),
        sa.Column("decided_at", WHEN, nullable=True),
        sa.Column("granted_on", sa.Date(), nullable=True),
        sa.Column("decision", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extension_request")),
    )
    _index("ix_extension_request_action_id_id", "action_id", "id")
    _index("ix_extension_request_person_id", "person_id")
    _index("ix_extension_request_waiting", "programme_id", "asked_at", "id", where=OPEN)
    _index("uq_extension_request_open", "action_id", "post_id", where=OPEN, unique=True)


def downgrade() -> None:
    """What was said in the story of it has no word below; the deadlines that moved stay where they are."""
    op.drop_table("extension_request")
    op.drop_column("programme", "managers_decide")
    told = ", ".join(repr(verb) for verb in VERBS)
    op.execute(f"DELETE FROM evidence_item WHERE update_id IN (SELECT id FROM progress_update WHERE verb IN ({told}))")
    op.execute(f"DELETE FROM progress_update WHERE verb IN ({told})")
    dismiss(op.get_bind(), "progress_update", "verb", *VERBS)


def _key(name: str, table: str, *, nullable: bool = False) -> sa.Column[int]:
    points = sa.ForeignKey(f"{table}.id", name=op.f(f"fk_extension_request_{name}_{table}"))
    return sa.Column(name, sa.Integer(), points, nullable=nullable)


def _index(name: str, *columns: str, where: sa.TextClause | None = None, unique: bool = False) -> None:
    options = {} if where is None else {"sqlite_where": where, "postgresql_where": where}
    op.create_index(name, "extension_request", list(columns), unique=unique, **options)
