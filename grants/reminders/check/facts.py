# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The rows that the self-check works from, each table read once.

The self-check shares nothing with the plan (grants/reminders/due.py, grounds.py) but tables and the rules of
working days and stages, so that it can disagree with it.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from grants.working_days import is_working_day
from models.application import Application, Participation, TeamMember
from models.colleague import Access, Colleague
from models.office import Closure, Office
from models.partner import Partner

PAST: Final = timedelta(days=30)  # longer ago, a date is left alone


class Hearer(NamedTuple):
    """Who must hear, as a key names them; since when, where a date may have passed before."""

    key: str
    name: str
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Expected:
    """One letter that must be there: about what (one of these names), which version and step, to whom."""

    office_id: int
    application_id: int | None
    names: tuple[str, ...]
    on: date
    step: int
    hearer: Hearer
    title: str


@dataclass(frozen=True, slots=True)
class Facts:
    """The rows, and the round after which they should be there: its day and its moment."""

    day: date
    at: datetime
    offices: dict[int, Office]
    people: dict[int, Colleague]
    applications: dict[int, Application]
    team: dict[int, set[int]]
    shut: dict[int, set[date]]
    parts: dict[int, list[tuple[Participation, str]]]

    def workers(self, one: Application) -> list[Colleague]:
        """Owner, back-up and team that are still here; the administrators when none is."""
        numbers = {one.owner_id, one.backup_id} | self.team[one.id]
        named = [self.people[number] for number in numbers if number is not None]
        mine = [who for who in named if who.active and who.office_id == one.office_id]
        return mine or self.administrators(one.office_id)

    def administrators(self, office_id: int) -> list[Colleague]:
        """Those of an office that are still here."""
        ours = [who for who in self.people.values() if who.active and who.office_id == office_id]
        return [who for who in ours if who.access == Access.ADMINISTRATOR]

    def outsiders(self, one: Application, inside: Iterable[Colleague]) -> Iterator[tuple[int, Hearer, str]]:
        """The partners' contacts with the partner's number and their address."""
        told = {who.email.casefold() for who in inside}
        for part, name in self.parts[one.id] if self.offices[one.office_id].remind_partners else ():
            address = part.contact.casefold()
            if address and address not in told:
                told.add(address)
                yield part.partner_id, Hearer(f"p{part.id}", name, one.created_at), address

    def step(self, office: Office, steps: Sequence[Any], on: date, *, struck: bool) -> int | None:
        """The last step that must have been told; -1 once it passed, None when none must."""
        if on < self.day or (struck and on == self.day):
            return -1 if self.day - on <= PAST else None
        for step in sorted(int(each) for each in steps):
            went = on - timedelta(days=step)
            while not is_working_day(went, closed=self.shut[office.id]):
                went -= timedelta(days=1)
            if went <= self.day:
                return step
        return None


def read(session: Session, *, day: date, at: datetime) -> Facts:
    """Everything that belongs to offices."""
    team: dict[int, set[int]] = defaultdict(set)
    for member in session.scalars(select(TeamMember)):
        team[member.application_id].add(member.colleague_id)
    shut: dict[int, set[date]] = defaultdict(set)
    for closure in session.scalars(select(Closure).where(Closure.removed_at.is_(None))):
        shut[closure.office_id].add(closure.on)
    parts: dict[int, list[tuple[Participation, str]]] = defaultdict(list)
    named = select(Participation, Partner.name).join(Partner, Partner.id == Participation.partner_id)
    taking_part = named.where(Participation.removed_at.is_(None)).order_by(Participation.id)
    for part, name in session.execute(taking_part):
        parts[part.application_id].append((part, name))
    offices = {one.id: one for one in session.scalars(select(Office))}
    people = {one.id: one for one in session.scalars(select(Colleague).order_by(Colleague.id))}
    applications = {one.id: one for one in session.scalars(select(Application).order_by(Application.id))}
    return Facts(day, at, offices, people, applications, team, shut, parts)
