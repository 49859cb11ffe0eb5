# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The flows of prefect.yaml at the moments of their schedules, day after day, in one process that is let live.

`python -m tests.soak.worker ORDERS`: it says when a day begins and waits to hear that it may go on. What fails is
noted and left to the next run, as Prefect leaves it.
"""

import gc
import importlib
import json
import resource
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import anyio
import prefect.artifacts
import prefect.events
import yaml
from prefect import Task
from prefect.server.schemas.schedules import CronSchedule
from sqlalchemy import select

from config.settings import HOME
from grants import clock
from grants.errors import PijplijnError
from models import session as session_of
from models.application import Application, Milestone
from models.session import Begin, transactions
from tests import builders
from tests.soak.orders import Orders

Deed = Callable[[], object]
NOW: list[datetime] = []
MORNING = 7  # the hour, in UTC, at which a colleague comes in


def pretend() -> None:
    """The clock says what we say, all flows share an engine, and there is no Prefect to tell of anything."""
    clock.now = lambda: NOW[-1]
    session_of.connect = lru_cache(session_of.connect)
    prefect.artifacts.create_table_artifact = lambda *_, **__: None
    prefect.events.emit_event = lambda *_, **__: None


@dataclass(frozen=True)
class Plain:
    """A task as the function it is."""

    fn: Callable[..., Any]

    def __call__(self, *args: Any, **words: Any) -> Any:
        return self.fn(*args, **words)

    def submit(self, *args: Any, **words: Any) -> "Plain":
        """Done at once; `result` gives what came of it, or the error."""
        try:
            found = self.fn(*args, **words)
        except PijplijnError as error:
            found = error
        return Plain(lambda **_: found)

    @property
    def result(self) -> Callable[..., Any]:
        return self.fn


def deeds(orders: Orders) -> Iterator[tuple[datetime, str]]:
    """Every run of every schedule, by Prefect's own reckoning, in order."""
    told = yaml.safe_load((HOME / "prefect.yaml").read_text("utf-8"))["deployments"]
    runs = [
        (moment, one["entrypoint"])
        for one in told
        for schedule in one["schedules"]
        for moment in moments(schedule["cron"], schedule["timezone"], orders)
    ]
    return iter(sorted(runs))


def moments(cron: str, zone: str, orders: Orders) -> Iterator[datetime]:
    schedule, after = CronSchedule(cron=cron, timezone=zone), orders.start
    while True:
        some = anyio.run(partial(schedule.get_dates, n=500, start=after))
        for one in some:
            if one >= orders.end:
                return
            yield datetime.fromtimestamp(one.timestamp(), UTC)
        after = datetime.fromtimestamp(some[-1].timestamp(), UTC) + timedelta(minutes=1)


def deed(entrypoint: str) -> Deed:
    """What a flow does, with no Prefect around it."""
    module, _, name = entrypoint.partition(".py:")
    flow = importlib.import_module(module.replace("/", "."))
    for name_of, task in [*vars(flow).items()]:
        if isinstance(task, Task):
            setattr(flow, name_of, Plain(task.fn))
    if hasattr(flow, "sleep"):
        flow.sleep = lambda _seconds: None
    found: Deed = getattr(flow, name).fn
    return found


def come_in(begin: Begin, today: date) -> None:
    """A colleague adds a date, and moves the one added the day before."""
    with begin() as session:
        edl = session.scalars(select(Application).where(Application.slug == "edl")).one()
        title = f"Datum van {today}"
        if session.scalar(select(Milestone.id).where(Milestone.title == title)) is not None:
            return  # the day was begun before
        before = f"Datum van {today - timedelta(days=1)}"
        for one in session.scalars(select(Milestone).where(Milestone.title == before)):
            one.on += timedelta(days=1)
        due = today + timedelta(days=9 + today.day % 5)
        session.add(builders.milestone(due, title=title, application_id=edl.id))


def fill_or_empty(orders: Orders, now: datetime) -> None:
    """Make the disk as full as it should be."""
    if orders.full_at(now):
        with orders.ballast.open("ab", buffering=0) as file:
            try:
                while file.write(bytes(1 << 16)):
                    pass
            except OSError:
                return
    orders.ballast.unlink(missing_ok=True)


def first_line(error: Exception) -> str:
    """What it says, without the statement that SQLAlchemy shows after it."""
    return f"{type(error).__name__}: {str(error).partition(chr(10))[0][:200]}"


def memory() -> int:
    """What this process takes now, in KB."""
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() // 1024


def say(day: date, ran: Counter[str], failed: Counter[str]) -> None:
    """Tell that a day is over, and wait for the word to go on."""
    told = {"day": day.isoformat(), "memory": memory(), "ran": ran, "failed": failed}
    print(json.dumps(told), flush=True)
    if not sys.stdin.readline():
        sys.exit("Nobody listens any more.")
    ran.clear()
    failed.clear()


def work(orders: Orders) -> None:
    done_file = Path(orders.told) / "done"
    done = datetime.fromisoformat(done_file.read_text()) if done_file.exists() else orders.start
    ran, failed = Counter[str](), Counter[str]()
    today, begin = None, transactions(session_of.connect(orders.url))
    for moment, entrypoint in deeds(orders):
        if moment <= done:
            continue
        NOW.append(moment)
        del NOW[:-1]
        if (day := clock.local_day(moment)) != today:
            say(day, ran, failed)
            today = day
        fill_or_empty(orders, moment)
        name = entrypoint.rpartition(":")[2]
        try:
            if (moment.hour, moment.minute) == (MORNING, 0):
                come_in(begin, day)
            deed(entrypoint)()
            ran[name] += 1
        except Exception as error:  # noqa: BLE001 - a run that fails is the next one's
            failed[f"{name}: {first_line(error)}"] += 1
        done_file.write_text(moment.isoformat())
    say(orders.first + timedelta(orders.days), ran, failed)


if __name__ == "__main__":
    pretend()
    work(Orders.read(sys.argv[1]))
