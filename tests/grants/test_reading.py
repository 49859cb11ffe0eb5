# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from threading import Semaphore

import pytest

from grants.reading import Question, readings
from grants.sources import adapters
from grants.sources.fetch import Web, fetching
from grants.sources.reading import Fetch, Reading, Request, Response, SourceConfig, Validator
from grants.sources.transfer import Hop
from models.values import Completeness
from tests.grants.sources.loopback import serving

QUESTIONS = [
    Question(SourceConfig(f"s{n}", "told", "https://x.example", "nl", "UTC"), {}) for n in range(3000)
]


def no_fetch(request: Request) -> Response:
    raise AssertionError(request)


def test_so_many_sources_are_read_at_the_same_time(monkeypatch: pytest.MonkeyPatch) -> None:
    together = threading.Barrier(3)  # breaks unless three meet

    def adapter(config: SourceConfig, *, fetch: Fetch, known: Mapping[str, Validator]) -> Reading:
        together.wait(20)
        return Reading(Completeness.UNCHANGED)

    monkeypatch.setitem(adapters.ADAPTERS, "told", adapter)
    groups = list(readings(QUESTIONS[:6], fetch=no_fetch, at_once=3))
    answers = [answer for group in groups for answer in group.values()]
    assert answers == [Reading(Completeness.UNCHANGED)] * 6
    assert sorted(slug for group in groups for slug in group) == [f"s{n}" for n in range(6)]


def test_who_stops_listening_stops_the_sources_that_were_not_asked_yet(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[str] = []

    def adapter(config: SourceConfig, *, fetch: Fetch, known: Mapping[str, Validator]) -> Reading:
        asked.append(config.slug)
        time.sleep(0.05)
        return Reading(Completeness.UNCHANGED)

    monkeypatch.setitem(adapters.ADAPTERS, "told", adapter)
    listening = readings(QUESTIONS, fetch=no_fetch, at_once=1)
    next(listening)
    listening.close()  # type: ignore[attr-defined]
    assert len(asked) < len(QUESTIONS)


def test_a_source_is_read_as_ever_when_asking_ahead_fails(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_args: object, **_words: object) -> None:
        raise RuntimeError("libcurl is out of sorts")

    with (
        serving(lambda conversation: conversation.say(304)) as server,
        fetching(trusted_hosts=frozenset({server.host})) as fetch,
    ):
        monkeypatch.setattr("grants.reading.asked_ahead", broken)
        feed = Question(SourceConfig("a", "rss", server.url, "nl", "UTC"), {server.url: Validator('"v1"')})
        (group,) = readings([feed], fetch=fetch, at_once=2)
    (answer,) = group.values()
    assert isinstance(answer, Reading)
    assert (answer.completeness, len(server.seen)) == (Completeness.UNCHANGED, 1)
    assert "Asking ahead failed" in caplog.text


def test_what_comes_ahead_after_nobody_listens_is_read_by_nobody(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    asked: list[str] = []

    def answer(request: Request) -> Response:
        asked.append(request.url)
        return Response(request.url, 304, {}, b"")

    def slow(
        _web: Web, hops: Mapping[str, Hop], *, places: Semaphore, stopped: Callable[[], bool]
    ) -> Iterator[tuple[str, Fetch, bool]]:
        first, second = hops
        yield first, answer, True
        while not stopped():
            time.sleep(0.01)
        yield second, answer, False

    monkeypatch.setattr("grants.reading.asked_ahead", slow)
    urls = ["http://a.example/", "http://b.example/"]
    both = [Question(SourceConfig(url, "rss", url, "nl", "UTC"), {}) for url in urls]
    with fetching() as fetch:
        listening = readings(both, fetch=fetch, at_once=4)
        next(listening)
        listening.close()  # type: ignore[attr-defined]
    assert (asked, caplog.text) == (urls[:1], "")
