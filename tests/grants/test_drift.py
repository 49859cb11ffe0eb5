# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Rule tables: which rows of runs are drift, since when, and which are merely how a source is."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from grants.drift import Drift, DriftKind, Expected, Past, drifts
from tests.builders import NOW

STEADY = [100, 104, 98, 101, 99, 100]


def day(number: int) -> datetime:
    return NOW + timedelta(days=number)


def counted(*counts: int | None, **facts: Any) -> list[Past]:
    """A run a day, the first on day 0."""
    return [Past(day(number), seen, {}, **facts) for number, seen in enumerate(counts)]


def filled(*shares: int, fact: str = "deadlines", of: int = 100) -> list[Past]:
    """A run a day of so many calls, of which so many have the fact."""
    return [Past(day(number), of, {"title": of, fact: share}) for number, share in enumerate(shares)]


def brief(found: list[Drift]) -> list[tuple[str, datetime, int, int]]:
    return [(str(one.kind), one.since, one.found, one.expected) for one in found]


@pytest.mark.parametrize(
    ("runs", "expected", "found"),
    [
        pytest.param([], Expected(at_least=5), [], id="never read"),
        pytest.param(counted(5, 5), Expected(at_least=5), [], id="just enough"),
        pytest.param(counted(9, 4), Expected(at_least=5), [("few", day(1), 4, 5)], id="too few now"),
        pytest.param(counted(3, 9, 4, 0), Expected(at_least=5), [("few", day(2), 0, 5)], id="since the row began"),
        pytest.param(counted(4, 9), Expected(at_least=5), [], id="few before, enough now"),
        pytest.param(counted(9, 4, None), Expected(at_least=5), [("few", day(1), 4, 5)], id="unchanged is as few"),
        pytest.param(counted(4, complete=False), Expected(at_least=5), [], id="a partial reading is not counted"),
        pytest.param(counted(8, 8), Expected(at_most=8), [], id="just not too many"),
        pytest.param(counted(8, 9, 12), Expected(at_most=8), [("many", day(1), 12, 8)], id="too many"),
        pytest.param(counted(9, 7), Expected(at_most=8), [], id="many before, fine now"),
        pytest.param(counted(*STEADY), Expected(), [], id="as usual"),
        pytest.param(counted(*STEADY, 50), Expected(), [], id="half of the usual is the edge"),
        pytest.param(counted(*STEADY, 49), Expected(), [("unusual", day(6), 49, 100)], id="under half"),
        pytest.param(counted(*STEADY, 200), Expected(), [], id="double the usual is the edge"),
        pytest.param(counted(*STEADY, 201), Expected(), [("unusual", day(6), 201, 100)], id="over double"),
        pytest.param(counted(*STEADY, *[40] * 40), Expected(), [("unusual", day(6), 40, 100)], id="does not become usual by lasting"),
        pytest.param(counted(*STEADY, 40, 90), Expected(), [], id="it came back"),
        pytest.param(counted(100, 100, 100, 100, 40), Expected(), [], id="four runs are too few to judge"),
        pytest.param(counted(*[6] * 9, 1), Expected(), [], id="five calls more or less are no drift"),
        pytest.param(counted(*[7] * 9, 1), Expected(), [("unusual", day(9), 1, 7)], id="six calls less are"),
        pytest.param(counted(*[100 - 2 * n for n in range(30)]), Expected(), [], id="a slow ebb is the season"),
        pytest.param(counted(*STEADY, 9), Expected(at_least=10), [("few", day(6), 9, 10)], id="one count, one finding"),
    ],
)  # fmt: skip
def test_drifts_of_the_count(
    runs: list[Past], expected: Expected, found: list[tuple[str, datetime, int, int]]
) -> None:
    assert brief(drifts(runs, [run.at for run in runs], expected)) == found


def news(*days: float) -> list[datetime]:
    return [NOW + timedelta(days=number) for number in days]


WEEKLY = (0, 7, 14, 20, 28, 35)
DAILY = (0, 1, 2, 3, 4, 5, 6)


@pytest.mark.parametrize(
    ("read_until", "heard", "stated", "found"),
    [
        pytest.param(30, news(0), 10, [], id="three times the interval is the edge"),
        pytest.param(31, news(0), 10, [("silent", day(0), 31, 10)], id="more than three times"),
        pytest.param(31, [], 10, [("silent", day(0), 31, 10)], id="no news since the first run"),
        pytest.param(56, news(*WEEKLY), None, [], id="learnt: the median gap is a week"),
        pytest.param(57, news(*WEEKLY), None, [("silent", day(35), 22, 7)], id="learnt: over three weeks"),
        pytest.param(57, news(*WEEKLY), 8, [], id="what is stated comes before what is learnt"),
        pytest.param(90, news(*WEEKLY[:5]), None, [], id="four gaps are too few to learn from"),
        pytest.param(90, [], None, [], id="nothing is known"),
        pytest.param(12, news(*DAILY), None, [], id="a daily source keeps silent over Easter"),
        pytest.param(13, news(*DAILY), None, [("silent", day(6), 7, 2)], id="but not for a week"),
    ],
)
def test_drifts_of_the_rhythm(
    read_until: int, heard: list[datetime], stated: int | None, found: list[tuple[str, datetime, int, int]]
) -> None:
    runs = [Past(day(0), 20, {}), Past(day(read_until), None, {})]
    assert brief(drifts(runs, heard, Expected(news_every_days=stated))) == found


def test_a_source_that_was_never_read_is_not_called_silent() -> None:
    assert drifts([], news(0), Expected(news_every_days=1)) == []


@pytest.mark.parametrize(
    ("runs", "stated", "found"),
    [
        pytest.param(filled(90, 91, 89, 90, 92, 90), {}, [], id="as usual"),
        pytest.param(filled(90, 91, 89, 90, 92, 0), {}, [("unfilled", day(5), 0, 90)], id="gone"),
        pytest.param(filled(90, 91, 89, 90, 92, 3, 0, 4), {}, [("unfilled", day(5), 4, 90)], id="almost gone, since the row began"),
        pytest.param(filled(90, 91, 89, 90, 92, 5), {}, [], id="one in twenty is not almost none"),
        pytest.param(filled(90, 91, 89, 90, 0), {}, [], id="four runs are too few to judge"),
        pytest.param(filled(49, 49, 49, 49, 49, 0), {}, [], id="it was never filled in most"),
        pytest.param(filled(90, 91, 89, 90, 92, 0, 90), {}, [], id="it came back"),
        pytest.param(filled(*[4] * 5, 0, of=4), {}, [], id="of four calls no share is taken"),
        pytest.param(filled(80), {"deadlines": 0.8}, [], id="stated: just enough"),
        pytest.param(filled(90, 79), {"deadlines": 0.8}, [("unfilled", day(1), 79, 80)], id="stated: too few, judged at once"),
        pytest.param(filled(90), {"budget": 0.2}, [("unfilled", day(0), 0, 20)], id="stated: a fact that never came"),
        pytest.param(counted(90, 90), {"budget": 0.2}, [], id="runs that counted no facts say nothing"),
    ],
)  # fmt: skip
def test_drifts_of_the_facts(
    runs: list[Past], stated: dict[str, float], found: list[tuple[str, datetime, int, int]]
) -> None:
    assert brief(drifts(runs, [run.at for run in runs], Expected(filled=stated))) == found


@pytest.mark.parametrize("kind", DriftKind)
def test_every_finding_says_what_since_when_and_what_to_do(kind: DriftKind) -> None:
    sentence = Drift(kind, NOW, 12, 300, "budget").sentence
    assert all(word in sentence for word in ("12", "300", "since 2026-11-24", "Look whether"))
    assert ("'budget'" in sentence) == (kind == DriftKind.UNFILLED)


def test_several_findings_come_together() -> None:
    runs = [Past(day(0), 9, {"budget": 9}), Past(day(9), 9, {"budget": 1})]
    expected = Expected(at_least=10, news_every_days=2, filled={"budget": 0.5})
    kinds = [one.kind for one in drifts(runs, [], expected)]
    assert kinds == [DriftKind.FEW, DriftKind.SILENT, DriftKind.UNFILLED]
