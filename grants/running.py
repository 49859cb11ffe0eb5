# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""A flow notes that it runs, so that its office knows when it last did without asking Prefect."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import update

from grants.rows import INSERTS
from models.session import Begin
from models.watch import LastRun


@contextmanager
def noted(begin: Begin, flow: str, moment: Callable[[], datetime]) -> Iterator[None]:
    """While a flow runs: note its start, then its end and how it ended; one that is killed has no end.

    Args:
        begin: opens a transaction.
        flow: its name, as Prefect has it.
        moment: tells the time.
    """
    started = {"started_at": moment(), "ended_at": None, "failure": ""}
    with begin() as session:
        row = INSERTS[session.get_bind().dialect.name](LastRun)
        first = row.values(flow=flow, first_at=started["started_at"], **started)
        session.execute(first.on_conflict_do_update(index_elements=["flow"], set_=started))
    try:
        yield
    except Exception as error:
        _end(begin, flow, ended_at=moment(), failure=type(error).__name__[:80])
        raise
    end = moment()
    _end(begin, flow, ended_at=end, succeeded_at=end)


def _end(begin: Begin, flow: str, **facts: datetime | str) -> None:
    with begin() as session:
        session.execute(update(LastRun).where(LastRun.flow == flow).values(**facts))
