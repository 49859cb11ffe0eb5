# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

import pytest
from sqlalchemy import select

from grants.auditing import note, verify
from grants.nameless import doers
from grants.queries import DeedFilter, deeds
from models.audit import AuditEntry
from models.session import Begin
from tests import builders
from tests.builders import NOW


@pytest.fixture
def two_offices(begin: Begin) -> None:
    with begin() as session:
        session.add_all([builders.office(), builders.office(slug="almelo", name="Gemeente Almelo")])
        session.flush()
        session.add_all([builders.colleague(), builders.colleague(office_id=2)])


def entry(
    begin: Begin, actor: str, *, office_id: int | None = None, **facts: object
) -> tuple[str, dict[str, object]]:
    with begin() as session:
        told = {"at": NOW, "action": "changed", "subject": "source", "subject_id": 1}
        note(session, actor=actor, office_id=office_id, facts=facts, **told)  # type: ignore[arg-type]
    with begin() as session:
        assert verify(session).why == ""
        row = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
        return row.actor, row.facts


@pytest.mark.usefixtures("two_offices")
@pytest.mark.parametrize(
    ("actor", "office_id", "kept"),
    [
        ("noor@enschede.example", 1, "colleague:1"),
        ("NOOR@enschede.example", 2, "colleague:2"),
        ("noor@enschede.example", None, "colleague:1"),
        ("stranger@enschede.example", 1, "stranger@enschede.example"),
        ("harvest", None, "harvest"),
    ],
)
def test_who_does_something_stands_in_the_log_by_number(
    begin: Begin, actor: str, office_id: int | None, kept: str
) -> None:
    assert entry(begin, actor, office_id=office_id)[0] == kept


@pytest.mark.usefixtures("two_offices")
def test_no_address_stands_in_the_facts_however_deep(begin: Begin) -> None:
    said = {
        "last_error": "550 <noor@enschede.example>: unknown", "why": ["post@gronau.example", 3, None],
        "contact": {"was": "a@gronau.example, b@gronau.example"}, "long": "a" * 100_000, "at": "@noor",
    }  # fmt: skip
    assert entry(begin, "seed", **said)[1] == said | {
        "last_error": "550 <colleague:1>: unknown", "why": ["…@gronau.example", 3, None],
        "contact": {"was": "…@gronau.example, …@gronau.example"},
    }  # fmt: skip


@pytest.mark.usefixtures("two_offices")
@pytest.mark.parametrize(
    ("letters", "found"), [("DE VRIES", 1), ("noor@", 1), ("colleague:1", 1), ("%", 0), ("seed", 1)]
)
def test_deeds_are_still_found_by_the_name_and_address_of_who_did_them(
    begin: Begin, letters: str, found: int
) -> None:
    entry(begin, "noor@enschede.example", office_id=1)
    entry(begin, "seed")
    with begin() as session:
        page = deeds(session, 1, DeedFilter(actor=letters))
        assert page.total == found
        assert page.people == doers(session, 1) == {"colleague:1": "noor@enschede.example"}
