# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""What is killed beside the deliverers: letters posted, planned and rendered, backups made, a schema moved on."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine, func, inspect, select, text
from sqlalchemy.engine import make_url

from config.settings import Settings
from grants import backups, digest, reminders
from grants.clock import local_day
from grants.outbox import post
from grants.schema import migrate, outdated
from models.application import Milestone
from models.colleague import Rhythm
from models.message import Message
from models.session import Begin, connect, transactions
from tests import builders
from tests.migrations.filled import first_schema

SENDER = "Pijplijn <p@enschede.example>"
AT_ONCE = 5
PAUSE = 0.2  # of those who would never stop: the others must come to something too


@dataclass(frozen=True)
class Orders:
    """One campaign."""

    url: str
    moved: str  # a database beside it, whose schema is moved on
    folder: str
    smtp: str
    imap: str
    relay_log: str
    programs: str
    strategy: str
    kills: int
    seed: int
    letters: int  # posted as they are
    planned: int  # and of reminders, and of digests, each
    since: str  # the moment of planning
    patience: float = 90.0  # seconds after the last kill in which nothing may stand still

    @property
    def everything(self) -> int:
        """How many letters there are in the end."""
        return self.letters + 2 * self.planned


def letter(number: int) -> tuple[str, str]:
    """The key and the kind of a letter that is posted: every other one is a digest."""
    return f"letter:{number}", ("digest", "alert")[number % 2]


def due(total: int, start: float, until: float) -> int:
    """How many of them are due by now: the last when the last kill comes."""
    spent = 1 - max(until - time.monotonic(), 0) / max(until - start, 0.01)
    return min(int(total * spent) + AT_ONCE, total)


def post_letters(orders: Orders, until: float) -> None:
    """Post whatever is due and not there yet, and after every kill the last hundred anew."""
    begin, start = transactions(connect(orders.url)), time.monotonic()
    with begin() as session:
        there = session.scalars(select(func.count()).where(Message.key.startswith("letter:"))).one()
    posted = max(there // AT_ONCE * AT_ONCE - 100, 0)
    while posted < orders.letters:
        now_due = due(orders.letters, start, until)
        for first in range(posted // AT_ONCE * AT_ONCE, now_due, AT_ONCE):
            with begin() as session:
                for number in range(first, min(first + AT_ONCE, now_due)):
                    key, kind = letter(number)
                    post(
                        session, key=key, kind=kind, recipient="noor@enschede.example", subject=key, text="x",
                        html="<p>x</p>", now=datetime.now(UTC), sender=SENDER,
                    )  # fmt: skip
        posted = now_due
        time.sleep(0.05)
    time.sleep(3600)


def plan_and_render(orders: Orders, until: float) -> None:
    """As the flows do: dates come to stand in an application and readers join, and each gets a letter."""
    begin, start, planned = transactions(connect(orders.url)), time.monotonic(), 0
    now = datetime.fromisoformat(orders.since)
    settings = Settings(mail_from=SENDER, data_dir=Path(orders.folder))
    while planned < orders.planned:
        planned = _joined(begin, due(orders.planned, start, until), now)
        with begin() as session:
            reminders.write_reminders(session, today=local_day(now), now=now, settings=settings)
        digest.write_all(begin, now=now, settings=settings)
        time.sleep(0.05)
    time.sleep(3600)


def _joined(begin: Begin, now_due: int, now: datetime) -> int:
    """A colleague adds dates, and readers come."""
    on = local_day(now) + timedelta(days=7)
    with begin() as session:
        there = session.scalars(select(func.count()).select_from(Milestone)).one()
        for number in range(there, now_due):
            session.add(builders.milestone(on, title=f"Date {number}", application_id=1))
            session.add(
                builders.colleague(
                    name=f"Reader {number}", email=f"reader{number}@enschede.example",
                    digest_rhythm=Rhythm.DAILY, digest_hour=0,
                )
            )  # fmt: skip
    return max(there, now_due)


def furnish(orders: Orders) -> None:
    """An office with one application, whose owner wants no digest."""
    migrate(orders.url)
    engine = connect(orders.url)
    with transactions(engine)() as session:
        session.add_all([builders.office(), builders.colleague(digest_rhythm=Rhythm.NEVER)])
        session.flush()
        session.add(builders.application(owner_id=1))
    engine.dispose()


def back_up_often(orders: Orders) -> None:
    """One backup after another, as the flow makes them, under all that is written meanwhile."""
    while True:
        backups.back_up(
            orders.url, Path(orders.folder) / "backups", reason="hourly", now=datetime.now(UTC),
            programs=Path(orders.programs),
        )  # fmt: skip
        time.sleep(PAUSE)


def move_schema(orders: Orders) -> None:
    """From the first schema to the last over and over; what a kill broke off is gone on with first."""
    engine = connect(orders.moved)
    while True:
        go_on(orders.moved)
        with (Path(orders.folder) / "moved").open("a") as told:
            told.write("once\n")
        _begin_anew(engine)
        time.sleep(PAUSE)


def go_on(url: str) -> int:
    """To the last schema from wherever it is, with every row; the number of steps. Raises AssertionError."""
    engine = connect(url)
    if not _has_schema(engine):
        _begin_anew(engine)
    steps = migrate(url)
    rows = all_rows(engine)
    engine.dispose()
    if set(rows.values()) != {1} or outdated(url):
        raise AssertionError(rows)
    return len(steps)


def _has_schema(engine: Engine) -> bool:
    return "alembic_version" in inspect(engine).get_table_names()


FIRST_TABLES = (
    "source", "harvest_run", "office", "colleague", "application", "audit_entry", "milestone", "call",
    "deadline", "call_change",
)  # fmt: skip


def all_rows(engine: Engine) -> dict[str, int]:
    """How many rows each table has in which the first schema had one."""
    with engine.begin() as connection:
        return {name: connection.scalar(text(f"SELECT count(*) FROM {name}")) or 0 for name in FIRST_TABLES}  # noqa: S608


def _begin_anew(engine: Engine) -> None:
    """The first schema and its rows, in one transaction with the end of the last."""
    if engine.dialect.name == "sqlite":
        engine.dispose()
        file = Path(make_url(engine.url).database or "")
        for end in ("-shm", "-wal", ""):
            file.with_name(file.name + end).unlink(missing_ok=True)
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
        first_schema(connection)
