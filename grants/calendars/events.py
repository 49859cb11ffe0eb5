# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Milestones, obligations and deadlines as events, each under a key that stays when its date moves."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from itertools import groupby

from grants.stages import ENDED
from models.application import Application, Milestone
from models.call import Call, Deadline
from models.obligation import Obligation
from models.values import Basis, Due

NEVER = datetime.max.replace(tzinfo=UTC)


class Kind(StrEnum):
    """What kind of date an event is."""

    MILESTONE = "milestone"
    OBLIGATION = "obligation"
    DEADLINE = "deadline"


@dataclass(frozen=True, slots=True)
class Event:
    """One date, as a calendar shows it.

    Args:
        key: tells it from all others for good, such as "milestone-3" or "call-7".
        kind: what kind of date.
        on: the day.
        due: the same with its time and zone, and how we know it.
        title: its own title; of a deadline the stage, often none.
        about: the title of the application or call.
        path: its page.
        done: ticked off.
        cancelled: taken off, superseded by nothing, or of an application that ended.
        confidential: of an application that others may not know of.
        mark: of the row it is of, whose number stands in the key.
    """

    key: str
    kind: Kind
    on: date
    due: Due
    title: str
    about: str
    path: str
    done: bool = False
    cancelled: bool = False
    confidential: bool = False
    mark: str = ""

    @property
    def name(self) -> str:
        """Its key and its mark: what a UID is made of."""
        return f"{self.key}_{self.mark}".rstrip("_")

    @property
    def fingerprint(self) -> str:
        """Changes when a subscriber would see something else."""
        zone = self.due.zone if self.due.at else ""
        provisional = self.due.basis == Basis.PROVISIONAL
        told = [self.on, self.due.at, zone, provisional, self.title, self.about, self.done, self.cancelled]
        return hashlib.sha256(json.dumps(told, default=str).encode()).hexdigest()


def of_milestone(row: Milestone) -> Event:
    """A milestone; removed or of an application that ended it is cancelled."""
    due = Due(row.on, row.at, row.zone if row.at else "")  # a day of our own lacks no hour
    return _of_application(f"milestone-{row.id}", Kind.MILESTONE, row, due, ended=row.removed_at is not None)


def of_obligation(row: Obligation) -> Event:
    """An obligation: a day, never an hour."""
    return _of_application(f"obligation-{row.id}", Kind.OBLIGATION, row, Due(row.on, zone=""), ended=False)


def _of_application(key: str, kind: Kind, row: Milestone | Obligation, due: Due, *, ended: bool) -> Event:
    application: Application = row.application
    done = row.done_on is not None
    return Event(
        key, kind, row.on, due, row.title, application.title, f"/applications/{application.id}", done=done,
        cancelled=ended or (application.stage in ENDED and not done), confidential=application.confidential,
        mark=row.mark,
    )  # fmt: skip


def of_deadlines(call: Call, deadlines: Iterable[Deadline]) -> dict[Deadline, Event]:
    """The deadlines of a call, superseded ones too: a moved one keeps its key, one that went is cancelled."""
    latest: dict[str, Deadline] = {}
    ordered = sorted(deadlines, key=lambda one: (one.superseded_at or NEVER, one.on or date.max, one.id))
    for _, version in groupby(ordered, key=lambda one: one.superseded_at):
        latest |= _keyed(call, version)
    return {
        row: Event(
            key, Kind.DEADLINE, row.on, row.due, row.stage, call.title, f"/calls/{call.id}",
            cancelled=row.superseded_at is not None, mark=call.mark,
        )
        for key, row in latest.items()
        if row.on is not None
    }  # fmt: skip


def _keyed(call: Call, deadlines: Iterable[Deadline]) -> Iterator[tuple[str, Deadline]]:
    """By call, stage and place among the days of that stage: sources keep those when they move a day."""
    met: Counter[str] = Counter()
    for row in deadlines:
        if row.on is not None:
            met[row.stage] += 1
            stage = f"-{hashlib.sha256(row.stage.encode()).hexdigest()[:8]}" if row.stage else ""
            place = f".{met[row.stage]}" if met[row.stage] > 1 else ""
            yield f"call-{call.id}{stage}{place}", row
