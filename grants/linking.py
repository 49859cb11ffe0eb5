# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Link the calls that are one at several sources: linked, never merged.

Every pass looks at all calls, so that what it finds does not depend on what came first; it is skipped when no
source brought a change since the last one. docs/decisions/0006-linking.md has the rules.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import Session

from grants.auditing import note
from grants.groups import Pair, components, settled
from grants.identity import Told
from grants.rows import INSERTS
from models.audit import AuditEntry
from models.call import Call, CallChange, Deadline
from models.link import CallLink, LinkReason
from models.session import Begin

LINKING = "linking"  # who linked, when no colleague did
CONFIDENCE = {
    LinkReason.BY_HAND: Decimal("1.00"),
    LinkReason.SAME_IDENTIFIER: Decimal("0.95"),
    LinkReason.SAME_ADDRESS: Decimal("0.90"),
    LinkReason.SAME_TITLE: Decimal("0.80"),
}


@dataclass(frozen=True, slots=True)
class Linked:
    """What one pass did: links made or made again, and links let go because they hold no longer."""

    made: int = 0
    let_go: int = 0


Rank = tuple[bool, bool, bool, int, int]
"""Of the calls of a group, the one with the lowest rank is shown."""


def link_all(begin: Begin, *, now: datetime) -> Linked:
    """A pass in a transaction of its own."""
    with begin() as session:
        return link_calls(session, now=now)


def link_calls(session: Session, *, now: datetime) -> Linked:
    """Link what is one, let go what is not, in a fixed number of statements; a second time does nothing."""
    newest = session.scalar(select(func.max(CallChange.id))) or 0
    done = select(func.max(AuditEntry.subject_id)).where(AuditEntry.subject == "call_change")
    if session.scalar(done.where(AuditEntry.action == "linked")) == newest:
        return Linked()
    linked = relink(session, now)
    facts = {"made": linked.made, "let_go": linked.let_go}
    note(
        session, at=now, actor=LINKING, action="linked", subject="call_change", subject_id=newest, facts=facts
    )
    session.flush()
    return linked


def relink(session: Session, now: datetime) -> Linked:
    """One pass over all calls, whether or not anything changed."""
    told, ranks, folded = read_calls(session)
    rows = {(row.call_id, row.other_id): row for row in session.scalars(select(CallLink))}
    joined = {one for one, row in rows.items() if row.by != LINKING and row.undone_at is None}
    apart = {one for one, row in rows.items() if row.undone_by not in {"", LINKING}}
    known = {one: row.reason for one, row in rows.items() if row.by == LINKING and row.undone_at is None}
    found = settled(told, joined=joined, apart=apart, known=known)
    for one in known.keys() - found.keys():
        rows[one].undone_at, rows[one].undone_by = now, LINKING
    for one in found.keys() & rows.keys():
        if known.get(one) == found[one]:
            continue
        rows[one].reason, rows[one].confidence = found[one], CONFIDENCE[found[one]]
        rows[one].undone_at, rows[one].undone_by = None, ""
    session.flush()
    _insert(session, {one: why for one, why in found.items() if one not in rows}, now)
    _fold(session, [*joined, *found], ranks, folded)
    return Linked(len(found.keys() - known.keys()), len(known.keys() - found.keys()))


def _insert(session: Session, found: Mapping[Pair, LinkReason], now: datetime) -> None:
    new = [
        {
            "call_id": one, "other_id": other, "reason": why, "confidence": CONFIDENCE[why], "at": now,
            "by": LINKING, "undone_by": "",
        }
        for (one, other), why in found.items()
    ]  # fmt: skip
    if new:
        insert = INSERTS[session.get_bind().dialect.name]
        pairs = ["call_id", "other_id"]  # a pass beside this one may have made them
        session.execute(insert(CallLink).on_conflict_do_nothing(index_elements=pairs), new)


def read_calls(session: Session) -> tuple[dict[int, Told], dict[int, Rank], dict[int, int]]:
    """Every call as its source tells it, its rank, and which call is shown for it now."""
    first = _first_deadlines().subquery()
    names = (
        Call.id,
        Call.source_id,
        Call.kind,
        Call.identifier,
        Call.parent,
        Call.title,
        Call.url,
        Call.language,
    )
    columns = (*names, first.c.first, Call.text != "", Call.not_seen_since, Call.folded_into_id)
    told: dict[int, Told] = {}
    ranks: dict[int, Rank] = {}
    folded: dict[int, int] = {}
    for row in session.execute(select(*columns).outerjoin(first, first.c.call_id == Call.id)):
        *facts, texted, unseen, into = row
        call = Told(*facts)
        told[call.id] = call
        ranks[call.id] = (unseen is not None, not texted, call.first is None, call.source_id, call.id)
        if into is not None:
            folded[call.id] = into
    return told, ranks, folded


def _first_deadlines() -> Select[int, object]:
    return (
        select(Deadline.call_id, func.min(Deadline.on).label("first"))
        .where(Deadline.superseded_at.is_(None))
        .group_by(Deadline.call_id)
    )


def _fold(session: Session, pairs: list[Pair], ranks: Mapping[int, Rank], folded: Mapping[int, int]) -> None:
    """Write down which call of each group is shown: still seen, a text, a deadline, the first source."""
    into: dict[int, int] = {}
    for group in components(pairs):
        shown = min(group, key=lambda one: ranks[one])
        into |= {one: shown for one in group if one != shown}
    changed = [
        {"id": one, "folded_into_id": into.get(one)}
        for one in sorted(into.keys() | folded.keys())
        if into.get(one) != folded.get(one)
    ]
    if changed:
        session.execute(update(Call), changed)
