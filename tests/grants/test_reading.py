# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

import threading
import time
from collections.abc import Mapping

import pytest

from grants.reading import Question, readings
from grants.sources import adapters
from grants.sources.reading import Fetch, Reading, Request, Response, SourceConfig, Validator
from models.values import Completeness

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
