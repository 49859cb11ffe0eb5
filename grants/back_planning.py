# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Back from a submission to the dates before it, and what a new count does to dates that stand already."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from grants.working_days import working_days_before


class Outcome(StrEnum):
    """What planning does to one step."""

    ADDED = "added"
    MOVED = "moved"
    UNCHANGED = "unchanged"
    BY_HAND = "by_hand"  # a colleague chose another day: it stays
    FINISHED = "finished"  # it is done already
    LEFT_OUT = "left_out"  # a colleague took it off this application


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the template: so many working days before the submission."""

    id: int
    name: str
    working_days: int
    german_too: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """A date that an earlier planning gave to a step.

    Args:
        on: the day it stands at now.
        planned_on: the day that planning gave.
        done: it was ticked off.
        removed: it was taken off the application.
    """

    on: date
    planned_on: date
    done: bool = False
    removed: bool = False


@dataclass(frozen=True, slots=True)
class Planned:
    """One line of a planning: the day counted, the day that stands, and what becomes of it."""

    step: Step
    on: date
    before: date | None
    outcome: Outcome
    past: bool  # the day counted lies before today: told, and never moved

    @property
    def changes(self) -> bool:
        """Whether confirming writes something."""
        return self.outcome in {Outcome.ADDED, Outcome.MOVED}


def plan(  # noqa: PLR0913 - what a planning depends on, each by name
    submission: date, steps: Iterable[Step], *, standing: Mapping[int, Standing], german_partners: bool,
    closed: Collection[date], today: date,
) -> list[Planned]:  # fmt: skip
    """Every step with its day, the earliest first; `standing` is what stands already, by step."""
    found = []
    for step in steps:
        german = step.german_too and german_partners
        on = working_days_before(submission, step.working_days, german_too=german, closed=closed)
        there = standing.get(step.id)
        found.append(Planned(step, on, there.on if there else None, _outcome(there, on), on < today))
    return sorted(found, key=lambda one: one.on)


def _outcome(there: Standing | None, on: date) -> Outcome:
    if there is None:
        return Outcome.ADDED
    if there.removed:
        return Outcome.LEFT_OUT
    if there.done:
        return Outcome.FINISHED
    if there.on != there.planned_on:
        return Outcome.BY_HAND
    return Outcome.UNCHANGED if there.on == on else Outcome.MOVED
