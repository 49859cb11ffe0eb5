# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Everything on one application: next dates first, its parts, whether the budget adds up, what was done."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Final, TypeVar

from sqlalchemy import BindParameter, Select, bindparam, select
from sqlalchemy.orm import Session, defer, joinedload, selectinload

from grants.applications.deeds import LOOKED, MOVED, UNDONE
from grants.applications.moves import can_undo
from grants.applications.planning import last_planning
from grants.budget import Finding, findings
from grants.nameless import doers
from grants.stages import BEFORE_SUBMISSION, SUBMISSION
from models.application import (
    Application,
    ChecklistItem,
    Comment,
    Contribution,
    Document,
    Participation,
    Planning,
    StageChange,
    TeamMember,
)
from models.audit import AuditEntry
from models.call import Call
from models.colleague import Colleague
from models.decision import Decision
from models.obligation import Obligation
from models.theme import Theme
from models.values import Due

DEEDS = 100  # the latest ones on the page; all are in the audit log
R = TypeVar("R", Obligation, Contribution, Document, ChecklistItem, Comment, Decision, StageChange)


@dataclass(frozen=True, slots=True)
class Ahead:
    """A date that must still be met, and where it comes from: "milestones", "obligations" or "call"."""

    kind: str
    title: str
    due: Due


@dataclass(frozen=True, slots=True)
class Deed:
    """One line of what was done: a step from stage to stage, or an entry of the audit log."""

    at: datetime
    by: str
    step: StageChange | None = None
    entry: AuditEntry | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """One application with all that is on it."""

    application: Application
    obligations: list[Obligation]
    contributions: list[Contribution]
    documents: list[Document]
    checklist: list[ChecklistItem]
    comments: list[Comment]
    decisions: list[Decision]
    people: dict[int, Colleague]
    ahead: list[Ahead]
    deeds: list[Deed]
    findings: list[Finding]
    undoable: StageChange | None
    planning: Planning | None

    @property
    def outdated(self) -> bool:
        """Whether the submission moved since the dates before it were planned."""
        one = self.application
        if self.planning is None or one.stage not in BEFORE_SUBMISSION:
            return False
        known = {row.on for row in one.milestones if row.kind == SUBMISSION}
        known |= {row.on for row in one.call.deadlines if row.on} if one.call else set()
        return self.planning.submission_on not in known


# Worded once: wording them costs more than what they find.
ONE: Final[BindParameter[int]] = bindparam("one")
WHOLE: Final = (
    select(Application)
    .where(Application.id == ONE)
    .options(
        joinedload(Application.owner),
        joinedload(Application.backup),
        joinedload(Application.task),
        joinedload(Application.office),
        joinedload(Application.call).options(
            selectinload(Call.all_deadlines),
            *(defer(long) for long in (Call.body, Call.text, Call.extra)),
        ),
        selectinload(Application.themes).load_only(Theme.name),
        selectinload(Application.milestones),
        selectinload(Application.participations).joinedload(Participation.partner),
        selectinload(Application.team).joinedload(TeamMember.colleague),
    )
)
WITH: Final = {Comment: [joinedload(Comment.colleague)], Contribution: [joinedload(Contribution.partner)]}
ROWS: Final[dict[type, Select[Any]]] = {
    kind: select(kind).where(kind.application_id == ONE).order_by(kind.id).options(*WITH.get(kind, ()))
    for kind in (Comment, StageChange)
} | {
    kind: select(kind)
    .where(kind.application_id == ONE, kind.removed_at.is_(None))
    .order_by(kind.id)
    .options(*WITH.get(kind, ()))
    for kind in (Obligation, Contribution, Document, ChecklistItem, Decision)
}
DONE: Final = (
    select(AuditEntry)
    .where(AuditEntry.application_id == ONE, AuditEntry.action.not_in({LOOKED, MOVED, UNDONE}))
    .order_by(AuditEntry.id.desc())
    .limit(DEEDS)
)


def application_page(session: Session, colleague: Colleague, application_id: int) -> Page | None:
    """The page, in a fixed number of statements; None for whoever may not know of it."""
    one = session.scalars(WHOLE, {"one": application_id}).one_or_none()
    return _page(session, one) if one is not None and one.seen_by(colleague) else None


def _page(session: Session, one: Application) -> Page:
    obligations = sorted(_rows(session, Obligation, one), key=lambda row: row.on)
    contributions = _rows(session, Contribution, one)
    steps = _rows(session, StageChange, one)
    comments = _rows(session, Comment, one)
    mentioned = {number for row in comments for number in row.mentions}
    people = select(Colleague).where(Colleague.id.in_(mentioned))
    grant = one.requested if one.granted is None else one.granted
    return Page(
        application=one,
        obligations=obligations,
        contributions=contributions,
        documents=_rows(session, Document, one),
        checklist=_rows(session, ChecklistItem, one),
        comments=comments,
        decisions=_rows(session, Decision, one),
        people={row.id: row for row in session.scalars(people)} if mentioned else {},
        ahead=_ahead(one, obligations),
        deeds=_deeds(session, one, steps),
        findings=findings(
            one.total,
            grant,
            [row.amount for row in contributions],
            [row.share for row in one.participations],
        ),
        undoable=steps[-1] if steps and can_undo(steps[-1]) else None,
        planning=last_planning(session, one),
    )


def _rows(session: Session, row: type[R], one: Application) -> list[R]:
    return list(session.scalars(ROWS[row], {"one": one.id}))


def _ahead(one: Application, obligations: list[Obligation]) -> list[Ahead]:
    found = [
        Ahead("milestones", row.title, Due(row.on, row.at, row.zone if row.at else ""))
        for row in one.milestones
        if row.done_on is None
    ]
    found += [Ahead("obligations", row.title, Due(row.on, zone="")) for row in obligations if not row.done_on]
    taken = {row.on for row in one.milestones}
    if one.call is not None and one.stage in BEFORE_SUBMISSION:
        # A deadline the source moved since: the milestone that was taken over from it still has the old day.
        moved = [row for row in one.call.deadlines if row.on is not None and row.on not in taken]
        found += [Ahead("call", one.call.title, row.due) for row in moved]
    return sorted(found, key=lambda row: (row.due.on or date.max, row.due.at or time.max))


def _deeds(session: Session, one: Application, steps: list[StageChange]) -> list[Deed]:
    """The last things done, the latest first; a step is told by its own row, a look by none."""
    entries, people = session.scalars(DONE, {"one": one.id}), doers(session, one.office_id)
    told = [Deed(row.at, row.by, step=row) for row in steps]
    told += [Deed(row.at, people.get(row.actor, row.actor), entry=row) for row in entries]
    return sorted(told, key=lambda row: row.at, reverse=True)[:DEEDS]
