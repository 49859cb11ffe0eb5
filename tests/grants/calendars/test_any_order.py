# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Whatever happens to dates, and whenever they are fetched: no event goes out in two forms under one sequence."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import models
from grants.applications.subscribed import subscribed
from grants.calendars import make
from models.application import Application, Milestone, Stage
from models.calendar import Scope
from models.call import Deadline
from models.colleague import Colleague
from models.session import Begin, Session, connect, transactions
from tests.builders import NOW, application, call, colleague, deadline, milestone, office, source
from tests.grants.calendars.rfc5545 import events, faults

HERE, DAY = "https://p.example", date(2026, 12, 15)
DEEDS = st.sampled_from(
    ["fetch", "move", "rename", "remove", "return", "withdraw", "reopen", "finish", "shift", "drop"]
)


def lay_down(begin: Begin) -> str:
    """A colleague with an application of two milestones, for a call of two stages; returns the secret."""
    with begin() as session:
        session.add_all([office(), source()])
        session.flush()
        stages = [deadline(DAY, stage="stage 1"), deadline(DAY + timedelta(days=60), stage="stage 2")]
        noor = colleague()
        session.add_all([noor, call(deadlines=stages)])
        session.flush()
        dates = [milestone(DAY), milestone(DAY + timedelta(days=9))]
        session.add(application(owner_id=1, call_id=1, stage=Stage.PREPARING, milestones=dates))
        return make(session, session.get_one(Colleague, noor.id), Scope.MINE, by=noor, now=NOW)


def happen(session: Session, deed: str, turn: int) -> None:
    """One thing that a colleague or a source does."""
    one, whose = session.get_one(Milestone, 1 + turn % 2), session.get_one(Application, 1)
    if deed == "move":
        one.on += timedelta(days=1)
    elif deed == "rename":
        whose.title = f"Titel {turn}"
    elif deed in {"remove", "return"}:
        one.removed_at = NOW if deed == "remove" else None
    elif deed in {"withdraw", "reopen"}:
        whose.stage = Stage.WITHDRAWN if deed == "withdraw" else Stage.PREPARING
    elif deed == "finish":
        one.done_on = None if one.done_on else DAY
    elif deed in {"shift", "drop"}:
        _read_again(session, deed, turn)


def _read_again(session: Session, deed: str, turn: int) -> None:
    """A source tells all deadlines anew, as grants.findings keeps them: moved by a day, or without the last."""
    lasting = session.query(Deadline).where(Deadline.superseded_at.is_(None)).order_by(Deadline.id).all()
    for row in lasting:
        row.superseded_at = NOW + timedelta(minutes=turn)
    for row in lasting[: -1 if deed == "drop" else None]:
        session.add(deadline((row.on or DAY) + timedelta(days=1), stage=row.stage, call_id=1))


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(st.lists(DEEDS, max_size=25))
def test_a_sequence_never_falls_and_never_stands_for_two_forms(deeds: list[str]) -> None:
    engine = connect("sqlite://")
    models.Base.metadata.create_all(engine)
    begin = transactions(engine)
    secret = lay_down(begin)
    last: dict[str, int] = {}
    forms: dict[tuple[str, int], tuple[str, ...]] = {}
    for turn, deed in enumerate([*deeds, "fetch"]):
        with begin() as session:
            happen(session, deed, turn)
        if deed == "fetch":
            raw = subscribed(begin, begin, secret, address=HERE, now=NOW + timedelta(minutes=turn)) or b""
            assert faults(raw) == []
            for uid, one in events(raw).items():
                sequence = int(one.sequence.value)
                form = (str(one.dtstart.value), one.summary.value, one.status.value, str(one.dtstamp.value))
                assert sequence >= last.get(uid, 0)
                assert forms.setdefault((uid, sequence), form) == form
                last[uid] = sequence
    engine.dispose()
