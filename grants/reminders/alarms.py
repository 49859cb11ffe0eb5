# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""What cannot wait: letters not sent while their deadline is near, deadlines brought forward, gaps.

The operator hears of them without the name of any application: a confidential one has none outside its team.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import String, bindparam, cast, literal, or_, select, union_all
from sqlalchemy.orm import Session

from grants.reminders.amended import EARLIER, KIND
from grants.reminders.check import Fault, Gap, check
from models.application import Application
from models.call import Call
from models.colleague import Colleague
from models.message import Message, MessageState
from models.snag import Snag

NEAR: Final = timedelta(hours=2)
ON_ITS_WAY: Final = timedelta(minutes=15)  # a letter that is younger is simply being sent
FRESH: Final = timedelta(days=2)  # a deadline brought forward before that was heard of
UNWRITTEN: Final = "not written"
WAITING: Final = (MessageState.QUEUED, MessageState.SENDING)
STUCK: Final = (
    MessageState.HELD, MessageState.DEAD, MessageState.IN_DOUBT, MessageState.BOUNCED,
    MessageState.SUPPRESSED,
)  # fmt: skip
SENTENCES: Final = {
    Fault.MISSING: "it was not written",
    Fault.FAILED: "it cannot be written",
    Fault.DOUBLE: "it was written twice",
    Fault.REFUSED: "the server refused it",
    Fault.OVERTAKEN: "an older one still waits",
    Fault.STRAY: "it waits and nothing asks for it",
}
# Asked for every page, so worded once, and without the letters themselves.
LATE: Final = or_(
    Message.state.in_(STUCK), Message.state.in_(WAITING) & (Message.created_at < bindparam("young"))
)
LETTER: Final = union_all(
    select(
        Message.id, Message.key, Message.kind, Message.subject, Message.due_at, Message.office_id,
        Message.application_id, cast(Message.state, String).label("state"),
    ).where(Message.due_at > bindparam("now"), Message.due_at <= bindparam("near"), LATE),
    select(
        Snag.id, Snag.key, Snag.kind, Snag.about, Snag.due_at, Snag.office_id, Snag.application_id,
        literal(UNWRITTEN),
    ).where(Snag.due_at > bindparam("now"), Snag.due_at <= bindparam("near"), Snag.over_at.is_(None)),
).subquery("letter")  # fmt: skip
UNSENT: Final = (
    select(LETTER, Application)
    .select_from(LETTER)
    .outerjoin(Application, Application.id == LETTER.c.application_id)
    .order_by(LETTER.c.due_at, LETTER.c.id)
)
OURS: Final = UNSENT.where(LETTER.c.office_id == bindparam("office"))


@dataclass(frozen=True, slots=True)
class Urgent:
    """A letter that was not sent and whose deadline is near."""

    subject: str
    due_at: datetime
    application_id: int | None
    call_id: int | None


def urgent(session: Session, me: Colleague, *, now: datetime) -> list[Urgent]:
    """Those of the colleague's office that they may know of, the first deadline first; one per subject."""
    found: dict[str, Urgent] = {}
    for letter in session.execute(OURS, _when(now) | {"office": me.office_id}).all():
        one: Application | None = letter.Application
        if one is None or one.seen_by(me):
            new = Urgent(letter.subject, letter.due_at, letter.application_id, _call_of(letter.key))
            found.setdefault(letter.subject.partition("] ")[2] or letter.subject, new)
    return list(found.values())


def _when(now: datetime) -> dict[str, Any]:
    return {"now": now, "near": now + NEAR, "young": now - ON_ITS_WAY}


def _call_of(key: str) -> int | None:
    """The call a letter is about, out of its key."""
    kind, number, name, *_ = key.split(":")
    if kind != "reminder":
        return int(number)
    return int(name.removeprefix("call-")) if name.startswith("call-") else None


def unsent(session: Session, now: datetime) -> Iterator[tuple[str, str]]:
    """The same for the operator, of all offices."""
    for letter in session.execute(UNSENT, _when(now)):
        words = str(letter.state).replace("_", " ")
        when = f"its deadline strikes at {letter.due_at:%Y-%m-%d %H:%M} UTC"
        name = f"snag-{letter.id}" if letter.state == UNWRITTEN else str(letter.id)
        sentence = f"Message {name}, a {letter.kind}, is {words} and {when}: tell people by telephone."
        yield f"deadline:{name}", sentence


def brought_forward(session: Session, now: datetime) -> Iterator[tuple[str, str]]:
    """Deadlines that a source brought forward and that somebody works towards."""
    wanted = (Message.kind == KIND, Message.key.startswith(f"{EARLIER}:"), Message.created_at > now - FRESH)
    keys = session.scalars(select(Message.key).where(*wanted)).all()
    versions = {(int(key.split(":")[1]), key.partition("#")[0].rpartition(":")[2]) for key in keys}
    titles = select(Call.id, Call.title).where(Call.id.in_({number for number, _ in versions}))
    named = {number: title for number, title in session.execute(titles)}  # noqa: C416 - rows, not pairs
    for number, at in sorted(versions):
        yield f"earlier:{number}:{at}", f"The deadline of call {number} was brought forward: {named[number]}"


def gaps(session: Session, now: datetime) -> Iterator[tuple[str, str]]:
    """What the self-check found wrong."""
    for gap in check(session, now=now).gaps:
        yield f"reminder:{gap.key}"[:200], _sentence(gap)


def _sentence(gap: Gap) -> str:
    if gap.fault == Fault.UNPLANNED:
        return "No reminders were planned for more than a night. See whether the flows run."
    of = f"application {gap.application_id}" if gap.application_id else "a call"
    return (
        f"A reminder of {of} for {gap.on} at office {gap.office_id}: {SENTENCES[gap.fault]}. See /reminders."
    )
