# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

from datetime import timedelta

from grants.upkeep import troubles, untold
from models.message import Message, MessageState
from models.session import Begin
from models.source import HarvestRun
from models.values import Completeness
from tests.builders import NOW, source


def message(state: MessageState, number: int) -> Message:
    return Message(
        key=f"k{number}", kind="digest", recipient="noor@enschede.example", subject="s", message_id=f"<{number}@x>",
        mime=b"m", state=state, created_at=NOW, next_attempt_at=NOW,
    )  # fmt: skip


def test_quiet_sources_held_readings_and_stuck_messages_are_troubles(begin: Begin) -> None:
    with begin() as session:
        held = source(slug="held", name="Held fund", last_success_at=NOW)
        session.add_all([
            source(slug="quiet", name="Quiet fund", last_success_at=NOW - timedelta(days=4)),
            source(slug="never", name="New fund"), source(slug="off", enabled=False), held,
            HarvestRun(source=held, started_at=NOW, finished_at=NOW, outcome=Completeness.COMPLETE, warnings=[], held=True),
            message(MessageState.DEAD, 1), message(MessageState.DEAD, 2), message(MessageState.SENT, 3),
        ])  # fmt: skip
    with begin() as session:
        assert troubles(session, now=NOW) == [
            "New fund: no good reading since the start.",
            "Quiet fund: no good reading since 2026-11-20 08:00 UTC.",
            "Held fund: the last reading was held because its size jumped.",
            "2 messages are dead: see manage.py messages.",
        ]


def test_a_trouble_is_told_once_a_day(begin: Begin) -> None:
    with begin() as session:
        session.add(source(name="New fund"))
    with begin() as session:
        assert len(untold(session, now=NOW)) == 1
    with begin() as session:
        assert untold(session, now=NOW + timedelta(hours=12)) == []
    with begin() as session:
        assert len(untold(session, now=NOW + timedelta(hours=25))) == 1
