# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Keep what a reading brought: raw payloads by hash, calls, and each change as an event.

Nothing is ever deleted: a moved deadline supersedes, an absent call is "not seen since". A reading takes a
dozen statements, however many entries it has; only a call that is told otherwise is compared as an object.
"""

import hashlib
import zlib
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from grants.findings import Findings, mark_seen, mark_unseen, note_changes, note_return, write
from grants.known import Keeping, all_calls, known_calls, told_otherwise, whole
from grants.sources.reading import Entry, Reading
from grants.sources.reading import Payload as RawPayload
from models.audit import AuditEntry
from models.call import Call
from models.source import HarvestRun, Payload, RunPayload, Source
from models.values import Completeness


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
    session.flush()
    keeping = Keeping(session, run.source_id, run.id, run.started_at)
    entries = {entry.key: entry for entry in reversed(reading.entries)}  # of two with one key, the first
    keys = [*reversed(entries)]
    if reading.completeness == Completeness.COMPLETE and not reading.window:
        calls = all_calls(keeping)
        gone = [number for key, (number, seen) in calls.items() if seen and key not in entries]
        mark_unseen(keeping, gone)
        run.unseen = len(gone)
        keys = [key for key in keys if key in calls]
    found = _keep(keeping, [*reversed(entries.values())], keys)
    run.new, run.changed = len(found.new), len(found.otherwise)


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
    session.execute(select(Source.id).where(Source.id == source.id).with_for_update())  # two may type at once
    found = _keep(Keeping(session, source.id, run.id if run else None, now), [entry], [entry.key])
    known = select(Call).where(Call.source_id == source.id, Call.key == entry.key)
    call = session.scalars(whole(known)).one()
    if found.new or found.otherwise:
        source.last_news_at = now
    if actor and (found.new or found.otherwise):
        action = "added" if found.new else "changed"
        session.add(AuditEntry(at=now, actor=actor, action=action, subject="call", subject_id=call.id))
    return call


def _keep(keeping: Keeping, entries: Sequence[Entry], keys: Sequence[str]) -> Findings:
    """Compare, then write; only `keys` can be known."""
    known = known_calls(keeping, keys)
    calls = told_otherwise(keeping.session, known, entries)
    found = Findings([entry for entry in entries if entry.key not in known])
    for entry in entries:
        if entry.key in known:
            note_return(found, known[entry.key].id, known[entry.key].not_seen_since)
        if entry.key in calls:
            note_changes(found, calls[entry.key], entry, keeping.now)
    numbers = {key: one.id for key, one in known.items()}
    mark_seen(keeping, [*numbers.values()])
    write(keeping, found, numbers)
    return found
