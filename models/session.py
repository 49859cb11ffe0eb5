# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The engine and the transaction: the only place that commits."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session as Session  # noqa: PLC0414 - for web, which knows no SQLAlchemy

Begin = Callable[[], AbstractContextManager[Session]]
"""Opens one transaction: leaving it well commits, an error rolls back."""


def connect(url: str) -> Engine:
    """The engine for a database address; SQLite gets its folder made and its pragmas set."""
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        return _sqlite(url, address.database)
    if address.drivername == "postgresql":
        address = address.set(drivername="postgresql+psycopg")
    return create_engine(address, pool_pre_ping=True)


def _sqlite(url: str, file: str | None) -> Engine:
    if file and file != ":memory:":
        Path(file).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, connect_args={"timeout": 30})
    event.listen(engine, "connect", _set_pragmas)
    event.listen(engine, "begin", _begin_as_writer)
    return engine


def _set_pragmas(connection: Any, _record: object) -> None:
    # The driver's own BEGIN comes too late for a writer: we say BEGIN IMMEDIATE ourselves.
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=30000"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_as_writer(connection: Any) -> None:
    mode = "DEFERRED" if connection.get_execution_options().get("reads_only") else "IMMEDIATE"
    connection.exec_driver_sql(f"BEGIN {mode}")


def transactions(engine: Engine) -> Begin:
    """A Begin for that engine."""

    @contextmanager
    def begin() -> Iterator[Session]:
        with Session(engine, expire_on_commit=False) as session:
            yield session
            session.commit()

    return begin


def reading(engine: Engine) -> Begin:
    """A Begin for pages that only look: never waits for a writer, never writes."""
    quiet = engine.execution_options(reads_only=True)

    @contextmanager
    def look() -> Iterator[Session]:
        with Session(quiet, expire_on_commit=False) as session:
            yield session

    return look
