# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Two offices with colleagues of every sort, and an open and a confidential application."""

import pytest

from models.application import Stage, StageChange, TeamMember
from models.colleague import Access
from models.session import Begin
from tests import builders

NAMES = ["noor", "sam", "lena", "kim", "els"]


@pytest.fixture
def people(begin: Begin) -> None:
    """At Enschede: 1 Noor administers, 2 Sam owns, 3 Lena is back-up, 4 Kim in the team, 5 Els none; 6 elsewhere."""
    with begin() as session:
        session.add_all([builders.office(), builders.office(slug="almelo", name="Gemeente Almelo")])
        session.flush()
        session.add_all(
            builders.colleague(name=name.title(), email=f"{name}@enschede.example") for name in NAMES
        )
        session.flush()
        session.get_one(builders.Colleague, 1).access = Access.ADMINISTRATOR
        session.add(
            builders.colleague(
                name="Joost", email="j@almelo.example", office_id=2, access=Access.ADMINISTRATOR
            )
        )
        session.add_all([builders.source(), builders.theme(), builders.theme(slug="wonen")])
        session.flush()


@pytest.fixture
def both(people: None, begin: Begin) -> None:
    """1 is open, 2 is confidential; both in preparation."""
    with begin() as session:
        facts = {"stage": Stage.PREPARING, "owner_id": 2, "backup_id": 3, "summary": "Samen aan de grens"}
        session.add(builders.application(**facts))
        session.flush()
        session.add(
            builders.application(
                slug="geheim",
                title="Ondermijning",
                confidential=True,
                team=[TeamMember(colleague_id=4)],
                **facts,
            )
        )
        session.flush()
        session.add_all(
            StageChange(application_id=one, after=Stage.PREPARING, at=builders.NOW, by="seed")
            for one in (1, 2)
        )
