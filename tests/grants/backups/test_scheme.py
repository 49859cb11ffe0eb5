# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Which backups are kept, over years of hours."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

from grants.backups.kept import Backup, Reason
from grants.backups.scheme import superfluous
from grants.clock import local_day

START = datetime(2025, 1, 1, 0, 40, tzinfo=UTC)


def backup(made_at: datetime, reason: Reason = "hourly", kind: str = "sqlite") -> Backup:
    return Backup(Path(f"{made_at:%Y%m%d%H%M}-{kind}"), kind, made_at, reason, "0012", 1, "", {})


def left_after(hours: int, *, step: int = 1) -> list[Backup]:
    """What is left when one is made every so many hours and the scheme is applied each time."""
    there: list[Backup] = []
    for number in range(0, hours, step):
        now = START + timedelta(hours=number)
        there.append(backup(now))
        gone = {one.path for one in superfluous(there, now=now)}
        there = [one for one in there if one.path not in gone]
    return there


def test_after_a_season_of_hours_there_are_48_hours_and_30_days() -> None:
    there = [one.made_at for one in left_after(70 * 24)]
    assert len(there) <= 48 + 30 + 12
    assert len([one for one in there if there[-1] - one < timedelta(hours=48)]) == 48
    assert len({local_day(one) for one in there if there[-1] - one < timedelta(days=30)}) == 30


def test_after_three_years_of_days_there_are_12_months_and_no_longer_gap() -> None:
    there = [one.made_at for one in left_after(3 * 365 * 24, step=24)]
    assert len({(day.year, day.month) for one in there if (day := local_day(one))}) == 12
    assert max(later - earlier for earlier, later in pairwise(there)) <= timedelta(days=32)


def test_an_office_that_was_off_for_long_keeps_what_it_has() -> None:
    there = [backup(START), backup(START + timedelta(days=900))]
    assert superfluous(there, now=START + timedelta(days=2000)) == []


def test_the_newest_of_each_kind_is_never_let_go_and_unusual_ones_stay_a_month() -> None:
    odd = backup(START + timedelta(minutes=1), "migration")
    moved = [backup(START, kind="sqlite"), backup(START + timedelta(minutes=5), kind="postgresql")]
    newer = [backup(START + timedelta(minutes=10 + number), kind="postgresql") for number in range(3)]
    there = [*moved, odd, *newer]
    assert superfluous(there, now=START + timedelta(days=30)) == [moved[0], moved[1], *newer[:2]]
    assert superfluous(there, now=START + timedelta(days=31)) == [moved[0], moved[1], *newer[:2]]
    assert superfluous([], now=START) == []
