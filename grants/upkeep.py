# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Upkeep: what an operator must look at, told once when it starts and once when it is over.

What was told is in the database: it survives a restart, and a check that runs twice tells nothing twice. Who
tells claims it first; what nobody heard is free to be told again.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import and_, or_, select, update
from sqlalchemy.orm import Session

from grants import auditing, queries, snags
from grants.errors import TEMPORARY
from grants.queries import STUCK, SourceHealth, SourceState
from grants.reconciling import last_put_back, waiting
from grants.reminders.alarms import brought_forward, gaps, unsent
from grants.rows import INSERTS
from grants.smtp import NO_COPY, Outcome
from grants.suppressing import in_force
from models.message import Attempt, Message
from models.session import Begin
from models.trouble import Trouble

LEASE = timedelta(minutes=10)  # telling takes less; a claim older than this was left by a process that died
PATIENCE = 3  # failures in a row of a kind that mends itself, before anyone hears of it
LINES = 25  # in one alert
BRIEF = ("deadline:", "earlier:")  # that these are over tells nobody anything

Send = Callable[[str, str], bool]
"""Tells the operator a title and a text; whether everyone took it."""
Watch = Callable[[Session, datetime], Iterable[tuple[str, str]]]
"""Looks for one sort of trouble: a sentence for each, under a key that stays the same while it lasts."""


@dataclass(frozen=True, slots=True)
class News:
    """A trouble to tell of: that it started, or that it is over."""

    id: int
    line: str
    over: bool


def tell(begin: Begin, *, send: Send, now: datetime, watches: Mapping[str, Watch] | None = None) -> list[str]:
    """Note what started and what is over, and tell it; returns the lines that were heard.

    Args:
        begin: opens a transaction.
        send: tells the operator.
        now: the moment.
        watches: what is looked for, by the beginning of its keys; all when left out.
    """
    with begin() as session:
        note(session, now=now, watches=watches)
        news = _claimed(session, now)
    if not news:
        return []
    heard = send(_title(news), _text(news))
    with begin() as session:
        _told(session, news, now if heard else None)
    return [one.line for one in news] if heard else []


def troubles(
    session: Session, *, now: datetime, watches: Mapping[str, Watch] | None = None
) -> dict[str, str]:
    """What needs a look now, by key."""
    looked = ALL if watches is None else watches
    return {key: sentence for watch in looked.values() for key, sentence in watch(session, now)}


def note(session: Session, *, now: datetime, watches: Mapping[str, Watch] | None = None) -> None:
    """Write down which troubles started and which are over, of those that are looked for."""
    found = troubles(session, now=now, watches=watches)
    begins = tuple(ALL if watches is None else watches)
    open_ones = session.scalars(select(Trouble).where(Trouble.over_at.is_(None)))
    noted = [row for row in open_ones if row.key.startswith(begins)]
    for row in noted:
        if row.key not in found:
            row.over_at = now
            row.over_told_at = now if row.key.startswith(BRIEF) else None
    insert = INSERTS[session.get_bind().dialect.name]
    for key in sorted(found.keys() - {row.key for row in noted}):
        # Another check may note the same trouble at the same moment: the index lets one of them.
        new = insert(Trouble).values(key=key, sentence=found[key], since=now)
        session.execute(new.on_conflict_do_nothing())


def _sources(session: Session, now: datetime) -> Iterator[tuple[str, str]]:
    for source in queries.sources(session, now):
        for kind, sentence in _of_source(source):
            yield f"source:{source.slug}:{kind}", f"{source.name}: {sentence}"


def _of_source(source: SourceHealth) -> Iterator[tuple[str, str]]:
    if source.state == SourceState.OFF:
        return
    if source.overdue and (source.last_success_at or source.state == SourceState.NEVER_READ):
        yield (
            "overdue",
            f"no good reading since {_when(source.last_success_at)}. See whether harvesting runs.",
        )
    if source.state == SourceState.HELD:
        yield "held", "the last reading was held because its size jumped. Look at it and take it over or not."
    if source.state == SourceState.FAILING and _needs_a_hand(source):
        yield "failing", f"reading it fails: {source.error}"
    for drift in source.drifts:
        yield f"{drift.kind}{drift.fact and ':'}{drift.fact}", drift.sentence


def _needs_a_hand(source: SourceHealth) -> bool:
    return source.failures >= PATIENCE or source.fault not in TEMPORARY


def _when(moment: datetime | None) -> str:
    return "the start" if moment is None else f"{moment:%Y-%m-%d %H:%M} UTC"


def _messages(session: Session, _now: datetime) -> Iterator[tuple[str, str]]:
    rows = session.execute(
        select(Message.id, Message.kind, Message.state).where(Message.state.in_(STUCK)).order_by(Message.id)
    )
    for number, kind, state in rows:
        words = str(state).replace("_", " ")
        yield f"message:{number}", f"Message {number}, a {kind}, is {words}: see manage.py messages."
    if count := waiting(session):
        told = f"The send journal knows {count} letters that this database does not: was a backup put back?"
        if backup := last_put_back(session):
            told = f"A backup of {_when(backup.made_at)} was put back."
        yield "message:paused", f"{told} Nothing is sent before manage.py messages reconcile."


def _archive(session: Session, _now: datetime) -> Iterator[tuple[str, str]]:
    """By the last letter that was handed over: whether the archive's address is refused."""
    spoken = Attempt.outcome.in_([str(Outcome.ACCEPTED), str(Outcome.DEFERRED)])
    last = session.scalar(select(Attempt.reply).where(spoken).order_by(Attempt.id.desc()).limit(1))
    if last and f"{NO_COPY}5" in last:
        why = "The relay refuses the archive's address: reminders go without their copy, digests wait"
        yield "archive:", f"{why}. It said: {last.partition(NO_COPY)[2]}"


def _suppressed(session: Session, _now: datetime) -> Iterator[tuple[str, str]]:
    for one in in_force(session):
        why = f"An address of office {one.office_id} was refused for good and gets no letters any more"
        yield f"suppressed:{one.id}", f"{why}: see manage.py messages suppressed."


def _audit_log(session: Session, _now: datetime) -> Iterator[tuple[str, str]]:
    verdict = auditing.verify(session)
    if verdict.why:
        yield "audit", verdict.sentence


DEADLINES: Final[Mapping[str, Watch]] = {
    "deadline:": unsent, "earlier:": brought_forward, "archive:": _archive, "letter:": snags.watch,
}  # fmt: skip
"""What cannot wait for the next hour."""
ALL: Final[Mapping[str, Watch]] = {
    "message:": _messages, "suppressed:": _suppressed, "audit": _audit_log, "source:": _sources,
    "reminder:": gaps, **DEADLINES,
}  # fmt: skip


def _claimed(session: Session, now: datetime) -> list[News]:
    started = and_(Trouble.told_at.is_(None), Trouble.over_at.is_(None))
    over = and_(Trouble.told_at.is_not(None), Trouble.over_at.is_not(None), Trouble.over_told_at.is_(None))
    free = or_(Trouble.claimed_until.is_(None), Trouble.claimed_until < now)
    session.flush()
    rows = session.execute(
        update(Trouble)
        .where(or_(started, over), free)
        .values(claimed_until=now + LEASE)
        .returning(Trouble.id, Trouble.sentence, Trouble.over_at)
        .execution_options(synchronize_session=False)
    ).all()
    news = [News(number, sentence, ended is not None) for number, sentence, ended in rows]
    return sorted(news, key=lambda one: (one.over, one.id))


def _told(session: Session, news: list[News], at: datetime | None) -> None:
    """Let go of what was claimed; `at` is when it was heard, None when it was not."""
    for one in news:
        row = session.get_one(Trouble, one.id)
        row.claimed_until = None
        if one.over:
            row.over_told_at = at
        else:
            row.told_at = at


def _title(news: list[News]) -> str:
    return "Pijplijn: over" if all(one.over for one in news) else "Pijplijn needs a look"


def _text(news: list[News]) -> str:
    lines = [f"No longer so: {one.line}" if one.over else one.line for one in news]
    rest = len(lines) - LINES
    return "\n".join(lines if rest <= 0 else [*lines[:LINES], f"… and {rest} more."])
