# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""What a soak is: which days pass, and what goes wrong on which of them."""

import json
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from pathlib import Path

from grants.clock import AMSTERDAM

FULL_FROM, FULL_UNTIL = time(10), time(16)


class Trouble(StrEnum):
    """What comes over the office from outside."""

    RESTART = "killed and started again"
    FULL_DISK = "the disk is full from 10 to 16"
    LOST_DATABASE = "the database hangs up"
    PORTAL_DOWN = "the portal answers 500"


@dataclass(frozen=True)
class Orders:
    """One soak."""

    url: str
    room: str  # the folder on a small disk: database (SQLite), journal, backups
    told: str  # a folder beside it, never full: what was done
    portal: str
    first: date
    days: int
    disk: bool  # whether the room really is a disk of its own, that can be filled

    @classmethod
    def read(cls, said: str) -> "Orders":
        """As they are handed to another process."""
        facts = json.loads(said)
        return cls(**facts | {"first": date.fromisoformat(facts["first"])})

    def __str__(self) -> str:
        """As `read` takes them."""
        return json.dumps(asdict(self), default=str)

    @property
    def troubles(self) -> dict[date, Trouble]:
        """What goes wrong, by day. The last restart is early: the memory of one process is followed from there."""
        long = {2: Trouble.RESTART, 4: Trouble.FULL_DISK, 5: Trouble.RESTART, 6: Trouble.PORTAL_DOWN,
                7: Trouble.LOST_DATABASE, 8: Trouble.RESTART, 16: Trouble.FULL_DISK, 24: Trouble.LOST_DATABASE}  # fmt: skip
        short = {0: Trouble.RESTART, 1: Trouble.LOST_DATABASE, 2: Trouble.FULL_DISK}
        chosen = long if self.days > max(long) else short
        return {self.first + timedelta(number): one for number, one in chosen.items()}

    @property
    def start(self) -> datetime:
        """The first midnight."""
        return datetime.combine(self.first, time(), AMSTERDAM).astimezone(UTC)

    @property
    def end(self) -> datetime:
        """The midnight after the last day."""
        after = self.first + timedelta(self.days)
        return datetime.combine(after, time(), AMSTERDAM).astimezone(UTC)

    def full_at(self, moment: datetime) -> bool:
        """Whether the disk is full then."""
        local = moment.astimezone(AMSTERDAM)
        is_the_day = self.troubles.get(local.date()) == Trouble.FULL_DISK
        return self.disk and is_the_day and FULL_FROM <= local.time() < FULL_UNTIL

    @property
    def ballast(self) -> Path:
        """The file that fills the disk."""
        return Path(self.room) / "ballast"
