# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The processes themselves, on feeds that are too much for them; what they read is held by test_feed.py."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import psutil
import pytest

from config.settings import Settings
from grants.errors import FaultKind, SourceError
from grants.sources import feed_readers
from grants.sources.feed import itself, parse
from grants.sources.feed_readers import Reader

QUESTION = (b"<rss version='2.0'><channel><item><guid>1</guid></item></channel></rss>", "", itself)


@pytest.fixture
def reader() -> Iterator[Reader]:
    reader = Reader()
    yield reader
    reader.close()


def pid(reader: Reader) -> int:
    assert reader.process is not None
    return reader.process.pid


def test_a_reader_stays_from_one_feed_to_the_next_until_it_is_closed(reader: Reader) -> None:
    assert reader.ask(QUESTION, 10)[1].items
    first = pid(reader)
    assert reader.ask(QUESTION, 10)[1].items
    assert pid(reader) == first
    reader.close()
    reader.close()  # twice does no harm
    assert not psutil.pid_exists(first)


def test_a_reader_killed_while_it_reads_costs_that_feed_and_is_replaced(reader: Reader) -> None:
    assert reader.ask(QUESTION, 10)[1].items
    first = pid(reader)
    os.kill(first, signal.SIGSTOP)
    killer = threading.Timer(0.5, os.kill, (first, signal.SIGKILL))
    killer.start()
    with pytest.raises(SourceError, match="needed more than 1 GB of memory"):
        reader.ask(QUESTION, 10)
    killer.join()
    assert reader.ask(QUESTION, 10)[1].items


def test_a_reader_killed_between_two_feeds_costs_nothing(reader: Reader) -> None:
    assert reader.ask(QUESTION, 10)[1].items
    os.kill(pid(reader), signal.SIGKILL)
    os.waitid(os.P_PID, pid(reader), os.WEXITED | os.WNOWAIT)
    assert reader.ask(QUESTION, 10)[1].items


def test_a_feed_that_takes_too_long_costs_its_reader(reader: Reader) -> None:
    assert reader.ask(QUESTION, 10)[1].items
    first = pid(reader)
    os.kill(first, signal.SIGSTOP)
    with pytest.raises(SourceError, match=r"took more than 0\.1 seconds to read") as said:
        reader.ask(QUESTION, 0.1)
    assert (said.value.kind, psutil.pid_exists(first)) == (FaultKind.UNSAFE, False)


def test_the_feed_behind_one_that_costs_the_reader_is_read_by_the_next(reader: Reader) -> None:
    assert reader.ask(QUESTION, 10)[1].items
    first = pid(reader)
    os.kill(first, signal.SIGSTOP)
    with ThreadPoolExecutor(3) as threads:
        slow = threads.submit(reader.ask, QUESTION, 0.5)
        time.sleep(0.1)
        behind = [threads.submit(reader.ask, QUESTION, 10) for _ in range(2)]
        assert [one.result()[1].items[0].id for one in behind] == ["1", "1"]
    assert str(slow.exception()).endswith("took more than 0.5 seconds to read.")
    assert pid(reader) != first


def test_each_hears_their_own_answer(reader: Reader) -> None:
    def question(number: int) -> tuple[bytes, str, object]:
        return QUESTION[0].replace(b"1<", f"{number}<".encode()), "", itself

    with ThreadPoolExecutor(8) as threads:
        found = threads.map(lambda number: reader.ask(question(number), 10)[1].items[0].id, range(200))
        assert list(found) == [str(number) for number in range(200)]


def test_as_many_feeds_are_read_at_once_as_there_are_readers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIJPLIJN_READERS", "2")
    monkeypatch.setattr("config.settings.settings", Settings)
    feed_readers.readers.cache_clear()
    try:
        with ThreadPoolExecutor(8) as threads:
            found = list(threads.map(lambda _: parse(QUESTION[0]), range(40)))
        assert [item.id for feed in found for item in feed.items] == ["1"] * 40
        mine = {reader.process.pid for reader in feed_readers.readers().all if reader.process}
        assert len(mine) == 2
    finally:
        for reader in feed_readers.readers().all:
            reader.close()
        feed_readers.readers.cache_clear()
