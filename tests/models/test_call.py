# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

from datetime import UTC, date, datetime, time
from typing import Any

import pytest

from models.base import Instant
from models.call import Call, KeyDate
from models.colleague import Access
from models.values import CallStatus, Due
from tests.builders import NOW, application, call, colleague, deadline

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("facts", "status"),
    [
        ({"opens_on": date(2026, 11, 25)}, CallStatus.FORTHCOMING),
        ({"opens_on": TODAY}, CallStatus.OPEN),
        ({"deadlines": [deadline(TODAY)]}, CallStatus.OPEN),
        ({"deadlines": [deadline(date(2026, 11, 23))], "stated_status": CallStatus.OPEN}, CallStatus.CLOSED),
        ({"deadlines": [], "stated_status": CallStatus.CLOSED}, CallStatus.CLOSED),
        ({"opens_on": None, "stated_status": CallStatus.FORTHCOMING}, CallStatus.FORTHCOMING),
        ({"deadlines": [], "opens_on": None}, CallStatus.OPEN),
    ],
)
def test_a_status_follows_from_dates_before_words(facts: dict[str, Any], status: CallStatus) -> None:
    assert call(**facts).status_on(TODAY) == status


def test_the_next_deadline_is_the_first_that_is_not_past_or_superseded() -> None:
    rows = [
        deadline(date(2026, 11, 1)),
        deadline(date(2027, 1, 1)),
        deadline(date(2026, 12, 1), superseded_at=datetime.now(UTC)),
    ]
    found: Call = call(deadlines=rows)
    assert found.next_deadline(TODAY) is rows[1]
    assert found.next_deadline(date(2028, 1, 1)) is None


def test_a_deadline_is_a_moment_only_when_it_has_an_hour() -> None:
    assert deadline(TODAY).instant() is None
    assert deadline(TODAY, at=time(17)).instant() == datetime(2026, 11, 24, 16, tzinfo=UTC)
    assert deadline(TODAY).due == Due(TODAY)


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="needs a time zone"):
        Instant().process_bind_param(datetime(2026, 1, 1), None)  # type: ignore[arg-type]  # noqa: DTZ001


def test_a_confidential_application_is_seen_by_team_owner_and_administrator() -> None:
    secret = application(confidential=True, owner_id=1, team=[])
    assert secret.seen_by(colleague(id=1, access=Access.EDITOR))
    assert secret.seen_by(colleague(id=2, access=Access.ADMINISTRATOR))
    assert not secret.seen_by(colleague(id=3, access=Access.EDITOR))
    assert not secret.seen_by(colleague(id=1, office_id=2, access=Access.ADMINISTRATOR))
    assert application(confidential=False).seen_by(colleague(id=3))


def test_the_key_dates_in_force_are_those_nobody_took_out() -> None:
    kept, out = KeyDate(label="Stuurgroep"), KeyDate(label="Oud", superseded_at=NOW)
    assert call(all_key_dates=[kept, out]).key_dates == [kept]
