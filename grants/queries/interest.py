# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Lists of calls by what an office and one of its colleagues made of them, in SQL."""

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, false, func, select, true, union_all

from grants.queries.criteria import last_news, shown
from models.call import Call
from models.colleague import Colleague
from models.interest import Assignment, Choice, Follow, GoDecision
from models.match import Verdict


class Mine(StrEnum):
    """What binds a colleague to a call."""

    FOLLOWED = "followed"
    ASSIGNED = "assigned"


class Judged(StrEnum):
    """What an office thinks of a call."""

    RELEVANT = "relevant"
    NOT_RELEVANT = "not_relevant"
    UNJUDGED = "unjudged"


class Decided(StrEnum):
    """Whether an office goes for a call."""

    GO = "go"
    NO_GO = "no_go"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class Interest:
    """Which calls; empty parts ask nothing.

    Args:
        colleague: who asks, and so for which office.
        mine: what binds the colleague to it.
        verdict: the office's verdict in force.
        decision: the office's go or no-go in force.
        waiting: still open, and not judged since it last changed materially.
    """

    colleague: Colleague
    mine: Mine | None = None
    verdict: Judged | None = None
    decision: Decided | None = None
    waiting: bool = False

    @property
    def chosen(self) -> bool:
        """Whether it asks for what somebody chose, which need not match a theme."""
        undone = (None, Judged.UNJUDGED, Decided.UNDECIDED)
        return self.mine is not None or self.verdict not in undone or self.decision not in undone

    @property
    def asked(self) -> tuple[object, ...]:
        """What tells this question from others."""
        who = self.colleague.id if self.mine else None
        return who, self.colleague.office_id, self.mine, self.verdict, self.decision, self.waiting

    @property
    def narrowed(self) -> bool:
        """Whether it asks anything at all."""
        return any((self.mine, self.verdict, self.decision))

    def criteria(self) -> list[ColumnElement[bool]]:
        """What a shown call must be."""
        office = self.colleague.office_id
        asked: list[ColumnElement[bool]] = []
        if self.mine is not None:
            asked.append(Call.id.in_(_bound(self.colleague, self.mine)))
        if self.verdict is not None:
            relevant = {Judged.RELEVANT: true(), Judged.NOT_RELEVANT: false()}.get(self.verdict)
            told = None if relevant is None else Verdict.relevant == relevant
            asked.append(_in_force(Verdict, office, told))
        if self.decision is not None:
            choice = {Decided.GO: Choice.GO, Decided.NO_GO: Choice.NO_GO}.get(self.decision)
            made = None if choice is None else GoDecision.choice == choice
            asked.append(_in_force(GoDecision, office, made))
        if self.waiting:
            asked.append(Call.id.not_in(_settled(office)))
        return asked


def _bound(colleague: Colleague, mine: Mine) -> Select[int]:
    if mine == Mine.FOLLOWED:
        held = (Follow.colleague_id == colleague.id, Follow.until.is_(None))
        return select(shown()).join(Follow, Follow.call_id == Call.id).where(*held)
    held = (Assignment.colleague_id == colleague.id, Assignment.ended_at.is_(None))
    return select(shown()).join(Assignment, Assignment.call_id == Call.id).where(*held)


def _in_force(
    row: type[Verdict | GoDecision], office_id: int, so: ColumnElement[bool] | None
) -> ColumnElement[bool]:
    """That the office's row in force says so; without `so`, that there is none."""
    latest = (
        select(func.max(row.id))
        .join(Call, Call.id == row.call_id)
        .where(row.office_id == office_id, row.undone_at.is_(None))
        .group_by(shown())
    )
    those = select(shown()).join(row, row.call_id == Call.id).where(row.id.in_(latest))
    return Call.id.not_in(those) if so is None else Call.id.in_(those.where(so))


def _settled(office_id: int) -> Select[int]:
    """The calls an office judged or decided on after their last material change."""
    rows = union_all(
        *(
            select(shown().label("call_id"), row.at.label("at"))
            .join(row, row.call_id == Call.id)
            .where(row.office_id == office_id, row.undone_at.is_(None))
            for row in (Verdict, GoDecision)
        )
    ).subquery()
    told = select(rows.c.call_id, func.max(rows.c.at).label("at")).group_by(rows.c.call_id).subquery()
    news = last_news()
    since = news.c.at.is_(None) | (news.c.at <= told.c.at)
    return select(told.c.call_id).outerjoin(news, news.c.call_id == told.c.call_id).where(since)
