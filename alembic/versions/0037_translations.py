"""translations: which language is the original, what it said when they were made, and what is to be done about them"""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

TEXTS = sa.JSON().with_variant(JSONB(), "postgresql")
LANGS = ("ar", "fr", "en")
KINDS = (
    *("programme", "meeting", "recommendation", "action", "part", "milestone", "indicator"),
    *("theme", "organisation", "post"),
)
# Each thing, parents first: its table and words, where its programme and reference stand, and what may name its original.
THINGS: dict[str, tuple[str, tuple[str, ...], str]] = {
    "programme": ("programme", ("titles",), "t.id AS home, '' AS ref, '' AS first, '' AS second FROM programme t"),
    "meeting": (
        "meeting",
        ("titles", "place", "convenor", "chair", "participants"),
        "t.programme_id AS home, '' AS ref, r.lang AS first, p.original_lang AS second FROM meeting t"
        " JOIN programme p ON p.id = t.programme_id LEFT JOIN report r ON r.meeting_id = t.id",
    ),
    "recommendation": (
        "recommendation",
        ("titles", "outcome"),
        "t.programme_id AS home, t.ref AS ref, t.source_lang AS first, '' AS second, t.title_flags FROM recommendation t",
    ),
    "action": (
        "action",
        ("titles",),
        "t.programme_id AS home, t.ref AS ref, r.original_lang AS first, '' AS second FROM action t"
        " JOIN recommendation r ON r.id = t.recommendation_id",
    ),
    "part": ("action_support", ("titles",), "a.programme_id AS home, a.ref AS ref, a.original_lang AS first, '' AS second"
             " FROM action_support t JOIN action a ON a.id = t.action_id"),
    "milestone": ("milestone", ("titles",), "a.programme_id AS home, a.ref AS ref, a.original_lang AS first, '' AS second"
                  " FROM milestone t JOIN action a ON a.id = t.action_id"),
    "indicator": (
        "indicator",
        ("titles", "unit"),
        "t.programme_id AS home, coalesce(r.ref, '') AS ref, r.original_lang AS first, p.original_lang AS second"
        " FROM indicator t JOIN programme p ON p.id = t.programme_id"
        " LEFT JOIN recommendation r ON r.id = t.recommendation_id",
    ),
    "theme": ("theme", ("titles",), "coalesce(t.owner_programme_id, 0) AS home, '' AS ref, '' AS first, '' AS second"
              " FROM theme t"),
    "organisation": ("organisation", ("titles",), "coalesce(t.owner_programme_id, 0) AS home, '' AS ref, '' AS first,"
                     " '' AS second FROM organisation t"),
    "post": ("post", ("titles",), "coalesce(t.owner_programme_id, 0) AS home, '' AS ref, o.original_lang AS first,"
             " '' AS second FROM post t JOIN organisation o ON o.id = t.organisation_id"),
}
INDEXES = {
    "ix_translation_due_programme_id": ("programme_id",),
    "ix_translation_due_programme_id_lang": ("programme_id", "lang"),
    "ix_translation_due_programme_id_kind": ("programme_id", "kind"),
    "ix_translation_due_programme_id_kind_lang": ("programme_id", "kind", "lang"),
    "ix_translation_due_kind": ("kind",),
    "ix_translation_due_kind_lang": ("kind", "lang"),
}
OUTDATED = sa.text("is_missing IS FALSE")


def upgrade() -> None:
    for table, _, _ in THINGS.values():
        op.add_column(table, sa.Column("original_lang", sa.String(2), server_default="", nullable=False))
        op.add_column(table, sa.Column("made_of", TEXTS, server_default="{}", nullable=False))
    op.add_column("action_support", sa.Column("version", sa.Integer(), server_default="1", nullable=False))
    _due_table()
    _judge()
    _unflag()


def downgrade() -> None:
    """Which translations are outdated is forgotten; of titles of recommendations their flag says so again."""
    _flag_again()
    op.drop_table("translation_due")
    op.drop_column("action_support", "version")
    for table, _, _ in reversed(THINGS.values()):
        op.drop_column(table, "made_of")
        op.drop_column(table, "original_lang")


def _due_table() -> None:
    op.create_table(
        "translation_due",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(*KINDS, name="text_kind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("beside_id", sa.Integer(), nullable=False),
        sa.Column("lang", sa.String(2), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("is_missing", sa.Boolean(), nullable=False),
        sa.Column("ref", sa.String(28), nullable=False),
        sa.Column("titles", TEXTS, nullable=False),
        sa.Column("since_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_translation_due")),
        sa.UniqueConstraint(
            *("kind", "subject_id", "beside_id", "lang"), name=op.f("uq_translation_due_kind_subject_id_beside_id_lang")
        ),
    )
    for name, columns in INDEXES.items():
        op.create_index(name, "translation_due", [*columns, "is_missing", "id"])
    op.create_index(
        "ix_translation_due_outdated", "translation_due", ["programme_id", "since_at", "id"],
        sqlite_where=OUTDATED, postgresql_where=OUTDATED,
    )  # fmt: skip


def _judge() -> None:
    """The original: the language that stands alone, or that of what it belongs to. Only what was flagged is outdated."""
    connection = op.get_bind()
    for kind, (table, words, rest) in THINGS.items():
        keys = ("action_id", "organisation_id") if kind == "part" else ("id",)
        known = [dict(row._mapping) for row in connection.execute(_read(keys, words, rest)).all()]
        for row in known:
            row["original"] = _original(row["titles"], row["first"], row["second"])
            row["made"] = _flagged(row, row["original"])
        place = sa.and_(*(sa.column(key) == sa.bindparam(f"of_{key}") for key in keys))
        own = sa.table(table, *(sa.column(key) for key in keys), sa.column("original_lang"), sa.column("made_of", TEXTS))
        update = sa.update(own).where(place)
        if known:
            values = {"original_lang": sa.bindparam("original"), "made_of": sa.bindparam("made", type_=TEXTS)}
            given = [{f"of_{key}": row[key] for key in keys} | _pick(row, "original", "made") for row in known]
            connection.execute(update.values(**values), given)
        if lines := [line for row in known for line in _lines(kind, keys, words, row)]:
            connection.execute(sa.insert(DUE), lines)


DUE = sa.table(
    "translation_due",
    *(sa.column(name) for name in ("kind", "subject_id", "beside_id", "lang", "programme_id", "is_missing", "ref")),
    sa.column("titles", TEXTS),
    sa.column("since_at", sa.DateTime(timezone=True)),
)


def _read(keys: tuple[str, ...], words: tuple[str, ...], rest: str) -> Any:
    names = ", ".join(f"t.{name}" for name in (*keys, *words))
    flags = {"title_flags": TEXTS} if "title_flags" in rest else {}
    return sa.text(f"SELECT {names}, {rest}").columns(**dict.fromkeys(words, TEXTS), **flags)  # noqa: S608 - our own names


def _pick(row: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: row[name] for name in names}


def _original(titles: dict[str, str], *preferred: str | None) -> str:
    return next((lang for lang in (*preferred, *LANGS) if lang and titles.get(lang)), "")


def _flagged(row: dict[str, Any], original: str) -> dict[str, dict[str, list[str]]]:
    """What the original said when a flagged title was written is not known any more."""
    flags = row.get("title_flags", {})
    found = {lang: [original, ""] for lang, flag in flags.items() if flag == "outdated" and lang != original}
    return {"titles": found} if found else {}


def _lines(kind: str, keys: tuple[str, ...], words: tuple[str, ...], row: dict[str, Any]) -> Iterator[dict[str, Any]]:
    texts, outdated = [row[name] for name in words], row["made"].get("titles", {})
    for lang in LANGS:
        if lang in outdated or any(text and not text.get(lang) for text in texts):
            yield {
                "kind": kind,
                "subject_id": row[keys[0]],
                "beside_id": row[keys[1]] if len(keys) > 1 else 0,
                "lang": lang,
                "programme_id": row["home"],
                "is_missing": lang not in outdated,
                "ref": row["ref"],
                "titles": row["titles"],
                "since_at": dt.datetime.now(dt.UTC),
            }


def _unflag() -> None:
    """A flag says how official a translation is; whether it is outdated stands in `made_of` from now on."""
    connection = op.get_bind()
    table = sa.table("recommendation", sa.column("id"), sa.column("title_flags", TEXTS))
    for row_id, flags in connection.execute(sa.select(table.c.id, table.c.title_flags)).all():
        if "outdated" in flags.values():
            plain = {lang: "courtesy" if flag == "outdated" else flag for lang, flag in flags.items()}
            connection.execute(sa.update(table).where(table.c.id == row_id).values(title_flags=plain))


def _flag_again() -> None:
    connection = op.get_bind()
    names = ("id", "original_lang")
    table = sa.table(
        "recommendation", *map(sa.column, names), *(sa.column(name, TEXTS) for name in ("title_flags", "made_of"))
    )
    for row in connection.execute(sa.select(table)).all():
        if outdated := row.made_of.get("titles"):
            flags = row.title_flags | dict.fromkeys(outdated, "outdated")
            connection.execute(sa.update(table).where(table.c.id == row.id).values(title_flags=flags))
