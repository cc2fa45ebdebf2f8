"""parts know their action: its state and date stand beside who supports it, so that their lists are read by index"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0008"
branch_labels = None
depends_on = None

COLUMNS = ("state", "key_on", "action_due_on", "ended_at")
# What a row of action_support takes over from its action, and a part's own date before the action's.
FOLLOW = """UPDATE action_support SET
    state = (SELECT state FROM action WHERE id = action_id),
    key_on = coalesce(due_on, (SELECT due_on FROM action WHERE id = action_id)),
    action_due_on = (SELECT due_on FROM action WHERE id = action_id),
    ended_at = (SELECT ended_at FROM action WHERE id = action_id)"""
CHANGED = "OLD.state <> NEW.state OR OLD.due_on IS {0} NEW.due_on OR OLD.ended_at IS {0} NEW.ended_at"
WHERE = {"action": "action_id = NEW.id", "part": "action_id = NEW.action_id AND organisation_id = NEW.organisation_id"}
EVENTS = {
    "action": ("UPDATE OF state, due_on, ended_at ON action", True),
    "part_added": ("INSERT ON action_support", False),
    "part_moved": ("UPDATE OF due_on ON action_support", False),
}
INDEXES = {
    "ix_action_support_post_id_state_key_on": ["post_id", "state", "key_on", "action_id"],
    "ix_action_support_post_id_state_action_due_on": ["post_id", "state", "action_due_on", "action_id"],
    "ix_action_support_organisation_id_state_action_due_on": ["organisation_id", "state", "action_due_on", "action_id"],
    "ix_action_support_post_id_ended_at": ["post_id", "ended_at", "action_id"],
}


def upgrade() -> None:
    with op.batch_alter_table("action_support") as table:
        table.add_column(sa.Column("state", sa.String(32), nullable=False, server_default="draft"))
        table.add_column(sa.Column("key_on", sa.Date(), nullable=True))
        table.add_column(sa.Column("action_due_on", sa.Date(), nullable=True))
        table.add_column(sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(FOLLOW)
    for name, columns in INDEXES.items():
        op.create_index(name, "action_support", columns)
    for name, (event, is_action) in EVENTS.items():
        _follow(name, event, WHERE["action" if is_action else "part"], is_action=is_action)


def _follow(name: str, event: str, where: str, *, is_action: bool) -> None:
    if op.get_bind().dialect.name == "sqlite":
        when = f"WHEN {CHANGED.format('NOT')}" if is_action else ""
        op.execute(f"CREATE TRIGGER follow_{name} AFTER {event} {when} BEGIN {FOLLOW} WHERE {where}; END")
        return
    when = f"WHEN ({CHANGED.format('DISTINCT FROM')})" if is_action else ""
    op.execute(
        f"CREATE FUNCTION follow_{name}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN {FOLLOW} WHERE {where}; RETURN NULL; END $$"
    )
    op.execute(
        f"CREATE TRIGGER follow_{name} AFTER {event} FOR EACH ROW {when} EXECUTE FUNCTION follow_{name}()"
    )


def downgrade() -> None:
    for name, (event, _) in EVENTS.items():
        if op.get_bind().dialect.name == "sqlite":
            op.execute(f"DROP TRIGGER follow_{name}")
        else:
            op.execute(f"DROP TRIGGER follow_{name} ON {event.rpartition(' ')[2]}")
            op.execute(f"DROP FUNCTION follow_{name}")
    for name in INDEXES:
        op.drop_index(name, "action_support")
    with op.batch_alter_table("action_support") as table:
        for column in COLUMNS:
            table.drop_column(column)
