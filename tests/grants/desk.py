# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Three offices with colleagues, a theme each, and calls to judge: what the tests of the desk share."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from grants.nameless import doers
from models.audit import AuditEntry
from models.call import Call, CallChange, ChangeKind, Significance
from models.colleague import Colleague
from models.match import Match
from tests import builders

NOW, LATER = builders.NOW, builders.NOW + timedelta(hours=1)
PEOPLE = [("Noor", 1, True), ("Sam", 1, True), ("Weg", 1, False), ("Joost", 2, True), ("Hanna", 3, True)]


def furnish(session: Session, calls: int = 3) -> None:
    """Colleagues 1 Noor, 2 Sam and 3 who left are of Enschede; 4 Joost of Almelo; 5 Hanna of Hengelo."""
    for slug in ("enschede", "almelo", "hengelo"):
        session.add(builders.office(slug=slug, name=f"Gemeente {slug.title()}"))
        session.flush()
    for name, office, active in PEOPLE:
        email = f"{name.lower()}@x.example"
        session.add(builders.colleague(name=name, email=email, office_id=office, active=active))
        session.flush()
    session.add_all([builders.source(), builders.source(slug="rvo")])
    session.add_all(builders.theme(office_id=office) for office in (1, 2, 3))
    session.flush()
    for number in range(1, calls + 1):
        a_call(session, key=str(number))


def a_call(session: Session, **facts: Any) -> Call:
    """A call that matches the theme of Enschede."""
    call = builders.call(**facts)
    session.add(call)
    session.flush()
    session.add(
        Match(
            call_id=call.id, theme_id=1, score=Decimal("0.7"), band="strong", reasons=[], text_version=1,
            theme_version=1, first_matched_at=call.first_seen_at, matched_at=call.first_seen_at,
        )
    )  # fmt: skip
    session.flush()
    return call


def person(session: Session, name: str) -> Colleague:
    return session.scalars(select(Colleague).where(Colleague.name == name)).one()


def change(session: Session, call_id: int, kind: ChangeKind, **facts: Any) -> None:
    told = {"at": LATER, "significance": Significance.MAJOR} | facts
    session.add(CallChange(call_id=call_id, kind=kind, **told))
    session.flush()


def deeds(session: Session) -> list[tuple[str, str, str]]:
    rows = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    people = doers(session, 1) | doers(session, 2)
    told = [(people.get(row.actor, row.actor), row.action, row.subject) for row in rows]
    return [(who.partition("@")[0], action, subject) for who, action, subject in told]
