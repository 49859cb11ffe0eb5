# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

from datetime import UTC, date, datetime, time

import pytest

from grants.sources.dates import due, instant, local_day
from models.values import Basis

BRUSSELS = "Europe/Brussels"


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("Mon, 02 May 2022 00:00:00 +0200", datetime(2022, 5, 1, 22, tzinfo=UTC)),
        ("17:00:00 CEST 7 Sep 2026", datetime(2026, 9, 7, 15, tzinfo=UTC)),
        ("2026-09-07 17:00 CET", datetime(2026, 9, 7, 16, tzinfo=UTC)),
        ("2026-09-07T17:00:00", datetime(2026, 9, 7, 15, tzinfo=UTC)),
        ("2026-09-07 17:00 Europe/Berlin", datetime(2026, 9, 7, 15, tzinfo=UTC)),
        ("07-09-2026", datetime(2026, 9, 6, 22, tzinfo=UTC)),
        ("20260907T150000Z", datetime(2026, 9, 7, 15, tzinfo=UTC)),
        ("ma, 07 sep 2026 17:00", datetime(2026, 9, 7, 15, tzinfo=UTC)),
        ("7. März 2027", datetime(2027, 3, 6, 23, tzinfo=UTC)),
        ("September 7, 2026", datetime(2026, 9, 6, 22, tzinfo=UTC)),
        ("2026-09-07T17:00-05:00", datetime(2026, 9, 7, 22, tzinfo=UTC)),
        ("2026-09-07T25:00", datetime(2026, 9, 6, 22, tzinfo=UTC)),
        ("2026-09-07 17:00 +99:00", datetime(2026, 9, 7, 15, tzinfo=UTC)),
        ("nonsense", None),
        ("2026-02-30", None),
        ("3 foo 2026", None),
        ("0001-01-01T00:00:00+01:00", None),
        ("9999-12-31T23:59:59-05:00", None),
    ],
)
def test_a_moment_is_read_as_it_is_written(text: str, moment: datetime | None) -> None:
    assert instant(text, BRUSSELS) == moment


def test_midnight_stays_on_its_own_day() -> None:
    assert local_day("Mon, 02 May 2022 00:00:00 +0200", "Europe/Amsterdam") == date(2022, 5, 2)
    assert local_day("nonsense", "Europe/Amsterdam") is None


@pytest.mark.parametrize(
    ("text", "on", "at", "basis"),
    [
        ("Thu, 26 Sep 2024 17:00:00 (Brussels local time)", date(2024, 9, 26), time(17), Basis.STATED),
        ("26-09-2024 17:00", date(2024, 9, 26), time(17), Basis.ASSUMED),
        ("26-09-2024", date(2024, 9, 26), None, Basis.STATED),
        ("in the spring", None, None, Basis.UNKNOWN),
    ],
)
def test_a_deadline_says_how_it_is_known(text: str, on: date | None, at: time | None, basis: Basis) -> None:
    found = due(f" {text} ", BRUSSELS)
    assert (found.on, found.at, found.basis, found.text) == (on, at, basis, text)
