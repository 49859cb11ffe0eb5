# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""How fast the pages answer, beside SQLAdmin over the same rows: `python -m bench web [--seconds N]`.

Both run as `make up` runs our pages: the same uvicorn, as many processes. Twenty requests are on their way at
any moment, over connections that stay open; the client shares the cores with the servers.
"""

import asyncio
import os
import subprocess
import sys
import time
import warnings
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory
from urllib.parse import quote
from urllib.request import urlopen

from rich.console import Console
from rich.table import Table
from sqlalchemy import Engine

from bench.office import Size, filled
from bench.upserts import databases
from config.settings import HOME
from ops.roles import web_command

AT_ONCE, TARGET = 20, 200  # milliseconds at the 95th percentile
WARM_UP = 4.0  # seconds in which all come and each process finds each list once; they are left out
PORT = 18_470
WORDS = (
    "klimaat", "subsidie energie", "LIFE-2026", "HORIZON-2023-4", "förderung kommune", "warme",
    "grensregio sam", '"klimaat water"', "wonen zorg mobiliteit cultuur", "municipality climate adap",
)  # fmt: skip
CALLS = "/admin/call/list?pageSize=50"


@dataclass(frozen=True, slots=True)
class Asked:
    """One of our pages, and SQLAdmin's nearest; each as the addresses asked for in turn."""

    name: str
    ours: Sequence[str]
    theirs: Sequence[str]


@dataclass(frozen=True, slots=True)
class Found:
    """What one page reached: milliseconds, and requests a second."""

    middle: float
    late: float
    rate: float


def pages(size: Size) -> list[Asked]:
    """What is asked for; the ids spread over all there are."""
    some = [number for number in range(1, size.applications, 37) if number % 50]
    lists = [f"{CALLS}&search={quote(word)}" for word in WORDS]
    return [
        Asked("inbox", ["/inbox"], [CALLS]),
        Asked("calls", ["/calls"], [CALLS]),
        Asked("calls, searched", [f"/calls?everything=1&search={quote(word)}" for word in WORDS], lists),
        Asked("search", [f"/search?q={quote(word)}" for word in WORDS], lists),
        Asked("board", ["/applications?view=board"], ["/admin/application/list?pageSize=100"]),
        Asked("applications", ["/applications"], ["/admin/application/list?pageSize=100"]),
        Asked(
            "application",
            [f"/applications/{number}" for number in some],
            [f"/admin/application/details/{number}" for number in some],
        ),
    ]


@contextmanager
def served(command: Sequence[str], url: str, folder: Path, port: int) -> Iterator[None]:
    """A server of its own process over a database, from its first answer on."""
    told = {"PIJPLIJN_DATABASE_URL": url, "PIJPLIJN_DATA_DIR": str(folder), "PYTHONPATH": str(HOME)}
    with (folder / "web.log").open("ab") as log:
        server = subprocess.Popen(command, env=os.environ | told, cwd=HOME, stdout=log, stderr=log)  # noqa: S603
    try:
        for _ in range(300):
            try:
                urlopen(f"http://127.0.0.1:{port}/health", timeout=5).close()
                break
            except OSError as error:
                if getattr(error, "code", None) == 404:  # noqa: PLR2004 - SQLAdmin has no such page
                    break
                time.sleep(0.1)
        yield
    finally:
        server.terminate()
        server.wait(timeout=20)


async def _get(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, path: str, token: str) -> int:
    head = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nCookie: sid={token}\r\nAccept-Language: nl\r\n\r\n"
    writer.write(head.encode())
    answer = await reader.readuntil(b"\r\n\r\n")
    length = answer.lower().partition(b"content-length:")[2].partition(b"\r\n")[0]
    await reader.readexactly(int(length))
    return int(answer[9:12])


async def _asked(paths: Sequence[str], token: str, port: int, seconds: float) -> Found | None:
    """Twenty at once for some seconds; None when there is no such page.

    They come one after another, as people do: of twenty in the same instant one process would take all.
    """
    turn, took = cycle(paths), list[tuple[float, float]]()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    if await _get(reader, writer, paths[0], token) == 404:  # noqa: PLR2004
        return None
    writer.close()
    counted = time.perf_counter() + WARM_UP
    end = counted + seconds

    async def client(number: int) -> None:
        await asyncio.sleep(number * WARM_UP / AT_ONCE / 2)
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while (started := time.perf_counter()) < end:
            path = next(turn)
            code = await _get(reader, writer, path, token)
            took.append((started, time.perf_counter() - started))
            if code != 200:  # noqa: PLR2004
                sys.exit(f"{path} answered {code}.")
        writer.close()

    await asyncio.gather(*(client(number) for number in range(AT_ONCE)))
    kept = [length * 1000 for started, length in took if started >= counted]
    cuts = quantiles(kept, n=100)
    return Found(cuts[49], cuts[94], len(kept) / seconds)


def measured(name: str, url: str, token: str, folder: Path, asked: Namespace) -> Table:
    """Each page in turn, ours and then theirs."""
    size = Size(asked.calls)
    theirs = [*web_command(PORT + 1)]
    theirs[theirs.index("web.app:app")] = "bench.peer_admin:app"
    table = Table(
        "page", "p50 ms", "p95 ms (≤ 200)", "requests/s", "SQLAdmin p95 ms", "requests/s", "ratio (≥ 1)"
    )
    table.title = f"{name}: {size.calls:,} calls, {size.applications:,} applications, {AT_ONCE} at once"
    for page in pages(size):
        if asked.page not in page.name:
            continue
        with served(web_command(PORT), url, folder, PORT):
            ours = asyncio.run(_asked(page.ours, token, PORT, asked.seconds))
        if ours is None:
            continue
        with served(theirs, url, folder, PORT + 1):
            peer = None if asked.alone else asyncio.run(_asked(page.theirs, token, PORT + 1, asked.seconds))
        late = f"{ours.late:.0f}" + ("" if ours.late <= TARGET else ", NOT reached")
        row = [page.name, f"{ours.middle:.0f}", late, f"{ours.rate:.0f}"]
        if peer:
            ratio = ours.rate / peer.rate
            row += [
                f"{peer.late:.0f}",
                f"{peer.rate:.0f}",
                f"{ratio:.1f}" + ("" if ratio >= 1 else ", NOT reached"),
            ]
        table.add_row(*row)
    return table


def address(engine: Engine) -> str:
    """The address of a database, its password with it."""
    return engine.url.render_as_string(hide_password=False)


def main() -> int:
    """Print a table for each database."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--calls", type=int, default=Size().calls)
    parser.add_argument("--only", default="", help="SQLite or PostgreSQL")
    parser.add_argument("--page", default="", help="pages with this in their name")
    parser.add_argument("--alone", action="store_true", help="without SQLAdmin")
    asked = parser.parse_args()
    warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR")
    with (
        TemporaryDirectory(prefix="pijplijn-bench-", ignore_cleanup_errors=True) as folder,
        databases(Path(folder)) as engines,
    ):
        for name, engine in engines.items():
            if asked.only in name:
                token = filled(engine, Size(asked.calls))
                Console(width=120).print(measured(name, address(engine), token, Path(folder), asked))
    return 0


if __name__ == "__main__":
    sys.exit(main())
