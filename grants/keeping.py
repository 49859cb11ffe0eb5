# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Keep what a reading brought: raw payloads by hash, calls, and each change as an event.

Nothing is ever deleted: a moved deadline supersedes, an absent call is "not seen since". A reading takes a
dozen statements, however many entries it has; only a call that is told otherwise is compared as an object.
"""

import gc
import hashlib
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import bindparam, insert, select
from sqlalchemy.orm import Session

from grants.auditing import note
from grants.findings import Findings, Place, note_changes, note_return, write, write_unseen
from grants.indexing import index_call
from grants.known import Known, all_calls, known_calls, told_otherwise, whole
from grants.rows import add_rows
from grants.sources.reading import Entry, Reading
from grants.sources.reading import Payload as RawPayload
from models.call import Call
from models.source import HarvestRun, Payload, RunPayload, Source
from models.values import Completeness

BY_HASH = select(Payload.id).where(Payload.sha256 == bindparam("sha256"))


def keep_payloads(session: Session, run: HarvestRun, payloads: Iterable[RawPayload]) -> None:
    """Each raw answer once, by its hash; and which run brought it. The run has its number."""
    for raw in payloads:
        digest = hashlib.sha256(raw.body).hexdigest()
        if session.connection().scalar(BY_HASH, {"sha256": digest}) is None:
            _add_payload(session, raw, digest, run.started_at)
        number = session.connection().scalar(BY_HASH, {"sha256": digest})
        session.connection().execute(
            insert(RunPayload), {"run_id": run.id, "payload_id": number, "url": raw.url}
        )


def _add_payload(session: Session, raw: RawPayload, digest: str, now: datetime) -> None:
    """Another run may bring the same bytes at this moment: then they are there."""
    names = ("sha256", "content_type", "size", "body", "first_seen_at")
    row = (digest, raw.content_type, len(raw.body), zlib.compress(raw.body, level=1), now)
    add_rows(session, Payload, names, [row], same={}, known_by=("sha256",), once=names)


def keep_entries(session: Session, run: HarvestRun, reading: Reading) -> None:
    """New calls become rows, known ones are compared, absent ones are marked; the run counts each."""
    entries = {entry.key: entry for entry in reversed(reading.entries)}  # of two with one key, the first
    keys, gone = [*reversed(entries)], []
    if reading.completeness == Completeness.COMPLETE and not reading.window:
        calls = all_calls(session, run.source_id)
        gone = [number for key, (number, seen) in calls.items() if seen and key not in entries]
        keys = [key for key in keys if key in calls]
    known = known_calls(session, run.source_id, keys)
    found = _compared(session, known, [*reversed(entries.values())], run.started_at)
    run.new, run.changed, run.unseen = len(found.new), len(found.otherwise), len(gone)
    place = Place(session, run.source_id, run.id, run.started_at)
    with _no_rings():
        write(place, found, {key: one.id for key, one in known.items()})
        write_unseen(place, gone)


@contextmanager
def _no_rings() -> Iterator[None]:
    """Rows hold no references to each other: looking through them for rings takes a fifth of the time."""
    looked = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if looked:
            gc.enable()


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
    before = known_calls(session, source.id, [entry.key])
    found = _compared(session, before, [entry], now)
    place = Place(session, source.id, run.id if run else None, now)
    write(place, found, {key: one.id for key, one in before.items()})
    known = select(Call).where(Call.source_id == source.id, Call.key == entry.key)
    call = session.scalars(whole(known)).one()
    if found.new or found.otherwise:
        source.last_news_at = now
    if actor and (found.new or found.otherwise):
        action = "added" if found.new else "changed"
        note(session, at=now, actor=actor, action=action, subject="call", subject_id=call.id)
    index_call(session, call)
    return call


def _compared(
    session: Session, known: Mapping[str, Known], entries: Sequence[Entry], now: datetime
) -> Findings:
    calls = told_otherwise(session, known, entries)
    found = Findings([entry for entry in entries if entry.key not in known])
    for entry in entries:
        if entry.key in known:
            note_return(found, known[entry.key].id, known[entry.key].not_seen_since)
        if entry.key in calls:
            note_changes(found, calls[entry.key], entry, now)
    return found
