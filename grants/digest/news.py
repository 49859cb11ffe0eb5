# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Which calls a colleague's digest tells, and which it leaves out and why: each is one or the other."""

from collections import Counter
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final, TypeVar

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from grants.digest.changes import Changed, Span, changed, closing_soon, followed
from grants.digest.lines import Line, lines_of, narrowed, reasoned
from grants.digest.pool import Pool
from grants.lessons import TAKEN_DOWN
from grants.queries import Standing, standings
from grants.queries.criteria import LINE
from grants.queries.standing import UNTOUCHED
from models.call import Call
from models.colleague import Colleague
from models.interest import Choice
from models.match import Match
from models.theme import Theme

MOST: Final = 25  # calls in one letter: Gmail cuts it near 100 kB, and a reader sooner
LEARNING: Final = 2  # of these, from just below the line
LOOKED_AT: Final = 20  # to find them
R = TypeVar("R")


class Why(StrEnum):
    """Why a call is left out of a digest."""

    BEYOND = "beyond"
    CLOSED = "closed"
    NOT_RELEVANT = "not_relevant"
    NO_GO = "no_go"
    NOT_YOURS = "not_yours"
    BELOW = "below"


@dataclass(frozen=True, slots=True)
class News:
    """The calls of one digest; `counts` is how many there were of each list before the letter was full."""

    followed: tuple[Changed, ...]
    new: tuple[Line, ...]
    changed: tuple[Changed, ...]
    closing: tuple[Line, ...]
    decide: tuple[Call, ...]
    nearly: tuple[Line, ...]
    counts: Mapping[str, int]
    left_out: Mapping[Why, int]

    @property
    def quiet(self) -> bool:
        """Whether there is nothing new to tell."""
        return not any((self.followed, self.new, self.changed, self.closing))


def news(session: Session, me: Colleague, shared: Pool, decide: Sequence[Call], span: Span) -> News:
    """What of an office's lines, and of the calls to decide on, this colleague's digest tells."""
    lines = shared.lines
    left = Counter[Why]()
    follow = followed(session, me, {line.call.id: line for line in lines}, span)
    mine = _mine(me, lines, {one.line.call.id for one in follow}, left, span)
    fresh = [line for line in mine if span.holds(line.first)]
    known = [line for line in mine if line.first <= span.since]
    moved = changed(session, known, span)
    told = {one.line.call.id for one in moved}
    soon = closing_soon([line for line in known if line.call.id not in told], span.told, span.today)
    near = _nearly(session, me, lines, span)
    asked = [one.call.id for one in (*fresh, *(one.line for one in moved), *soon, *near)]
    aside = _Aside(standings(session, me, shared.touched.intersection(asked)), span.today)
    whole: dict[str, list[Any]] = {
        "followed": follow,
        "new": _kept(fresh, left, aside.why),
        "changed": [aside.marked(one) for one in _kept(moved, left, aside.still)],
        "closing": _kept(soon, left, aside.why),
        "decide": list(decide),
    }
    near = [one for one in near if not aside.standing(one).touched][:LEARNING]
    left[Why.BELOW] = _below(session, lines, span)
    whole["new"][:MOST] = reasoned(session, whole["new"][:MOST], shared.reasoned)
    return _fitted(whole, reasoned(session, near, shared.reasoned), left)


def _fitted(whole: Mapping[str, Sequence[Any]], nearly: tuple[Line, ...], left: Counter[Why]) -> News:
    """What of it fits one letter."""
    counts = {name: len(rows) for name, rows in whole.items()}
    places = divided(list(counts.values()), MOST - len(nearly))
    cut = {name: tuple(rows[:place]) for (name, rows), place in zip(whole.items(), places, strict=True)}
    left[Why.BEYOND] = sum(counts.values()) - sum(places)
    return News(**cut, nearly=nearly, counts=counts, left_out={why: left[why] for why in Why if left[why]})


def divided(wanted: Sequence[int], places: int) -> list[int]:
    """So many places over lists that want some, one each in turn: no long list crowds out a short one."""
    given = [0] * len(wanted)
    while places and (hungry := [at for at, want in enumerate(wanted) if given[at] < want]):
        for at in hungry[:places]:
            given[at] += 1
        places -= min(places, len(hungry))
    return given


def _mine(
    me: Colleague, lines: Iterable[Line], followed: Container[int], left: Counter[Why], span: Span
) -> list[Line]:
    """The lines of the themes and programmes a colleague chose, but for what they follow."""
    mine = []
    for line in lines:
        own = None if line.call.id in followed else narrowed(line, me, span.today)
        if own is not None:
            mine.append(own)
        elif line.call.id not in followed and span.holds(line.first):
            left[Why.NOT_YOURS] += 1
    return mine


@dataclass(frozen=True, slots=True)
class _Aside:
    """Which calls the office put aside, or their dates did."""

    standings: Mapping[int, Standing]
    today: date

    def standing(self, line: Line) -> Standing:
        return self.standings.get(line.call.id, UNTOUCHED)

    def why(self, line: Line, after: datetime | None = None) -> Why | None:
        """Why it is left out; a judgement of before `after` counts no longer."""
        verdict, decision = self.standing(line).verdict, self.standing(line).decision
        if line.group.closed(self.today):
            return Why.CLOSED
        if verdict and not verdict.relevant and (after is None or verdict.at > after):
            return Why.NOT_RELEVANT
        no_go = decision and decision.choice == Choice.NO_GO and (after is None or decision.at > after)
        return Why.NO_GO if no_go else None

    def still(self, one: Changed) -> Why | None:
        """Why it is left out although it changed: it was put aside since."""
        return self.why(one.line, one.changes[-1].at)

    def marked(self, one: Changed) -> Changed:
        """With a word when the office put it aside before it changed."""
        return replace(one, again=self.why(one.line) is not None)


def _kept(rows: Iterable[R], left: Counter[Why], why: Callable[[R], Why | None]) -> list[R]:
    kept = []
    for row in rows:
        if reason := why(row):
            left[reason] += 1
        else:
            kept.append(row)
    return kept


def _nearly(session: Session, me: Colleague, lines: Iterable[Line], span: Span) -> list[Line]:
    """New calls that some theme has words for, yet too few: first what verdicts took down, then the nearest.

    What the office says of these is how it is learned where the line was drawn wrong.
    """
    ours = (Theme.office_id == me.office_id, Theme.enabled, Match.score < LINE, Match.score > 0)
    best = (
        select(Match.call_id)
        .join(Match.theme)
        .join(Match.call)
        .where(*ours, Call.folded_into_id.is_(None), *_seen(span))
        .group_by(Match.call_id)
        .order_by(func.max(TAKEN_DOWN).desc(), func.max(Match.score).desc(), Match.call_id)
        .limit(LOOKED_AT)
    )
    known = {call.id for line in lines for call in line.group.calls}
    numbers = [number for number in session.scalars(best) if number not in known]
    matches = select(Match).join(Match.theme).where(*ours, Match.call_id.in_(numbers))
    found = lines_of(
        session, matches.order_by(TAKEN_DOWN.desc(), Match.score.desc(), Match.call_id, Match.id), span.today
    )
    chosen = [narrowed(line, me, span.today) for line in found if not line.group.closed(span.today)]
    return [line for line in chosen if line is not None]


def _below(session: Session, lines: Iterable[Line], span: Span) -> int:
    """How many new calls no theme of the office matches."""
    seen = session.scalar(select(func.count(Call.id)).where(Call.folded_into_id.is_(None), *_seen(span)))
    return (seen or 0) - sum(1 for line in lines if span.holds(line.call.first_seen_at))


def _seen(span: Span) -> tuple[ColumnElement[bool], ...]:
    return Call.first_seen_at > span.since, Call.first_seen_at <= span.now
