# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Thirty days of the office in some minutes, with all that goes wrong in them: `make soak`.

Portal, relay, archive and pages are real servers; the flows run in a process that is killed and started again, on
a small disk that is filled up. It ends with a report, and with code 1 when something was not as it should be.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import threading
import time
import warnings
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy.engine import make_url

from bench.upserts import databases
from config.settings import HOME, Settings, child_environment
from demo.portal import as_it_is, serving
from ops.roles import web_command
from tests.conftest import PROGRAMS
from tests.imap_box import imap_box
from tests.replay.server import replayed
from tests.smtp_sink import NUMBER, Faulty, smtp_sink
from tests.soak.browsing import browsing
from tests.soak.disk import small_disk
from tests.soak.life import Life, born, broken
from tests.soak.orders import Orders, Trouble
from tests.soak.report import Run, faults, report

LONG, SHORT = date(2026, 10, 5), date(2026, 10, 24)  # the night of 25 October is in either
PORT = 18_480


@dataclass
class Conductor:
    """Leads the worker from day to day."""

    orders: Orders
    life: Life
    run: Run
    dice: Random
    worker: list[str]
    breaking: list[str]
    environment: dict[str, str]
    web: int
    today: date | None = None

    def conduct(self) -> None:
        """Until the last day is over; a worker that was killed is started again."""
        last = date.fromordinal(self.orders.first.toordinal() + self.orders.days)
        begun: set[date] = set()
        while True:
            worker = self._started()
            for line in worker.stdout or ():
                told = json.loads(line)
                day = date.fromisoformat(told["day"])
                self._note(told)
                self.today = day
                if day not in begun and day != last:
                    begun.add(day)
                    self._begin(day, worker)
                (worker.stdin or sys.stdout).write("go on\n")
                (worker.stdin or sys.stdout).flush()
                if day == last:
                    worker.wait()
                    return
            if worker.wait() != -signal.SIGKILL:
                sys.exit(f"The worker ended by itself with {worker.returncode}.")
            self.run.restarts += 1
            self.run.memory.clear()

    def _started(self) -> subprocess.Popen[str]:
        return subprocess.Popen(
            self.worker, env=self.environment, cwd=HOME, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            text=True, start_new_session=True,
        )  # fmt: skip

    def _note(self, told: dict[str, Any]) -> None:
        self.run.ran.update(told["ran"])
        self.run.failed[self.today].update(told["failed"])
        self.run.memory.append(told["memory"])
        self.run.web.append(resident(self.web))
        if self.today:
            print(self.today, self.orders.troubles.get(self.today, ""), told["failed"] or "", flush=True)

    def _begin(self, day: date, worker: subprocess.Popen[str]) -> None:
        """What changes outside with a new day."""
        trouble = self.orders.troubles.get(day)
        self.life.portal.twist = broken if trouble == Trouble.PORTAL_DOWN else as_it_is
        if trouble != Trouble.PORTAL_DOWN:
            self.life.pass_to(day)
        if trouble == Trouble.RESTART:
            pause = self.dice.uniform(0.5, 4)
            threading.Timer(pause, os.killpg, (worker.pid, signal.SIGKILL)).start()
        if trouble == Trouble.LOST_DATABASE:
            subprocess.Popen([*self.breaking, str(self.dice.random())], env=self.environment, cwd=HOME)


def resident(parent: int) -> int:
    """The memory of a process and its children, each page counted once; KB."""
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return sum(_share(number) for number in [str(parent), *children])


def _share(number: str) -> int:
    lines = Path(f"/proc/{number}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


@contextmanager
def pages(command: Sequence[str], environment: dict[str, str], log: Path) -> Iterator[int]:
    """The web processes; gives the number of the first."""
    with log.open("ab") as file:
        web = subprocess.Popen(command, env=environment, cwd=HOME, stdout=file, stderr=file)
    try:
        yield web.pid
    finally:
        web.terminate()
        web.wait(timeout=30)


def soak(url: str, days: int, seed: int, folder: Path) -> list[str]:
    """One soak on one database; prints its report and returns what was wrong."""
    started, dice, run = time.monotonic(), Random(seed), Run()
    room, told = folder / "room", folder / "told"
    room.mkdir()
    told.mkdir()
    with ExitStack() as now:
        sink = now.enter_context(smtp_sink(Faulty(dice=Random(seed))))
        box = now.enter_context(imap_box(lambda: [content for _, content in sink.taken]))
        life = born(HOME / "demo", dice)
        portal = now.enter_context(serving(life.portal))
        pager = now.enter_context(replayed(lambda *said: (200, {}, run.heard(said[3]))))
        inside = now.enter_context(small_disk(room))
        first = LONG if days > len(Trouble) else SHORT
        orders = Orders(url, str(room), str(told), portal, first, days, disk=bool(inside))
        settings = Settings(
            database_url=url, data_dir=room, config_dir=HOME / "demo" / "config", smtp_url=sink.url,
            archive_url=box.url, archive_address="archive@enschede.example", postgres_bin=PROGRAMS,
            mail_from="Pijplijn <pijplijn@enschede.example>", secret_key="s" * 40,
            alert_urls=(pager.replace("http://", "json://"),), trusted_hosts=frozenset({portal.removeprefix("http://")}), web_port=PORT,
        )  # fmt: skip
        environment = child_environment(settings, PYTHONPATH=str(HOME), PYTHONUNBUFFERED="1")
        said = str(orders)

        def module(name: str, told: str = said) -> list[str]:
            return [*inside, sys.executable, "-m", f"tests.soak.{name}", told]

        token = printed(module("furnish"), environment)
        web = now.enter_context(pages([*inside, *web_command(PORT)], environment, told / "web.log"))
        looking = now.enter_context(browsing(f"http://127.0.0.1:{PORT}", token))
        Conductor(
            orders, life, run, dice, module("worker"), module("breaking", url), environment, web
        ).conduct()
        run.pages = looking.answers
        found = json.loads(printed(module("judge"), environment))
    for _, content in sink.taken:
        number = NUMBER.search(content)
        run.taken[number[1].decode() if number else "none"] += 1
    run.everyone, run.moved, run.seconds = life.everyone, life.moved, time.monotonic() - started
    report(run, found, orders.troubles, f"{days} days on {make_url(url).get_backend_name()}, seed {seed}")
    return [*faults(run, found, orders.troubles)]


def printed(command: Sequence[str], environment: dict[str, str]) -> str:
    """What a command says."""
    done = subprocess.run(command, env=environment, cwd=HOME, check=True, stdout=subprocess.PIPE, text=True)
    return done.stdout.strip().splitlines()[-1]


def main() -> None:
    """Soak on both databases, or on one."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--days", type=int, default=30)
    words.add_argument("--only", default="", help="SQLite or PostgreSQL")
    words.add_argument("--seed", type=int, default=time.time_ns() % 1_000_000)
    asked = words.parse_args()
    warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR")
    wrong = []
    with (
        TemporaryDirectory(prefix="pijplijn-soak-", ignore_cleanup_errors=True) as folder,
        databases(Path(folder)) as engines,
    ):
        for name, engine in engines.items():
            if asked.only in name:
                own = Path(folder) / name
                own.mkdir()
                url = engine.url.render_as_string(hide_password=False)
                if engine.dialect.name == "sqlite":
                    url = f"sqlite:///{own / 'room' / 'pijplijn.db'}"
                engine.dispose()
                wrong += [f"{name}: {one}" for one in soak(url, asked.days, asked.seed, own)]
    for one in wrong:
        print(one, flush=True)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
