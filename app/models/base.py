"""What every table shares: constraint names, snake_case tables, UTC instants, checked enums, JSON; no table itself."""

import datetime as dt
import re
from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import Any, ClassVar

import sqlalchemy as sa
from pydantic_core import from_json
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import declared_attr
from sqlmodel import Field, SQLModel

from app.domain.translations import MadeOf

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
Processor = Callable[[Any], Any] | None


class _TextJson(sa.types.TypeDecorator[Any]):
    impl = sa.JSON
    cache_ok = True

    def result_processor(self, dialect: sa.Dialect, coltype: object) -> Processor:
        return _read_json


Json = sa.JSON().with_variant(JSONB(), "postgresql").with_variant(_TextJson(), "sqlite")


class UtcDateTime(sa.types.TypeDecorator[dt.datetime]):
    """An instant: refused when naive, stored as UTC, aware when read (SQLite forgets the zone)."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: sa.Dialect) -> dt.datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("a naive instant can't be stored")
        return value.astimezone(dt.UTC) if value else None

    def process_result_value(self, value: dt.datetime | None, dialect: sa.Dialect) -> dt.datetime | None:
        if value is None:
            return None
        return value.astimezone(dt.UTC)

    def result_processor(self, dialect: sa.Dialect, coltype: object) -> Processor:
        """On SQLite, where both are text, in one step: the usual three calls a value were a fifth of a long list."""
        return _read_instant if dialect.name == "sqlite" else super().result_processor(dialect, coltype)


def _read_instant(text: str | None) -> dt.datetime | None:
    return dt.datetime.fromisoformat(f"{text}+00:00") if text is not None else None


def _read_json(text: str | None) -> Any:
    """A list of fifty reads a hundred titles: five times as fast as json.loads."""
    return from_json(text) if text is not None else None


def snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def choice(enum: type[StrEnum], name: str | None = None) -> sa.Enum:
    """A column type that holds one of `enum`'s values as text, with a CHECK."""
    return sa.Enum(
        enum,
        name=name or snake(enum.__name__),
        native_enum=False,
        create_constraint=True,
        length=32,
        values_callable=lambda members: [member.value for member in members],
    )


class Table(SQLModel):
    """The base of all tables: the name is the class's in snake_case."""

    model_config: ClassVar[Any] = {"arbitrary_types_allowed": True}

    @declared_attr.directive
    def __tablename__(cls) -> str:  # noqa: N805 - declared_attr hands over the class
        return snake(cls.__name__)


def table_of(model: type[SQLModel]) -> sa.Table:
    """The table behind a model, for statements that need none of what comes with objects: a fifth of the cost."""
    return SQLModel.metadata.tables[str(model.__tablename__)]


def one_of(column: str, values: Iterable[StrEnum]) -> str:
    """A condition as text: a partial index serves only statements that say its very words, without parameters."""
    return f"{column} IN ({', '.join(repr(value.value) for value in sorted(values))})"


def partial(name: str, *parts: str, where: str) -> sa.Index:
    """An index over the rows of a condition; a part that is no column's name is an expression."""
    condition = sa.text(where)
    columns = [part if part.isidentifier() else sa.text(part) for part in parts]
    return sa.Index(name, *columns, sqlite_where=condition, postgresql_where=condition)


def instant(*, index: bool = False) -> Any:
    """A required instant."""
    return Field(sa_type=UtcDateTime, index=index)


def maybe_instant(*, index: bool = False) -> Any:
    """An instant that may not have come yet."""
    return Field(default=None, sa_type=UtcDateTime, index=index, nullable=True)


def by_language() -> Any:
    """Titles by language; empty while nobody has written one."""
    return Field(default_factory=dict, sa_type=Json, nullable=False)


class TranslatedTable(Table):
    """A table of things with words in several languages; which words those are is said in `models.translations`."""

    # The language that the others follow; empty: nothing was written yet.
    original_lang: str = Field(default="", max_length=2, sa_column_kwargs={"server_default": ""})
    # By field and language: of which language the words were made and what that said, where it says something else now.
    made_of: dict[str, MadeOf] = Field(
        default_factory=dict, sa_type=Json, nullable=False, sa_column_kwargs={"server_default": "{}"}
    )


def versioned() -> Any:
    """The version that edits and transitions compare."""
    return Field(default=1, nullable=False)
