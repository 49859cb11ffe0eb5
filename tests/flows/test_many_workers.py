# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The other shape: PostgreSQL for the office and for Prefect, three workers, and one of them killed in the middle."""

import json
import os
import re
import shutil
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
import pytest
from pydantic import SecretStr
from sqlalchemy import func, select, text

from config.settings import HOME, Settings
from grants import clock
from models.call import Call
from models.message import Message, MessageState
from models.session import Begin, opened, transactions
from models.source import HarvestRun
from ops.roles import prefect, prefect_environment, schedules, server, worker
from ops.supervisor import Group, supervised
from tests.builders import letter
from tests.flows.test_deployments import FEED, ITEM, free_port
from tests.smtp_sink import smtp_sink

DEBIAN = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(600),
    pytest.mark.skipif(not DEBIAN, reason="Prefect needs PostgreSQL with pg_trgm (Debian: postgresql)"),
]
SOURCES, PART, LETTERS = 60, 20, 30
OURS = "trial"  # the office may well write digests of its own meanwhile
NOTICED = 35  # seconds: a heartbeat is missed; in earnest two are (flows/lay_down.py)


@contextmanager
def postgres() -> Iterator[str]:
    """A server of Debian's on a free port of the loopback, with a database for the office and one for Prefect."""
    port = str(free_port())
    own = {"user": "postgres"} if os.getuid() == 0 else {}
    with TemporaryDirectory(prefix="pijplijn-postgres-", ignore_cleanup_errors=True) as folder:
        if own:
            shutil.chown(folder, "postgres")

        def run(name: str, *words: str) -> None:
            subprocess.run([DEBIAN[-1] / name, *words], check=True, capture_output=True, cwd=folder, **own)

        run("initdb", "-D", f"{folder}/rows", "-U", "office", "--auth=trust", "--no-sync", "-E", "UTF8")
        options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
        run("pg_ctl", "-D", f"{folder}/rows", "-w", "-l", f"{folder}/log", "-o", options, "start")
        try:
            for name in ("office", "prefect"):
                run("createdb", "-h", "127.0.0.1", "-p", port, "-U", "office", name)
            yield f"office@127.0.0.1:{port}"
        finally:
            run("pg_ctl", "-D", f"{folder}/rows", "-m", "immediate", "stop")


@dataclass
class Feeds:
    """Sixty feeds of one call each, all of which wait until they may answer."""

    port: int = 0
    asked: Counter[str] = field(default_factory=Counter)
    callers: set[int] = field(default_factory=set)  # the ports they call from, while they wait
    answer: threading.Event = field(default_factory=threading.Event)
    alerts: list[str] = field(default_factory=list)  # what the operator was told


@pytest.fixture
def feeds() -> Iterator[Feeds]:
    feeds = Feeds()

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            slug = self.path.strip("/")
            feeds.asked[slug] += 1
            feeds.callers.add(self.client_address[1])
            feeds.answer.wait(120)
            body = FEED.format(items=ITEM.format(n=slug)).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/rss+xml")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            feeds.alerts.append(json.loads(self.rfile.read(int(self.headers["Content-Length"])))["title"])
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as listening:
        listening.handle_error = lambda *_: None  # type: ignore[method-assign] # a reader that was killed
        feeds.port = listening.server_address[1]
        threading.Thread(target=listening.serve_forever, daemon=True).start()
        yield feeds
        listening.shutdown()


def configured(folder: Path, port: int) -> Path:
    shutil.copytree(HOME / "demo" / "config", folder)
    (folder / "rounds.yaml").unlink()
    line = "- {{slug: f{n:02}, name: Feed {n}, kind: rss, url: 'http://127.0.0.1:{port}/f{n:02}', language: nl, zone: Europe/Amsterdam}}\n"
    (folder / "sources.yaml").write_text("".join(line.format(n=n, port=port) for n in range(SOURCES)))
    return folder


def until(true: Callable[[], object], *, seconds: float) -> bool:
    end = time.monotonic() + seconds
    while not true() and time.monotonic() < end:
        time.sleep(0.2)
    return bool(true())


def readers(group: Group, feeds: Feeds) -> dict[str, int]:
    """How many processes of each worker wait for a feed."""
    found: Counter[str] = Counter()
    for name, child in group.children.items():
        for one in psutil.Process(child.pid).children(recursive=True):
            with suppress(psutil.NoSuchProcess):  # a run that just ended
                found[name] += any(told.laddr.port in feeds.callers for told in one.net_connections())
    return dict(+found)


def only_reading(group: Group, feeds: Feeds) -> list[str]:
    """The workers all of whose runs wait for feeds: not the one with the run that asked for them."""
    return [name for name, count in readers(group, feeds).items() if count == runs_of(group, name)]


def runs_of(group: Group, name: str) -> int:
    """How many runs a worker has at hand."""
    return len(psutil.Process(group.children[name].pid).children())


def kill(group: Group, name: str) -> None:
    """The worker and all it runs, as when its machine is gone."""
    child = group.children.pop(name)
    whole = psutil.Process(child.pid)
    for one in [whole, *whole.children(recursive=True)]:
        one.kill()
    child.wait(10)


def held(begin: Begin) -> tuple[dict[str, int], int]:
    with begin() as session:
        sent = session.scalars(
            select(func.count()).where(Message.state == MessageState.SENT, Message.kind == OURS)
        ).one()
        runs = Counter(session.scalars(select(HarvestRun.source_id)).all())
        return dict(Counter(runs.values())), sent


def test_three_workers_read_and_send_everything_once_though_one_is_killed(
    feeds: Feeds, tmp_path: Path
) -> None:
    with postgres() as place, smtp_sink() as sink:
        settings = Settings(
            data_dir=tmp_path / "data",
            database_url=f"postgresql://{place}/office",
            prefect_database=SecretStr(f"postgresql+asyncpg://{place}/prefect"),
            config_dir=configured(tmp_path / "config", feeds.port),
            trusted_hosts=frozenset({f"127.0.0.1:{feeds.port}"}),
            prefect_port=free_port(), smtp_url=sink.url, part_size=PART, runs_at_once=2, readers=1,
            silent_seconds=NOTICED, alert_urls=(f"json://127.0.0.1:{feeds.port}/alert",),
        )  # fmt: skip
        environment = prefect_environment(settings)
        with supervised(tmp_path / "running", environment) as group, opened(settings.database_url) as engine:
            begin = transactions(engine)
            story(group, settings, begin, feeds)
            assert until(
                lambda: in_prefect(place, "events", "event = 'pijplijn.call.new'") == SOURCES, seconds=60
            )
            assert in_prefect(place, "artifact", "key = 'harvest'") >= SOURCES // PART
            sent = Counter(re.findall(rb"Letter \d+", b"".join(mime for _, mime in sink.taken)))
            assert (len(sent), {*sent.values()}) == (LETTERS, {1})
            assert held(begin) == ({1: SOURCES}, LETTERS)
            with begin() as session:
                assert session.scalars(select(func.count()).select_from(Call)).one() == SOURCES


def in_prefect(place: str, table: str, which: str) -> int:
    with opened(f"postgresql://{place}/prefect") as engine, engine.connect() as connection:
        return int(connection.scalar(text(f"SELECT count(*) FROM {table} WHERE {which}")) or 0)  # noqa: S608 - words of this test


def story(group: Group, settings: Settings, begin: Begin, feeds: Feeds) -> None:
    group.start("server", server(settings))
    for deed in ("migrate", "seed"):
        group.run([sys.executable, "manage.py", deed])
    with begin() as session:
        told = {"state": MessageState.QUEUED, "attempts": 0, "tries": [], "kind": OURS}
        session.add_all(
            [letter(text=f"Letter {n}", next_attempt_at=clock.now(), **told) for n in range(LETTERS)]
        )
    group.wait_for(f"{settings.prefect_api}/health", seconds=120)
    group.run(schedules(settings))
    for number in (1, 2, 3):
        group.start(f"worker {number}", worker(settings))
    group.run(prefect("deployment", "run", "harvest-calls/hourly"))
    parts = SOURCES // PART
    assert until(lambda: sum(readers(group, feeds).values()) == parts, seconds=90), (
        "not all parts are being read"
    )
    of = readers(group, feeds)
    assert len(of) > 1, "one worker does it all"
    assert until(lambda: only_reading(group, feeds), seconds=60)
    kill(group, only_reading(group, feeds)[0])
    feeds.answer.set()
    group.run(prefect("deployment", "run", "deliver-messages/often"))
    assert until(lambda: held(begin) == ({1: SOURCES}, LETTERS), seconds=150), held(begin)
    assert until(lambda: "harvest-calls: Crashed" in feeds.alerts, seconds=60)
