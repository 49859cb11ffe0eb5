# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

from datetime import date, timedelta
from typing import Any

import pytest

from grants.queries import Differs, disagreements
from models.call import Call
from models.session import Begin
from models.values import CallStatus
from tests.builders import NOW, call, deadline, source

TODAY = date(2026, 11, 24)


@pytest.fixture(autouse=True)
def two_sources(begin: Begin) -> None:
    with begin() as session:
        session.add_all([
            source(slug="search", last_success_at=NOW),
            source(slug="bulk", kind="sedia_bulk", last_success_at=NOW, rules={"checks": "search"}),
        ])  # fmt: skip


def topic(source_id: int, key: str = "1TOPICSen", **facts: Any) -> Call:
    return call(**{"source_id": source_id, "key": key, "kind": "topic"} | facts)


def told(begin: Begin, *calls: Call, slug: str = "search") -> list[tuple[str, str, str]]:
    with begin() as session:
        session.add_all(calls)
    with begin() as session:
        return [(one.what, one.here, one.there) for one in disagreements(session, slug, today=TODAY)]


def test_two_that_say_the_same_disagree_about_nothing(begin: Begin) -> None:
    assert told(begin, topic(1), topic(2, title="Cities, that stay COOL")) == []


def test_a_call_that_one_has_alone_is_told_from_either_side(begin: Begin) -> None:
    assert told(begin, topic(1), topic(2, key="2TOPICSen")) == [
        (Differs.ONLY_HERE, "", ""),
        (Differs.ONLY_THERE, "", ""),
    ]
    assert told(begin, slug="bulk") == [(Differs.ONLY_HERE, "", ""), (Differs.ONLY_THERE, "", "")]


def test_another_day_status_or_title_is_told_per_call(begin: Begin) -> None:
    other = topic(2, title="Warm cities", deadlines=[deadline(date(2027, 1, 7))], opens_on=date(2026, 12, 1))
    assert told(begin, topic(1), other) == [
        (Differs.DEADLINE, "2026-12-15", "2027-01-07"),
        (Differs.STATUS, CallStatus.OPEN, CallStatus.FORTHCOMING),
        (Differs.TITLE, "Cities that stay cool", "Warm cities"),
    ]


def test_closed_calls_those_not_seen_and_other_sorts_are_nobodys_business(begin: Begin) -> None:
    past = [deadline(date(2026, 11, 1))]
    calls = [
        topic(1, deadlines=past),
        topic(1, "2TOPICSen", not_seen_since=NOW),
        topic(1, "3", kind="cascade"),
    ]
    assert told(begin, *calls) == []


@pytest.mark.parametrize("slug", ["search", "nowhere"])
def test_without_a_check_or_before_its_first_reading_there_is_nothing_to_tell(
    begin: Begin, slug: str
) -> None:
    with begin() as session:
        for one in session.query(type(source())):
            one.rules, one.last_success_at = {}, NOW - timedelta(days=1)
    assert told(begin, topic(1), slug=slug) == []
