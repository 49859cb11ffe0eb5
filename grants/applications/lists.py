# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Applications as a colleague may see them, as a list and as a board: a fixed number of statements."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Row, Select, Subquery, case, func, or_, select, union_all
from sqlalchemy.orm import Session, joinedload, selectinload

from grants.applications.visible import visible
from grants.searching import found_in
from grants.stages import BEFORE_SUBMISSION, ENDED
from models.application import Application, Milestone, Participation, Stage
from models.call import Call
from models.colleague import Colleague
from models.obligation import Obligation
from models.office import Task
from models.partner import Partner
from models.session import remembered
from models.theme import Theme

ON_A_BOARD = 100  # cards, what is due first first: who has more narrows the board, or reads the list


@dataclass(frozen=True, slots=True)
class Line:
    """An application in a list, and the first date it must still meet."""

    application: Application
    next_on: date | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list of applications is asked for.

    Args:
        stage: only this one.
        owner: the number of the owner.
        theme: the slug of a theme it serves.
        search: what is searched for; found in reference or title it comes first.
    """

    stage: Stage | None = None
    owner: int | None = None
    theme: str = ""
    search: str = ""


def applications(
    session: Session, colleague: Colleague, wanted: Wanted, *, page: int = 1, size: int = 50
) -> tuple[list[Line], int]:
    """A page of the list, what is due first first and what has ended last, and how many there are in all."""

    def find() -> tuple[int, list[tuple[int, date | None]]]:
        dates = _next_dates()
        found = _narrowed(
            select(Application.id, dates.c.next)
            .outerjoin(dates, dates.c.application_id == Application.id)
            .where(visible(colleague)),
            wanted,
        )
        ended = case((Application.stage.in_(ENDED), 1), else_=0)
        ranks = [ended, dates.c.next.asc().nulls_last(), Application.title, Application.id]
        places = found_in(session, Application, wanted.search)
        if places is not None:
            found = found.join(places, places.c.id == Application.id)
            ranks = [places.c.place, *ranks]
        ids = found.with_only_columns(Application.id).subquery()
        total = session.scalar(select(func.count()).select_from(ids))
        shown = found.order_by(*ranks).limit(size).offset((page - 1) * size)
        return total or 0, [(row.id, row.next) for row in session.execute(shown)]

    asked = ("applications", colleague.id, colleague.access, colleague.office_id, wanted, page, size)
    total, dated = remembered(session, asked, find)
    rows = session.scalars(
        select(Application)
        .where(Application.id.in_([number for number, _ in dated]))
        .options(joinedload(Application.owner), selectinload(Application.themes))
    )
    by_id = {row.id: row for row in rows}
    return [Line(by_id[number], on) for number, on in dated], total


def board(session: Session, colleague: Colleague, wanted: Wanted) -> dict[Stage, list[Line]]:
    """The same by stage, in the order of the stages; those before a submission are there when empty too."""
    lines, _ = applications(session, colleague, wanted, size=ON_A_BOARD)
    columns: dict[Stage, list[Line]] = defaultdict(list)
    for line in lines:
        columns[line.application.stage].append(line)
    return {one: columns[one] for one in Stage if columns[one] or one in BEFORE_SUBMISSION}


def _narrowed(found: Select[int, date | None], wanted: Wanted) -> Select[int, date | None]:
    if wanted.stage is not None:
        found = found.where(Application.stage == wanted.stage)
    if wanted.owner is not None:
        found = found.where(Application.owner_id == wanted.owner)
    if wanted.theme:
        found = found.where(Application.themes.any(Theme.slug == wanted.theme))
    return found


def _next_dates() -> Subquery:
    """By application: the first date that is not done."""
    rows: Iterable[type[Milestone | Obligation]] = (Milestone, Obligation)
    dates = union_all(
        *(select(row.application_id, row.on.label("on_date")).where(row.done_on.is_(None)) for row in rows)
    ).subquery()
    return (
        select(dates.c.application_id, func.min(dates.c.on_date).label("next"))
        .group_by(dates.c.application_id)
        .subquery("dates")
    )


def staff(session: Session, office_id: int) -> list[Row[int, str]]:
    """Who at an office can own an application: `id` and `name`, for an office may have hundreds."""
    here = select(Colleague.id, Colleague.name).where(Colleague.office_id == office_id, Colleague.active)
    return list(session.execute(here.order_by(Colleague.name, Colleague.id)))


def tasks(session: Session, office_id: int) -> list[Task]:
    """The office's city tasks."""
    return list(session.scalars(select(Task).where(Task.office_id == office_id).order_by(Task.id)))


def partners(session: Session, colleague: Colleague) -> list[Partner]:
    """Whom a colleague may choose: partners of what they may know of, and those in nothing yet."""
    part = select(Participation.partner_id).join(Participation.application)
    known = or_(Partner.id.in_(part.where(visible(colleague))), Partner.id.not_in(part))
    return list(session.scalars(select(Partner).where(known).order_by(Partner.name, Partner.id)))


def call_to_apply_for(session: Session, call_id: int) -> Call | None:
    """A call with its deadlines."""
    wanted = select(Call).where(Call.id == call_id).options(selectinload(Call.all_deadlines))
    return session.scalars(wanted).one_or_none()
