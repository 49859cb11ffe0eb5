# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""How offices stand towards calls: verdict, go or no-go, who looks and who follows; twins count as one."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypeVar

from sqlalchemy import BindParameter, ColumnElement, Select, bindparam, literal, null, or_, select, union_all
from sqlalchemy.orm import Session, joinedload

from grants.queries.criteria import shown
from models.call import Call
from models.colleague import Colleague
from models.interest import Assignment, Follow, GoDecision, Seen
from models.match import Verdict
from models.office import Office

R = TypeVar("R", Verdict, GoDecision, Assignment)


@dataclass(frozen=True, slots=True)
class Standing:
    """What counts now: an office's, and whether one of its colleagues follows and when they last looked."""

    verdict: Verdict | None = None
    decision: GoDecision | None = None
    assignment: Assignment | None = None
    followed: bool = False
    seen_at: datetime | None = None

    @property
    def touched(self) -> bool:
        """Whether the office did anything with it that counts."""
        return any((self.verdict, self.decision, self.assignment))


UNTOUCHED: Final = Standing()


@dataclass(frozen=True, slots=True)
class CallDesk:
    """A call on the desks of all offices.

    Args:
        ours: how the colleague's own office stands, and the colleague.
        offices: every office, the own one first, each with what it made of the call.
        past: what the own office judged, decided or assigned and counts no longer, the latest first.
    """

    ours: Standing
    offices: tuple[tuple[Office, Standing], ...]
    past: tuple[Verdict | GoDecision | Assignment, ...]


def members(session: Session, call_id: int) -> list[int]:
    """The call and its twins; empty when there is no such call."""
    asked = select(shown()).where(Call.id == call_id).scalar_subquery()
    return list(session.scalars(select(Call.id).where(shown() == asked).order_by(Call.id)))


def in_force(session: Session, row: type[R], office_id: int, call_ids: Iterable[int]) -> R | None:
    """An office's latest verdict, decision or assignment of a call and its twins that was not ended."""
    wanted = select(row).where(row.office_id == office_id, row.call_id.in_(call_ids), _lives(row))
    return session.scalars(wanted.order_by(row.id.desc()).limit(1)).one_or_none()


def own_verdict(session: Session, colleague: Colleague, number: int) -> Verdict | None:
    """A verdict of the colleague's office that was not taken back, with its call."""
    wanted = select(Verdict).where(Verdict.id == number, Verdict.office_id == colleague.office_id)
    loaded = joinedload(Verdict.call).load_only(Call.title, Call.language)
    return session.scalars(wanted.where(_lives(Verdict)).options(loaded)).one_or_none()


def standings(session: Session, colleague: Colleague, call_ids: Iterable[int]) -> dict[int, Standing]:
    """By shown call: how the colleague's office and the colleague stand; a statement per kind of deed."""
    asked = {"ids": list(call_ids), "office": colleague.office_id, "me": colleague.id}
    parts: dict[int, dict[str, Any]] = defaultdict(dict)
    told: dict[str, dict[int, int]] = defaultdict(dict)
    for name, call_id, number, at in session.execute(TOLD, asked):
        parts[call_id][name] = {"followed": True, "seen_at": at}.get(name)
        told[name][call_id] = number
    for kind, name in NAMES.items():
        if told[name]:
            wanted = select(kind).where(kind.id.in_(told[name].values())).options(joinedload(kind.colleague))
            rows = {row.id: row for row in session.scalars(wanted)}
            for call_id, number in told[name].items():
                parts[call_id][name] = rows[number]
    return {call_id: Standing(**part) for call_id, part in parts.items()}


def call_desk(session: Session, colleague: Colleague, call_id: int) -> CallDesk:
    """One call on the desks of all offices, in a fixed number of statements."""
    ids = members(session, call_id)
    kept: list[Verdict | GoDecision | Assignment] = []
    for kind in (Verdict, GoDecision, Assignment):
        rows = select(kind).where(kind.call_id.in_(ids)).options(joinedload(kind.colleague))
        kept += session.scalars(rows.order_by(kind.id))
    parts: dict[int, dict[str, Any]] = defaultdict(dict)
    for row in kept:
        if _counts(row):
            parts[row.office_id][NAMES[type(row)]] = row
    mine = colleague.office_id
    own = standings(session, colleague, ids)
    ours = next(iter(own.values()), UNTOUCHED)
    now = {id(one) for one in (ours.verdict, ours.decision, ours.assignment)}
    past = [row for row in kept if row.office_id == mine and id(row) not in now]
    offices = session.scalars(select(Office).order_by(Office.id != mine, Office.id))
    return CallDesk(
        ours,
        tuple((one, Standing(**parts[one.id])) for one in offices),
        tuple(sorted(past, key=lambda row: row.at, reverse=True)),
    )


NAMES: Final[dict[type[Verdict | GoDecision | Assignment], str]] = {
    Verdict: "verdict",
    GoDecision: "decision",
    Assignment: "assignment",
}


def _counts(row: Verdict | GoDecision | Assignment) -> bool:
    return (row.ended_at if isinstance(row, Assignment) else row.undone_at) is None


def _lives(row: type[Verdict | GoDecision | Assignment]) -> ColumnElement[bool]:
    ended = row.ended_at if issubclass(row, Assignment) else row.undone_at
    return ended.is_(None)


def _told(name: str, row: type[Any], *so: Any, at: Any = null()) -> Select[Any]:  # noqa: B008
    ids: BindParameter[int] = bindparam("ids", expanding=True)
    among = or_(Call.id.in_(ids), Call.folded_into_id.in_(ids))
    told = select(literal(name).label("name"), shown().label("call_id"), row.id.label("id"), at.label("at"))
    return told.join(row, row.call_id == Call.id).where(among, *so)


_rows = union_all(
    _told("seen_at", Seen, Seen.colleague_id == bindparam("me"), at=Seen.at),
    _told("followed", Follow, Follow.colleague_id == bindparam("me"), Follow.until.is_(None)),
    *(_told(name, kind, kind.office_id == bindparam("office"), _lives(kind)) for kind, name in NAMES.items()),
).subquery()
TOLD: Final = select(_rows).order_by(_rows.c.at, _rows.c.id)
"""What an office and a colleague did with calls, the latest last; made once, for making it takes as long."""
