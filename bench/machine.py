# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The whole office on one machine, from nothing: time to the first page, memory, and CPU when nobody asks."""

import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil

from config.settings import HOME, Settings, child_environment

SETTLE, QUIET, AIM = 30, 60, 700  # seconds that are left alone, seconds that are measured; MB
PARTS = {"prefect server": "Prefect's server", "prefect worker": "the worker", "uvicorn": "the pages"}


def main() -> int:
    """Start as `make up` does, with an empty folder, and print."""
    with TemporaryDirectory(prefix="pijplijn-machine-") as folder:
        ports = {"web_port": _free_port(), "prefect_port": _free_port()}
        own = Settings(data_dir=Path(folder), database_url=f"sqlite:///{folder}/pijplijn.db", **ports)
        started = time.perf_counter()
        with _up(own) as supervisor:
            _wait_for(f"http://127.0.0.1:{own.web_port}/sign-in")
            print(f"first page after {time.perf_counter() - started:14.1f} s")
            time.sleep(SETTLE)
            before, since = _cpu(supervisor), time.perf_counter()
            time.sleep(QUIET)
            share = (_cpu(supervisor) - before) / (time.perf_counter() - since)
            sizes: dict[str, list[float]] = {}
            for one in _family(supervisor):
                sizes.setdefault(_name(one), []).append(_pss(one))
            for name, each in sizes.items():
                print(f"memory of {name:17} {sum(each):6.0f} MB in {len(each)} processes")
            whole = sum(sum(each) for each in sizes.values())
            print(f"memory of the group {whole:14.0f} MB (PSS; the aim is {AIM} at most)")
            print(f"CPU when idle       {share:14.1%} of one core, over {QUIET} s")
    return int(whole > AIM)


@contextmanager
def _up(own: Settings) -> Iterator[psutil.Process]:
    with subprocess.Popen(
        [sys.executable, "manage.py", "up"], cwd=HOME, env=child_environment(own), stdout=subprocess.DEVNULL
    ) as child:
        try:
            yield psutil.Process(child.pid)
        finally:
            child.terminate()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(url: str) -> None:
    end = time.monotonic() + 300
    while time.monotonic() < end:
        try:
            urllib.request.urlopen(url, timeout=10).close()  # noqa: S310 - our own address
        except OSError:
            time.sleep(0.1)
        else:
            return
    sys.exit(f"{url} never answered.")


def _family(supervisor: psutil.Process) -> list[psutil.Process]:
    return [supervisor, *supervisor.children(recursive=True)]


def _name(one: psutil.Process) -> str:
    """Which part a process is of: its own words, or those of whoever started it."""
    for process in (one, *one.parents()):
        words = " ".join(process.cmdline())
        for mark, name in PARTS.items():
            if mark in words:
                return name
    return "the supervisor"


def _pss(one: psutil.Process) -> float:
    """The proportional set size: what several processes share counts once over all of them."""
    lines = Path(f"/proc/{one.pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) * 1024 / 1e6


def _cpu(supervisor: psutil.Process) -> float:
    """Seconds used so far by all of them; those of runs that ended are counted at their worker."""
    spent = [one.cpu_times() for one in _family(supervisor)]
    return sum(one.user + one.system + one.children_user + one.children_system for one in spent)
