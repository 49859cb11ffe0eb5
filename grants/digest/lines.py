# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The calls in a digest: one line a call, however many sources tell of it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, defer, selectinload

from grants.queries import Group, groups
from grants.queries.criteria import LINE
from grants.rendering import Passage, passages
from grants.scoring.thresholds import LINES
from models.call import Call, Deadline
from models.colleague import Colleague
from models.match import Match
from models.theme import Theme

REASONS: Final = 3


Mark = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One call in the digest: its themes, best first, and the words that say so.

    Args:
        group: the call, with its twins at other sources.
        found: every match of these with a theme of the office; none where a colleague only follows it.
        matches: the best of each theme.
        deadline: the first ahead.
        dates: what each source says, when they disagree.
        first: when any of them first matched.
        mark: tells it from others at one moment: what is shown of it follows from this.
        title_spans: where the phrases stand in the title.
        reasons: and in the text of `teller`.
    """

    group: Group
    found: tuple[Match, ...]
    matches: tuple[Match, ...]
    deadline: Deadline | None
    dates: tuple[tuple[Call, date], ...]
    first: datetime
    mark: Mark
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

    @property
    def learned(self) -> tuple[dict[str, Any], ...]:
        """The judged calls that moved the best match, as a match keeps them."""
        return tuple(self.matches[0].judged)

    @property
    def taken_down(self) -> bool:
        """Whether the best match would be shown, had verdicts taught nothing."""
        best, line = self.matches[0], LINES[self.matches[0].theme.threshold]
        return best.unlearned is not None and best.score < line <= best.unlearned

    @property
    def resembling(self) -> Match | None:
        """The best match with a sentence that resembles its theme's description, as its call still has it."""
        told = (one for one in self.matches if one.sentence and one.text_version == one.call.text_version)
        return next(told, None)


def read_lines(session: Session, office_id: int, today: date) -> list[Line]:
    """Every matched call of an office, best first; linked calls are one line."""
    return lines_of(session, _shown(office_id).order_by(Match.score.desc(), Match.call_id, Match.id), today)


def _shown(office_id: int) -> Select[Match]:
    ours = (Theme.office_id == office_id, Theme.enabled, Match.score >= LINE)
    return select(Match).join(Theme).where(*ours)


def lines_of(session: Session, matches: Select[Match], today: date) -> list[Line]:
    """A line for each call among these matches, in their order."""
    rows = session.scalars(
        matches.options(
            selectinload(Match.call).options(
                selectinload(Call.all_deadlines),
                selectinload(Call.source),
                *(defer(column) for column in (Call.body, Call.text, Call.extra)),
            ),
            selectinload(Match.theme),
        )
    ).all()
    linked = groups(session, [row.call_id for row in rows])
    by_call: dict[int, tuple[Group, list[Match]]] = {}
    for row in rows:
        group = linked.get(row.call_id) or Group((row.call,))
        by_call.setdefault(group.calls[0].id, (group, []))[1].append(row)
    return [line_of(group, found, today) for group, found in by_call.values()]


def line_of(group: Group, found: Iterable[Match], today: date) -> Line:
    """One call with these matches."""
    found = tuple(found)
    first = min((one.first_matched_at for one in found), default=group.calls[0].first_seen_at)
    best = group.best(found)
    mark = (group.calls[0].id, *(one.id for one in best))
    return Line(group, found, best, group.deadline(today), group.dates(today), first, mark)


def narrowed(line: Line, reader: Colleague, today: date) -> Line | None:
    """The line as this colleague's choice of themes and programmes leaves it; None when it leaves nothing.

    A theme that was chosen and is off since leaves nothing either: a choice never silently widens.
    """
    if reader.digest_programmes and not any(_chosen(one, reader) for one in line.group.calls):
        return None
    if not reader.digest_themes:
        return line
    found = [one for one in line.found if one.theme_id in reader.digest_themes]
    if len(found) == len(line.found):
        return line
    return line_of(line.group, found, today) if found else None


def _chosen(call: Call, reader: Colleague) -> bool:
    name = call.programme.casefold()
    return any(words.casefold() in name for words in reader.digest_programmes)


def reasoned(session: Session, lines: Iterable[Line], known: dict[Mark, Line]) -> tuple[Line, ...]:
    """The lines with their phrases, literally as they stand.

    A text is read for these alone, and once: `known` keeps them for the next reader.
    """
    chosen = tuple(lines)
    fresh = {line.mark: line for line in chosen if line.mark not in known}
    tellers = {line.teller.id for line in fresh.values()}
    rows = session.execute(select(Call.id, Call.text).where(Call.id.in_(tellers)))
    texts = {row.id: row.text for row in rows}
    for mark, line in fresh.items():
        found = passages(texts[line.teller.id], _spans(line, line.teller, "text"), most=REASONS)
        known[mark] = replace(line, title_spans=tuple(_spans(line, line.call, "title")), reasons=tuple(found))
    return tuple(known[line.mark] for line in chosen)


def _spans(line: Line, call: Call, field: str) -> list[tuple[int, int]]:
    """Where the phrases stand in this call; a match of an older text points nowhere."""
    own = [match for match in line.matches if match.call_id == call.id]
    current = [match for match in own if match.text_version == call.text_version]
    return [(one["start"], one["end"]) for match in current for one in match.reasons if one["field"] == field]
