# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The EU portal read over HTTP, from a server that speaks its protocol and fails in its ways."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from demo.portal import Answer, Fault, Portal, Search, serving
from grants.errors import FaultKind, SourceError
from grants.sources import sedia
from grants.sources.fetch import fetching
from grants.sources.reading import Reading
from models.values import Completeness

SUFFIXES = {"1": "TOPICSen", "2": "PROSPECTSEN", "8": "COMPETITIVE_CALLen"}


@dataclass
class Source:
    url: str
    rules: dict[str, Any] = field(default_factory=dict)
    slug: str = "eu-portal"
    language: str = "en"
    zone: str = "Europe/Brussels"


@dataclass
class Office:
    """A portal, and our reader pointed at it."""

    portal: Portal
    address: str

    def read(self, **rules: Any) -> Reading:
        host = self.address.removeprefix("http://")
        source = Source(f"{self.address}/search-api/prod/rest/search", rules)
        with fetching(trusted_hosts=frozenset({host})) as fetch:
            return sedia.read(source, fetch=fetch, known={})


@pytest.fixture
def office() -> Iterator[Office]:
    portal = Portal([record(number) for number in range(250)] + [record(9, "2"), record(8, "8")])
    with serving(portal) as address:
        yield Office(portal, address)


def record(number: int, kind: str = "1", **metadata: Any) -> dict[str, Any]:
    facts = {
        "identifier": [f"LIFE-{number:04}"],
        "callIdentifier": [str(number)],
        "callccm2Id": [str(number)],
        "title": [f"Call {number}"],
        "type": [kind],
        "status": ["31094502"],
    }
    return {"reference": f"{number}{SUFFIXES[kind]}", "metadata": facts | metadata}


def without(page: int, *, times: int) -> Any:
    """Lose the third record of a page of topics, the first so many times."""
    left = [times]

    def twist(search: Search, answer: Answer) -> Answer:
        if search.page == page and search.kinds == ["1"] and search.size > 1 and left[0]:
            left[0] -= 1
            del answer["results"][2]
        return answer

    return twist


def test_all_pages_of_all_types_are_read_in_the_order_of_their_own_number(office: Office) -> None:
    reading = office.read()
    assert reading.completeness == Completeness.COMPLETE
    assert (len(reading.entries), reading.reported_total, reading.warnings) == (252, 252, ())
    assert len({entry.key for entry in reading.entries}) == 252
    assert [entry.kind for entry in reading.entries[-2:]] == ["external aid", "cascade"]
    walked = [
        (search.kinds, search.page, search.sort) for search in office.portal.searches if search.size > 1
    ]
    assert walked == [
        (["1"], 1, "identifier"),
        (["1"], 2, "identifier"),
        (["1"], 3, "identifier"),
        (["2"], 1, "callIdentifier"),
        (["8"], 1, "callccm2Id"),
    ]
    assert len(reading.payloads) == len(office.portal.searches)
    assert reading.payloads[0].body.startswith(b"{")


def test_rules_choose_types_statuses_and_the_size_of_a_page(office: Office) -> None:
    office.portal.records = [record(1, "2", status=["31094503"]), record(2, "2")]
    reading = office.read(types=["2"], statuses=["31094503"], page_size=50)
    assert [entry.key for entry in reading.entries] == ["1PROSPECTSEN"]
    assert {search.size for search in office.portal.searches} == {1, 50}


def test_a_record_lost_on_one_page_is_found_in_the_second_round(office: Office) -> None:
    office.portal.twist = without(2, times=1)
    reading = office.read()
    assert (reading.completeness, len(reading.entries)) == (Completeness.COMPLETE, 252)


def test_a_record_lost_every_time_makes_the_reading_partial_and_names_the_numbers(office: Office) -> None:
    office.portal.twist = without(2, times=9)
    reading = office.read()
    assert (reading.completeness, len(reading.entries)) == (Completeness.PARTIAL, 251)
    assert reading.warnings == (
        (
            "Of topic calls the portal said 250, then 250, and gave 249 different ones in two rounds:"
            " some may be missing."
        ),
    )


def test_a_total_that_keeps_changing_makes_the_reading_partial(office: Office) -> None:
    asked = iter(range(99))

    def twist(search: Search, answer: Answer) -> Answer:
        growth = next(asked) if search.kinds == ["1"] and search.size == 1 else 0
        return answer | {"totalResults": answer["totalResults"] + growth}

    office.portal.twist = twist
    reading = office.read()
    assert (reading.completeness, len(reading.entries)) == (Completeness.PARTIAL, 252)


def test_a_record_the_sorted_list_leaves_out_is_found_by_an_unsorted_one(office: Office) -> None:
    office.portal.records = [record(1, "8"), record(2, "8", callccm2Id=[])]
    reading = office.read()
    assert (reading.completeness, len(reading.entries)) == (Completeness.COMPLETE, 2)


def test_a_reference_given_twice_is_kept_once_the_newest_and_named(office: Office) -> None:
    old = record(1, es_SortDate=["2023-10-04T00:00:00.000+0000"], title=["Old"])
    new = record(1, es_SortDate=["2026-10-04T00:00:00.000+0000"], title=["New"])
    office.portal.records = [new, old, record(2)]
    reading = office.read()
    assert [entry.title for entry in reading.entries] == ["New", "Call 2"]
    assert reading.completeness == Completeness.COMPLETE
    assert reading.warnings == ("The portal gave 1 topic calls twice; the newest is kept: 1TOPICSen.",)


def test_many_repeats_are_named_in_part(office: Office) -> None:
    office.portal.records = [record(number // 2) for number in range(14)]
    (warning,) = office.read().warnings
    assert warning.endswith("0TOPICSen, 1TOPICSen, 2TOPICSen, 3TOPICSen, 4TOPICSen, ….")


def test_no_results_where_some_are_expected_is_partial_never_no_calls(office: Office) -> None:
    office.portal.records = []
    reading = office.read(at_least=300)
    assert (reading.completeness, reading.entries) == (Completeness.PARTIAL, ())
    assert reading.warnings == ("The portal gave 0 calls where at least 300 are expected.",)


def test_a_record_without_a_reference_is_counted_as_missing(office: Office) -> None:
    office.portal.records = [record(1), record(2) | {"reference": None}]
    assert office.read().completeness == Completeness.PARTIAL


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        ("<html>busy</html>", "The portal's search answered something that is not JSON."),
        ({"type": "throwable"}, "The portal's search reported an error of its own instead of results."),
        ({"totalResults": 3}, "The portal's search answered without a list of results or their total."),
    ],
)
def test_an_answer_that_is_no_result_list_is_a_broken_source(
    office: Office, answer: object, sentence: str
) -> None:
    def twist(search: Search, usual: Answer) -> Answer:
        if search.page == 2:
            raise Fault(200, answer)
        return usual

    office.portal.twist = twist
    with pytest.raises(SourceError) as caught:
        office.read()
    assert (str(caught.value), caught.value.kind) == (sentence, FaultKind.BROKEN)


def test_an_internal_error_of_the_portal_is_a_broken_source(office: Office) -> None:
    def twist(search: Search, usual: Answer) -> Answer:
        raise Fault

    office.portal.twist = twist
    with pytest.raises(SourceError) as caught:
        office.read()
    assert caught.value.kind == FaultKind.BROKEN
