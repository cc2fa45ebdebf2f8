"""shared things have an owner; evidence follows its update, or stands alone; a first deadline can be corrected"""

import datetime as dt

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

SHARED = ("organisation", "post", "person")
VERBS = (
    "create", "edit", "assign", "reassign", "acknowledge", "decline", "start", "report", "on_track", "block", "unblock",
    "submit", "verify", "return", "cancel", "supersede", "not_applicable", "reopen", "move_deadline",
    "correct_deadline", "dispute",
)  # fmt: skip
SECOND = dt.timedelta(seconds=1)


def upgrade() -> None:
    for table in SHARED:
        key = f"fk_{table}_owner_programme_id_programme"
        op.execute(f"ALTER TABLE {table} ADD COLUMN owner_programme_id INTEGER CONSTRAINT {key} REFERENCES programme (id)")
    op.add_column("evidence_item", sa.Column("release_on", sa.Date(), nullable=True))
    op.add_column("evidence_item", sa.Column("withheld_reason", sa.String(), nullable=False, server_default=""))
    op.create_index("ix_evidence_item_release_on", "evidence_item", ["release_on"])
    _allow(VERBS)
    op.create_index(
        "ix_progress_update_on_behalf", "progress_update", ["action_id", "id"],
        sqlite_where=sa.text("via = 'on_behalf'"), postgresql_where=sa.text("via = 'on_behalf'"),
    )  # fmt: skip
    _give_evidence_its_update()
    _give_owners()


def downgrade() -> None:
    op.drop_index("ix_progress_update_on_behalf", "progress_update")
    op.execute("UPDATE progress_update SET verb = 'move_deadline' WHERE verb = 'correct_deadline'")
    _allow(tuple(verb for verb in VERBS if verb != "correct_deadline"))
    op.drop_index("ix_evidence_item_release_on", "evidence_item")
    op.drop_column("evidence_item", "withheld_reason")
    op.drop_column("evidence_item", "release_on")
    for table in SHARED:
        op.drop_column(table, "owner_programme_id")


def _allow(verbs: tuple[str, ...]) -> None:
    """SQLite rewrites a table for a CHECK, and can't while another one points to it: the text of the rule is changed,
    as its manual allows for changes that touch no row."""
    allowed = ", ".join(f"'{verb}'" for verb in verbs)
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint(op.f("ck_progress_update_verb"), "progress_update", type_="check")
        op.create_check_constraint(op.f("ck_progress_update_verb"), "progress_update", f"verb IN ({allowed})")
        return
    others = VERBS if len(verbs) < len(VERBS) else tuple(verb for verb in VERBS if verb != "correct_deadline")
    before = ", ".join(f"'{verb}'" for verb in others)
    op.execute("PRAGMA writable_schema = ON")
    op.get_bind().execute(
        sa.text("UPDATE sqlite_master SET sql = replace(sql, :before, :after) WHERE name = 'progress_update'"),
        {"before": f"verb IN ({before})", "after": f"verb IN ({allowed})"},
    )
    op.execute("PRAGMA writable_schema = RESET")


def _give_owners() -> None:
    """Bodies and posts that one programme alone uses are that programme's; the others are the administrators'."""
    action, support = "action", "action_support JOIN action ON action.id = action_support.action_id"
    uses = {
        "organisation": (
            ("lead_organisation_id", action), ("organisation_id", support), ("response_by_id", "recommendation"),
        ),
        "post": (("owner_post_id", action), ("post_id", support)),
    }  # fmt: skip
    for table, places in uses.items():
        users: dict[int, set[int]] = {}
        for column, source in places:
            used = f"SELECT DISTINCT {column}, programme_id FROM {source} WHERE {column} IS NOT NULL"
            for thing, programme in op.get_bind().execute(sa.text(used)):
                users.setdefault(thing, set()).add(programme)
        for thing, programmes in users.items():
            if len(programmes) == 1:
                change = sa.text(f"UPDATE {table} SET owner_programme_id = :programme WHERE id = :thing")
                op.get_bind().execute(change, {"programme": programmes.pop(), "thing": thing})


def _give_evidence_its_update() -> None:
    """To what was named in the second of a submission by the same person; what came alone stays alone."""
    piece = sa.table("evidence_item", *map(sa.column, ("id", "action_id", "person_id", "update_id", "released_at")),
                     sa.column("created_at", sa.DateTime(timezone=True)))  # fmt: skip
    update = sa.table("progress_update", *map(sa.column, ("id", "action_id", "person_id", "verb", "withheld_reason")),
                      sa.column("at", sa.DateTime(timezone=True)))  # fmt: skip
    both = sa.and_(update.c.action_id == piece.c.action_id, update.c.person_id == piece.c.person_id)
    pairs = sa.select(piece.c.id, piece.c.created_at, update.c.id, update.c.at, update.c.withheld_reason).join_from(
        piece, update, sa.and_(both, update.c.verb == "submit", piece.c.update_id.is_(None))
    )
    found: dict[int, list[tuple[int, str]]] = {}
    for piece_id, created_at, update_id, at, withheld in op.get_bind().execute(pairs):
        if abs(at - created_at) < SECOND:
            found.setdefault(piece_id, []).append((update_id, withheld))
    for piece_id, [(update_id, withheld), *more] in found.items():
        if not more:
            values = {"update_id": update_id} | ({"released_at": None} if withheld else {})
            op.get_bind().execute(sa.update(piece).where(piece.c.id == piece_id).values(values))
