# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Keep what a reading brought: raw payloads by hash, calls, and each change as an event.

Nothing is ever deleted: a moved deadline supersedes, an absent call is "not seen since".
"""

import hashlib
import zlib
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from grants.calls import FACTS, Change, compare, completed, deadlines_agree
from grants.clock import local_day
from grants.sources.clean import plain_text
from grants.sources.reading import Entry, Reading
from grants.sources.reading import Payload as RawPayload
from models.audit import AuditEntry
from models.call import Call, CallChange, ChangeKind, Deadline, Significance
from models.source import HarvestRun, Payload, RunPayload, Source
from models.values import Completeness, Due

MATCHED = ("title", "body", "language")  # what the match reads: when one changes, match again


def keep_payloads(session: Session, run: HarvestRun, payloads: Iterable[RawPayload]) -> None:
    """Each raw answer once, by its hash; and which run brought it."""
    session.flush()  # the run needs its number
    for raw in payloads:
        payload = _payload(session, raw, run.started_at)
        session.add(RunPayload(run_id=run.id, payload_id=payload.id, url=raw.url))


def _payload(session: Session, raw: RawPayload, now: datetime) -> Payload:
    digest = hashlib.sha256(raw.body).hexdigest()
    known = session.scalars(select(Payload).where(Payload.sha256 == digest)).one_or_none()
    if known is not None:
        return known
    body = zlib.compress(raw.body)
    payload = Payload(
        sha256=digest, content_type=raw.content_type, size=len(raw.body), body=body, first_seen_at=now
    )
    session.add(payload)
    session.flush()
    return payload


def keep_entries(session: Session, run: HarvestRun, reading: Reading) -> None:
    """New calls become rows, known ones are compared, absent ones are marked; the run counts each."""
    known = _known(session, run.source_id)
    for entry in reading.entries:
        call = known.pop(entry.key, None)
        if call is None:
            _add(session, run, entry)
        else:
            _update(session, run, call, entry)
    if reading.completeness == Completeness.COMPLETE and not reading.window:
        for call in known.values():
            _mark_unseen(session, run, call)


def keep_entry(  # noqa: PLR0913 - who, what and when, each by name
    session: Session,
    source: Source,
    entry: Entry,
    *,
    now: datetime,
    run: HarvestRun | None = None,
    actor: str = "",
) -> Call:
    """Keep one entry that a colleague typed, by the same comparison and events as a reading.

    Args:
        session: an open transaction.
        source: whose call it is.
        entry: what is known of it now.
        now: the moment.
        run: the reading it belongs to; typed by hand it belongs to none.
        actor: who typed it, for the audit log; nothing is logged where nothing changed.

    Returns:
        The call as it stands now.
    """
    session.flush()
    run = run or HarvestRun(source_id=source.id, started_at=now, new=0, changed=0)
    known = select(Call).where(Call.source_id == source.id, Call.key == entry.key)
    call = session.scalars(known).one_or_none()
    before = (run.new, run.changed)
    if call is None:
        _add(session, run, entry)
    else:
        _update(session, run, call, entry)
    session.flush()
    call = session.scalars(known).one()
    if (run.new, run.changed) != before:
        source.last_news_at = now
        _log(session, call, now=now, actor=actor, new=run.new > before[0])
    return call


def _log(session: Session, call: Call, *, now: datetime, actor: str, new: bool) -> None:
    if actor:
        action = "added" if new else "changed"
        session.add(AuditEntry(at=now, actor=actor, action=action, subject="call", subject_id=call.id))


def _known(session: Session, source_id: int) -> dict[str, Call]:
    calls = select(Call).where(Call.source_id == source_id).options(selectinload(Call.all_deadlines))
    return {call.key: call for call in session.scalars(calls)}


def _add(session: Session, run: HarvestRun, entry: Entry) -> None:
    now = run.started_at
    call = Call(source_id=run.source_id, key=entry.key, first_seen_at=now, last_seen_at=now)
    _write(call, entry)
    call.all_deadlines = [_version(due, now) for due in entry.deadlines]
    session.add(call)
    _note(session, run, call, Change(ChangeKind.NEW, Significance.MAJOR, after=entry.title))
    run.new += 1


def _update(session: Session, run: HarvestRun, call: Call, entry: Entry) -> None:
    entry = completed(call, entry)
    changes = compare(call, entry, today=local_day(run.started_at))
    if call.not_seen_since is not None:
        since = call.not_seen_since.isoformat()
        _note(session, run, call, Change(ChangeKind.RETURNED, Significance.COSMETIC, before=since))
    call.last_seen_at, call.not_seen_since = run.started_at, None
    if not changes:
        return
    for change in changes:
        _note(session, run, call, change)
    if any(getattr(call, name) != getattr(entry, name) for name in MATCHED):
        call.text_version += 1
    _move(call, entry, run.started_at)
    _write(call, entry)
    run.changed += 1


def _move(call: Call, entry: Entry, now: datetime) -> None:
    if deadlines_agree(call, entry.deadlines):
        return
    for deadline in call.deadlines:
        deadline.superseded_at = now
    call.all_deadlines.extend(_version(due, now) for due in entry.deadlines)


def _write(call: Call, entry: Entry) -> None:
    for name in FACTS:
        setattr(call, name, getattr(entry, name))
    call.extra = dict(entry.extra)
    call.text = plain_text(entry.body)


def _version(due: Due, now: datetime) -> Deadline:
    return Deadline(**asdict(due), since=now)


def _note(session: Session, run: HarvestRun, call: Call, change: Change) -> None:
    session.add(CallChange(call=call, run_id=run.id, at=run.started_at, **asdict(change)))


def _mark_unseen(session: Session, run: HarvestRun, call: Call) -> None:
    """Absence closes nothing: pages get lost and calls come back."""
    if call.not_seen_since is None:
        call.not_seen_since = run.started_at
        _note(session, run, call, Change(ChangeKind.UNSEEN, Significance.COSMETIC))
        run.unseen += 1
