# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The deadlines that really moved at the EU portal in six days: each is told once, whatever runs in between."""

from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import select

from demo.portal import Portal, serving
from grants.harvest import harvest
from grants.reminders import check, write_amendments, write_reminders
from grants.sources.fetch import fetching
from models.call import Call
from models.message import Message, MessageState
from models.session import Begin
from tests.builders import colleague, office, source
from tests.conftest import needs_captures
from tests.grants.reminders.desk import SETTINGS, follow
from tests.snapshots import records
from tests.test_six_days import DAYS, morning, truth


@needs_captures
@pytest.mark.slow
def test_every_real_move_is_told_once_and_the_self_check_agrees_each_day(begin: Begin) -> None:
    moved, portal = truth(), Portal(records=[])
    with begin() as session:
        session.add(office())
        session.flush()
        session.add(colleague())
    with (
        serving(portal) as address,
        fetching(trusted_hosts=frozenset({address.removeprefix("http://")})) as fetch,
    ):
        with begin() as session:
            session.add(source(slug="eu-portal", kind="sedia", url=f"{address}/search-api/prod/rest/search"))
        for day in DAYS:
            portal.records = records(day)
            harvest(begin, "eu-portal", fetch=fetch, now=morning(day))
            if day == DAYS[0]:
                with begin() as session:
                    for call_id in session.scalars(select(Call.id)):
                        follow(session, call_id=call_id, since=morning(day))
            for hour in (1, 2):
                now = morning(day) + timedelta(hours=hour)
                with begin() as session:
                    write_amendments(session, now=now, settings=SETTINGS)
                    write_reminders(session, today=day, now=now, settings=SETTINGS)
                with begin() as session:
                    for letter in session.scalars(
                        select(Message).where(Message.state == MessageState.QUEUED)
                    ):
                        letter.state = MessageState.SENT
                    assert check(session, now=now).gaps == []
    with begin() as session:
        rows = session.execute(select(Call.id, Call.key)).all()
        keys = {str(number): key for number, key in rows}
        told = Counter(
            keys[key.split(":")[1]]
            for key in session.scalars(select(Message.key).where(Message.kind == "amended"))
        )
    print(f"\n{sum(moved.values())} moves of {len(moved)} calls, {sum(told.values())} letters")  # noqa: T201
    assert moved
    assert moved - told == Counter(), "a move that nobody was told of"
    assert set(told.values()) <= {1, max(moved.values())}
