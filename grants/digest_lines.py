# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The calls in a digest: one line a call, however many sources tell of it."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, defer, selectinload

from grants.queries import Group, groups
from grants.rendering import Passage, passages
from grants.scoring.score import Band
from models.call import Call, CallChange, ChangeKind, Deadline, Significance
from models.match import Match
from models.theme import Theme

REASONS = 3
CLOSING = 30  # days ahead that count as closing soon
SHOWN = (Band.STRONG, Band.LIKELY, Band.POSSIBLE)


@dataclass(frozen=True, slots=True)
class Line:
    """One call in the digest: its themes, best first, and the words that say so.

    Args:
        group: the call, with its twins at other sources.
        matches: the best of each theme.
        deadline: the first ahead.
        dates: what each source says, when they disagree.
        first: when any of them first matched.
        title_spans: where the phrases stand in the title.
        reasons: and in the text of `teller`.
    """

    group: Group
    matches: tuple[Match, ...]
    deadline: Deadline | None
    dates: tuple[tuple[Call, date], ...]
    first: datetime
    title_spans: tuple[tuple[int, int], ...] = ()
    reasons: tuple[Passage, ...] = ()

    @property
    def call(self) -> Call:
        """The one that is shown."""
        return self.group.calls[0]

    @property
    def teller(self) -> Call:
        """Whose text gives the reasons: the shown call's, or that of the best match where it has none."""
        return next((one for one in self.matches if one.call_id == self.call.id), self.matches[0]).call


@dataclass(frozen=True, slots=True)
class Moved:
    """A deadline that moved this week."""

    line: Line
    change: CallChange


def read_lines(session: Session, office_id: int, today: date) -> list[Line]:
    """Every matched call of an office, best first; linked calls are one line."""
    rows = session.scalars(
        _shown(office_id)
        .order_by(Match.score.desc(), Match.call_id, Match.id)
        .options(
            selectinload(Match.call).options(
                selectinload(Call.all_deadlines),
                selectinload(Call.source),
                *(defer(column) for column in (Call.body, Call.text, Call.extra)),
            ),
            selectinload(Match.theme),
        )
    )
    linked = groups(session, _shown(office_id).with_only_columns(Match.call_id))
    by_call: dict[int, tuple[Group, list[Match]]] = {}
    for row in rows:
        group = linked.get(row.call_id) or Group((row.call,))
        by_call.setdefault(group.calls[0].id, (group, []))[1].append(row)
    return [_line(group, found, today) for group, found in by_call.values()]


def _shown(office_id: int) -> Select[Match]:
    ours = (Theme.office_id == office_id, Theme.enabled, Match.band.in_(SHOWN))
    return select(Match).join(Theme).where(*ours)


def _line(group: Group, matches: list[Match], today: date) -> Line:
    first = min(match.first_matched_at for match in matches)
    return Line(group, group.best(matches), group.deadline(today), group.dates(today), first)


def reasoned(session: Session, lines: list[Line]) -> tuple[Line, ...]:
    """The lines with their phrases, literally as they stand; a text is read for these alone."""
    rows = session.execute(select(Call.id, Call.text).where(Call.id.in_([line.teller.id for line in lines])))
    texts = {row.id: row.text for row in rows}
    return tuple(
        replace(
            line,
            title_spans=tuple(_spans(line, line.call, "title")),
            reasons=tuple(passages(texts[line.teller.id], _spans(line, line.teller, "text"), most=REASONS)),
        )
        for line in lines
    )


def _spans(line: Line, call: Call, field: str) -> list[tuple[int, int]]:
    """Where the phrases stand in this call; a match of an older text points nowhere."""
    own = [match for match in line.matches if match.call_id == call.id]
    current = [match for match in own if match.text_version == call.text_version]
    return [(one["start"], one["end"]) for match in current for one in match.reasons if one["field"] == field]


def moves(session: Session, lines: list[Line], since: datetime, now: datetime) -> list[Moved]:
    """Each move of a shown call's deadline; of a twin's when its shown call has none of its own."""
    by_id = {call.id: line for line in lines for call in line.group.calls}
    changes = session.scalars(
        select(CallChange)
        .where(CallChange.kind == ChangeKind.DEADLINE_MOVED, CallChange.significance == Significance.MAJOR)
        .where(CallChange.at > since, CallChange.at <= now)
        .order_by(CallChange.id)
    )
    moved = [Moved(by_id[change.call_id], change) for change in changes if change.call_id in by_id]
    own = {one.change.call_id for one in moved}
    return [one for one in moved if one.change.call_id == one.line.call.id or one.line.call.id not in own]


def closing_soon(lines: list[Line], told: set[int], today: date) -> list[Line]:
    """What closes within thirty days and is not told of as new already, soonest first."""
    soon = [
        (line.deadline.on, line)
        for line in lines
        if line.deadline and line.deadline.on and line.deadline.on <= today + timedelta(days=CLOSING)
    ]
    return [line for _, line in sorted(soon, key=lambda pair: pair[0]) if line.call.id not in told]
