# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The letters there must be about the milestones and obligations of applications."""

from collections.abc import Collection, Iterator
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from grants.reminders.check.facts import Expected, Facts, Hearer
from grants.stages import ENDED, INTERNAL
from models.application import Application, Milestone
from models.obligation import Obligation


def dates_of_applications(session: Session, facts: Facts) -> Iterator[Expected]:
    """One for each date that is to be met and each person who works on it."""
    milestones = select(Milestone).where(Milestone.removed_at.is_(None), Milestone.done_on.is_(None))
    for row in session.scalars(milestones):
        one = facts.applications[row.application_id]
        whose = frozenset[int]() if row.kind == INTERNAL else None
        step = _step(facts, one, "milestone", row.on, struck=struck(row.on, row.at, row.zone, facts.at))
        yield from _letters(facts, one, f"milestone-{row.id}", row.title, row.on, step, whose)
    owed = select(Obligation).where(Obligation.removed_at.is_(None), Obligation.done_on.is_(None))
    for duty in session.scalars(owed):
        one = facts.applications[duty.application_id]
        step = _step(facts, one, "obligation", duty.on, struck=False)
        theirs = frozenset({duty.partner_id} - {None})
        yield from _letters(facts, one, f"obligation-{duty.id}", duty.title, duty.on, step, theirs)


def struck(on: date, hour: time | None, zone: str, at: datetime) -> bool:
    """Whether the hour of a deadline is over; of a day alone nobody knows."""
    return hour is not None and datetime.combine(on, hour, tzinfo=ZoneInfo(zone)) <= at


def _step(facts: Facts, one: Application, kind: str, on: date, *, struck: bool) -> int | None:
    if one.stage in ENDED:
        return None
    office = facts.offices[one.office_id]
    steps = office.reminder_steps.get(kind, office.reminder_days)
    own = steps if one.reminder_days is None else one.reminder_days
    return facts.step(office, own, on, struck=struck)


def _letters(  # noqa: PLR0913, PLR0917 - a date and whose it is
    facts: Facts, one: Application, name: str, title: str, on: date, step: int | None,
    partners: Collection[int | None] | None,
) -> Iterator[Expected]:  # fmt: skip
    """`partners` are those whose business it is; None for all."""
    if step is None:
        return
    inside = facts.workers(one)
    hearers = [Hearer(str(who.id), who.name) for who in inside]
    hearers += [
        who for number, who, _ in facts.outsiders(one, inside) if partners is None or number in partners
    ]
    for who in hearers:
        yield Expected(one.office_id, one.id, (name,), on, step, who, title)
