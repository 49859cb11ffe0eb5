# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""How fast 200 feeds are harvested, beside lemon24/reader: `python -m bench harvest [--rounds N]`.

Both read the same made-up feeds from the same server in the same run, each feed on a loopback address of its
own, into a SQLite file of their own. reader counts with the better of 1 and 10 workers. Ours does all it
always does: the guard on addresses, the raw answers kept, a change row for each new call. Matching is not
measured, for reader has none.
"""

import gc
import json
import os
import socket
import sys
import time
from argparse import ArgumentParser
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import reader
from rich.console import Console
from rich.table import Table

import models
from bench.feeds import Served, Site, made, serving
from config.settings import Settings, settings
from grants import clock
from grants.harvest import due_sources, harvest_all
from grants.sources import feed, feed_readers
from grants.sources.fetch import fetching
from models.session import Begin, connect, transactions
from models.source import Source
from ops.roles import prefect, prefect_environment
from ops.supervisor import supervised

COLD, SAME_304, ONE_NEW, SAME_BYTES = "cold", "all 304", "one new item each", "same bytes, no validators"
PASSES = (COLD, SAME_304, ONE_NEW, SAME_BYTES)
TARGETS = {(COLD, "1"): 2.0, (COLD, "2"): 3.5, (SAME_304, "1"): 8.0, (COLD, "flow"): 1.5}
Seconds = dict[str, float]
"""By pass."""


def passes(site: Site, read: Callable[[], int]) -> Seconds:
    """Seconds of each pass; `read` reads all feeds once and returns how many entries were new."""
    seconds = {}
    news = {COLD: sum(one.entries for one in site.feeds), ONE_NEW: len(site.feeds)}
    site.later.value = 0
    for name in PASSES:
        site.validators.value = int(name != SAME_BYTES)
        site.later.value = max(site.later.value, int(name == ONE_NEW))
        gc.collect()
        started = time.perf_counter()
        new = read()
        seconds[name] = time.perf_counter() - started
        if new != news.get(name, 0):
            sentence = f"The pass '{name}' found {new} new entries instead of {news.get(name, 0)}."
            raise RuntimeError(sentence)
    return seconds


def peers(site: Site, folder: Path, *, workers: int) -> Seconds:
    """lemon24/reader, all feeds in one update."""
    other = reader.make_reader(str(folder / f"reader-{workers}.sqlite"))
    for one in site.feeds:
        other.add_feed(one.url)

    def read() -> int:
        found = [result.value for result in other.update_feeds_iter(workers=workers, scheduled=False)]
        failed = [value for value in found if isinstance(value, Exception)]
        if failed:
            raise failed[0]
        return sum(value.new for value in found if value)

    seconds = passes(site, read)
    other.close()
    return seconds


def office(site: Site, url: str) -> Begin:
    """A database with the feeds as its sources."""
    engine = connect(url)
    models.Base.metadata.create_all(engine)
    begin = transactions(engine)
    with begin() as session:
        session.add_all(
            Source(slug=one.slug, name=one.slug, kind="rss", url=one.url, every_hours=0) for one in site.feeds
        )
    return begin


def ours(site: Site, folder: Path, *, readers: int) -> Seconds:
    """Our harvest with so many processes that parse, which are up before the clock starts."""
    wake(readers, site.feeds[0].bodies[0])
    begin = office(site, f"sqlite:///{folder / f'ours-{readers}.db'}")

    def read() -> int:
        with begin() as session:
            slugs = due_sources(session, now=clock.now())
        with fetching(trusted_hosts=site.hosts) as fetch:
            results = harvest_all(begin, slugs, fetch=fetch, now=clock.now())
        failed = [one.error for one in results if one.error]
        if failed:
            raise RuntimeError(failed[0])
        return sum(one.new for one in results)

    return passes(site, read)


def wake(count: int, body: bytes) -> None:
    """So many readers of feeds, each of which has read one."""
    for one in feed_readers.readers().all:
        one.close()
    os.environ["PIJPLIJN_READERS"] = str(count)
    settings.cache_clear()
    feed_readers.readers.cache_clear()
    for one in feed_readers.readers().all:
        one.ask((body, "", feed.itself), 60)


def through_prefect(site: Site, folder: Path, rounds: int) -> list[Seconds]:
    """The deployed flow itself, in a process of its own, against a Prefect server that was started for it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    own = Settings(
        data_dir=folder, database_url=f"sqlite:///{folder / 'flow.db'}", prefect_port=port,
        trusted_hosts=site.hosts, readers=2,
    )  # fmt: skip
    with supervised(folder, prefect_environment(own)) as group:
        group.start("server", prefect("server", "start", "--host", "127.0.0.1", "--port", str(port)))
        group.wait_for(f"http://127.0.0.1:{port}/api/health", seconds=120)
        found = []
        for _ in range(rounds):
            site.later.value, site.validators.value = 0, 1
            for file in folder.glob("flow.db*"):
                file.unlink()
            office(site, own.database_url)
            found.append(json.loads(group.run([sys.executable, "-m", "bench.flow"]).splitlines()[-1]))
    return found


def best(seconds: Sequence[Seconds], name: str) -> float:
    """The median of the rounds."""
    return median(one[name] for one in seconds)


def report(peer: Sequence[Seconds], columns: dict[str, Sequence[Seconds]]) -> Table:
    """A row a pass: our speed as a multiple of reader's."""
    table = Table("pass", "reader", *columns, title="200 feeds: speed beside reader = 1 (target)")
    for name in PASSES:
        base = best(peer, name)
        cells = []
        for label, seconds in columns.items():
            if name not in seconds[0]:
                cells.append("–")
                continue
            target = TARGETS.get((name, label.split(",")[0].split()[0]))
            ratio = base / best(seconds, name)
            cells.append(
                f"{ratio:.1f}x"
                + (f" (≥ {target:g}{'' if ratio >= target else ', NOT reached'})" if target else "")
            )
        table.add_row(name, f"{base:.2f} s", *cells)
    return table


def main() -> int:
    """Print the table."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    feeds: list[Served] = made(port=18765)
    slow: dict[int, list[Seconds]] = {1: [], 10: []}
    quick: dict[int, list[Seconds]] = {1: [], 2: []}
    with serving(feeds) as site, TemporaryDirectory(prefix="pijplijn-bench-") as folder:
        for number in range(rounds):
            here = Path(folder) / str(number)
            here.mkdir()
            for workers, found in slow.items():
                found.append(peers(site, here, workers=workers))
            for readers, found in quick.items():
                found.append(ours(site, here, readers=readers))
        flow = through_prefect(site, Path(folder), rounds)
    peer = [{name: min(best(slow[1], name), best(slow[10], name)) for name in PASSES}]
    columns = {"1 process": quick[1], "2 processes": quick[2], "flow, 2 processes": flow}
    Console(width=150).print(report(peer, columns))
    size = sum(len(one.bodies[0]) for one in feeds) // len(feeds)
    print(
        f"Medians of {rounds} rounds; a feed has {size:,} bytes. What parses is up before the clock starts,"
    )
    print("and so is Prefect: the flow's time is its call, in a warm process, against a server of its own.")
    print("No call is matched in any of them.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
