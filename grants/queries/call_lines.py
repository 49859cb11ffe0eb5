# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The lines of a list of calls: all that is shown of them, in a fixed number of statements a page."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import BindParameter, bindparam, func, select
from sqlalchemy.orm import Session, contains_eager

from grants.paging import pages_of
from grants.queries.criteria import LINE
from grants.queries.standing import UNTOUCHED, Standing, standings
from grants.queries.twins import Group, groups
from models.call import Call, CallChange, Deadline, Significance
from models.colleague import Colleague
from models.match import Match
from models.office import Office
from models.theme import Theme
from models.values import CallStatus

# Worded once: wording them costs more than what they find.
CALLS: Final[BindParameter[int]] = bindparam("calls", expanding=True)
MATCHES: Final = (
    select(Match)
    .join(Match.theme)
    .join(Theme.office)
    .where(Match.call_id.in_(CALLS), Match.score >= LINE, Theme.enabled, Office.slug == bindparam("office"))
    .options(contains_eager(Match.theme).load_only(Theme.slug, Theme.name))
    .order_by(Match.score.desc(), Match.id)
)
LATEST: Final = select(CallChange).where(
    CallChange.id.in_(
        select(func.max(CallChange.id))
        .where(CallChange.call_id.in_(CALLS), CallChange.significance != Significance.COSMETIC)
        .group_by(CallChange.call_id)
    )
)
"""The last change of each call that matters."""


@dataclass(frozen=True, slots=True)
class CallLine:
    """A call as one office sees it: matches from the best down, and the latest change that matters.

    `twins` are the same call at other sources, `dates` what each of them says when they disagree;
    `standing` is what the office and the colleague who asks made of it.
    """

    call: Call
    status: CallStatus
    deadline: Deadline | None
    matches: tuple[Match, ...]
    change: CallChange | None
    twins: tuple[Call, ...] = ()
    dates: tuple[tuple[Call, date], ...] = ()
    standing: Standing = UNTOUCHED

    def spans(self, field: str) -> list[tuple[int, int]]:
        """Where the reasons stand in title or text; those of an older text or of a twin's point nowhere."""
        current = (
            one
            for one in self.matches
            if one.call_id == self.call.id and one.text_version == self.call.text_version
        )
        reasons = (reason for one in current for reason in one.reasons if reason["field"] == field)
        return sorted({(reason["start"], reason["end"]) for reason in reasons})

    @property
    def unread(self) -> bool:
        """Whether the colleague has not looked at it since it came or last changed."""
        seen, news = self.standing.seen_at, self.change.at if self.change else self.call.first_seen_at
        return seen is None or seen < news


@dataclass(frozen=True, slots=True)
class CallPage:
    """One page of a list of calls; how many there are in all, and hidden as nobody here can apply."""

    lines: tuple[CallLine, ...]
    total: int
    page: int
    size: int
    hidden: int = 0

    @property
    def pages(self) -> int:
        """How many pages there are; an empty list has one."""
        return pages_of(self.total, self.size)


def as_row(line: CallLine) -> dict[str, Any]:
    """A call as a flat row for the command line."""
    best = line.matches[0] if line.matches else None
    return {
        "id": line.call.id,
        "identifier": line.call.identifier,
        "title": line.call.title,
        "status": line.status.value,
        "deadline": line.deadline.on if line.deadline else None,
        "theme": best.theme.slug if best else None,
        "band": best.band if best else None,
        "url": line.call.url,
        "also at": ", ".join(one.source.slug for one in line.twins),
    }


def call_lines(
    session: Session,
    statuses: dict[int, CallStatus],
    office_slug: str,
    today: date,
    colleague: Colleague | None = None,
) -> tuple[CallLine, ...]:
    """The lines of a page in the order of `statuses`; the long texts stay in the database."""
    linked = groups(session, statuses, alone=True)
    matches = office_matches(session, [*statuses, *linked], office_slug)
    changes = _changes(session, statuses)
    stands = standings(session, colleague, statuses) if colleague else {}
    return tuple(
        _line(
            linked[one],
            status,
            matches,
            changes.get(one),
            today,
            stands.get(one, UNTOUCHED),
        )
        for one, status in statuses.items()
    )


def _line(  # noqa: PLR0913, PLR0917 - the parts of a line, in the order of its fields
    group: Group,
    status: CallStatus,
    matches: dict[int, list[Match]],
    change: CallChange | None,
    today: date,
    standing: Standing,
) -> CallLine:
    best = group.best(row for call in group.calls for row in matches[call.id])
    return CallLine(
        group.calls[0], status, group.deadline(today), best, change, group.twins, group.dates(today), standing
    )


def office_matches(session: Session, call_ids: Iterable[int], office_slug: str) -> dict[int, list[Match]]:
    """By call: its matches with the office's themes, the best first."""
    by_call: dict[int, list[Match]] = defaultdict(list)
    for row in session.scalars(MATCHES, {"calls": list(call_ids), "office": office_slug}):
        by_call[row.call_id].append(row)
    return by_call


def _changes(session: Session, call_ids: Iterable[int]) -> dict[int, CallChange]:
    return {row.call_id: row for row in session.scalars(LATEST, {"calls": list(call_ids)})}
