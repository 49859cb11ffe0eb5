# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""What is due: state, not tick. Every reminder that should have gone by today, sent or not."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from grants.clock import local_day
from grants.reminders.grounds import Ground, active_applications, grounds
from grants.reminders.people import Person, administrators, contacts, workers
from grants.reminders.steps import PASSED, Kind, office_steps, reached, strikes, struck
from grants.stages import INTERNAL, SUBMISSION
from models.application import Application
from models.obligation import Obligation
from models.office import Closure, Office
from models.values import Due


@dataclass(frozen=True, slots=True)
class Dated:
    """One date that comes near.

    Args:
        kind: of what.
        names: "milestone-3", or of a call a name for each twin: part of the key, so it must never change.
        title: what must be done; of a call its title.
        due: when.
        since: since when we know it; None of what a colleague put in.
        call_id: the call it is of.
        language: of the title, where a source wrote it.
        partner_id: whose obligation it is, where it is a partner's.
        internal: whether it is no business of partners.
        mark: of the row it is a date of.
    """

    kind: Kind
    names: tuple[str, ...]
    title: str
    due: Due
    since: datetime | None = None
    call_id: int | None = None
    language: str = ""
    partner_id: int | None = None
    internal: bool = False
    mark: str = ""

    @property
    def place(self) -> str:
        """What it is a date of: "milestone-3", "obligation-5" or "call-7"."""
        return f"call-{self.call_id}" if self.call_id else self.names[0]


@dataclass(frozen=True, slots=True)
class Reminder:
    """One letter that is due.

    Args:
        office: whose letter it is.
        person: to whom.
        dated: about what.
        on: the version of the date: moved, it is another reminder.
        step: days before; -1 once it has passed.
        went: the day it should have gone.
        application: what it belongs to; None of a call nobody applies for yet.
    """

    office: Office
    person: Person
    dated: Dated
    on: date
    step: int
    went: date
    application: Application | None = None

    @property
    def keys(self) -> list[str]:
        """Its own key, and those its twins would have: whichever is there, it was told."""
        of_call = self.dated.kind == Kind.CALL
        what = "call" if of_call or self.application is None else self.application.id
        return [
            f"reminder:{what}:{name}:{self.on}:{self.step}:{self.person.key}" for name in self.dated.names
        ]

    @property
    def marks(self) -> str:
        """Of what and whom its key names by number."""
        return f"{self.dated.mark} {self.person.mark}"

    @property
    def strikes(self) -> datetime | None:
        """When it is too late to send it; None of one that says so itself."""
        return None if self.step == PASSED else strikes(self.dated.due)


@dataclass(frozen=True, slots=True)
class _Rules:
    """What a plan is made by."""

    today: date
    now: datetime | None
    closed: Mapping[int, set[date]]


def plan(session: Session, *, today: date, now: datetime | None = None) -> list[Reminder]:
    """Every reminder that is due today, sent or not; of each date and person only the most urgent step."""
    active, fallback = active_applications(session), administrators(session)
    rules = _Rules(today, now, _closed(session))
    duties = _duties(session)
    found = [
        reminder
        for application in active
        for dated in (*_milestones(application), *duties.get(application.id, []))
        for reminder in _of_application(rules, application, dated, workers(application, fallback))
    ]
    found += [one for ground in grounds(session, active, fallback, today) for one in _of_call(rules, ground)]
    once: dict[str, Reminder] = {}
    for one in found:
        once.setdefault(one.keys[0], one)
    return list(once.values())


def _closed(session: Session) -> dict[int, set[date]]:
    days: dict[int, set[date]] = {}
    for row in session.scalars(select(Closure).where(Closure.removed_at.is_(None))):
        days.setdefault(row.office_id, set()).add(row.on)
    return days


def _milestones(application: Application) -> Iterator[Dated]:
    for one in application.milestones:
        if one.done_on is None:
            due = Due(one.on, one.at, one.zone if one.at else "")
            yield Dated(
                Kind.MILESTONE,
                (f"milestone-{one.id}",),
                one.title,
                due,
                internal=one.kind == INTERNAL,
                mark=one.mark,
            )


def _duties(session: Session) -> dict[int, list[Dated]]:
    """What is owed, by application."""
    duties: dict[int, list[Dated]] = {}
    rows = select(Obligation).where(Obligation.done_on.is_(None)).order_by(Obligation.id)
    for one in session.scalars(rows):
        due, whose = Due(one.on, zone=""), one.partner_id
        dated = Dated(
            Kind.OBLIGATION,
            (f"obligation-{one.id}",),
            one.title,
            due,
            partner_id=whose,
            internal=whose is None,
            mark=one.mark,
        )
        duties.setdefault(one.application_id, []).append(dated)
    return duties


def _of_application(
    rules: _Rules, application: Application, dated: Dated, people: list[Person]
) -> Iterator[Reminder]:
    told = [*people]
    if application.office.remind_partners and not dated.internal:
        parts = contacts(application.participations, people)
        told += [who for partner_id, who in parts if dated.partner_id in {None, partner_id}]
    yield from _due(rules, application.office, application, dated, told)


def _of_call(rules: _Rules, ground: Ground) -> Iterator[Reminder]:
    """The deadlines in force of a call and its twins; a day that several name is told once."""
    application = ground.application
    days = {one.on for one in application.milestones if one.kind == SUBMISSION} if application else set()
    names, mark = tuple(f"call-{one.id}" for one in ground.calls), ground.calls[0].mark
    for call in ground.calls:
        for deadline in call.deadlines:
            if deadline.on is None or deadline.on in days:
                continue
            days.add(deadline.on)
            since = max(ground.since, deadline.since)
            dated = Dated(
                Kind.CALL, names, call.title, deadline.due, since, call.id, call.language, mark=mark
            )
            yield from _due(rules, ground.office, application, dated, [ground.person])


def _due(
    rules: _Rules, office: Office, application: Application | None, dated: Dated, people: Iterable[Person]
) -> Iterator[Reminder]:
    on = dated.due.on
    own = application.reminder_days if application else None
    steps = office_steps(office.reminder_days, office.reminder_steps, dated.kind) if own is None else own
    step = reached(on, steps, rules.today, rules.closed.get(office.id, ())) if on else None
    if on == rules.today and rules.now is not None and struck(dated.due, rules.now):
        step = PASSED, on
    if (
        on is None
        or step is None
        or (step[0] == PASSED and dated.since is not None and local_day(dated.since) > on)
    ):
        return  # what was over before anyone was told of it has not passed for them
    for person in people:
        yield Reminder(office, person, dated, on, *step, application)
