# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Link the calls that are one at several sources: linked, never merged; a colleague can link and undo.

Every pass looks at all calls, so that what it finds does not depend on what came first; it is skipped when no
source brought a change since the last one. docs/decisions/0006-linking.md has the rules.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import Select, func, insert, select, update
from sqlalchemy.orm import Session

from grants.errors import PijplijnError
from grants.groups import Pair, components, contradicts, pair, settled
from grants.identity import Told, address_key
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
OURS = re.compile(r"(?:#|.*/calls/)?(\d{1,9})(?:[?#].*)?")  # a call's number, or the address of its page here


class Unlinkable(StrEnum):
    """Why two calls cannot be linked by hand."""

    MISSING = "missing"
    SEVERAL = "several"
    ITSELF = "itself"
    ONE_SOURCE = "one_source"


class LinkError(PijplijnError):
    """Two calls cannot be linked."""

    def __init__(self, sentence: str, why: Unlinkable) -> None:
        super().__init__(sentence)
        self.why = why


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
    linked = _pass(session, now)
    facts = {"made": linked.made, "let_go": linked.let_go}
    session.add(_entry("linked", "call_change", newest, by=LINKING, now=now, **facts))
    session.flush()
    return linked


def _entry(action: str, subject: str, number: int, *, by: str, now: datetime, **facts: object) -> AuditEntry:
    return AuditEntry(at=now, actor=by, action=action, subject=subject, subject_id=number, facts=facts)


def _pass(session: Session, now: datetime) -> Linked:
    told, ranks, folded = _told(session)
    rows = {(row.call_id, row.other_id): row for row in session.scalars(select(CallLink))}
    joined = {one for one, row in rows.items() if row.by != LINKING and row.undone_at is None}
    apart = {one for one, row in rows.items() if row.undone_by not in {"", LINKING}}
    known = {one: row.reason for one, row in rows.items() if row.by == LINKING and row.undone_at is None}
    found = settled(told, joined=joined, apart=apart, known=known)
    for one in known.keys() - found.keys():
        rows[one].undone_at, rows[one].undone_by = now, LINKING
    for one in found.keys() & rows.keys():
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
        session.execute(insert(CallLink), new)


def _told(session: Session) -> tuple[dict[int, Told], dict[int, Rank], dict[int, int]]:
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


def link_by_hand(session: Session, call_id: int, other_id: int, *, by: str, now: datetime) -> CallLink:
    """A colleague says that two calls are one; it outweighs what linking found.

    Raises:
        LinkError: one is not there, they are one call, or calls of one source would come together.
    """
    one = pair(call_id, other_id)
    if call_id == other_id:
        sentence = f"Call {call_id} cannot be linked with itself."
        raise LinkError(sentence, Unlinkable.ITSELF)
    _refuse_mixed(session, one)
    row = session.scalars(
        select(CallLink).where(CallLink.call_id == one[0], CallLink.other_id == one[1])
    ).first()
    if row is None:
        row = CallLink(call_id=one[0], other_id=one[1])
        session.add(row)
    row.reason, row.confidence, row.at, row.by = LinkReason.BY_HAND, CONFIDENCE[LinkReason.BY_HAND], now, by
    row.undone_at, row.undone_by = None, ""
    session.flush()
    facts = {"call": one[0], "other": one[1]}
    session.add(_entry("linked", "call_link", row.id, by=by, now=now, **facts))
    _pass(session, now)
    return row


def _refuse_mixed(session: Session, one: Pair) -> None:
    told, _, _ = _told(session)
    missing = [number for number in one if number not in told]
    if missing:
        sentence = f"There is no call {missing[0]}."
        raise LinkError(sentence, Unlinkable.MISSING)
    hands = select(CallLink.call_id, CallLink.other_id).where(
        CallLink.by != LINKING, CallLink.undone_at.is_(None)
    )
    if contradicts(told, [one, *((row.call_id, row.other_id) for row in session.execute(hands))]):
        sentence = (
            f"Calls {one[0]} and {one[1]} stay apart: linked, they would make calls of one source one call."
        )
        raise LinkError(sentence, Unlinkable.ONE_SOURCE)


def undo_link(session: Session, link_id: int, *, by: str, now: datetime) -> CallLink:
    """A colleague says that two calls are not one: linking never joins them again, nor by way of a third.

    Raises:
        LinkError: there is no such link.
    """
    row = session.get(CallLink, link_id, with_for_update=True)
    if row is None:
        sentence = f"There is no link {link_id}."
        raise LinkError(sentence, Unlinkable.MISSING)
    if row.undone_by in {"", LINKING}:
        facts = {"call": row.call_id, "other": row.other_id, "reason": str(row.reason), "by": row.by}
        row.undone_at, row.undone_by = now, by
        session.add(_entry("unlinked", "call_link", row.id, by=by, now=now, **facts))
        session.flush()
        _pass(session, now)
    return row


def find_call(session: Session, words: str, *, beside: int) -> int:
    """The number of the call a colleague means: its number, the address of its page here, or at its source.

    Args:
        session: to look in.
        words: as typed or pasted.
        beside: the call it is to be linked with.

    Raises:
        LinkError: there is no such call, or there are several at that address.
    """
    own = OURS.fullmatch(words.strip())
    if own:
        return int(own[1])
    key = address_key(words)
    host = key.partition("/")[0]
    pages = session.execute(select(Call.id, Call.url).where(Call.url.icontains(host, autoescape=True)))
    found = [row.id for row in pages if key and row.id != beside and address_key(row.url) == key]
    if len(found) == 1:
        return int(found[0])
    if found:
        sentence = f"There are {len(found)} calls at {words.strip()}: give the number of one."
        raise LinkError(sentence, Unlinkable.SEVERAL)
    sentence = f"There is no call {words.strip()}."
    raise LinkError(sentence, Unlinkable.MISSING)
