# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Silent drift: a source that is read without a fault, and yet no longer gives what it used to give.

What a colleague or sources.yaml states is held to the letter; what nobody stated is learnt from the source's
own runs, and judged only once there are enough of them.
"""

from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise, takewhile
from math import inf
from statistics import median

ENOUGH = 5  # runs, or pieces of news, before anything learnt from them is held against a source
USUAL = 30  # the usual count is the median of this many ordinary runs
FAR = 0.5  # a count under half, or over double the usual one, is far from it …
SOME = 5  # … unless the two differ by no more than this; and of fewer calls no share is taken
SILENCE = 3  # times the usual interval without news
QUICKEST = timedelta(days=2)  # no learnt interval is shorter: a weekend and a feast day are no silence
MOST, ALMOST_NONE = 0.5, 0.05  # shares of the calls that have a fact


class DriftKind(StrEnum):
    """What drifted."""

    FEW = "few"  # fewer calls than stated
    MANY = "many"  # more calls than stated
    UNUSUAL = "unusual"  # far from the usual count
    SILENT = "silent"  # read well, and nothing new or changed
    UNFILLED = "unfilled"  # a fact that calls had and have no more


@dataclass(frozen=True, slots=True)
class Past:
    """What one good run of a source showed; counts are None when it said that nothing changed."""

    at: datetime
    seen: int | None
    filled: Mapping[str, int]  # fact -> how many calls had it; empty when that was not counted
    complete: bool = True  # whether its count may be judged


@dataclass(frozen=True, slots=True)
class Expected:
    """What is stated of a source; None where it is to be learnt."""

    at_least: int = 0
    at_most: float = inf
    news_every_days: int | None = None
    filled: Mapping[str, float] | None = None  # fact -> the least share of calls that should have it


SENTENCES = {
    DriftKind.FEW: "It gives {found} calls since {since}, at least {expected} are expected. Look whether the "
    "source itself shows more; if not, lower what is expected of it.",
    DriftKind.MANY: "It gives {found} calls since {since}, at most {expected} are expected. Look whether it "
    "mixes in what is no call; if not, raise what is expected of it.",
    DriftKind.UNUSUAL: "It gives {found} calls since {since}, {expected} are usual. Look whether the source "
    "changed; if this is right, call it normal on its page.",
    DriftKind.SILENT: "It is read well but brought nothing new or changed since {since}, {found} days; the "
    "usual number of days is {expected}. Look whether the source moved its calls elsewhere; if it is just "
    "quiet, widen what is expected of it.",
    DriftKind.UNFILLED: "'{fact}' is filled in {found} % of the calls since {since}, {expected} % is "
    "expected. Look whether the source words it otherwise now, and let its adapter be mended.",
}


@dataclass(frozen=True, slots=True)
class Drift:
    """One finding.

    Args:
        kind: what drifted.
        since: the run that showed it first; for a silence the last news.
        found, expected: calls; days for a silence; percents for a fact.
        fact: which fact is no longer filled.
    """

    kind: DriftKind
    since: datetime
    found: int
    expected: int
    fact: str = ""

    @property
    def sentence(self) -> str:
        """What, since when and what to do, in English."""
        told = {"found": self.found, "expected": self.expected, "fact": self.fact}
        return SENTENCES[self.kind].format(since=f"{self.since:%Y-%m-%d}", **told)


def drifts(runs: Sequence[Past], news: Sequence[datetime], expected: Expected) -> list[Drift]:
    """Every finding about a source.

    Args:
        runs: its good runs, oldest first; none that was held, none from before its present normal.
        news: when runs brought something new or changed, oldest first.
        expected: what is stated.
    """
    counted = [run for run in runs if run.complete and run.seen is not None]
    stated = _few(counted, expected.at_least) or _many(counted, expected.at_most)
    found = [stated or _unusual(counted), _silent(runs, news, expected)]
    found += _unfilled([run for run in runs if run.filled and (run.seen or 0) >= SOME], expected)
    return [one for one in found if one is not None]


def _count(run: Past) -> int:
    return run.seen or 0


def _first_of_the_last(runs: Sequence[Past], wrong: Callable[[Past], bool]) -> Past | None:
    """Where the unbroken row of wrong runs that lasts until now begins."""
    last = list(takewhile(wrong, reversed(runs)))
    return last[-1] if last else None


def _few(runs: Sequence[Past], least: int) -> Drift | None:
    first = _first_of_the_last(runs, lambda run: _count(run) < least)
    return Drift(DriftKind.FEW, first.at, _count(runs[-1]), least) if first else None


def _many(runs: Sequence[Past], most: float) -> Drift | None:
    first = _first_of_the_last(runs, lambda run: _count(run) > most)
    return Drift(DriftKind.MANY, first.at, _count(runs[-1]), int(most)) if first else None


def _unusual(runs: Sequence[Past]) -> Drift | None:
    """A run far from the usual teaches nothing, so that drift does not become usual by lasting."""
    ordinary: deque[int] = deque(maxlen=USUAL)
    first = None
    for run in runs:
        if len(ordinary) >= ENOUGH and _far(_count(run), median(ordinary)):
            first = first or run
        else:
            ordinary.append(_count(run))
            first = None
    return Drift(DriftKind.UNUSUAL, first.at, _count(runs[-1]), round(median(ordinary))) if first else None


def _far(count: int, usual: float) -> bool:
    return abs(count - usual) > SOME and not FAR * usual <= count <= usual / FAR


def _silent(runs: Sequence[Past], news: Sequence[datetime], expected: Expected) -> Drift | None:
    """No news while it was read well; a source that cannot be read is silent for another reason."""
    usual = _interval(news, expected.news_every_days)
    since = news[-1] if news else (runs[0].at if runs else None)
    if usual is None or since is None or not runs or runs[-1].at - since <= SILENCE * usual:
        return None
    return Drift(DriftKind.SILENT, since, (runs[-1].at - since).days, usual.days)


def _interval(news: Sequence[datetime], stated: int | None) -> timedelta | None:
    """The usual interval between news: as stated, else the median gap; None when too little is known."""
    if stated is not None:
        return timedelta(days=stated)
    gaps = [(later - earlier).total_seconds() for earlier, later in pairwise(news)]
    return max(timedelta(seconds=median(gaps)), QUICKEST) if len(gaps) >= ENOUGH else None


def _unfilled(runs: Sequence[Past], expected: Expected) -> Iterable[Drift]:
    stated = expected.filled or {}
    known = {fact for run in runs for fact in run.filled}
    for fact in sorted(known | stated.keys()):
        found = _emptied(runs, fact, stated.get(fact))
        if found is not None:
            yield found


def _emptied(runs: Sequence[Past], fact: str, stated: float | None) -> Drift | None:
    """A fact under its stated share; without one, filled in most calls of the runs before and in none now."""
    least = ALMOST_NONE if stated is None else stated
    first = _first_of_the_last(runs, lambda run: _share(run, fact) < least)
    if first is None:
        return None
    before = [_share(run, fact) for run in runs if run.at < first.at]
    if stated is None and (len(before) < ENOUGH or median(before) < MOST):
        return None
    usual = median(before) if stated is None else stated
    share = _share(runs[-1], fact)
    return Drift(DriftKind.UNFILLED, first.at, int(100 * share), round(100 * usual), fact)


def _share(run: Past, fact: str) -> float:
    return run.filled.get(fact, 0) / _count(run)
