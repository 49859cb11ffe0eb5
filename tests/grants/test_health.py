# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""A source that drifts turns red: from its own runs, from what is stated, and since it was last called normal."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from grants import queries
from grants.queries import SourceState
from models.session import Begin
from models.source import HarvestRun
from models.values import Completeness
from tests import builders
from tests.builders import NOW


@pytest.fixture
def session(begin: Begin) -> Iterator[Session]:
    with begin() as session:
        yield session


def day(number: int) -> datetime:
    return NOW - timedelta(days=30 - number)


def a_run(number: int, seen: int = 100, **facts: Any) -> HarvestRun:
    at = day(number)
    known = {
        "started_at": at,
        "finished_at": at,
        "outcome": Completeness.COMPLETE,
        "seen": seen,
        "warnings": [],
    }
    return HarvestRun(**{"source_id": 1} | known | facts)


def health(session: Session, *runs: HarvestRun, **facts: Any) -> queries.SourceHealth:
    session.add(builders.source(**{"last_success_at": NOW} | facts))
    session.flush()
    session.add_all(runs)
    session.flush()
    (found,) = queries.sources(session, NOW)
    return found


def steady(until: int = 10) -> list[HarvestRun]:
    return [a_run(number) for number in range(until)]


def brief(found: queries.SourceHealth) -> list[tuple[str, int]]:
    return [(str(one.kind), one.found) for one in found.drifts]


def test_a_count_far_from_the_usual_is_drift(session: Session) -> None:
    found = health(session, *steady(), a_run(10, 40))
    assert (found.state, brief(found)) == (SourceState.DRIFTING, [("unusual", 40)])


def test_drift_says_more_than_a_warning(session: Session) -> None:
    found = health(session, a_run(1, 4, warnings=["1 of 5 left out"]), at_least=5)
    assert found.state == SourceState.DRIFTING


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        ({"held": True, "seen": 1}, SourceState.HELD),
        ({"outcome": Completeness.FAILED, "seen": 0}, SourceState.FAILING),
    ],
)
def test_drift_comes_after_what_stops_the_reading(
    session: Session, facts: dict[str, Any], state: SourceState
) -> None:
    assert health(session, a_run(1, 4), a_run(2, **facts), at_least=5).state == state


def test_a_failed_reading_neither_shows_drift_nor_ends_it(session: Session) -> None:
    found = health(session, *steady(), a_run(10, 40), a_run(11, 0, outcome=Completeness.FAILED))
    assert brief(found) == [("unusual", 40)]


def test_an_unchanged_or_partial_reading_has_no_count(session: Session) -> None:
    unchanged, partial = (
        a_run(10, 0, outcome=Completeness.UNCHANGED),
        a_run(11, 9, outcome=Completeness.PARTIAL),
    )
    assert health(session, *steady(), unchanged, partial).state == SourceState.GOOD


def test_a_source_that_is_off_drifts_nowhere(session: Session) -> None:
    found = health(session, *steady(), a_run(10, 40), enabled=False)
    assert (found.state, found.drifts) == (SourceState.OFF, ())


def test_a_reading_that_was_held_and_then_let_pass_is_the_new_normal(session: Session) -> None:
    assert health(session, *steady(), a_run(10, 40, held=True), a_run(11, 40)).state == SourceState.GOOD


def test_a_source_called_normal_is_judged_from_there_on(session: Session) -> None:
    found = health(session, *steady(), a_run(10, 40), a_run(12, 40), normal_since=day(11))
    assert found.state == SourceState.GOOD


def test_a_source_called_normal_still_keeps_what_is_stated(session: Session) -> None:
    found = health(session, a_run(10, 4), a_run(12, 3), normal_since=day(11), at_least=5)
    assert [(one.kind, one.since, one.found) for one in found.drifts] == [("few", day(12), 3)]


def test_no_news_for_three_times_what_is_stated_is_drift(session: Session) -> None:
    runs = [a_run(0, new=3), a_run(1, changed=1), a_run(5), a_run(8, outcome=Completeness.UNCHANGED, seen=0)]
    (found,) = health(session, *runs, news_every_days=2).drifts
    assert (found.kind, found.since, found.found) == ("silent", day(1), 7)


def test_news_of_a_held_reading_is_no_news(session: Session) -> None:
    found = health(session, a_run(0, new=3), a_run(7, new=9, held=True), a_run(8), news_every_days=2)
    assert brief(found) == [("silent", 8)]


def test_the_last_news_is_remembered_longer_than_its_run(session: Session) -> None:
    long_ago = NOW - timedelta(days=500)
    found = health(session, a_run(30), news_every_days=100, last_news_at=long_ago)
    assert [(one.kind, one.since) for one in found.drifts] == [("silent", long_ago)]


def test_a_silence_called_normal_is_counted_anew(session: Session) -> None:
    facts = {"news_every_days": 2, "last_news_at": day(0), "normal_since": day(9)}
    assert health(session, a_run(0, new=3), a_run(8), a_run(10), a_run(16), **facts).state == SourceState.GOOD


def test_a_fact_that_stops_being_filled_is_drift(session: Session) -> None:
    runs = [a_run(number, filled={"title": 100, "deadlines": 90}) for number in range(6)]
    (found,) = health(session, *runs, a_run(6, filled={"title": 100})).drifts
    assert (found.kind, found.fact, found.since, found.expected) == ("unfilled", "deadlines", day(6), 90)


def test_runs_of_years_ago_are_not_looked_at(session: Session) -> None:
    old = [a_run(number - 500) for number in range(9)]
    assert health(session, *old, a_run(1, 40)).state == SourceState.GOOD
