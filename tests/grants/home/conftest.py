# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The two offices, their people and applications, and four calls that match a theme of Enschede."""

from decimal import Decimal

import pytest

from models.match import Match
from models.session import Begin
from tests import builders
from tests.grants.applications.conftest import both, people  # noqa: F401 - fixtures

NOW = builders.NOW


def match(call_id: int, **facts: object) -> Match:
    usual = {"theme_id": 1, "score": Decimal("0.7"), "band": "strong", "reasons": [], "text_version": 1}
    when = {"theme_version": 1, "first_matched_at": NOW, "matched_at": NOW}
    return Match(**usual | when | {"call_id": call_id} | facts)


@pytest.fixture
def calls(both: None, begin: Begin) -> None:  # noqa: F811 - the fixture imported above
    """1 and 2 close on 15 December, 3 within two weeks, 4 closed long ago."""
    with begin() as session:
        days = [None, None, builders.date(2026, 12, 3), builders.date(2026, 9, 1)]
        for number, on in enumerate(days, 1):
            dated = builders.deadline(on) if on else builders.deadline()
            session.add(builders.call(key=str(number), title=f"Call {number}", deadlines=[dated]))
            session.flush()
            session.add(match(number))
