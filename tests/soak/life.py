# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The life of a portal from day to day: calls come, move, go and come back; and the truth about it."""

import copy
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

from demo.portal import Answer as Found
from demo.portal import Fault as PortalFault
from demo.portal import Portal, Search, stocked

AT_FIRST, A_DAY, MOVES = 300, 5, 3
LATER, EARLIER = timedelta(days=14), timedelta(days=-3)
MIDNIGHT = "T00:00:00.000+0000"


@dataclass
class Life:
    """A portal and what really happened there."""

    portal: Portal
    shapes: list[dict[str, Any]]
    dice: Random
    made: int = 0
    away: list[dict[str, Any]] = field(default_factory=list)
    moved: Counter[str] = field(default_factory=Counter)

    @property
    def everyone(self) -> set[str]:
        """The references of all that ever were there."""
        return {one["reference"] for one in [*self.portal.records, *self.away]}

    def pass_to(self, today: date) -> None:
        """What happens in the night before a day: some come, some move, one goes and one comes back."""
        here: list[Any] = [*self.portal.records]
        if here:
            *moving, going = self.dice.sample(here, MOVES + 1)
            for one in moving:
                self._move(one, self.dice.choice([LATER, LATER, EARLIER]))
            here.remove(going)
            self.away.append(going)
        if len(self.away) > A_DAY:
            here.append(self.away.pop(0))
        here += [self._new(today) for _ in range(A_DAY if here else AT_FIRST)]
        self.portal.records = here

    def _new(self, today: date) -> dict[str, Any]:
        self.made += 1
        one = copy.deepcopy(self.shapes[self.made % len(self.shapes)])
        number, facts = str(70_000_000 + self.made), one["metadata"]
        for absent in ("actions", "budgetOverview"):
            facts.pop(absent, None)
        one["reference"] = number + one["reference"].lstrip("0123456789")
        facts["identifier"] = [f"{facts['identifier'][0]}-{self.made}"]
        facts["ccm2Id"] = facts["callccm2Id"] = [number]
        facts["deadlineDate"] = [f"{today + timedelta(days=self.dice.randint(20, 200))}{MIDNIGHT}"]
        facts["startDate"] = facts["es_SortDate"] = [f"{today - timedelta(days=30)}{MIDNIGHT}"]
        facts["status"], facts["sortStatus"] = ["31094502"], ["1"]
        return one

    def _move(self, one: dict[str, Any], by: timedelta) -> None:
        before = date.fromisoformat(one["metadata"]["deadlineDate"][0][:10])
        one["metadata"]["deadlineDate"] = [f"{before + by}{MIDNIGHT}"]
        self.moved[one["reference"]] += 1


def broken(_search: Search, _found: Found) -> Found:
    raise PortalFault


def born(folder: Path, dice: Random) -> Life:
    """A portal of the shapes of the demo's calls, and its feeds."""
    portal = stocked(folder)
    shapes = [dict(one) for one in portal.records if one["metadata"].get("deadlineDate")]
    portal.records = []
    return Life(portal, shapes, dice)
