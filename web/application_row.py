# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""One row of the list as a form: who owns the application, the funder's number, and its next date."""

from dataclasses import dataclass
from typing import Final

from grants import applications, queries
from grants.applications import Next
from models.application import Application, Milestone
from models.colleague import Colleague
from models.obligation import Obligation
from models.session import Session
from web.application_form import Field, Filled, Kind, Options, written

ROW: Final = (Field("owner_id", Kind.NUMBER), Field("reference"))
DATED: Final = (*ROW, Field("on", Kind.DAY, required=True))
DateRow = Milestone | Obligation


@dataclass(frozen=True, slots=True)
class Row:
    """A row that is being edited.

    Args:
        application_id: of the application.
        title: its title.
        date: what the day in the row is the day of.
        filled: what stands in the fields.
        options: who can own it.
        version: of the application, as the colleague saw it.
        seen: the mark of the date, as the colleague saw it.
        theirs: what stands there now, when somebody else changed it meanwhile.
    """

    application_id: int
    title: str
    date: Next | None
    filled: Filled
    options: Options
    version: str
    seen: str
    theirs: dict[str, str] | None = None

    @property
    def fields_of(self) -> tuple[Field, ...]:
        """The fields it has."""
        return DATED if self.date else ROW


def row_to_edit(session: Session, me: Colleague, application_id: int) -> Row | None:
    """The row of an application with the date it must meet first; None for whoever may not know of it."""
    one = applications.find(session, me, application_id) if application_id else None
    if one is None:
        return None
    ahead = applications.next_date(session, one)
    date = date_of(session, one, ahead.kind, ahead.id) if ahead else None
    return as_it_stands(session, me, one, date)


def as_it_stands(session: Session, me: Colleague, one: Application, date: DateRow | None) -> Row:
    """The row with what is in the database."""
    filled, mark, ahead = Filled(written(one, ROW)), "", None
    if date is not None:
        kind = "milestones" if isinstance(date, Milestone) else "obligations"
        ahead = Next(kind, date.id, date.title, date.on)
        filled.typed["on"] = date.on.isoformat()
        mark = applications.fingerprint(date, ["on"])
    return Row(one.id, one.title, ahead, filled, owners(session, me, one), str(one.version), mark)


def date_of(
    session: Session, one: Application, kind: str, number: int, *, to_change: bool = False
) -> DateRow | None:
    """A milestone or an obligation of this application."""
    if kind not in {"milestones", "obligations"} or not number:
        return None
    row = applications.part(session, one, kind, number, to_change=to_change)
    return row if isinstance(row, DateRow) else None


def owners(session: Session, me: Colleague, one: Application) -> Options:
    """Who can own it; who left and still does stays."""
    everyone = queries.colleagues(session, me.office_id)
    return {"owner_id": [(str(row.id), row.name) for row in everyone if row.active or row.id == one.owner_id]}
