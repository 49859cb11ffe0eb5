# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""An office with a followed call and an application, and the days that pass there."""

from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from config.settings import Settings
from grants.clock import AMSTERDAM
from grants.reminders import write_amendments, write_reminders
from models.call import Deadline
from models.interest import Choice, Follow, GoDecision
from models.message import Message, MessageState
from models.session import Begin
from tests import builders

DUE = date(2026, 12, 15)  # a Tuesday
START = builders.NOW - timedelta(days=30)
SETTINGS = Settings(mail_from="Pijplijn <p@enschede.example>", data_dir=Path("/nowhere"))


def furnish(session: Session, **of_call: Any) -> None:
    """Noor (1), Lena (2, German) and Adel the administrator (3) of Enschede, and call 1 that closes on DUE."""
    session.add_all([builders.office(), builders.source()])
    session.flush()
    for name, facts in {"noor": {}, "lena": {"language": "de"}, "adel": {"access": "administrator"}}.items():
        session.add(builders.colleague(name=name.title(), email=f"{name}@enschede.example", **facts))
        session.flush()
    at = {"deadlines": [builders.deadline(DUE, at=time(17), since=START)]}
    session.add(builders.call(**at | of_call))
    session.flush()


def follow(session: Session, colleague_id: int = 1, call_id: int = 1, **facts: Any) -> None:
    session.add(Follow(colleague_id=colleague_id, call_id=call_id, **{"since": START} | facts))


def decide(session: Session, choice: Choice, **facts: Any) -> None:
    told = {"office_id": 1, "call_id": 1, "colleague_id": 2, "at": START} | facts
    session.add(GoDecision(choice=choice, **told))


def moment(day: date, hour: int = 9, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), tzinfo=AMSTERDAM)


def written(begin: Begin, day: date, *, hour: int = 9, sent: bool = True) -> list[Message]:
    """The reminders of a day, and unless told otherwise they are sent at once."""
    with begin() as session:
        letters = write_reminders(session, today=day, now=moment(day, hour), settings=SETTINGS)
    if sent:
        send(begin)
    return letters


def amended(begin: Begin, day: date, *, hour: int = 9, sent: bool = True) -> list[Message]:
    """The letters about deadlines that moved, and what is overtaken is taken back."""
    with begin() as session:
        letters = write_amendments(session, now=moment(day, hour), settings=SETTINGS)
    if sent:
        send(begin)
    return letters


def send(begin: Begin) -> None:
    with begin() as session:
        session.execute(
            update(Message).where(Message.state == MessageState.QUEUED).values(state=MessageState.SENT)
        )


def move(begin: Begin, on: date, *, at: datetime, hour: time | None = time(17), call_id: int = 1) -> None:
    """The source names another day: a new version, and the old one stays."""
    with begin() as session:
        session.execute(
            update(Deadline)
            .where(Deadline.call_id == call_id, Deadline.superseded_at.is_(None))
            .values(superseded_at=at)
        )
        session.add(builders.deadline(on, at=hour, since=at, call_id=call_id))


def states(begin: Begin) -> list[tuple[str, str]]:
    with begin() as session:
        rows = session.execute(select(Message.key, Message.state).order_by(Message.id))
        return [(key, str(state)) for key, state in rows]
