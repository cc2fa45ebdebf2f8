"""questions: asked and answered about an action, found by search; a mailed key may open one question"""

import sqlalchemy as sa

from alembic import op
from app.choice_checks import admit, dismiss

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

TABLE = "question_note"
SIDES, DOORS = ("secretariat", "owner"), ("workspace", "mail_link", "on_behalf", "command")
OPEN = sa.text("question_id IS NULL AND answered_at IS NULL AND lapsed_at IS NULL")
WHEN = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", sa.Integer(), nullable=False),
        _key("action_id", "action"),
        _key("programme_id", "programme"),
        _key("post_id", "post"),
        sa.Column("side", _words("side", SIDES), nullable=False),
        _key("question_id", TABLE, nullable=True),
        _key("person_id", "person", nullable=True),
        sa.Column("at", WHEN, nullable=False),
        sa.Column("via", _words("via", DOORS), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("answered_at", WHEN, nullable=True),
        sa.Column("lapsed_at", WHEN, nullable=True),
        sa.CheckConstraint(
            "question_id IS NULL OR (answered_at IS NULL AND lapsed_at IS NULL)",
            name=op.f("ck_question_note_answers_wait_for_nothing"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_note")),
    )
    _index("ix_question_note_action_id_id", "action_id", "id")
    _index("ix_question_note_question_id", "question_id")
    _index("ix_question_note_person_id", "person_id")
    _index("ix_question_note_open", "programme_id", "at", "id", where=OPEN)
    _index("ix_question_note_open_post", "post_id", "at", "id", where=OPEN)
    # As text: through a batch SQLite would copy the table.
    op.execute(
        "ALTER TABLE update_link ADD COLUMN question_id INTEGER "
        "CONSTRAINT fk_update_link_question_id_question_note REFERENCES question_note (id)"
    )
    admit(op.get_bind(), "search_document", "kind", "question")


def downgrade() -> None:
    """What was asked and answered is nowhere else; its keys would open what they are not bound to."""
    op.execute("DELETE FROM search_document WHERE kind = 'question'")
    dismiss(op.get_bind(), "search_document", "kind", "question")
    op.execute("DELETE FROM update_link WHERE question_id IS NOT NULL")
    op.drop_column("update_link", "question_id")
    op.drop_table(TABLE)


def _words(name: str, members: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*members, name=name, native_enum=False, create_constraint=True, length=32)


def _key(name: str, table: str, *, nullable: bool = False) -> sa.Column[int]:
    points = sa.ForeignKey(f"{table}.id", name=op.f(f"fk_{TABLE}_{name}_{table}"))
    return sa.Column(name, sa.Integer(), points, nullable=nullable)


def _index(name: str, *columns: str, where: sa.TextClause | None = None) -> None:
    options = {} if where is None else {"sqlite_where": where, "postgresql_where": where}
    op.create_index(name, TABLE, list(columns), **options)
