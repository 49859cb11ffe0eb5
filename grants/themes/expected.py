# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""What each threshold of a theme would show: how many calls a week, and how many of ten belong there.

Both are of the last ninety days. Between two lines the office's own verdicts count as soon as there are
enough; until then the probabilities do, which are calibrated. Only "not our theme" says that a match was
wrong.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from grants.queries.criteria import shown
from grants.scoring.thresholds import LINES
from models.call import Call
from models.match import Match, Verdict, VerdictReason
from models.theme import Theme, Threshold

PERIOD: Final = timedelta(days=90)
ENOUGH: Final = 20  # verdicts between two lines
_WEEKS: Final = PERIOD / timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Expected:
    """What a threshold would show.

    Args:
        calls: how many in the period.
        right: how many of these belong to the theme, as far as can be told; None without calls.
        judged: how many of the office's verdicts that rests on.
    """

    calls: int
    right: float | None
    judged: int

    @property
    def a_week(self) -> Decimal:
        """How many calls a week, to a tenth below ten."""
        weekly = Decimal(self.calls / _WEEKS)
        return weekly.quantize(Decimal("0.1") if weekly < 10 else Decimal(1))  # noqa: PLR2004 - ten

    @property
    def of_ten(self) -> int | None:
        """How many of ten calls belong to the theme."""
        return None if self.right is None else round(10 * self.right / self.calls)


def expected(session: Session, theme: Theme, *, now: datetime) -> dict[Threshold, Expected]:
    """By threshold, the narrowest first; a call is of when its source published it, or we first saw it."""
    came = func.coalesce(Call.published_at, Call.first_seen_at)
    found = session.execute(
        select(shown().label("call_id"), func.max(Match.score).label("score"))
        .join(Match.call)
        .where(Match.theme_id == theme.id, Match.score >= min(LINES.values()))
        .where(came > now - PERIOD, came <= now)
        .group_by(shown())
    )
    scores = {row.call_id: row.score for row in found}
    verdicts = _verdicts(session, theme.office_id) if scores else {}
    told: dict[Threshold, Expected] = {}
    calls, right, judged, above = 0, 0.0, 0, Decimal(2)
    for threshold, line in LINES.items():
        between = {number: score for number, score in scores.items() if line <= score < above}
        known = [verdicts[number] for number in between if number in verdicts]
        calls, right, above = calls + len(between), right + _right(between.values(), known), line
        judged += len(known) if len(known) >= ENOUGH else 0
        told[threshold] = Expected(calls, right if calls else None, judged)
    return told


def _right(scores: Iterable[Decimal], known: list[bool]) -> float:
    """How many of the calls with these scores belong to the theme; `known` is what verdicts say of some."""
    scores = list(scores)
    return len(scores) * sum(known) / len(known) if len(known) >= ENOUGH else float(sum(scores))


def _verdicts(session: Session, office_id: int) -> dict[int, bool]:
    """By shown call: whether the office's verdict in force says that it belongs to its themes."""
    rows = session.execute(
        select(shown().label("call_id"), Verdict.relevant, Verdict.reason)
        .join(Verdict.call)
        .where(Verdict.office_id == office_id, Verdict.undone_at.is_(None))
        .order_by(Verdict.id)
    )
    latest: dict[int, bool | None] = defaultdict(lambda: None)
    for row in rows:
        wrong = row.reason == VerdictReason.NOT_OUR_THEME
        latest[row.call_id] = row.relevant if row.relevant or wrong else None
    return {number: right for number, right in latest.items() if right is not None}
