"""The database and its transactions: one way to read, one way to write, the same on SQLite and PostgreSQL."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlmodel import Session, SQLModel

from app import engines, visits
from app.config import ROOT, settings
from app.statements import Statement
from app.turns import Turn, Turns

M = TypeVar("M", bound=SQLModel)
# Writers: SQLite has one at a time. Who finds the line full is told at once rather than kept for nothing.
_WRITERS = {"sqlite": 1, "postgresql": 6}
MOST_WAITING = 64
WRITER_SECONDS = 5.5  # in line; then whoever asked is told to try again


class Writer(Session):
    """A session that writes in its turn; what is refused gives the turn back and goes on reading."""

    def __init__(self, database: "Database") -> None:
        super().__init__(database.writer, expire_on_commit=False)
        self._database = database
        self._turn: Turn | None = None

    def begin_turn(self, turn: Turn) -> None:
        self._turn = turn

    def end_turn(self) -> None:
        """The next in line may write; nothing if the turn was given back before."""
        turn, self._turn = self._turn, None
        if turn is not None:
            self._database.turns.end(turn)

    def step_back(self) -> None:
        """Undo what was begun. From now on the session reads: nobody waits while a page says what was wrong."""
        self.rollback()
        self.bind = self._database.reader
        self.end_turn()


class Database:
    """A reading and a writing engine on one address.

    On SQLite a transaction that reads and then writes fails whenever another one wrote in between, so writers say
    BEGIN IMMEDIATE from the start and readers never block them.
    """

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.reader = engines.engine(self.url, read_only=True)
        self.writer = engines.engine(self.url, read_only=False)
        for engine in (self.reader, self.writer):
            visits.follow(engine)
        self.turns = Turns(_WRITERS[self.url.get_backend_name()], MOST_WAITING)

    def reading(self) -> Session:
        """A session that only reads; it sees one state of the record from its first statement on (SQLite)."""
        return Session(self.reader, autoflush=False, expire_on_commit=False)

    def writing(self) -> Writer:
        """A session whose transaction begins with its first statement, in a turn that whoever asks for it must have."""
        return Writer(self)

    @contextmanager
    def read(self) -> Iterator[Session]:
        with self.reading() as session:
            yield session

    @contextmanager
    def write(self, seconds: float | None = None) -> Iterator[Session]:
        """One transaction in its turn: committed at the end of the block, undone by any exception.

        Raises Busy where the turn does not come within `seconds`.
        """
        with self.turns.turn(seconds), self.writing() as session:
            yield session
            session.commit()

    @contextmanager
    def write_at_once(self) -> Iterator[Session]:
        """The same for what is not worth waiting for: raises Busy or OperationalError when somebody else is writing."""
        with self.turns.turn(0), self.writing() as session:
            session.connection(execution_options={engines.AT_ONCE: True})
            yield session
            session.commit()

    def begin_a_write(self, seconds: float) -> None:
        """Begin a transaction that could write, and undo it; raises Busy or SQLAlchemyError where none can begin."""
        with self.turns.turn(seconds), self.writing() as session:
            if not self.is_sqlite:  # a standby, or a server that was made read-only, gives no number
                session.connection().exec_driver_sql("SELECT pg_current_xact_id()")
            session.connection()

    @contextmanager
    def snapshot(self) -> Iterator[Session]:
        """A reading session that sees one state of the record however long it reads, on either database."""
        engine = self.reader if self.is_sqlite else self.reader.execution_options(isolation_level="REPEATABLE READ")
        with Session(engine, autoflush=False, expire_on_commit=False) as session:
            yield session

    def dispose(self) -> None:
        self.reader.dispose()
        self.writer.dispose()


class _Current:
    database: Database | None = None


def init(url: str | None = None) -> Database:
    """Make `url` (by default the setting's) this process's database."""
    if _Current.database:
        _Current.database.dispose()
    _Current.database = Database(url or settings().database)
    return _Current.database


def current() -> Database:
    return _Current.database or init()


def time(session: Session) -> dt.datetime:
    """The database's own clock: one for all who share the database, whatever their machines say."""
    if session.get_bind().dialect.name == "postgresql":
        instant: dt.datetime = session.connection().execute(sa.text("SELECT clock_timestamp()")).scalar_one()
        return instant.astimezone(dt.UTC)
    text: str = session.connection().execute(sa.text("SELECT strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now')")).scalar_one()
    return dt.datetime.fromisoformat(text)


def deleted(session: Session, statement: sa.Delete) -> int:
    """Run it: how many rows it took away."""
    result: Any = session.execute(statement)
    count: int = result.rowcount
    return count


Insert = postgresql.Insert | sqlite.Insert


def insert(session: Session, model: type[SQLModel]) -> Insert:
    """INSERT in the session's own dialect: both know ON CONFLICT, in the same words. Always the same object."""
    return _insert(session.get_bind().dialect.name, model)


@cache
def _insert(dialect: str, model: type[SQLModel]) -> Insert:
    """Into the table itself: through the model, every run costs five times as much."""
    table = SQLModel.metadata.tables[str(model.__tablename__)]
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


def store(session: Session, model: type[M], **values: object) -> M:
    """Insert one row of which every column but the id is given; it is handed out as if it had been loaded.

    Through a flush the same costs three times as much.
    """
    ((row_id,),) = _storing(insert(session, model)).rows(session, values)
    row: M = orm.class_mapper(model).class_manager.new_instance()
    for name, value in (values | {"id": row_id}).items():
        orm.attributes.set_committed_value(row, name, value)
    orm.make_transient_to_detached(row)
    session.add(row)
    return row


@cache
def _storing(insert: Insert) -> Statement:
    return Statement(insert.returning(insert.table.c.id))


def expected_revision() -> str:
    """The revision this code was written for: the last file of alembic/versions, whose names begin with it."""
    return max(path.name.split("_")[0] for path in (ROOT / "alembic" / "versions").glob("[0-9]*.py"))


def revision(session: Session) -> str | None:
    """The revision of the database, None while it is empty."""
    if not sa.inspect(session.connection()).has_table("alembic_version"):
        return None
    return session.connection().execute(sa.text("SELECT version_num FROM alembic_version")).scalar()
