# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Many rows in one statement: SQLAlchemy words the SQL and lends its conversions, taken a column at a time.

SQLAlchemy's own pass over the values of each row costs as much as SQLite takes to write them.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import repeat
from typing import Any

from sqlalchemy import JSON, Column, Dialect, inspect
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from models.base import Base, Instant

INSERTS: Mapping[str, Callable[..., Any]] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}


@dataclass(frozen=True, slots=True)
class _Value:
    """One value of a statement: the attribute it is, its name in the SQL, and how the database takes it."""

    attribute: str
    name: str
    convert: Callable[[Any], Any] | None
    repeats: bool  # whether the same one often comes again, and can be looked up


@dataclass(frozen=True, slots=True)
class _Insert:
    sql: str
    values: tuple[_Value, ...]
    by_name: bool


def add_rows(  # noqa: PLR0913 - a table, its rows, and what makes a row known
    session: Session,
    row: type[Base],
    names: Sequence[str],
    rows: Sequence[tuple[Any, ...]],
    *,
    same: Mapping[str, Any],
    known_by: tuple[str, ...] = (),
    once: tuple[str, ...] = (),
) -> None:
    """Insert rows; one that is known is brought up to date instead.

    Args:
        session: an open transaction.
        row: the table; each of its attributes but a number of its own must be told.
        names: the attributes that differ from row to row.
        rows: their values.
        same: attribute -> the value that every row has.
        known_by: the attributes that make a row known; without any, every row is new.
        once: what a known row keeps.
    """
    if not rows:
        return
    connection = session.connection()
    insert = _insert(row, (*names, *same), known_by, once, connection.dialect)
    columns = dict(zip(names, zip(*rows, strict=True), strict=True))
    values = (
        repeat(*_converted(value, [same[value.attribute]]))
        if value.attribute in same
        else _converted(value, columns[value.attribute])
        for value in insert.values
    )
    ready: list[Any] = list(zip(*values, strict=False))  # what is the same repeats for ever
    if insert.by_name:
        binds = [value.name for value in insert.values]
        ready = [dict(zip(binds, one, strict=True)) for one in ready]
    connection.exec_driver_sql(insert.sql, ready)


def _converted(value: _Value, column: Iterable[Any]) -> Iterable[Any]:
    if value.convert is None:
        return column
    return map(cache(value.convert) if value.repeats else value.convert, column)


@lru_cache(maxsize=64)
def _insert(
    row: type[Base],
    names: tuple[str, ...],
    known_by: tuple[str, ...],
    once: tuple[str, ...],
    dialect: Dialect,
) -> _Insert:
    columns = inspect(row).columns
    attributes = {columns[name].name: name for name in names}
    insert = INSERTS[dialect.name](row.__table__)
    fresh = [columns[name].name for name in names if name not in {*known_by, *once}]
    if known_by and fresh:
        insert = insert.on_conflict_do_update(
            index_elements=[columns[name] for name in known_by],
            set_={name: insert.excluded[name] for name in fresh},
        )
    elif known_by:
        insert = insert.on_conflict_do_nothing(index_elements=[columns[name] for name in known_by])
    compiled = insert.compile(dialect=dialect, column_keys=list(attributes))
    names_in_sql = compiled.positiontup or list(compiled.params)
    values = (_value(attributes[name], columns[attributes[name]], dialect) for name in names_in_sql)
    return _Insert(compiled.string, tuple(values), by_name=not compiled.positional)


def _value(attribute: str, column: Column[Any], dialect: Dialect) -> _Value:
    convert = column.type.dialect_impl(dialect).bind_processor(dialect)
    return _Value(attribute, column.name, convert, repeats=not isinstance(column.type, JSON | Instant))
