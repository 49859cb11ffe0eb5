# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The flows as they really run: Prefect's server, a worker, the deployments of prefect.yaml, and a kill -9."""

import json
import shutil
import socket
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import psutil
import pytest
from sqlalchemy import func, select

from config.settings import HOME, Settings
from grants import clock
from grants.sign_ins import open_sign_in
from models.call import Call, CallChange
from models.colleague import Access, Colleague
from models.session import Begin, connect, transactions
from models.source import HarvestRun, Source
from ops.roles import prefect
from ops.supervisor import Group
from ops.up import office

pytestmark = [pytest.mark.slow, pytest.mark.timeout(420)]

ITEM = (
    "<item><guid>https://x.example/{n}</guid><link>https://x.example/{n}</link><title>Klimaatadaptatie {n}</title>"
    "<description>Subsidie tegen wateroverlast</description></item>"
)
FEED = "<?xml version='1.0'?><rss version='2.0'><channel><title>f</title>{items}</channel></rss>"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class SlowFeed:
    """A feed of ten calls that can be told to wait before it answers."""

    port: int
    asked: threading.Event = field(default_factory=threading.Event)
    answer: threading.Event = field(default_factory=threading.Event)


@pytest.fixture(scope="module")
def feed() -> Iterator[SlowFeed]:
    slow = SlowFeed(0)

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            slow.asked.set()
            slow.answer.wait(60)
            body = FEED.format(items="".join(ITEM.format(n=n) for n in range(10))).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/rss+xml")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        slow.port = server.server_address[1]
        slow.answer.set()
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield slow
        server.shutdown()


@dataclass
class Running:
    group: Group
    settings: Settings
    begin: Begin


@pytest.fixture(scope="module")
def running(feed: SlowFeed, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("office")
    shutil.copytree(HOME / "demo" / "config", folder / "config")
    (folder / "config" / "rounds.yaml").unlink()
    (folder / "config" / "sources.yaml").write_text(
        f"- slug: slow\n  name: Slow feed\n  kind: rss\n  url: http://127.0.0.1:{feed.port}/feed.xml\n"
        "  language: nl\n  zone: Europe/Amsterdam\n"
    )
    settings = Settings(
        data_dir=folder,
        database_url=f"sqlite:///{folder / 'office.db'}",
        config_dir=folder / "config",
        trusted_hosts=frozenset({f"127.0.0.1:{feed.port}"}),
        web_port=free_port(),
        prefect_port=free_port(),
    )
    engine = connect(settings.database_url)
    with office(settings, tell=print) as group:
        yield Running(group, settings, transactions(engine))
    engine.dispose()
    assert [
        one for one in psutil.process_iter(["cmdline"]) if str(folder) in " ".join(one.info["cmdline"] or [])
    ] == []


def until(true: Callable[[], bool], *, seconds: float) -> bool:
    end = time.monotonic() + seconds
    while not true() and time.monotonic() < end:
        time.sleep(0.3)
    return true()


def counted(begin: Begin, row: type[Any]) -> int:
    with begin() as session:
        return session.scalar(select(func.count()).select_from(row)) or 0


def signed_in(begin: Begin) -> str:
    """The token of a colleague of the demo who may change things."""
    with begin() as session:
        noor = session.scalars(select(Colleague).where(Colleague.access == Access.ADMINISTRATOR)).first()
        assert noor is not None
        return open_sign_in(session, noor, way="password", browser="", now=clock.now())


def test_the_server_refuses_who_has_no_password(running: Running) -> None:
    address = f"http://127.0.0.1:{running.settings.prefect_port}/api/flows/count"
    with pytest.raises(urllib.error.HTTPError, match=r"40[13]") as refused:
        urllib.request.urlopen(urllib.request.Request(address, data=b"{}", method="POST"), timeout=10)
    refused.value.close()


def test_a_run_killed_in_the_middle_loses_and_doubles_nothing_when_repeated(
    running: Running, feed: SlowFeed
) -> None:
    feed.answer.clear()
    feed.asked.clear()
    running.group.run(prefect("deployment", "run", "harvest-calls/hourly"))
    assert feed.asked.wait(90), "the run never asked for the feed"
    worker = psutil.Process(running.group.children["worker"].pid)
    for child in worker.children(recursive=True):
        child.kill()
    feed.answer.set()
    assert counted(running.begin, Call) == 0

    running.group.run(
        [sys.executable, "flows/settle.py"]
    )  # as the next start does: its place is free at once
    for _ in range(2):
        with running.begin() as session:
            session.scalars(select(Source)).one().next_try_at = None
        running.group.run(prefect("deployment", "run", "harvest-calls/hourly", "--watch"))
    assert (counted(running.begin, Call), counted(running.begin, CallChange)) == (10, 10)
    assert counted(running.begin, HarvestRun) == 2


def test_the_button_in_the_pages_has_the_source_read(running: Running) -> None:
    pages = f"http://127.0.0.1:{running.settings.web_port}"
    before = counted(running.begin, HarvestRun)
    cookie = {"Cookie": f"sid={signed_in(running.begin)}"}
    form = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin", **cookie}
    pressed = urllib.request.Request(f"{pages}/sources/slow/read", data=b"", headers=form)
    with urllib.request.urlopen(pressed, timeout=30) as page:
        assert "wordt gelezen" in page.read().decode()
    assert until(lambda: counted(running.begin, HarvestRun) > before, seconds=90)
    with urllib.request.urlopen(
        urllib.request.Request(f"{pages}/sources/slow", headers=cookie), timeout=30
    ) as page:
        assert "Nu lezen" in page.read().decode()


def test_a_scheduled_run_completes_by_itself(running: Running) -> None:
    schedule = ["deployment", "schedule", "create", "--interval", "10", "deliver-messages/often"]
    running.group.run(prefect(*schedule))

    def completed() -> bool:
        said = running.group.run(
            prefect("flow-run", "ls", "--flow-name", "deliver-messages", "--state", "Completed")
        )
        return "deliver" in said

    assert until(completed, seconds=90)


def test_the_pages_are_open(running: Running) -> None:
    address = f"http://127.0.0.1:{running.settings.web_port}/health"
    with urllib.request.urlopen(address, timeout=10) as answer:
        assert answer.status == 200
        assert json.load(answer)
    assert Path(running.settings.data_dir / "running" / "web.log").exists()
