# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""An administrator's choice of steps is kept with who made it, and never over somebody else's unseen."""

from typing import Any

import pytest
from sqlalchemy import select

from grants.reminders import OvertakenError, choose, seen
from models.audit import AuditEntry
from models.colleague import Colleague
from models.office import Office
from models.session import Begin
from tests.builders import NOW
from tests.grants.reminders.desk import furnish

FACTS: dict[str, Any] = {"reminder_days": [30, 7], "reminder_steps": {"call": [10]}, "remind_partners": True}


def chosen(begin: Begin, over: str | None = None) -> None:
    with begin() as session:
        adel = session.get_one(Colleague, 3)
        choose(
            session, FACTS, by=adel, now=NOW, over=seen(session.get_one(Office, 1)) if over is None else over
        )


def test_a_choice_counts_from_now_on_and_twice_is_once(begin: Begin) -> None:
    with begin() as session:
        furnish(session)
    chosen(begin)
    chosen(begin, over="old")
    with begin() as session:
        office = session.get_one(Office, 1)
        assert (office.reminder_days, office.reminder_steps, office.remind_partners) == (
            [30, 7],
            {"call": [10]},
            True,
        )
        (entry,) = session.scalars(select(AuditEntry)).all()
        assert entry.facts["reminder_days"] == [[30, 14, 7, 2, 0], [30, 7]]
        assert (entry.actor, entry.subject, entry.office_id) == ("colleague:3", "office", 1)


def test_a_choice_over_what_somebody_changed_meanwhile_is_refused(begin: Begin) -> None:
    with begin() as session:
        furnish(session)
    with pytest.raises(OvertakenError, match="Gemeente Enschede"):
        chosen(begin, over="old")
