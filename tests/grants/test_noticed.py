# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

import pytest

from grants import clock, noticed
from grants.harvest import portions
from models.call import CallChange, ChangeKind, Significance
from models.session import Begin
from tests.builders import NOW, call, source


def test_new_calls_and_moved_deadlines_are_events_by_number_and_in_order(begin: Begin) -> None:
    with begin() as session:
        session.add(source())
        session.flush()
        session.add(call())
        session.flush()
        assert noticed.last(session) == 0
        told = {"call_id": 1, "at": NOW, "significance": Significance.MAJOR}
        for kind in (ChangeKind.TITLE, ChangeKind.NEW, ChangeKind.TEXT, ChangeKind.DEADLINE_MOVED):
            session.add(CallChange(kind=kind, before="2026-12-15", after="2027-01-14", **told))
            session.flush()
        new, moved = noticed.since(session, 1)
        assert noticed.last(session) == 4
        assert [*noticed.since(session, 4)] == []
    assert new == {
        "event": "pijplijn.call.new",
        "resource": {"prefect.resource.id": "pijplijn.call.1", "pijplijn.source": "eu-portal"},
        "occurred": NOW,
        "payload": {},
    }
    assert moved["event"] == "pijplijn.call.deadline-moved"
    assert moved["payload"] == {"before": "2026-12-15", "after": "2027-01-14"}
    assert "Cities" not in str(moved)


@pytest.mark.parametrize(
    ("count", "size", "parts"),
    [(0, 0, [0]), (5, 0, [5]), (0, 2, []), (2, 2, [2]), (5, 2, [2, 2, 1]), (60, 15, [15, 15, 15, 15])],
)
def test_sources_are_dealt_out_in_parts_of_at_most_a_size(count: int, size: int, parts: list[int]) -> None:
    slugs = [f"s{number}" for number in range(count)]
    dealt = portions(slugs, size)
    assert [len(part) for part in dealt] == parts
    assert sorted(slug for part in dealt for slug in part) == sorted(slugs)


def test_what_starts_is_named_by_the_minute_in_enschede() -> None:
    name, day, minute = clock.stamped("harvest")().split()
    assert (name, len(day), len(minute)) == ("harvest", 10, 5)
