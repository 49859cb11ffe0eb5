# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""What a colleague says of two calls, that they are one or are not; it outweighs what linking finds."""

import re
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from grants.auditing import note
from grants.errors import PijplijnError
from grants.groups import Pair, contradicts, pair
from grants.identity import address_key
from grants.linking import CONFIDENCE, LINKING, read_calls, relink
from models.call import Call
from models.link import CallLink, LinkReason

NUMBER = re.compile(r"#?(\d{1,9})")
OWN_PAGE = re.compile(r"(?:https?://([^/?#]+))?/calls/(\d{1,9})(?:[?#].*)?")


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
    note(session, at=now, actor=by, action="linked", subject="call_link", subject_id=row.id, facts=facts)
    relink(session, now)
    return row


def _refuse_mixed(session: Session, one: Pair) -> None:
    told, _, _ = read_calls(session)
    missing = [number for number in one if number not in told]
    if missing:
        sentence = f"There is no call {missing[0]}."
        raise LinkError(sentence, Unlinkable.MISSING)
    hands = select(CallLink.call_id, CallLink.other_id).where(
        CallLink.by != LINKING, CallLink.undone_at.is_(None)
    )
    if contradicts(told, one, [(row.call_id, row.other_id) for row in session.execute(hands)]):
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
        facts = {"call": row.call_id, "other": row.other_id, "reason": str(row.reason), "made_by": row.by}
        row.undone_at, row.undone_by = now, by
        note(
            session, at=now, actor=by, action="unlinked", subject="call_link", subject_id=row.id, facts=facts
        )
        session.flush()
        relink(session, now)
    return row


def find_call(session: Session, words: str, *, beside: int, host: str) -> int:
    """The number of the call a colleague means: its number, the address of its page here, or at its source.

    Args:
        session: to look in.
        words: as typed or pasted.
        beside: the call it is to be linked with.
        host: where our own pages are.

    Raises:
        LinkError: there is no such call, or there are several at that address.
    """
    words = words.strip()
    if number := NUMBER.fullmatch(words):
        return int(number[1])
    if (page := OWN_PAGE.fullmatch(words)) and page[1] in {None, host}:
        return int(page[2])
    key = address_key(words)
    there = re.split(r"[/?#:]", key)[0]
    pages = session.execute(select(Call.id, Call.url).where(Call.url.icontains(there, autoescape=True)))
    found = [row.id for row in pages if key and row.id != beside and address_key(row.url) == key]
    if len(found) == 1:
        return int(found[0])
    if found:
        sentence = f"There are {len(found)} calls at {words}: give the number of one."
        raise LinkError(sentence, Unlinkable.SEVERAL)
    sentence = f"There is no call {words}."
    raise LinkError(sentence, Unlinkable.MISSING)
