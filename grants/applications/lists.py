# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Applications as a colleague may see them, as a list and as a board: a fixed number of statements."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import Row, Select, Subquery, case, func, literal, or_, select, union_all
from sqlalchemy.orm import Session, joinedload, selectinload

from grants.applications.visible import visible
from grants.searching import found_in
from grants.stages import BEFORE_SUBMISSION, ENDED, MOVES
from models.application import Application, Milestone, Participation, Stage
from models.call import Call
from models.colleague import Colleague
from models.obligation import Obligation
from models.office import Task
from models.partner import Partner
from models.session import remembered
from models.theme import Theme

ON_A_BOARD = 100  # cards, what is due first first: who has more narrows the board, or reads the list
Asked = TypeVar("Asked", bound=Select[*tuple[Any, ...]])


class Next(NamedTuple):
    """The first date an application must still meet: of its "milestones" or of its "obligations"."""

    kind: str
    id: int
    title: str
    on: date


@dataclass(frozen=True, slots=True)
class Line:
    """An application in a list, and the first date it must still meet."""

    application: Application
    next: Next | None

    @property
    def next_on(self) -> date | None:
        """The day of that date."""
        return self.next.on if self.next else None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list of applications is asked for.

    Args:
        stage: only this one.
        owner: the number of the owner.
        theme: the slug of a theme it serves.
        search: what is looked for in reference, title, programme, funder and summary (grants.searching).
    """

    stage: Stage | None = None
    owner: int | None = None
    theme: str = ""
    search: str = ""


def applications(
    session: Session, colleague: Colleague, wanted: Wanted, *, page: int = 1, size: int = 50
) -> tuple[list[Line], int]:
    """A page of the list, what is due first first and what has ended last, and how many there are in all.

    What was searched for stands before what only mentions it.
    """

    def find() -> tuple[int, dict[int, Next | None]]:
        found = narrowed(session, select(Application.id).where(visible(colleague)), wanted)
        total = session.scalar(select(func.count()).select_from(found.subquery()))
        dates = _next_dates(found)
        ended = case((Application.stage.in_(ENDED), 1), else_=0)
        ranks = [ended, dates.c.on_date.asc().nulls_last(), Application.title, Application.id]
        told = select(Application.id, dates.c.kind, dates.c.id, dates.c.title, dates.c.on_date)
        told = told.outerjoin(dates, dates.c.application_id == Application.id).where(
            Application.id.in_(found)
        )
        places = found_in(session, Application, wanted.search)
        if places is not None:
            told = told.join(places, places.c.id == Application.id)
            ranks = [places.c.place, *ranks]
        rows = session.execute(told.order_by(*ranks).limit(size).offset((page - 1) * size))
        return total or 0, {number: Next(*ahead) if ahead[0] else None for number, *ahead in rows}

    asked = ("applications", colleague.id, colleague.access, colleague.office_id, wanted, page, size)
    total, ahead = remembered(session, asked, find)
    rows = session.scalars(
        select(Application)
        .where(Application.id.in_(ahead))
        .options(
            joinedload(Application.owner).load_only(Colleague.name),
            selectinload(Application.themes).load_only(Theme.name),
        )
    )
    by_number = {row.id: row for row in rows}
    return [Line(by_number[number], following) for number, following in ahead.items()], total


def board(session: Session, colleague: Colleague, wanted: Wanted) -> tuple[dict[Stage, list[Line]], int]:
    """The first ON_A_BOARD of the same by stage, in the order of the stages, and how many there are in all.

    Empty ones are there too when a card can go there, and those before a submission always.
    """
    lines, total = applications(session, colleague, wanted, size=ON_A_BOARD)
    columns: dict[Stage, list[Line]] = defaultdict(list)
    for line in lines:
        columns[line.application.stage].append(line)
    shown = BEFORE_SUBMISSION.union(columns, *(MOVES[one] for one in columns))
    return {one: columns[one] for one in Stage if one in shown}, total


def narrowed(session: Session, found: Asked, wanted: Wanted) -> Asked:
    """Only the applications that are asked for, of a statement over applications."""
    if wanted.stage is not None:
        found = found.where(Application.stage == wanted.stage)
    if wanted.owner is not None:
        found = found.where(Application.owner_id == wanted.owner)
    if wanted.theme:
        found = found.where(Application.themes.any(Theme.slug == wanted.theme))
    places = found_in(session, Application, wanted.search)
    if places is not None:
        found = found.where(Application.id.in_(select(places.c.id)))
    return found


def _next_dates(applications: Select[int]) -> Subquery:
    """Of these, by application: the first date that is not done, with what it is."""
    kinds: tuple[Any, ...] = (("milestones", Milestone), ("obligations", Obligation))
    dates = union_all(
        *(
            select(
                row.application_id, literal(kind).label("kind"), row.id, row.title, row.on.label("on_date")
            ).where(row.done_on.is_(None), row.removed_at.is_(None), row.application_id.in_(applications))
            for kind, row in kinds
        )
    ).subquery()
    order = func.row_number().over(
        partition_by=dates.c.application_id, order_by=(dates.c.on_date, dates.c.kind, dates.c.id)
    )
    numbered = select(dates, order.label("number")).subquery()
    return select(numbered).where(numbered.c.number == 1).subquery("dates")


def next_date(session: Session, application: Application) -> Next | None:
    """The first date of one application that is not done."""
    dates = _next_dates(select(Application.id).where(Application.id == application.id))
    row = session.execute(select(dates.c.kind, dates.c.id, dates.c.title, dates.c.on_date)).one_or_none()
    return Next(*row) if row else None


def staff(session: Session, office_id: int) -> list[Row[int, str]]:
    """Who at an office can own an application: `id` and `name`, for an office may have hundreds."""
    here = select(Colleague.id, Colleague.name).where(Colleague.office_id == office_id, Colleague.active)
    asked = here.order_by(Colleague.name, Colleague.id)
    return remembered(session, ("staff", office_id), lambda: list(session.execute(asked)))


def tasks(session: Session, office_id: int) -> list[Task]:
    """The office's city tasks."""
    return list(session.scalars(select(Task).where(Task.office_id == office_id).order_by(Task.id)))


def partners(session: Session, colleague: Colleague) -> list[Partner]:
    """Whom a colleague may choose: partners of what they may know of, and those in nothing yet."""
    part = select(Participation.partner_id).join(Participation.application)
    known = or_(Partner.id.in_(part.where(visible(colleague))), Partner.id.not_in(part))
    return list(session.scalars(select(Partner).where(known).order_by(Partner.name, Partner.id)))


def taking_part(session: Session, application: Application) -> list[Partner]:
    """The partners of one application, as they came in."""
    theirs = select(Partner).join(Participation, Participation.partner_id == Partner.id)
    here = theirs.where(Participation.application_id == application.id, Participation.removed_at.is_(None))
    return list(session.scalars(here.order_by(Participation.id)))


def applications_for(session: Session, colleague: Colleague, call_ids: Iterable[int]) -> list[Application]:
    """What the office applies for at these calls, as far as a colleague may know of it."""
    aimed = select(Application).where(Application.call_id.in_(call_ids), visible(colleague))
    return list(session.scalars(aimed.order_by(Application.id)))


def call_to_apply_for(session: Session, call_id: int) -> Call | None:
    """A call with its deadlines."""
    wanted = select(Call).where(Call.id == call_id).options(selectinload(Call.all_deadlines))
    return session.scalars(wanted).one_or_none()
