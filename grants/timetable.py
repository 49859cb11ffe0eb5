# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The dates of a round (ronde): their order, what changed in them, and where they fall a year later."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, time
from enum import StrEnum

from grants.calls import Change
from grants.working_days import DayOff, day_off
from models.call import Call, ChangeKind, Significance
from models.values import Due


@dataclass(frozen=True, slots=True)
class Step:
    """A date of a round that is no deadline for us: papers, a meeting, a committee's decision."""

    label: str
    on: date
    at: time | None = None
    zone: str = "Europe/Amsterdam"
    place: str = ""

    def __str__(self) -> str:
        clock = f" {self.at:%H:%M} {self.zone}" if self.at else ""
        place = f", {self.place}" if self.place else ""
        return f"{self.label}: {self.on.isoformat()}{clock}{place}"


class Sort(StrEnum):
    """What a date of a round is to us."""

    OPENS = "opens"
    SUBMISSION = "submission"
    STEP = "step"


@dataclass(frozen=True, slots=True)
class Moment:
    """One date of a call as a page shows it; `label` is the step's own name, or the stage of a deadline."""

    sort: Sort
    on: date
    due: Due
    label: str = ""
    place: str = ""

    @property
    def off(self) -> DayOff | None:
        """Whether the day asks for a second look."""
        return day_off(self.on)


def steps_of(call: Call) -> tuple[Step, ...]:
    """The key dates in force, in the order a colleague put them."""
    return tuple(Step(one.label, one.on, one.at, one.zone, one.place) for one in call.chain)


def moments(call: Call) -> list[Moment]:
    """Every dated step of a call in order of day: opening, submission and key dates."""
    found = [
        Moment(Sort.SUBMISSION, one.on, replace(one.due, stage=""), one.stage)
        for one in call.deadlines
        if one.on is not None
    ]
    found += [
        Moment(Sort.STEP, one.on, Due(one.on, one.at, one.zone if one.at else ""), one.label, one.place)
        for one in steps_of(call)
    ]
    if call.opens_on is not None:
        found.insert(0, Moment(Sort.OPENS, call.opens_on, Due(call.opens_on, zone="")))
    return sorted(found, key=lambda one: (one.on, one.due.at or time.min))


def disorder(steps: Sequence[Step]) -> list[tuple[Step, Step]]:
    """Steps that come before one they were put after: papers after their meeting, a year mistyped."""
    found: list[tuple[Step, Step]] = []
    latest = steps[0] if steps else None
    for step in steps[1:]:
        if latest and _earlier(step, latest):
            found.append((step, latest))
        else:
            latest = step
    return found


def _earlier(step: Step, other: Step) -> bool:
    if step.on == other.on and step.at and other.at:
        return step.at < other.at
    return step.on < other.on


def differences(before: Sequence[Step], after: Sequence[Step]) -> list[Change]:
    """What changed in a chain, a change a date; a known day that moves or goes is news for a colleague."""
    gone, come = [one for one in before if one not in after], [one for one in after if one not in before]
    changes = []
    for old in gone:
        new = _successor(old, come)
        if new is not None:
            come.remove(new)
        changes.append(_change(old, new))
    return changes + [_change(None, new) for new in come]


def _successor(old: Step, come: Sequence[Step]) -> Step | None:
    """The same step on another day, else another name for the same day."""
    named = [one for one in come if one.label.casefold() == old.label.casefold()]
    return next(iter(named or [one for one in come if one.on == old.on]), None)


def _change(old: Step | None, new: Step | None) -> Change:
    stays = old is None or (new is not None and new.on == old.on)
    significance = Significance.MINOR if stays else Significance.MAJOR
    return Change(ChangeKind.KEY_DATE, significance, str(old or ""), str(new or ""))


def same_week_next_year(day: date) -> date:
    """The same weekday of the same ISO week; week 53 becomes the last week of a year that has none."""
    year, week, weekday = day.isocalendar()
    last = date(year + 1, 12, 28).isocalendar().week
    return date.fromisocalendar(year + 1, min(week, last), weekday)
