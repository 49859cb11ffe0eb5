# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

from typing import Any

import pytest
from sqlalchemy import select

from grants.eligibility import RULES
from grants.keeping import keep_entry
from grants.marking import mark_all, mark_calls
from grants.sources.reading import Entry
from models.call import Call
from models.session import Begin
from models.source import Source
from tests.builders import NOW, call, source

FOR_US = "Gemeenten kunnen tot 1 mei subsidie aanvragen."
ELSEWHERE: dict[str, Any] = {"callEligibleCountryNuts": ["ES"]}


def kept(begin: Begin) -> list[tuple[list[str], bool]]:
    with begin() as session:
        return [(one.facts, one.barred) for one in session.scalars(select(Call).order_by(Call.id))]


def test_each_call_keeps_what_it_says_and_whether_no_municipality_can_apply(begin: Begin) -> None:
    with begin() as session:
        session.add(source())
        session.flush()
        for text, extra in ((FOR_US, {}), (FOR_US, ELSEWHERE), ("Music for all.", {})):
            session.add(call(key=text[:5] + str(extra), text=text, extra=extra))
            session.flush()
    mark_all(begin)
    assert kept(begin) == [(["municipality"], False), (["municipality", "elsewhere"], True), ([], False)]


def test_only_what_changed_or_older_rules_read_is_read_again(begin: Begin) -> None:
    with begin() as session:
        session.add(source())
        session.flush()
        session.add_all([call(key="old", facts_read=RULES - 1), call(key="read", facts_read=RULES)])
        session.flush()
        assert (mark_calls(session), mark_calls(session)) == (1, 0)


@pytest.mark.parametrize(
    "told", [{"title": "Only for a named beneficiary"}, {"title": "Cold", "extra": ELSEWHERE}]
)
def test_a_call_that_is_told_otherwise_keeps_its_marks_until_it_is_read_again(
    begin: Begin, told: dict[str, Any]
) -> None:
    facts: dict[str, Any] = {
        "key": "a",
        "title": "Heat",
        "url": "https://x.example/a",
        "body": FOR_US,
    }
    with begin() as session:
        session.add(source())
        session.flush()
        keep_entry(session, session.get_one(Source, 1), Entry(**facts), now=NOW)
    mark_all(begin)
    with begin() as session:
        call = keep_entry(session, session.get_one(Source, 1), Entry(**facts | told), now=NOW)
        assert (call.facts, call.barred, call.facts_read) == (["municipality"], False, 0)
    mark_all(begin)
    assert [barred for _, barred in kept(begin)] == [True]
