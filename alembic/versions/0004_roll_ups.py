"""roll-ups that do not grow with what they count, indexes for what pages ask, the log that pages in memory follow"""

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0004"
down_revision = "0002"
branch_labels = None
depends_on = None

SCOPES = ("site", "months", "programme", "meeting", "organisation")
COUNTED = ("recommendations", "disputed", "actions", "supported")
DATED = ("owed", "under_way", "late", "silent", "published", "planned", "implemented")
FORMER = ("actions", "recommendations", "published", "planned", "disputed", "implemented")
RUNNING = "'acknowledged', 'assigned', 'blocked', 'declined', 'in_progress'"
OPEN = "is_public AND state IN ('acknowledged', 'assigned', 'blocked', 'declined', 'in_progress', 'submitted')"
NEWS = (
    "'assign', 'block', 'cancel', 'not_applicable', 'on_track', 'reopen', 'report', 'return', 'submit', "
    "'supersede', 'unblock', 'verify'"
)
PARTIAL = (
    ("ix_action_meeting_open", "action", ["meeting_id", "due_on", "state"], OPEN),
    ("ix_action_lead_open", "action", ["lead_organisation_id", "due_on", "id"], OPEN),
    (
        "ix_action_lead_verified",
        "action",
        ["lead_organisation_id", "verified_at", "id"],
        "is_public AND state = 'verified'",
    ),
    ("ix_action_moved", "action", ["moved_at", "id"], "is_public"),
    ("ix_recommendation_owed", "recommendation", ["meeting_id", "owed_on"], "owed_on IS NOT NULL"),
    ("ix_recommendation_response_by_id", "recommendation", ["response_by_id"], "response_by_id IS NOT NULL"),
)
WHOLE = (
    ("ix_progress_update_action_id_at_id", ["action_id", "at", "id"]),
    ("ix_progress_update_recommendation_id_at_id", ["recommendation_id", "at", "id"]),
)


def upgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    op.add_column("action", sa.Column("moved_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("recommendation", sa.Column("owed_on", sa.Date(), nullable=True))
    for name, columns in WHOLE:
        op.create_index(name, "progress_update", columns)
    op.drop_index("ix_progress_update_recommendation_id_id", "progress_update")
    for name, table, columns, where in PARTIAL:
        op.create_index(name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))
    op.drop_table("tally")
    _make_tables()
    _derive()
    for statement in (*_undated(), *_dated(is_sqlite)):
        op.execute(statement)


def downgrade() -> None:
    """The former table is made again, and filled as its own code would."""
    for table in ("public_change", "day_tally", "tally"):
        op.drop_table(table)
    _make_former_table()
    for name, table, _, _ in PARTIAL:
        op.drop_index(name, table)
    for name, _ in WHOLE:
        op.drop_index(name, "progress_update")
    op.create_index("ix_progress_update_recommendation_id_id", "progress_update", ["recommendation_id", "id"])
    op.drop_column("recommendation", "owed_on")
    op.drop_column("action", "moved_at")
    for statement in _former():
        op.execute(statement)


def _choice(values: tuple[str, ...], name: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def _make_tables() -> None:
    op.create_table(
        "tally",
        sa.Column("scope", _choice(SCOPES, "tally_scope"), nullable=False),
        sa.Column("counted", _choice(COUNTED, "tally_counted"), nullable=False),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.Column("scope_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("status", sqlmodel.sql.sqltypes.AutoString(length=32), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("scope", "counted", "is_public", "scope_id", "status", name=op.f("pk_tally")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "day_tally",
        sa.Column("scope", _choice(SCOPES, "day_tally_scope"), nullable=False),
        sa.Column("counted", _choice(DATED, "day_tally_counted"), nullable=False),
        sa.Column("scope_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("scope", "counted", "scope_id", "on", name=op.f("pk_day_tally")),
        sqlite_with_rowid=False,
    )
    silent = sa.text("counted = 'silent'")
    op.create_index(
        "ix_day_tally_silent", "day_tally", ["on", "scope_id"], sqlite_where=silent, postgresql_where=silent
    )
    op.create_table(
        "public_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("xid", sa.BigInteger(), nullable=False),
        sa.Column("scopes", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_public_change")),
    )
    op.create_index(op.f("ix_public_change_xid"), "public_change", ["xid"])


def _derive() -> None:
    """The two new derived columns, from the items."""
    op.execute(
        f"UPDATE action SET moved_at = (SELECT max(at) FROM progress_update WHERE action_id = action.id "
        f"AND verb IN ({NEWS}))"
    )
    op.execute(
        f"UPDATE recommendation SET owed_on = (SELECT min(due_on) FROM action WHERE recommendation_id = "
        f"recommendation.id AND is_public AND state IN ({RUNNING})) "
        f"WHERE public_status IN ('in_progress', 'partially_implemented')"
    )


def _undated() -> list[str]:
    statements = []
    for scope, home in (("meeting", "meeting_id"), ("programme", "programme_id")):
        for counted, is_public, status, where in (
            ("recommendations", "FALSE", "status", "TRUE"),
            ("recommendations", "TRUE", "public_status", "is_public"),
            ("disputed", "TRUE", "public_status", "is_public AND is_disputed"),
        ):
            statements.append(_sum(scope, counted, is_public, home, status, "recommendation", where))
    shown = "is_public AND state <> 'draft'"
    statements.append(_sum("programme", "actions", "FALSE", "programme_id", "state", "action", "TRUE"))
    statements.append(_sum("programme", "actions", "TRUE", "programme_id", "state", "action", shown))
    led = f"{shown} AND lead_organisation_id IS NOT NULL"
    statements.append(_sum("organisation", "actions", "TRUE", "lead_organisation_id", "state", "action", led))
    supported = "action JOIN action_support ON action_id = action.id"
    statements.append(_sum("organisation", "supported", "TRUE", "organisation_id", "''", supported, shown))
    return statements


def _sum(scope: str, counted: str, is_public: str, home: str, status: str, source: str, where: str) -> str:
    groups = home if status == "''" else f"{home}, {status}"
    return (
        f"INSERT INTO tally (scope, counted, is_public, scope_id, status, count) "
        f"SELECT '{scope}', '{counted}', {is_public}, {home}, {status}, count(*) FROM {source} "
        f"WHERE {where} GROUP BY {groups}"
    )


def _dated(is_sqlite: bool) -> list[str]:
    statements = []
    running = f"is_public AND state IN ({RUNNING})"
    led = f"{running} AND lead_organisation_id IS NOT NULL"
    begun = "state NOT IN ('assigned', 'acknowledged', 'declined')"
    said = _day("coalesce(last_word_at, assigned_at)", is_sqlite)
    for scope, counted, home, day, source, where in (
        ("site", "owed", "0", "due_on", "action", running),
        ("programme", "owed", "programme_id", "due_on", "action", running),
        ("organisation", "owed", "lead_organisation_id", "due_on", "action", led),
        ("organisation", "under_way", "lead_organisation_id", "due_on", "action", f"{led} AND {begun}"),
        ("organisation", "silent", "lead_organisation_id", said, "action", led),
        ("site", "late", "0", "owed_on", "recommendation", "is_public"),
        ("programme", "late", "programme_id", "owed_on", "recommendation", "is_public"),
    ):
        statements.append(_days(scope, counted, home, day, source, where))
    for counted, day in (
        ("published", _day("published_at", is_sqlite)),
        ("planned", "planned_on"),
        ("implemented", "implemented_on"),
    ):
        month = f"date({day}, 'start of month')" if is_sqlite else f"date_trunc('month', {day})::date"
        statements.append(_days("site", counted, "0", day, "recommendation", "is_public"))
        statements.append(_days("months", counted, "0", month, "recommendation", "is_public"))
    return statements


def _days(scope: str, counted: str, home: str, day: str, source: str, where: str) -> str:
    groups = day if home == "0" else f"{home}, {day}"
    return (
        f'INSERT INTO day_tally (scope, counted, scope_id, "on", count) '
        f"SELECT '{scope}', '{counted}', {home}, {day}, count(*) FROM {source} "
        f"WHERE {where} AND {day} IS NOT NULL GROUP BY {groups}"
    )


def _day(moment: str, is_sqlite: bool) -> str:
    return f"date({moment})" if is_sqlite else f"({moment} AT TIME ZONE 'UTC')::date"


def _make_former_table() -> None:
    op.create_table(
        "tally",
        sa.Column("counted", _choice(FORMER, "counted"), nullable=False),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("status", sqlmodel.sql.sqltypes.AutoString(length=32), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_tally_meeting_id_meeting")),
        sa.PrimaryKeyConstraint(
            "counted", "is_public", "meeting_id", "organisation_id", "status", "on", name=op.f("pk_tally")
        ),
    )
    op.create_index("ix_tally_organisation", "tally", ["counted", "is_public", "organisation_id"])


def _former() -> list[str]:
    never, is_sqlite = "'9999-12-31'", op.get_bind().dialect.name == "sqlite"
    until = never if is_sqlite else f"CAST({never} AS date)"
    parts = [
        ("recommendations", "FALSE", "0", "status", until, "recommendation", "TRUE"),
        ("recommendations", "TRUE", "0", "public_status", until, "recommendation", "is_public"),
        ("disputed", "TRUE", "0", "public_status", until, "recommendation", "is_public AND is_disputed"),
    ]
    for counted, day in (
        ("published", _day("published_at", is_sqlite)),
        ("planned", "planned_on"),
        ("implemented", "implemented_on"),
    ):
        parts.append((counted, "TRUE", "0", "''", day, "recommendation", f"is_public AND {day} IS NOT NULL"))
    lead, due = "coalesce(lead_organisation_id, 0)", f"coalesce(due_on, {until})"
    parts += [
        ("actions", "FALSE", lead, "state", due, "action", "TRUE"),
        ("actions", "TRUE", lead, "state", due, "action", "is_public"),
    ]
    return [
        f'INSERT INTO tally (counted, is_public, meeting_id, organisation_id, status, "on", count) '
        f"SELECT '{counted}', {is_public}, meeting_id, {lead_id}, {status}, {day}, count(*) FROM {source} "
        f"WHERE {where} GROUP BY 3, 4, 5, 6"
        for counted, is_public, lead_id, status, day, source, where in parts
    ]
