"""The declarative base, the column types and the columns that every fact carries."""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    REAL,
    CheckConstraint,
    Date,
    Dialect,
    Double,
    ForeignKey,
    Integer,
    MetaData,
    Text,
    TypeDecorator,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeEngine

STRICT = {"sqlite_strict": True}


class Base(DeclarativeBase):
    """Plain declarative base; every constraint has a name, so that an error can be recognised by it."""

    metadata = MetaData(
        naming_convention={
            "pk": "pk_%(table_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "ix": "ix_%(table_name)s_%(column_0_name)s",
        }
    )


class Day(TypeDecorator[date]):
    """A Europe/London calendar day: DATE on PostgreSQL, ISO text in SQLite's strict tables."""

    impl = Date
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Text() if dialect.name == "sqlite" else Date())

    def process_bind_param(self, value: date | None, dialect: Dialect) -> Any:
        return value.isoformat() if value is not None and dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, _dialect: Dialect) -> date | None:
        return date.fromisoformat(value) if isinstance(value, str) else value


class Instant(TypeDecorator[datetime]):
    """An aware UTC instant: TIMESTAMPTZ on PostgreSQL, sortable ISO text with microseconds on SQLite."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(
            Text() if dialect.name == "sqlite" else postgresql.TIMESTAMP(timezone=True)
        )

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone; instants are aware UTC")
        value = value.astimezone(UTC)
        return value.isoformat(timespec="microseconds") if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, _dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return (datetime.fromisoformat(value) if isinstance(value, str) else value).astimezone(UTC)


class YesNo(TypeDecorator[bool]):
    """A yes or no, stored as 1 or 0 on both databases so that one check constraint serves both."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: bool | None, _dialect: Dialect) -> int | None:
        return None if value is None else int(value)

    def process_result_value(self, value: int | None, _dialect: Dialect) -> bool | None:
        return None if value is None else bool(value)


Number: TypeEngine[float] = Double().with_variant(REAL(), "sqlite")  # hours, whole-time equivalents


class Fact(Base):
    """What every recorded fact carries besides itself (contract C5).

    `recorded_at`: when it was first written down, here or where it came from. `version_from`: since when
    this version of it is what we believe; earlier versions are in `earlier_versions`. `recorded_by`: who.
    """

    __abstract__ = True

    id: Mapped[int] = mapped_column(Integer, primary_key=True, sort_order=-1)
    recorded_at: Mapped[datetime] = mapped_column(Instant, sort_order=1)
    version_from: Mapped[datetime] = mapped_column(Instant, sort_order=1)
    recorded_by: Mapped[str] = mapped_column(Text, sort_order=1)


def code() -> Mapped[str]:
    """A code: text, unique within its table, never changed."""
    return mapped_column(Text, unique=True)


def refers_to(table: str, *, index: bool = True) -> Any:
    """A column that names a row of `table`; the row cannot go while it is named."""
    return mapped_column(Integer, ForeignKey(f"{table}.id"), index=index)


def order(start: str, end: str) -> CheckConstraint:
    """`end`, where there is one, is not before `start` (both inclusive, contract C2)."""
    return CheckConstraint(f"{end} IS NULL OR {end} >= {start}", name=f"{end}_not_before_{start}")


def one_of(column: str, *values: str) -> CheckConstraint:
    """`column` is one of `values` (or not stated, where the column allows it)."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")


def at_least(column: str, minimum: int) -> CheckConstraint:
    """`column`, where stated, is not below `minimum`."""
    return CheckConstraint(f"{column} >= {minimum}", name=f"{column}_at_least_{minimum}")
