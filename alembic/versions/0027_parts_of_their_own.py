"""parts of their own: a supporting post is asked, confirms, reports and is done for its part, beside its lead"""

import sqlalchemy as sa
from alembic import op

from app import choice_checks

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

VERBS = ("add_part", "move_part", "end_part", "acknowledge_part", "report_part", "part_on_track", "part_done")
COLUMNS = ("baseline_on", "deadline_set_at", "asked_at", "acknowledged_at", "last_word_at", "done_at")
BEFORE = """UPDATE action_support SET
    state = (SELECT state FROM action WHERE id = action_id),
    key_on = coalesce(due_on, (SELECT due_on FROM action WHERE id = action_id)),
    action_due_on = (SELECT due_on FROM action WHERE id = action_id),
    ended_at = (SELECT ended_at FROM action WHERE id = action_id)"""
# While the action is under way a part is where its own post has taken it; before and after, where the action is.
FOLLOW = (
    BEFORE
    + """,
    stage = (SELECT CASE
        WHEN state NOT IN ('assigned', 'acknowledged', 'in_progress', 'blocked', 'submitted') THEN state
        ELSE CASE action_support.part_state WHEN 'asked' THEN 'assigned' WHEN 'acknowledged' THEN 'acknowledged'
            WHEN 'under_way' THEN 'in_progress' ELSE 'submitted' END
        END FROM action WHERE id = action_id)"""
)
CHANGED = "OLD.state <> NEW.state OR OLD.due_on IS {0} NEW.due_on OR OLD.ended_at IS {0} NEW.ended_at"
PART = "action_id = NEW.action_id AND organisation_id = NEW.organisation_id"
OLD, NEW = "ix_action_support_post_id_state_key_on", "ix_action_support_post_id_stage_key_on"


def upgrade() -> None:
    json = "JSONB" if op.get_bind().dialect.name == "postgresql" else "JSON"
    op.execute(f"ALTER TABLE action_support ADD COLUMN titles {json} NOT NULL DEFAULT '{{}}'")
    op.execute(
        "ALTER TABLE action_support ADD COLUMN part_state VARCHAR(32) DEFAULT 'asked' NOT NULL CONSTRAINT "
        "ck_action_support_part_state CHECK (part_state IN ('asked', 'acknowledged', 'under_way', 'done'))"
    )
    with op.batch_alter_table("action_support") as table:
        table.add_column(sa.Column("extensions", sa.Integer(), nullable=False, server_default="0"))
        table.add_column(sa.Column("stage", sa.String(32), nullable=False, server_default="draft"))
        for name in COLUMNS:
            kind = sa.Date() if name.endswith("_on") else sa.DateTime(timezone=True)
            table.add_column(sa.Column(name, kind, nullable=True))
    key = "fk_progress_update_part_of_id_organisation"
    op.execute(f"ALTER TABLE progress_update ADD COLUMN part_of_id INTEGER CONSTRAINT {key} REFERENCES organisation (id)")
    choice_checks.admit(op.get_bind(), "progress_update", "verb", *VERBS)
    op.add_column("action", sa.Column("parts_due_on", sa.Date(), nullable=True))
    condition = sa.text("parts_due_on IS NOT NULL")
    columns = ["programme_id", "parts_due_on", "id"]
    op.create_index("ix_action_parts_due", "action", columns, sqlite_where=condition, postgresql_where=condition)
    _follow(FOLLOW, "due_on, part_state")
    _settle()
    op.drop_index(OLD, "action_support")
    op.create_index(NEW, "action_support", ["post_id", "stage", "key_on", "action_id"])


def _settle() -> None:
    """What stands: whoever was asked with the action has it in hand where the action went on."""
    op.execute(
        "UPDATE action_support SET baseline_on = due_on, part_state = 'under_way', "
        "asked_at = (SELECT assigned_at FROM action WHERE id = action_id) "
        "WHERE state NOT IN ('draft', 'assigned', 'declined')"
    )
    op.execute(
        "UPDATE action_support SET baseline_on = due_on, asked_at = (SELECT assigned_at FROM action WHERE id = action_id) "
        "WHERE state = 'assigned'"
    )
    op.execute(FOLLOW)
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    week = "date(asked_at, '+7 days')" if is_sqlite else "(asked_at AT TIME ZONE 'UTC')::date + 7"
    asked = f"SELECT {week} FROM action_support WHERE {{0}} AND part_state = 'asked' AND post_id IS NOT NULL"
    days = f"SELECT due_on AS day FROM action_support WHERE {{0}} UNION ALL {asked}".format("action_id = action.id")
    op.execute(f"UPDATE action SET parts_due_on = (SELECT min(day) FROM ({days}) AS days) WHERE state <> 'draft'")


def _follow(follow: str, moved: str) -> None:
    """The triggers again, with what they take over."""
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    if is_sqlite:
        when = CHANGED.format("NOT")
        for name, event, where in (
            ("action", f"UPDATE OF state, due_on, ended_at ON action WHEN {when}", "action_id = NEW.id"),
            ("part_added", "INSERT ON action_support", PART),
            ("part_moved", f"UPDATE OF {moved} ON action_support", PART),
        ):
            op.execute(f"DROP TRIGGER follow_{name}")
            op.execute(f"CREATE TRIGGER follow_{name} AFTER {event} BEGIN {follow} WHERE {where}; END")
        return
    for name, where in (("action", "action_id = NEW.id"), ("part_added", PART), ("part_moved", PART)):
        op.execute(
            f"CREATE OR REPLACE FUNCTION follow_{name}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN {follow} WHERE {where}; RETURN NULL; END $$"
        )
    op.execute("DROP TRIGGER follow_part_moved ON action_support")
    op.execute(
        f"CREATE TRIGGER follow_part_moved AFTER UPDATE OF {moved} ON action_support "
        "FOR EACH ROW EXECUTE FUNCTION follow_part_moved()"
    )


def downgrade() -> None:
    op.drop_index(NEW, "action_support")
    op.create_index(OLD, "action_support", ["post_id", "state", "key_on", "action_id"])
    _follow(BEFORE, "due_on")
    op.drop_index("ix_action_parts_due", "action")
    op.drop_column("action", "parts_due_on")
    op.execute("DELETE FROM progress_update WHERE verb IN ({})".format(", ".join(repr(verb) for verb in VERBS)))
    choice_checks.dismiss(op.get_bind(), "progress_update", "verb", *VERBS)
    op.drop_column("progress_update", "part_of_id")
    for name in (*COLUMNS, "extensions", "stage", "titles", "part_state"):
        op.drop_column("action_support", name)
