# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""An office judges a call and goes for it or not; what a colleague takes back stays as a row with its end."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from grants import auditing
from grants.errors import MissingError, PijplijnError
from grants.queries import in_force, members
from models.call import Call
from models.colleague import Colleague
from models.interest import Choice, GoDecision
from models.match import Verdict, VerdictReason

J = TypeVar("J", Verdict, GoDecision)


class OvertakenError(PijplijnError):
    """Somebody else was first since this colleague looked; nothing of theirs was taken over."""


def judge(  # noqa: PLR0913 - the parts of a verdict, each by name
    session: Session, call_id: int, *, relevant: bool, reason: VerdictReason | None, note: str, by: Colleague,
    now: datetime, over: int,
) -> Verdict:  # fmt: skip
    """Say whether a call is for the office; a form sent twice judges once.

    Args:
        session: an open transaction.
        call_id: the call, or a twin of it.
        relevant: whether it is for us.
        reason: why not; a relevant call has none.
        note: in the colleague's own words.
        by: who judges, for their office.
        now: the moment.
        over: the number of the verdict in force that the colleague saw; 0 for none.

    Raises:
        MissingError: there is no such call.
        OvertakenError: another verdict is in force by now.
    """
    facts = {"relevant": relevant, "reason": None if relevant else reason, "note": note}
    new = Verdict(office_id=by.office_id, call_id=call_id, colleague_id=by.id, at=now, **facts)
    return _put(session, new, facts, "judged", by=by, over=over)


def decide(  # noqa: PLR0913 - the parts of a decision, each by name
    session: Session, call_id: int, *, choice: Choice, leads: bool, why: str, by: Colleague, now: datetime,
    over: int,
) -> GoDecision:  # fmt: skip
    """Go for a call or not, and as lead or not; as `judge` otherwise. A no-go leads nothing."""
    facts = {"choice": choice, "leads": leads and choice == Choice.GO, "why": why}
    new = GoDecision(office_id=by.office_id, call_id=call_id, colleague_id=by.id, at=now, **facts)
    return _put(session, new, facts, "decided", by=by, over=over)


def take_back(session: Session, row: type[J], number: int, *, by: Colleague, now: datetime) -> J:
    """Take a verdict or decision of the own office back, so that the one before it counts; twice is once.

    Raises:
        MissingError: the office has no such verdict or decision.
    """
    wanted = select(row).where(row.id == number, row.office_id == by.office_id).with_for_update()
    one = session.scalars(wanted).one_or_none()
    if one is None:
        raise MissingError(f"Your office has no {row.__tablename__} {number}.")
    if one.undone_at is None:
        one.undone_at, one.undone_by = now, by.email
        _note(session, one, "undone", {}, by=by, now=now)
    return one


def held(session: Session, call_id: int) -> list[int]:
    """The call and its twins, held until the transaction ends: two colleagues judge one after the other.

    Raises:
        MissingError: there is no such call.
    """
    ids = members(session, call_id)
    if not ids:
        raise MissingError(f"There is no call {call_id}.")
    session.scalars(select(Call.id).where(Call.id == ids[0]).with_for_update()).one()
    return ids


def _put(  # noqa: PLR0913 - what is put, and over what
    session: Session, new: J, facts: Mapping[str, Any], action: str, *, by: Colleague, over: int
) -> J:
    current = in_force(session, type(new), by.office_id, held(session, new.call_id))
    if (current.id if current else 0) != over:
        if current and _says(current, facts) and current.colleague_id == by.id:
            return current
        raise OvertakenError(f"A colleague judged call {new.call_id} while you looked.")
    session.add(new)
    session.flush()
    _note(session, new, action, facts, by=by, now=new.at)
    return new


def _says(row: Verdict | GoDecision, facts: Mapping[str, Any]) -> bool:
    return all(getattr(row, name) == value for name, value in facts.items())


def _note(  # noqa: PLR0913 - the parts of a deed
    session: Session, row: Verdict | GoDecision, action: str, facts: Mapping[str, Any], *, by: Colleague,
    now: datetime,
) -> None:  # fmt: skip
    auditing.note(
        session, at=now, actor=by.email, action=action, subject=row.__tablename__, subject_id=row.id,
        office_id=row.office_id, facts={"call": row.call_id, **facts},
    )  # fmt: skip
