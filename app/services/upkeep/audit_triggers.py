"""The triggers that keep the record append-only: whether they are there, awake, and say what they should."""

import sqlalchemy as sa
from sqlmodel import Session

TABLES = ("audit_event", "audit_seal", "published_head")
_REFUSAL = "'the record is append-only'"
_BEFORE_UPDATE_DELETE_TRUNCATE = 2 | 8 | 16 | 32  # of each statement
_POSTGRESQL = sa.text(
    "SELECT c.relname, t.tgname, t.tgtype, t.tgenabled, t.tgqual IS NULL AND t.tgattr = '' AS is_whole, p.prosrc "
    "FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid "
    "WHERE NOT t.tgisinternal AND c.oid = to_regclass(c.relname)"
)


def faults(session: Session) -> list[str]:
    is_sqlite = session.connection().dialect.name == "sqlite"
    return _of_sqlite(session) if is_sqlite else _of_postgresql(session)


def _of_sqlite(session: Session) -> list[str]:
    rows = session.execute(sa.text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"))
    found = {row.name: " ".join(str(row.sql).split()) for row in rows}
    wrong = []
    for table in TABLES:
        for verb in ("UPDATE", "DELETE"):
            name = f"{table}_no_{verb.lower()}"
            wanted = f"CREATE TRIGGER {name} BEFORE {verb} ON {table} BEGIN SELECT RAISE(ABORT, {_REFUSAL}); END"
            if name not in found:
                wrong.append(_gone(name, table))
            elif found[name] != wanted:
                wrong.append(f"trigger {name}: it does not say what it should")
    return wrong


def _of_postgresql(session: Session) -> list[str]:
    found = {(row.relname, row.tgname): row for row in session.execute(_POSTGRESQL)}
    wrong = []
    for table in TABLES:
        name = f"{table}_append_only"
        row = found.get((table, name))
        if row is None:
            wrong.append(_gone(name, table))
        elif _text(row.tgenabled) not in ("O", "A"):
            wrong.append(f"trigger {name}: it is switched off")
        elif not (row.tgtype == _BEFORE_UPDATE_DELETE_TRUNCATE and row.is_whole and _refuses(row.prosrc)):
            wrong.append(f"trigger {name}: it does not say what it should")
    return wrong


def _refuses(source: str) -> bool:
    return " ".join(source.split()) == f"BEGIN RAISE EXCEPTION {_REFUSAL}; END"


def _text(flag: object) -> str:
    return flag.decode() if isinstance(flag, bytes) else str(flag)


def _gone(name: str, table: str) -> str:
    return f"trigger {name}: it is gone, and {table} can be changed"
