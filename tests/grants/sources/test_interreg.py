# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""interreg.eu's index read over HTTP, from a server that speaks its protocol and fails in its ways."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from grants.errors import FaultKind, SourceError
from grants.sources import interreg
from grants.sources.fetch import fetching
from grants.sources.reading import Reading, SourceConfig, Validator
from models.values import CallStatus, Completeness, Due
from tests.conftest import CAPTURES, needs_captures
from tests.grants.sources.loopback import Loopback, serving, speaking
from tests.replay.interreg import KEY, PATH, Index, hit

RULES = {"nuts": ["NL213", "NL21", "DEA3", "DE94"], "audience": ["Local public authority"]}


@dataclass
class Office:
    """An index, and our reader pointed at it."""

    index: Index
    server: Loopback
    secret: str = KEY

    def read(self, known: dict[str, Validator] | None = None, **rules: Any) -> Reading:
        address = f"{self.server.url.rstrip('/')}{PATH}"
        source = SourceConfig(
            "interreg-eu", "interreg", address, "en", "Europe/Brussels", RULES | rules, self.secret
        )
        with fetching(trusted_hosts=frozenset({self.server.host})) as fetch:
            return interreg.read(source, fetch=fetch, known=known or {})


@pytest.fixture
def office() -> Iterator[Office]:
    index = Index([hit(1)])
    with serving(speaking(index.answer)) as server:
        yield Office(index, server)


def test_the_question_names_index_and_filter_and_the_key_goes_in_a_header(office: Office) -> None:
    office.read()
    (seen,) = office.server.seen
    assert (seen.method, seen.path) == ("POST", "/1/indexes/*/queries")
    assert seen.headers["x-algolia-application-id"] == "2E032DRCNS"
    assert seen.headers["x-algolia-api-key"] == KEY
    assert office.index.asked == [
        {
            "indexName": "prod_en-us_content",
            "filters": "contentType:callForProjectsPage AND (callStatus:Open OR callStatus:Forthcoming)",
            "query": "",
            "hitsPerPage": 500,
            "page": 0,
        }
    ]


def test_the_key_is_in_nothing_that_is_kept(office: Office) -> None:
    reading = office.read()
    assert KEY not in repr(reading)
    assert [payload.url.endswith(PATH) for payload in reading.payloads] == [True]
    assert json.loads(reading.payloads[0].body)["results"][0]["nbHits"] == 1


def test_without_a_key_the_sentence_says_where_to_put_it(office: Office) -> None:
    office.secret = ""
    with pytest.raises(SourceError) as caught:
        office.read()
    assert (caught.value.kind, str(caught.value)) == (
        FaultKind.REFUSED,
        "interreg.eu asks for its public search key: set PIJPLIJN_SOURCE_KEYS=interreg-eu=<key>.",
    )
    assert office.server.seen == []


def test_a_403_says_that_the_key_has_probably_rotated_and_what_to_do(office: Office) -> None:
    office.index.key = "rotated"
    with pytest.raises(SourceError) as caught:
        office.read()
    assert (caught.value.kind, str(caught.value)) == (
        FaultKind.REFUSED,
        (
            "interreg.eu's index refuses our search key, which has probably been replaced: copy the new one from the "
            "requests of interreg.eu/calls-for-projects into PIJPLIJN_SOURCE_KEYS=interreg-eu=<key>."
        ),
    )


def test_another_fault_stays_what_it_is(office: Office) -> None:
    office.index.fault = (503, {"Retry-After": "120"}, b"")
    with pytest.raises(SourceError, match="asks us to come back later") as caught:
        office.read()
    assert (caught.value.kind, caught.value.retry_after) == (FaultKind.BUSY, 120)


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"<html>", "interreg.eu's index answered without a list of calls or their number."),
        (b'{"results":[{"hits":[', "interreg.eu's index answered without a list of calls or their number."),
        (b"{}", "interreg.eu's index answered without a list of calls or their number."),
        (b'{"results":[]}', "interreg.eu's index answered without a list of calls or their number."),
        (b'{"results":[{"hits":{},"nbHits":1}]}', "interreg.eu's list of calls is no list today."),
        (b'{"results":[{"hits":[],"nbHits":"1"}]}', "interreg.eu's list of calls is no list today."),
    ],
)
def test_what_is_no_list_is_a_broken_source(office: Office, body: bytes, sentence: str) -> None:
    office.index.fault = (200, {}, body)
    with pytest.raises(SourceError) as caught:
        office.read()
    assert (caught.value.kind, str(caught.value)) == (FaultKind.BROKEN, sentence)


def test_hits_per_page_and_every_page_until_the_total(office: Office) -> None:
    office.index.hits = [hit(number, title=f"Call {number}") for number in range(1, 8)]
    reading = office.read(per_page=3)
    assert [(one["hitsPerPage"], one["page"]) for one in office.index.asked] == [(3, 0), (3, 1), (3, 2)]
    assert [entry.key for entry in reading.entries] == ["1", "2", "3", "4", "5", "6", "7"]
    assert (reading.reported_total, reading.completeness, reading.warnings) == (7, Completeness.COMPLETE, ())
    assert len(reading.payloads) == 3


def test_nb_hits_above_what_came_makes_the_reading_partial(office: Office) -> None:
    office.index.claims = 2
    reading = office.read(per_page=1)
    assert (reading.reported_total, reading.completeness) == (3, Completeness.PARTIAL)
    assert reading.warnings == ("The list says it has 3 calls and gave 1.",)
    assert len(office.index.asked) == 2  # an empty page is the end


def test_an_empty_page_is_never_no_calls(office: Office) -> None:
    office.index.hits = []
    reading = office.read(at_least=1)
    assert (reading.completeness, reading.entries) == (Completeness.PARTIAL, ())
    assert reading.warnings == ("0 calls are for us where at least 1 are expected.",)


def test_a_list_without_end_is_read_once_round(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.index.hits = [hit(number, title=f"Call {number}") for number in range(1, 8)]
    monkeypatch.setattr(interreg, "MOST_PAGES", 2)
    reading = office.read(per_page=2)
    assert (len(reading.entries), reading.completeness) == (4, Completeness.PARTIAL)


@pytest.mark.parametrize(
    ("regions", "countries", "kept"),
    [
        (["NL213"], ["NL"], True),
        (["NL211"], ["NL"], True),  # in Overijssel
        (["NL2"], ["NL"], True),  # covers it
        (["DEA33"], ["DE"], True),
        (["DE94A"], ["DE"], True),
        ([], ["NL"], True),
        (["ES111"], ["ES", "DE"], True),  # all of Germany, for none of its regions is named
        (["DE212", "AT33"], ["AT", "DE"], False),  # the Alps
        (["NL341"], ["NL", "BE"], False),
        (["ES111"], ["ES"], False),
        ([], [], True),  # says nothing of regions
    ],
)
def test_nuts_codes_decide_what_is_ours(
    office: Office,
    regions: list[str],
    countries: list[str],
    kept: bool,  # noqa: FBT001
) -> None:
    office.index.hits = [hit(1, callEligibleRegionNuts=regions, callEligibleCountryNuts=countries)]
    reading = office.read()
    assert len(reading.entries) == kept
    left = ("1 calls are for other regions or applicants, and were left out.",)
    assert reading.warnings == (() if kept else left)


@pytest.mark.parametrize(
    ("audience", "kept"),
    [(["Local public authority "], True), (["Business support organisation"], False), (None, True)],
)
def test_the_audience_local_public_authority_is_a_ready_filter(
    office: Office,
    audience: list[str] | None,
    kept: bool,  # noqa: FBT001
) -> None:
    office.index.hits = [hit(1, targetAudience=audience)]
    assert len(office.read().entries) == kept


def test_without_filters_everything_is_ours(office: Office) -> None:
    office.index.hits = [
        hit(1, callEligibleRegionNuts=["ES111"], callEligibleCountryNuts=["ES"], targetAudience=["Other"])
    ]
    assert len(office.read(nuts=[], audience=[]).entries) == 1


def test_a_hit_without_title_address_or_id_costs_only_itself(office: Office) -> None:
    office.index.hits = [
        hit(1, title="", nodeName=""),
        hit(2, contentUrl="", callExternalUrl="javascript:x"),
        {"title": "x"},
        hit(4, title="Four"),
    ]
    reading = office.read()
    assert [entry.key for entry in reading.entries] == ["4"]
    assert reading.warnings == (
        "The call 1 has no title or address, and was left out.",
        "The call 2 has no title or address, and was left out.",
        "The list says it has 4 calls and gave 3.",
    )
    assert reading.completeness == Completeness.PARTIAL


def test_a_pair_of_twins_keeps_its_key_when_one_of_them_goes_and_comes(office: Office) -> None:
    inside, out = (
        hit(3091, title="Open call on capitalisation"),
        hit(3129, title="On the road to capitalisation", callExternalUrl="https://x.example/3"),
    )
    keys = []
    known: dict[str, Validator] = {}
    for hits in ([inside, out], [out], [], [inside, out]):
        office.index.hits = hits
        reading = office.read(known)
        known = dict(reading.validators)
        keys.append([entry.key for entry in reading.entries])
    assert keys == [["3091"], ["3091"], [], ["3091"]]


@needs_captures
def test_the_captured_index_gives_one_call_of_two_pages(office: Office) -> None:
    body = (CAPTURES / "interreg" / "interreg-eu-algolia-trimmed.json").read_bytes()
    office.index.hits, office.index.claims = json.loads(body)["results"][0]["hits"], 1
    reading = office.read(nuts=["ES111"])
    (entry,) = reading.entries
    assert (entry.key, entry.identifier) == ("3091", "callForProjectsPage_3129")
    assert entry.title == "3rd Interreg Sudoe call: on the road to capitalisation"
    assert (entry.url, entry.programme) == (
        "https://interreg-sudoe.eu/3a-convocatoria/", "Interreg South West Europe (SUDOE)",
    )  # fmt: skip
    assert (entry.stated_status, entry.opens_on) == (CallStatus.OPEN, date(2026, 5, 4))
    assert entry.deadlines == (Due(date(2026, 9, 30), text="2026-09-30T00:00:00Z"),)
    assert entry.extra["updated"] == "2026-08-05T13:30:51.417745+00:00"
    assert reading.completeness == Completeness.PARTIAL  # it says three
    assert office.read().entries == ()  # and is for the south-west
