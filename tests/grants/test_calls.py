# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

from datetime import date, time
from decimal import Decimal
from typing import Any

import pytest

from grants.calls import Change, compare, same_minute
from grants.sources.reading import Entry
from models.call import Call, ChangeKind, Significance
from models.values import Basis, CallStatus, Due
from tests.builders import NOW, deadline

TODAY = date(2026, 11, 24)
DUE = Due(date(2026, 12, 15), time(17), "Europe/Brussels")


def known(**facts: Any) -> Call:
    return Call(
        **{
            "key": "1", "identifier": "LIFE-1", "title": "Cool cities", "url": "https://x.example/1", "body": "<p>Heat</p>",
            "language": "en", "organisation": "", "programme": "LIFE", "kind": "topic", "parent": "", "rolling": False,
            "budget_shared_by": 1, "stated_status": CallStatus.OPEN, "opens_on": date(2026, 10, 1),
            "all_deadlines": [deadline(DUE.on, at=DUE.at)], "first_seen_at": NOW, "last_seen_at": NOW,
        } | facts
    )  # fmt: skip


def said(**facts: Any) -> Entry:
    return Entry(
        **{
            "key": "1", "identifier": "LIFE-1", "title": "Cool cities", "url": "https://x.example/1", "body": "<p>Heat</p>",
            "programme": "LIFE", "kind": "topic", "stated_status": CallStatus.OPEN, "opens_on": date(2026, 10, 1),
            "deadlines": (DUE,),
        } | facts
    )  # fmt: skip


def test_a_call_that_says_the_same_has_no_change() -> None:
    assert compare(known(), said(), today=TODAY) == []


@pytest.mark.parametrize(
    ("due", "significance", "after"),
    [
        (Due(date(2027, 1, 7), time(17)), Significance.MAJOR, "2027-01-07 17:00 Europe/Brussels"),
        (Due(date(2026, 12, 15), time(12)), Significance.MINOR, "2026-12-15 12:00 Europe/Brussels"),
        (Due(None, basis=Basis.UNKNOWN, text="early spring"), Significance.MAJOR, "early spring"),
        (Due(date(2026, 12, 15), stage="stage 1"), Significance.MINOR, "stage 1: 2026-12-15"),
    ],
)
def test_a_moved_deadline_is_told_with_both_dates(due: Due, significance: Significance, after: str) -> None:
    changes = compare(known(), said(deadlines=(due,)), today=TODAY)
    before = "2026-12-15 17:00 Europe/Brussels"
    assert changes == [Change(ChangeKind.DEADLINE_MOVED, significance, before, after)]


def test_a_date_that_is_confirmed_is_a_change_though_the_day_is_the_same() -> None:
    guessed = Due(DUE.on, DUE.at, DUE.zone, Basis.PROVISIONAL)
    assert not same_minute(guessed, DUE)
    assert same_minute(guessed, guessed)


def test_a_deadline_that_jitters_by_seconds_is_the_same() -> None:
    assert same_minute(Due(DUE.on, time(12, 0, 20)), Due(DUE.on, time(12, 0, 19)))


def test_unreadable_deadlines_are_the_same_when_their_words_are() -> None:
    soon = Due(None, basis=Basis.UNKNOWN, text="soon")
    assert same_minute(soon, Due(None, basis=Basis.UNKNOWN, text="soon"))
    assert not same_minute(soon, Due(None, basis=Basis.UNKNOWN, text="later"))
    assert not same_minute(soon, DUE)


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        (CallStatus.FORTHCOMING, CallStatus.OPEN, ChangeKind.OPENED),
        (CallStatus.CLOSED, CallStatus.OPEN, ChangeKind.REOPENED),
        (CallStatus.OPEN, CallStatus.CLOSED, ChangeKind.CLOSED),
        (CallStatus.OPEN, CallStatus.FORTHCOMING, ChangeKind.OTHER),
    ],
)
def test_a_stated_status_that_turns_is_told(before: CallStatus, after: CallStatus, kind: ChangeKind) -> None:
    changes = compare(known(stated_status=before), said(stated_status=after), today=TODAY)
    assert [change.kind for change in changes] == [kind]


def test_an_open_call_past_its_deadline_that_is_stated_open_again_reopened() -> None:
    late = date(2027, 2, 1)
    changes = compare(known(stated_status=CallStatus.FORTHCOMING), said(), today=late)
    assert [change.kind for change in changes] == [ChangeKind.REOPENED]


@pytest.mark.parametrize(
    ("facts", "kind", "significance"),
    [
        ({"title": "Cool and green cities"}, ChangeKind.TITLE, Significance.MINOR),
        ({"title": "COOL  cities."}, ChangeKind.TITLE, Significance.COSMETIC),
        ({"body": "<p>Drought</p>"}, ChangeKind.TEXT, Significance.MINOR),
        ({"body": "<div><p>Heat </p></div>"}, ChangeKind.TEXT, Significance.COSMETIC),
        ({"identifier": "LIFE-2"}, ChangeKind.IDENTIFIER, Significance.MINOR),
        ({"budget": Decimal(5)}, ChangeKind.BUDGET, Significance.MINOR),
        ({"organisation": "CINEA"}, ChangeKind.OTHER, Significance.COSMETIC),
    ],
)
def test_a_changed_fact_has_its_kind_and_weight(
    facts: dict[str, Any], kind: ChangeKind, significance: Significance
) -> None:
    changes = compare(known(), said(**facts), today=TODAY)
    assert [(change.kind, change.significance) for change in changes] == [(kind, significance)]
