# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Back-planning of one application: its dates before a submission, shown, confirmed, and taken back."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from grants.applications.deeds import PLANNED, UNPLANNED, StaleError, note
from grants.applications.plan_template import closed_days, plan_steps
from grants.back_planning import Planned, Standing, Step, plan
from grants.errors import PijplijnError
from grants.stages import INTERNAL, SUBMISSION
from models.application import Application, Milestone, Planning
from models.office import PlanStep

GERMANY: Final = "DE"
LONGEST: Final = 200  # characters of a milestone's title


@dataclass(frozen=True, slots=True)
class Preview:
    """What planning would do.

    Args:
        submissions: the days that can be counted back from, the first ahead first.
        submission: the one that was; None when there is none.
        lines: each step with its day and what becomes of it.
        german: whether a partner is German.
        seen: a few letters that change when any of it does.
    """

    submissions: list[date]
    submission: date | None
    lines: list[Planned]
    german: bool
    seen: str

    @property
    def changes(self) -> int:
        """How many dates confirming would write."""
        return sum(line.changes for line in self.lines)


def preview(session: Session, one: Application, *, on: date | None, today: date) -> Preview:
    """What planning back from a submission would do; `on` is one of its days, else the first ahead counts."""
    days = submissions(one, today)
    chosen = on if on in days else next(iter(days), None)
    german = any(row.partner.country == GERMANY for row in one.participations)
    if chosen is None:
        return Preview(days, None, [], german, "")
    steps = [_step(row, one.office.language) for row in plan_steps(session, one.office_id)]
    standing = {number: _standing(row) for number, row in _planned(session, one).items()}
    closed = closed_days(session, one.office_id)
    lines = plan(
        chosen, steps, standing=standing, german_partners=german, closed=closed, today=today
    )  # fmt: skip
    return Preview(days, chosen, lines, german, _fingerprint(chosen, lines))


def submissions(one: Application, today: date) -> list[date]:
    """The days of submission that are known: those ahead first, then those past, the nearest first.

    A date of the call counts beside the application's own: the source may have moved it since.
    """
    days = {row.on for row in one.milestones if row.kind == SUBMISSION and row.done_on is None}
    if one.call is not None:
        days |= {row.on for row in one.call.deadlines if row.on is not None and row.on >= today}
    return sorted(days, key=lambda day: (day < today, abs((day - today).days)))


def confirm(  # noqa: PLR0913 - the parts of a deed, each by name
    session: Session, one: Application, *, on: date | None, seen: str, by: str, now: datetime, today: date
) -> Planning | None:
    """Write the dates of a planning; None when there is nothing to write.

    Raises:
        StaleError: the planning is not what the colleague saw, and nothing is written.
    """
    found = preview(session, one, on=on, today=today)
    if found.submission == on and found.lines and not found.changes:
        return None  # the same form again
    if found.submission is None or found.submission != on or found.seen != seen:
        raise StaleError(f"The planning of application {one.id} is not what you saw.")
    there = _planned(session, one)
    changes = [
        _write(session, one, line, there.get(line.step.id)) for line in found.lines if line.changes
    ]  # fmt: skip
    planning = Planning(
        application_id=one.id, submission_on=found.submission, changes=changes, at=now, by=by
    )  # fmt: skip
    session.add(planning)
    session.flush()
    facts = {"planned": [None, str(found.submission)]}
    note(session, one, PLANNED, by=by, now=now, subject=planning, facts=facts)
    session.expire(one, ["milestones"])
    return planning


def last_planning(session: Session, one: Application) -> Planning | None:
    """The last planning that stands; the one that can be taken back."""
    wanted = select(Planning).where(Planning.application_id == one.id, Planning.undone_at.is_(None))
    return session.scalars(wanted.order_by(Planning.id.desc()).limit(1)).one_or_none()


def undo_planning(session: Session, one: Application, planning_id: int, *, by: str, now: datetime) -> None:
    """Take the last planning back; dates that a colleague changed or ticked off since then stay.

    Raises:
        PijplijnError: it is not the last one that stands.
    """
    last = last_planning(session, one)
    if last is None or last.id != planning_id:
        raise PijplijnError(f"Only the last planning of application {one.id} can be taken back.")
    for change in last.changes:
        row = session.get_one(Milestone, change["milestone"])
        if row.on == date.fromisoformat(change["after"]) and row.done_on is None and row.removed_at is None:
            _take_back(row, change["before"], now)
    last.undone_at, last.undone_by = now, by
    facts = {"planned": [str(last.submission_on), None]}
    note(session, one, UNPLANNED, by=by, now=now, subject=last, facts=facts)
    session.expire(one, ["milestones"])


def _take_back(row: Milestone, before: str | None, now: datetime) -> None:
    if before is None:
        row.removed_at, row.planned_on = now, None  # it was never planned, so that planning gives it anew
    else:
        row.on = row.planned_on = date.fromisoformat(before)


def _write(
    session: Session, one: Application, line: Planned, there: Milestone | None
) -> dict[str, str | int | None]:
    if there is None:
        there = Milestone(
            application_id=one.id, title=line.step.name[:LONGEST], on=line.on, kind=INTERNAL,
            planned_by=line.step.id,
        )  # fmt: skip
        session.add(there)
    there.on = there.planned_on = line.on
    session.flush()
    before = None if line.before is None else line.before.isoformat()
    return {"milestone": there.id, "before": before, "after": line.on.isoformat()}


def _step(row: PlanStep, language: str) -> Step:
    return Step(row.id, row.name[language], row.working_days, row.german_too)


def _planned(session: Session, one: Application) -> dict[int, Milestone]:
    """By step: the date that the last planning gave it, removed or not."""
    wanted = select(Milestone).where(Milestone.application_id == one.id, Milestone.planned_on.is_not(None))
    return {row.planned_by: row for row in session.scalars(wanted.order_by(Milestone.id)) if row.planned_by}


def _standing(row: Milestone) -> Standing:
    planned_on = row.planned_on or row.on
    return Standing(row.on, planned_on, done=row.done_on is not None, removed=row.removed_at is not None)


def _fingerprint(submission: date, lines: Iterable[Planned]) -> str:
    told = [f"{line.step.id}|{line.step.name}|{line.before}|{line.on}|{line.outcome}" for line in lines]
    return sha256("\n".join([submission.isoformat(), *told]).encode()).hexdigest()[:16]
