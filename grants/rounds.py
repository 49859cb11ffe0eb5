# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Calls that no machine publishes: colleagues enter and edit them, and copy a round to the next year.

They go the way of a reading (grants/keeping.py), so every change is an event and a moved deadline supersedes.
"""

import re
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from config.specs import BY_HAND
from grants.auditing import note
from grants.drafts import Draft, draft_of
from grants.errors import PijplijnError
from grants.keeping import keep_entry
from grants.queries.rounds import version
from grants.timetable import differences, same_week_next_year, steps_of
from models.call import Call, CallChange, KeyDate
from models.source import Source
from models.values import Basis, CallStatus, Due


class OutdatedError(PijplijnError):
    """Someone else changed the call since this colleague opened it; nothing was kept.

    Args:
        call_id: which call.
        draft: what it says now.
        seen: its version now.
    """

    def __init__(self, call_id: int, draft: Draft, seen: str) -> None:
        super().__init__(f"Call {call_id} was changed since you opened it.")
        self.draft = draft
        self.seen = seen


def kept_call(session: Session, call_id: int) -> Call:
    """A call kept by hand, its source locked; raises PijplijnError when there is none."""
    source = (
        select(Source)
        .join(Call, Call.source_id == Source.id)
        .where(Call.id == call_id, Source.kind.in_(BY_HAND))
    )
    if session.scalars(source.with_for_update()).one_or_none() is None:
        sentence = f"There is no call {call_id} that is kept by hand."
        raise PijplijnError(sentence)
    return session.get_one(Call, call_id)


def add_call(  # noqa: PLR0913 - who, what and when, each by name
    session: Session, source_slug: str, key: str, draft: Draft, *, seen: str = "", now: datetime, actor: str
) -> Call:
    """Enter a call; the same form sent twice makes one.

    Args:
        session: an open transaction.
        source_slug: a source that is kept by hand.
        key: the form's own; with the source it is the call's identity.
        draft: what is known of it.
        seen: the version the form was made from; nothing for a new call.
        now: the moment.
        actor: who enters it, for the audit log.

    Raises:
        PijplijnError: there is no such source; OutdatedError when the key's call says something else by now.
    """
    wanted = select(Source).where(Source.slug == source_slug, Source.kind.in_(BY_HAND))
    source = session.scalars(wanted.with_for_update()).one_or_none()
    if source is None:
        sentence = f"There is no source '{source_slug}' that is kept by hand."
        raise PijplijnError(sentence)
    known = session.scalars(_by_key(source, key)).one_or_none()
    if known is not None:
        return edit_call(session, known.id, draft, seen=seen, now=now, actor=actor)
    return keep_draft(session, source, key, draft, now=now, actor=actor)


def edit_call(  # noqa: PLR0913 - who, what and when, each by name
    session: Session, call_id: int, draft: Draft, *, seen: str, now: datetime, actor: str
) -> Call:
    """Change a call to what the draft says; what says the same changes nothing.

    Raises:
        PijplijnError: it is not kept by hand; OutdatedError when it is no longer as `seen`.
    """
    call = kept_call(session, call_id)
    stands = draft_of(call)
    if stands == draft:
        return call
    current = version(session, call_id)
    if seen != current:
        raise OutdatedError(call_id, stands, current)
    return keep_draft(session, call.source, call.key, draft, now=now, actor=actor)


def keep_draft(  # noqa: PLR0913 - who, what and when, each by name
    session: Session, source: Source, key: str, draft: Draft, *, now: datetime, actor: str
) -> Call:
    """Keep a draft as the call of this key, with its chain of dates."""
    is_new = session.scalars(_by_key(source, key)).one_or_none() is None
    call = keep_entry(session, source, draft.entry(key), now=now, actor=actor)
    changes = differences(steps_of(call), draft.steps)
    _chain(session, call, draft, now)
    if changes and not is_new:
        session.add_all(CallChange(call_id=call.id, at=now, **asdict(one)) for one in changes)
        note(session, **_deed(call, "rescheduled", now=now, actor=actor, dates=len(changes)))
        source.last_news_at = now
    session.flush()
    session.expire(call, ["all_key_dates", "changes"])
    return call


def _chain(session: Session, call: Call, draft: Draft, now: datetime) -> None:
    """Supersede from the first step that differs: the numbers of the rows keep the order typed."""
    rows, known = call.chain, steps_of(call)
    pairs = zip(known, draft.steps, strict=False)
    same = next(
        (at for at, (one, other) in enumerate(pairs) if one != other), min(len(known), len(draft.steps))
    )
    for row in rows[same:]:
        row.superseded_at = now
    for step in draft.steps[same:]:
        session.add(KeyDate(call_id=call.id, **asdict(step)))
        session.flush()


def _by_key(source: Source, key: str) -> Select[Call]:
    return select(Call).where(Call.source_id == source.id, Call.key == key)


def copy_to_next_year(session: Session, call_id: int, *, now: datetime, actor: str) -> Call:
    """The same round a year later, each date on its weekday of the same week, all to be confirmed.

    Copying twice gives the one copy there is, as colleagues have edited it since.

    Raises:
        PijplijnError: it is not kept by hand, or has no submission date.
    """
    call = kept_call(session, call_id)
    draft = draft_of(call)
    years = [one.on.year for one in draft.deadlines if one.on]
    if not years:
        sentence = f"Call {call_id} has no submission date that could move to next year."
        raise PijplijnError(sentence)
    key = f"{re.sub('@[0-9]{4}$', '', call.key)}@{min(years) + 1}"
    known = session.scalars(_by_key(call.source, key)).one_or_none()
    if known is not None:
        return known
    copy = keep_draft(session, call.source, key, _a_year_later(draft, min(years)), now=now, actor=actor)
    note(session, **_deed(copy, "copied", now=now, actor=actor, of=call.id))
    return copy


def _a_year_later(draft: Draft, year: int) -> Draft:
    return replace(
        draft,
        title=re.sub(rf"\b{year}\b", str(year + 1), draft.title),
        opens_on=same_week_next_year(draft.opens_on) if draft.opens_on else None,
        deadlines=tuple(_expected(one) for one in draft.deadlines),
        steps=tuple(replace(one, on=same_week_next_year(one.on)) for one in draft.steps),
        stated_status=CallStatus.FORTHCOMING,
    )


def _expected(due: Due) -> Due:
    on = same_week_next_year(due.on) if due.on else None
    return replace(due, on=on, basis=Basis.PROVISIONAL)


def _deed(call: Call, action: str, *, now: datetime, actor: str, **facts: int) -> dict[str, Any]:
    return {
        "at": now, "actor": actor, "action": action, "subject": "call", "subject_id": call.id, "facts": facts
    }  # fmt: skip
