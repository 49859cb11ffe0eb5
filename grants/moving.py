# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Moving the office to another database: every row, proved before it counts, in one transaction.

What breaks off leaves the other database as empty as it was; the one that is moved from is only read.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

from sqlalchemy import Connection, Engine, Row, Table, bindparam, func, inspect, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from grants import schema
from grants.auditing import note, verify
from grants.errors import PijplijnError
from models.base import Base
from models.search import CALLS, WordsTaken, filling
from models.session import opened

BATCH: Final = 1000  # rows read and written at once
Tell = Callable[[str], None]


class MoveError(PijplijnError):
    """The office was not moved; both databases are as they were."""


@dataclass(frozen=True, slots=True)
class Held:
    """What a table holds: its rows, and the sum of their fingerprints, in whatever order they come."""

    rows: int
    checksum: str


@dataclass(frozen=True, slots=True)
class Moved:
    """What each table holds, there as here, and what the audit log there says of itself."""

    tables: Mapping[str, Held]
    audit: str


def move(url: str, to: str, *, actor: str, now: datetime, tell: Tell) -> Moved:
    """Copy every row of every table to an empty database, and prove it before it counts.

    Args:
        url: the database as it is; it is only read, and nobody writes in it meanwhile.
        to: the address of an empty one, which gets its tables here.
        actor: who does it, for the audit log over there.
        now: the moment.
        tell: hears of each table that arrived.

    Raises:
        MoveError: it is not empty, a row does not fit, or what arrived is not what went.
    """
    with opened(url) as here, opened(to) as there, _in_words():
        _check(here, there)
        with _at_one_moment(here) as source, there.begin() as target:
            _make_ready(target)
            held = {one.name: _moved(source, target, one, tell) for one in Base.metadata.sorted_tables}
            for statement in filling(CALLS, target.dialect.name):
                target.execute(text(statement))
            return Moved(held, _noted(target, held, actor=actor, now=now))


def _check(here: Engine, there: Engine) -> None:
    if here.url == there.url:
        raise MoveError("That is the database the office is in already.")
    if not inspect(here).has_table("alembic_version"):
        raise MoveError("There is no office in this database: nothing was moved.")
    if schema.outdated(here.url.render_as_string(hide_password=False)):
        raise MoveError("The schema of this database is not up to date: run manage.py migrate first.")


@contextmanager
def _at_one_moment(here: Engine) -> Iterator[Connection]:
    """A transaction that sees one moment; in a SQLite file nobody writes while it lasts."""
    options = {} if here.dialect.name == "sqlite" else {"isolation_level": "REPEATABLE READ"}
    with here.execution_options(**options).begin() as source:
        yield source


def _make_ready(target: Connection) -> None:
    """Lay down the tables, or make sure that those there are hold nothing."""
    there = {*inspect(target).get_table_names()} & Base.metadata.tables.keys()
    own = str(WordsTaken.__tablename__)  # a migration itself puts a row in it
    for name in sorted(there - {own}):
        if target.execute(select(Base.metadata.tables[name]).limit(1)).first():
            raise MoveError(f"The other database is not empty: it has rows in {name}. Nothing was moved.")
    schema.upgrade(target)
    target.execute(Base.metadata.tables[own].delete())


def _moved(source: Connection, target: Connection, table: Table, tell: Tell) -> Held:
    """One table, read back from where it arrived."""
    went, arrived = _Sum(), _Sum()
    loose: list[dict[str, Any]] = []
    for rows in _batches(source, table):
        went.add(rows)
        loose += _put(target, table, rows)
    _tie(target, table, loose)
    for rows in _batches(target, table):
        arrived.add(rows)
    if went.held != arrived.held:
        raise MoveError(f"What arrived in {table.name} is not what went: {arrived.held}, not {went.held}.")
    _count_on(target, table)
    tell(f"{table.name}: {went.rows} rows, {went.held.checksum[:12]}")
    return went.held


def _batches(connection: Connection, table: Table) -> Iterator[Sequence[Row[Any]]]:
    """In the order of their numbers: the audit log takes an entry only behind the one before it."""
    asked = select(table).order_by(*table.primary_key.columns).execution_options(yield_per=BATCH)
    yield from connection.execute(asked).partitions()


def _put(target: Connection, table: Table, rows: Iterable[Row[Any]]) -> list[dict[str, Any]]:
    """Insert rows; returns those that point to rows of their own table, which may come later."""
    facts = [{**row._mapping} for row in rows]  # noqa: SLF001 - SQLAlchemy's public name
    within = _within(table)
    loose = [fact for fact in facts if any(fact[name] is not None for name in within)]
    target.execute(table.insert(), [fact | dict.fromkeys(within) for fact in facts])
    return [{name: fact[name] for name in ("id", *within)} for fact in loose]


def _tie(target: Connection, table: Table, loose: Sequence[Mapping[str, Any]]) -> None:
    """Fill in what points within a table, now that all its rows are there."""
    if loose:
        values: dict[str, Any] = {name: bindparam(f"to_{name}") for name in _within(table)}
        statement = table.update().where(table.c.id == bindparam("to_id")).values(values)
        target.execute(statement, [{f"to_{name}": value for name, value in row.items()} for row in loose])


def _within(table: Table) -> list[str]:
    return [key.parent.name for key in table.foreign_keys if key.column.table is table]


def _count_on(target: Connection, table: Table) -> None:
    """Let the next row get the number after the last; SQLite does so by itself."""
    if target.dialect.name == "postgresql" and "id" in table.columns:
        sequence = func.pg_get_serial_sequence(target.dialect.identifier_preparer.format_table(table), "id")
        target.execute(select(func.setval(sequence, func.max(table.c.id))).having(func.count() > 0))


def _noted(target: Connection, held: Mapping[str, Held], *, actor: str, now: datetime) -> str:
    """Write the deed down over there, and walk along the whole chain as it is then."""
    facts = {"rows": sum(one.rows for one in held.values())}
    with Session(target) as session:
        note(session, at=now, actor=actor, action="moved", subject="database", subject_id=0, facts=facts)
        session.flush()
        verdict = verify(session)
    if verdict.why:
        raise MoveError(verdict.sentence)
    return verdict.sentence


class _Sum:
    """Adds up rows; the same on both databases, whatever each calls its types."""

    def __init__(self) -> None:
        self.rows, self.sum = 0, 0

    def add(self, rows: Iterable[Row[Any]]) -> None:
        for row in rows:
            self.rows += 1
            self.sum += int.from_bytes(sha256(_plain(row)).digest())

    @property
    def held(self) -> Held:
        return Held(self.rows, f"{self.sum % 2**256:064x}")


def _plain(row: Row[Any]) -> bytes:
    """A row in one fixed form; JSON by its content, whatever the order of its names."""
    told = [json.dumps(one, sort_keys=True) if isinstance(one, dict | list) else repr(one) for one in row]
    return json.dumps(told).encode()


@contextmanager
def _in_words() -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        told = " ".join(str(error.orig).split())[:500]
        raise MoveError(f"Nothing was moved; both databases are as they were. The reason: {told}") from error
