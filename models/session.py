# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The engine and the transaction: the only place that commits; and what readings remember of each other."""

from collections.abc import Callable, Hashable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any, Final, TypeVar

from sqlalchemy import Engine, create_engine, event, func, select
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session as Session  # noqa: PLC0414 - for web, which knows no SQLAlchemy

T = TypeVar("T")
POOL: Final[dict[str, Any]] = {"pool_size": 20, "max_overflow": 20}  # as many as the web has threads
QUIET: Final[dict[str, Any]] = {
    "hide_parameters": True
}  # an error does not quote the row, which may be anyone's
MOST: Final = 100  # answers remembered

Begin = Callable[[], AbstractContextManager[Session]]
"""Opens one transaction: leaving it well commits, an error rolls back."""


def connect(url: str) -> Engine:
    """The engine for a database address; SQLite gets its folder made and its pragmas set."""
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        return _sqlite(url, address.database)
    if address.drivername == "postgresql":
        address = address.set(drivername="postgresql+psycopg")
    return create_engine(address, pool_pre_ping=True, **QUIET, **POOL)


@contextmanager
def opened(url: str) -> Iterator[Engine]:
    """The engine for one job, let go of whatever comes of it."""
    engine = connect(url)
    try:
        yield engine
    finally:
        engine.dispose()


def _sqlite(url: str, file: str | None) -> Engine:
    if file and file != ":memory:":
        Path(file).parent.mkdir(parents=True, exist_ok=True)
    pool = POOL if file and file != ":memory:" else {}
    engine = create_engine(url, connect_args={"timeout": 30}, **QUIET, **pool)
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


@dataclass(slots=True)
class _Memory:
    """What readings found, and the mark of the database they found it in."""

    mark: str = ""
    found: dict[Hashable, tuple[Lock, list[Any]]] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)


def reading(engine: Engine) -> Begin:
    """A Begin for pages that only look: never waits for a writer, never writes."""
    quiet = _reads_only(engine)
    memory, watch = _Memory(), _watcher(engine)

    @contextmanager
    def look() -> Iterator[Session]:
        # The mark comes before what is read: a writer in between makes the next reading look again.
        with Session(quiet, expire_on_commit=False, info={"memory": memory, "mark": watch()}) as session:
            yield session

    return look


def _reads_only(engine: Engine) -> Engine:
    """Connections that only look, on PostgreSQL of their own.

    There each statement shows what is committed, in a transaction or not: what begins, ends and switches
    transactions on and off would be half of what is said to the server.
    """
    if engine.dialect.name == "sqlite":
        return engine.execution_options(reads_only=True)
    quiet = create_engine(
        engine.url,
        isolation_level="AUTOCOMMIT",
        pool_reset_on_return=None,
        pool_pre_ping=True,
        **QUIET,
        **POOL,
    )
    event.listen(engine, "engine_disposed", lambda _engine: quiet.dispose())
    return quiet


def _watcher(engine: Engine) -> Callable[[], str]:
    """Tells the mark of a SQLite file, which any commit changes; nothing for other databases."""
    if engine.dialect.name != "sqlite":
        return str
    watching: list[Any] = []
    lock = Lock()

    def watch() -> str:
        with lock:  # one connection must do: the number means nothing to another
            if not watching:
                connection = engine.raw_connection()
                connection.detach()
                watching.append(connection)
            return str(watching[0].dbapi_connection.execute("PRAGMA data_version").fetchone()[0])

    return watch


def remembered(session: Session, asked: Hashable, find: Callable[[], T]) -> T:
    """What an earlier reading found, as long as nothing whatever was written since; else what `find` finds.

    Args:
        session: a reading; in a transaction that may write nothing is remembered.
        asked: what tells this question from others.
        find: answers it; several that ask at once wait for the first.
    """
    memory = session.info.get("memory")
    session.connection()  # before any waiting: whoever is waited for must not need one that a waiter holds
    if memory is None:
        return find()
    mark = session.info["mark"] = session.info["mark"] or str(
        session.scalar(select(func.pg_current_snapshot()))
    )
    with memory.lock:
        if memory.mark != mark or len(memory.found) > MOST:
            memory.mark, memory.found = mark, {}
        lock, found = memory.found.setdefault(asked, (Lock(), []))
    with lock:
        if not found:
            found.append(find())
        answer: T = found[0]
    return answer
