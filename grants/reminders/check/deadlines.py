# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The letters there must be about the deadlines of calls."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from grants.clock import local_day
from grants.reminders.check.dates import struck
from grants.reminders.check.facts import PAST, Expected, Facts, Hearer
from grants.stages import BEFORE_SUBMISSION, SUBMISSION
from models.application import Application, Milestone, Stage
from models.call import Call, Deadline
from models.colleague import Access, Colleague
from models.interest import Assignment, Choice, Follow, GoDecision
from models.match import Verdict

Place = tuple[int, int]
"""An office and a call, twins being one."""


@dataclass(frozen=True, slots=True)
class _Interest:
    """Somebody who must hear of a call, by the strength of their ground: 0 is the strongest."""

    rank: int
    place: Place
    address: str
    hearer: Hearer
    application: Application | None = None


def deadlines_of_calls(session: Session, facts: Facts) -> Iterator[Expected]:
    """One for each day that a call or its twin closes on and each person whom it concerns."""
    late = facts.day - PAST
    closing: dict[int, list[tuple[Deadline, str]]] = defaultdict(list)
    rows = select(Deadline, Call.title, Call.folded_into_id).join(Deadline.call)
    rows = rows.where(Deadline.superseded_at.is_(None), Deadline.on >= late).order_by(Deadline.id)
    for deadline, title, folded in session.execute(rows):
        closing[folded or deadline.call_id].append((deadline, title))
    heads: dict[int, int] = {}
    names: dict[int, tuple[str, ...]] = defaultdict(tuple)
    for number, folded in session.execute(select(Call.id, Call.folded_into_id)):
        if (folded or number) in closing:
            heads[number] = folded or number
            names[folded or number] += (f"call-{number}",)
    own_days = _own_days(session)
    strongest: dict[tuple[Place, str], _Interest] = {}
    for one in sorted(_interests(session, facts, heads), key=lambda each: each.rank):
        strongest.setdefault((one.place, one.address.casefold()), one)
    for one in strongest.values():
        group = one.place[1]
        yield from _letters(facts, one, names[group], closing[group], own_days)


def _own_days(session: Session) -> set[tuple[int, date]]:
    """The submissions that applications have as dates of their own."""
    wanted = select(Milestone.application_id, Milestone.on)
    found = session.execute(wanted.where(Milestone.kind == SUBMISSION, Milestone.removed_at.is_(None)))
    return {(number, on) for number, on in found}


def _letters(
    facts: Facts, one: _Interest, names: tuple[str, ...], closing: list[tuple[Deadline, str]],
    own_days: set[tuple[int, date]],
) -> Iterator[Expected]:  # fmt: skip
    office, application = facts.offices[one.place[0]], one.application
    steps = office.reminder_steps.get("call", office.reminder_days)
    if application is not None and application.reminder_days is not None:
        steps = application.reminder_days
    told: set[date] = set()
    first = sorted(closing, key=lambda pair: (pair[0].call_id != one.place[1], pair[0].call_id, pair[0].id))
    for row, title in first:
        on = row.on
        if on is None or on in told or (application is not None and (application.id, on) in own_days):
            continue
        told.add(on)
        step = facts.step(office, steps, on, struck=struck(on, row.at, row.zone, facts.at))
        known = max(filter(None, (one.hearer.since, row.since)))
        if step is not None and (step >= 0 or local_day(known) <= on):
            number = application.id if application else None
            yield Expected(office.id, number, names, on, step, one.hearer, title)


def _interests(session: Session, facts: Facts, heads: dict[int, int]) -> Iterator[_Interest]:
    aims: dict[Place, list[Application]] = defaultdict(list)
    for one in facts.applications.values():
        if one.call_id in heads:
            place = (one.office_id, heads[one.call_id])
            aims[place].append(one)
            if one.stage in BEFORE_SUBMISSION:
                yield from _applying(facts, one, place)
    choices, verdicts = _latest(session, GoDecision, heads), _latest(session, Verdict, heads)
    off = {place for place, row in choices.items() if row.choice == Choice.NO_GO}
    off |= {place for place, row in verdicts.items() if not row.relevant and place not in choices}
    for rank, place, who, since in _personal(session, facts, heads, choices):
        known = [one for one in aims[place] if _may_know(facts, one, who)]
        ruled = [one for one in known if rank != 4 or one.stage != Stage.WITHDRAWN]  # noqa: PLR2004 - who follows
        if place not in off and not ruled:
            yield _Interest(rank, place, who.email, Hearer(str(who.id), who.name, since))


def _applying(facts: Facts, one: Application, place: Place) -> Iterator[_Interest]:
    inside = facts.workers(one)
    for who in inside:
        named = who.id in {one.owner_id, one.backup_id} | facts.team[one.id]
        hearer = Hearer(str(who.id), who.name, one.created_at)
        yield _Interest(0 if named else 5, place, who.email, hearer, one)
    for _, hearer, address in facts.outsiders(one, inside):
        yield _Interest(1, place, address, hearer, one)


def _latest(session: Session, row: type[Any], heads: dict[int, int]) -> dict[Place, Any]:
    found: dict[Place, Any] = {}
    for one in session.scalars(select(row).where(row.undone_at.is_(None)).order_by(row.id)):
        if one.call_id in heads:
            found[one.office_id, heads[one.call_id]] = one
    return found


def _personal(
    session: Session, facts: Facts, heads: dict[int, int], choices: dict[Place, Any]
) -> Iterator[tuple[int, Place, Colleague, datetime]]:
    assigned = select(Assignment).where(Assignment.ended_at.is_(None)).order_by(Assignment.id)
    followed = select(Follow).where(Follow.until.is_(None)).order_by(Follow.id)
    for given in session.scalars(assigned):
        who = facts.people[given.colleague_id]
        if who.active and given.call_id in heads:
            yield 2, (who.office_id, heads[given.call_id]), who, given.at
    for place, row in choices.items():
        decided = facts.people.get(row.colleague_id)
        left = [decided] if decided and decided.active else []
        for who in left or facts.administrators(place[0]):
            if row.choice == Choice.GO:
                yield 3 if left else 5, place, who, row.at
    for follow in session.scalars(followed):
        who = facts.people[follow.colleague_id]
        if who.active and follow.call_id in heads:
            yield 4, (who.office_id, heads[follow.call_id]), who, follow.since


def _may_know(facts: Facts, one: Application, who: Colleague) -> bool:
    inside = {one.owner_id, one.backup_id} | facts.team[one.id]
    return not one.confidential or who.access == Access.ADMINISTRATOR or who.id in inside
