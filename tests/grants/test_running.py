# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""A flow notes its runs, however they end."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from grants.running import noted
from models.session import Begin
from models.watch import LastRun
from tests.builders import NOW

HOUR = timedelta(hours=1)


def clock(*hours: int) -> list[datetime]:
    return [NOW + hour * HOUR for hour in reversed(hours)]


def last(begin: Begin) -> LastRun:
    with begin() as session:
        return session.scalars(select(LastRun)).one()


def test_a_run_notes_its_start_and_its_end(begin: Begin) -> None:
    with noted(begin, "match", clock(0, 1).pop):
        running = last(begin)
    done = last(begin)
    assert (running.started_at, running.ended_at, running.succeeded_at) == (NOW, None, None)
    assert (done.ended_at, done.succeeded_at, done.failure) == (NOW + HOUR, NOW + HOUR, "")


def test_a_run_that_fails_is_noted_by_its_kind_alone_and_the_last_good_one_stays(begin: Begin) -> None:
    with noted(begin, "match", clock(0, 1).pop):
        pass
    with pytest.raises(ValueError, match="noor@x"), noted(begin, "match", clock(2, 3).pop):
        raise ValueError("noor@x.example")
    found = last(begin)
    assert (found.first_at, found.started_at, found.ended_at) == (NOW, NOW + 2 * HOUR, NOW + 3 * HOUR)
    assert (found.succeeded_at, found.failure) == (NOW + HOUR, "ValueError")
    with noted(begin, "match", clock(4, 5).pop):
        assert last(begin).failure == ""
