# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Never missed, never doubled: real processes, a server with faults, kill -9 at random moments.

Deliverers, planners, backups and a migration are killed. `make crash` kills a thousand times each; CRASH_SEED repeats
the moments and faults of a run, though not its races.
"""

import json
import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select, text

from config.settings import HOME
from grants import journal
from grants.reminders import check
from models.message import Message, MessageState
from models.session import connect, transactions
from tests.conftest import PROGRAMS
from tests.crash.deeds import Orders, furnish, go_on, letter
from tests.crash.strategies import WRONG
from tests.imap_box import imap_box
from tests.smtp_sink import NUMBER, Faulty, Sink, smtp_sink

KILLS = int(os.environ.get("CRASH_KILLS", "60"))
PATIENT = 60  # so many kills are for every change; more are for a night
SEED = int(os.environ.get("CRASH_SEED", "0")) or time.time_ns() % 1_000_000

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180 + KILLS)]


@dataclass
class Outcome:
    """What the server took, how often, and what the database says of it."""

    taken: Counter[str]
    contents: dict[str, set[bytes]]
    states: dict[str, MessageState]
    kinds: dict[str, str]
    journalled: set[str]

    @property
    def lost(self) -> set[str]:
        return {number for number in self.states if not self.taken[number]}

    @property
    def doubled(self) -> set[str]:
        return {number for number, times in self.taken.items() if times > 1}


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database; "crash" in it made "moved" gives a second."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'crash.db'}"
        return
    server = request.getfixturevalue("postgres_url")
    admin = connect(server).execution_options(isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        for name in ("crash", "moved"):
            connection.execute(text(f"CREATE DATABASE {name}"))
    yield server.replace("/postgres?", "/crash?")
    with admin.connect() as connection:
        for name in ("crash", "moved"):
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


def campaign(url: str, folder: Path, strategy: str = "ours", *, ask: str = "", kills: int = KILLS) -> Outcome:
    print(f"\n{strategy}, {kills} kills, CRASH_SEED={SEED}", flush=True)
    started, planned = time.monotonic(), kills // 2 if strategy == "ours" else 0
    with ExitStack() as open_now:
        log = folder / "mail.log" if ask == "relay log" else None
        sink = open_now.enter_context(smtp_sink(Faulty(dice=random.Random(SEED), log=log)))
        box = open_now.enter_context(imap_box(lambda: [content for _, content in sink.taken]))
        orders = Orders(
            url=url, moved=moved(url), folder=str(folder), smtp=sink.url, imap=box.url if ask == "archive" else "",
            relay_log=str(log or ""),
            programs=str(PROGRAMS), strategy=strategy, kills=kills, seed=SEED, letters=kills * 4,
            planned=planned, since=datetime.now(UTC).isoformat(),
        )  # fmt: skip
        furnish(orders)
        command = [sys.executable, "-m", "tests.crash.nursery", json.dumps(asdict(orders))]
        done = subprocess.run(command, cwd=HOME, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    outcome = seen(url, sink, folder / "journal")
    assert len(outcome.states) == orders.everything
    states = Counter(str(state) for state in outcome.states.values())
    print(f"lost {len(outcome.lost)}, doubled {len(outcome.doubled)}, {dict(states)}, asked {len(box.asked)}")
    if planned:
        all_is_as_it_should_be(orders)
    print(f"{time.monotonic() - started:.0f} s", flush=True)
    return outcome


def moved(url: str) -> str:
    """The database whose schema is moved on."""
    return url.replace("/crash.db", "/moved.db").replace("/crash?", "/moved?")


def all_is_as_it_should_be(orders: Orders) -> None:
    """One letter for every date and every reader, the self-check content, and no row lost on the way up."""
    engine = connect(orders.url)
    with transactions(engine)() as session:
        keys = session.scalars(select(Message.key)).all()
        assert check(session, now=datetime.fromisoformat(orders.since)).gaps == []
    engine.dispose()
    dates = [key.split(":")[2] for key in keys if key.startswith("reminder:")]
    readers = [int(key.split(":")[2]) for key in keys if key.startswith("digest:")]
    assert sorted(dates) == sorted(f"milestone-{number + 1}" for number in range(orders.planned))
    assert sorted(readers) == [number + 2 for number in range(orders.planned)]
    left = go_on(orders.moved)
    times = len((Path(orders.folder) / "moved").read_text().splitlines())
    print(f"{times} times from the first schema to the last, {left} steps left by the last kill")


def seen(url: str, sink: Sink, kept: Path) -> Outcome:
    engine = connect(url)
    with transactions(engine)() as session:
        if engine.dialect.name == "sqlite":
            assert session.scalar(text("PRAGMA integrity_check")) == "ok"
        rows = session.scalars(select(Message)).all()
    engine.dispose()
    contents: dict[str, set[bytes]] = {}
    numbers = []
    for _, content in sink.taken:
        found = NUMBER.search(content)
        assert found is not None
        numbers.append(found[1].decode())
        contents.setdefault(numbers[-1], set()).add(content)
    states = {row.message_id: row.state for row in rows}
    kinds = {row.message_id: row.kind for row in rows}
    posted = {row.key for row in rows if row.key.startswith("letter:")}
    assert posted == {letter(number)[0] for number in range(len(posted))}
    return Outcome(Counter(numbers), contents, states, kinds, set(journal.read(kept)))


@pytest.mark.parametrize("ask", ["archive", "relay log"])
def test_with_somebody_to_ask_nothing_is_lost_and_nothing_doubled(url: str, tmp_path: Path, ask: str) -> None:
    kills = KILLS
    if ask == "relay log" and KILLS <= PATIENT:
        if "postgresql" in url:
            pytest.skip("the database has no part in who is asked: a thousand kills try it on both")
        kills = KILLS // 2
    outcome = campaign(url, tmp_path, ask=ask, kills=kills)
    assert (outcome.lost, outcome.doubled) == (set(), set())
    assert set(outcome.states.values()) == {MessageState.SENT}
    assert outcome.journalled == set(outcome.states)


def test_without_one_reminders_go_again_byte_for_byte_and_digests_are_held(url: str, tmp_path: Path) -> None:
    outcome = campaign(url, tmp_path)
    held = {number for number, state in outcome.states.items() if state == MessageState.HELD}
    assert {outcome.kinds[number] for number in outcome.doubled} <= {"alert", "reminder"}
    assert {outcome.kinds[number] for number in held} <= {"digest"}
    assert outcome.lost <= held
    assert set(outcome.states.values()) <= {MessageState.SENT, MessageState.HELD}
    assert [number for number, said in outcome.contents.items() if len(said) > 1] == []
    assert outcome.journalled <= set(outcome.taken)


@pytest.mark.parametrize("strategy", WRONG)
def test_the_ways_of_others_lose_or_double(url: str, tmp_path: Path, strategy: str) -> None:
    outcome = campaign(url, tmp_path, strategy, kills=min(KILLS, 30))
    assert outcome.lost | outcome.doubled
    assert (strategy == "mark_then_send") == bool(outcome.lost)
