# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Whom a letter goes to, and the application's people: owner, team, back-up, and its partners' contacts."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.application import Application, Participation
from models.colleague import Access, Colleague

SPOKEN: Final = {"NL": "nl", "BE": "nl", "DE": "de"}
"""What a partner most likely reads; from elsewhere English."""


class Why(StrEnum):
    """What makes a letter one's own; the first that holds is said."""

    APPLICATION = "application"
    PARTNER = "partner"
    ASSIGNED = "assigned"
    DECIDED = "decided"
    FOLLOWED = "followed"
    OFFICE = "office"  # nobody else is left who could be told


@dataclass(frozen=True, slots=True)
class Person:
    """Whom a letter goes to.

    Args:
        key: the colleague's number, or "p" and that of the partner's part: part of a letter's key.
        name: as the letter greets.
        email: where it goes.
        language: what they read.
        why: what makes it theirs.
        mark: tells them from another who had that number in a database that was lost.
    """

    key: str
    name: str
    email: str
    language: str
    why: Why
    mark: str = ""

    @property
    def account(self) -> bool:
        """Whether a link to our pages is of use to them."""
        return self.why != Why.PARTNER


def person(colleague: Colleague, why: Why) -> Person:
    """A colleague as somebody a letter goes to."""
    return Person(str(colleague.id), colleague.name, colleague.email, colleague.language, why, colleague.mark)


def administrators(session: Session) -> dict[int, list[Colleague]]:
    """The administrators of each office that still work there."""
    found: dict[int, list[Colleague]] = {}
    wanted = (Colleague.active, Colleague.access == Access.ADMINISTRATOR)
    for one in session.scalars(select(Colleague).where(*wanted).order_by(Colleague.id)):
        found.setdefault(one.office_id, []).append(one)
    return found


def workers(one: Application, fallback: Mapping[int, list[Colleague]]) -> list[Person]:
    """Owner, back-up and team, who work here and may know of it; the administrators when nobody is left."""
    named = [one.owner, one.backup, *(member.colleague for member in one.team)]
    people = [who for who in dict.fromkeys(named) if who is not None and who.active and one.seen_by(who)]
    if people:
        return [person(who, Why.APPLICATION) for who in people]
    return [person(who, Why.OFFICE) for who in fallback.get(one.office_id, [])]


def contacts(parts: Iterable[Participation], known: Iterable[Person]) -> Iterator[tuple[int, Person]]:
    """The partners' contacts with the partner's number; who gets the letter as a colleague is left out."""
    told = {one.email.casefold() for one in known}
    for part in parts:
        if part.contact and part.contact.casefold() not in told:
            told.add(part.contact.casefold())
            language = SPOKEN.get(part.partner.country, "en")
            yield (
                part.partner_id,
                Person(f"p{part.id}", part.partner.name, part.contact, language, Why.PARTNER, part.mark),
            )
