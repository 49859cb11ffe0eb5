# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

import json
from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any

import pytest

from grants.errors import FaultKind, SourceError
from grants.sources import interreg
from grants.sources.reading import Reading, Request, Response, SourceConfig
from models.values import Basis, CallStatus, Completeness, Due
from tests.conftest import CAPTURES, needs_captures
from tests.replay.direct import direct
from tests.replay.interreg import KEY, URL, Index, hit

RULES = {"nuts": ["NL213", "DEA3", "DE94"], "audience": ["Local public authority"]}
SOURCE = SourceConfig("interreg-eu", "interreg", URL, "en", "Europe/Brussels", RULES, KEY)


def read(index: Index, **rules: Any) -> Reading:
    return interreg.read(replace(SOURCE, rules={**RULES, **rules}), fetch=direct(index.answer), known={})


def answering(body: bytes) -> Reading:
    return interreg.read(SOURCE, fetch=lambda request: Response(request.url, 200, {}, body), known={})


def test_a_call_comes_in_with_its_facts() -> None:
    (entry,) = read(Index([hit(7, callExternalUrl="https://x.example/7")])).entries
    assert (entry.key, entry.identifier, entry.title) == (
        "7",
        "callForProjectsPage_7",
        "Small projects, round 7",
    )
    assert (entry.url, entry.programme) == ("https://x.example/7", "Interreg Deutschland-Nederland")
    assert (entry.stated_status, entry.opens_on) == (CallStatus.OPEN, date(2026, 5, 4))
    assert "<dd>Better Governance</dd>" in entry.body


def test_every_page_is_read_and_the_total_must_add_up() -> None:
    index = Index([hit(number, title=f"Call {number}") for number in range(1, 8)])
    reading = read(index, per_page=3)
    assert (len(reading.entries), reading.reported_total, len(index.asked)) == (7, 7, 3)
    assert (reading.completeness, reading.warnings) == (Completeness.COMPLETE, ())
    index.claims = 2
    short = read(index, per_page=3)
    assert short.completeness == Completeness.PARTIAL
    assert short.warnings == ("The list says it has 9 calls and gave 7; 7 are for us.",)


def test_fewer_than_expected_is_partial() -> None:
    assert read(Index([hit(1)]), at_least=5).completeness == Completeness.PARTIAL


@pytest.mark.parametrize(
    ("facts", "kept"),
    [
        ({}, 1),
        ({"callEligibleRegionNuts": ["NL21"], "callEligibleCountryNuts": []}, 1),
        ({"callEligibleRegionNuts": ["DEA33"], "callEligibleCountryNuts": []}, 1),
        ({"callEligibleRegionNuts": [], "callEligibleCountryNuts": ["NL"]}, 1),
        ({"callEligibleRegionNuts": ["ES111"], "callEligibleCountryNuts": ["ES"]}, 0),
        ({"callEligibleRegionNuts": [], "callEligibleCountryNuts": []}, 0),
        ({"targetAudience": ["Business support organisation"]}, 0),
        ({"targetAudience": None}, 0),
    ],
)
def test_nuts_and_audience_decide_what_is_ours_and_the_rest_is_counted(
    facts: dict[str, Any], kept: int
) -> None:
    reading = read(Index([hit(1, **facts)]))
    assert len(reading.entries) == kept
    assert ("1 calls are for other regions or applicants, and were left out." in reading.warnings) == (
        not kept
    )


def test_without_filters_everything_is_ours() -> None:
    other = hit(1, callEligibleRegionNuts=["ES111"], callEligibleCountryNuts=["ES"], targetAudience=[])
    assert len(read(Index([other]), nuts=[], audience=[]).entries) == 1


def test_twins_on_two_pages_are_one_call() -> None:
    twins = [
        hit(3129, title="Third call", callExternalUrl="https://x.example/3"),
        hit(3091, title="Open call on water"),
    ]
    reading = read(Index(twins))
    (entry,) = reading.entries
    assert (entry.key, entry.title, entry.url) == ("3091", "Third call", "https://x.example/3")
    assert "<p>Open call on water</p>" in entry.body
    assert "are one call on two pages" in reading.warnings[0]


def test_calls_of_one_programme_that_only_look_alike_stay_apart() -> None:
    three = [hit(1), hit(2), hit(3, callExternalUrl="https://x.example/3")]
    assert len(read(Index(three)).entries) == 3
    apart = [hit(1), hit(2, callExternalUrl="https://x.example/2", callDeadlineDate="2026-10-01T00:00:00Z")]
    assert len(read(Index(apart)).entries) == 2


def test_a_false_z_is_the_sites_own_time_and_seven_digits_are_cut() -> None:
    (entry,) = read(Index([hit(1, createdDate="2026-08-05T15:30:51.1577452Z")])).entries
    assert entry.published_at == datetime(2026, 8, 5, 13, 30, 51, 157745, tzinfo=UTC)
    assert read(Index([hit(1, createdDate=None)])).entries[0].published_at is None


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("2026-09-30T00:00:00Z", Due(date(2026, 9, 30), text="2026-09-30T00:00:00Z")),
        (
            "2026-09-30T12:00:30Z",
            Due(date(2026, 9, 30), time(12), basis=Basis.ASSUMED, text="2026-09-30T12:00:30Z"),
        ),
        ("end of September", Due(None, basis=Basis.UNKNOWN, text="end of September")),
    ],
)
def test_midnight_is_a_day_and_what_is_no_date_is_kept_as_said(text: str, due: Due) -> None:
    assert read(Index([hit(1, callDeadlineDate=text)])).entries[0].deadlines == (due,)


def test_a_call_without_dates_has_none() -> None:
    (entry,) = read(Index([hit(1, callDeadlineDate=None, callOpenDate="")])).entries
    assert (entry.deadlines, entry.opens_on) == ((), None)


def test_names_that_repeat_and_end_in_blanks_stand_once() -> None:
    (entry,) = read(Index([hit(1)])).entries
    assert "<dt>Regions</dt><dd>Twente, Münster</dd>" in entry.body


def test_a_hit_without_title_address_or_id_costs_only_itself() -> None:
    odd = [
        hit(1, title="", nodeName=""),
        hit(2, contentUrl="", callExternalUrl="javascript:x"),
        {"title": "x"},
    ]
    reading = read(Index([*odd, hit(4, callStatus="Paused", title="Four")]))
    assert [entry.key for entry in reading.entries] == ["4"]
    assert "'Four' has a status we do not know: 'Paused'." in reading.warnings
    assert "The call 1 has no title or address, and was left out." in reading.warnings


def test_nothing_but_a_title_has_no_body() -> None:
    bare = dict.fromkeys(interreg.TOLD)
    assert read(Index([hit(1, **bare)]), audience=[], nuts=[]).entries[0].body == ""


def test_without_a_key_and_with_an_old_one_the_sentence_says_where_it_goes() -> None:
    index = Index([hit(1)], key="another")
    with pytest.raises(SourceError, match=r"PIJPLIJN_SOURCE_KEYS=interreg-eu=<key>") as missing:
        interreg.read(replace(SOURCE, secret=""), fetch=direct(index.answer), known={})
    with pytest.raises(SourceError, match="changes now and then") as rotated:
        read(index)
    assert {missing.value.kind, rotated.value.kind} == {FaultKind.REFUSED}
    assert KEY not in str(rotated.value)


def test_another_fault_stays_what_it_is() -> None:
    def down(request: Request) -> Response:
        raise SourceError("No answer.", kind=FaultKind.NETWORK)

    with pytest.raises(SourceError, match=r"No answer\."):
        interreg.read(SOURCE, fetch=down, known={})


@pytest.mark.parametrize(
    "body",
    [
        b"<html>",
        b"{}",
        b'{"results":[]}',
        b'{"results":[{"hits":{},"nbHits":1}]}',
        b'{"results":[{"hits":[],"nbHits":"1"}]}',
    ],
)
def test_what_is_no_list_is_a_clear_sentence(body: bytes) -> None:
    with pytest.raises(SourceError, match=r"interreg\.eu's"):
        answering(body)


def test_a_list_without_end_is_read_once_round() -> None:
    index = Index([hit(1)], claims=5)
    assert len(read(index, per_page=1).entries) == 1


@needs_captures
def test_the_captured_index_gives_one_call_of_two_pages() -> None:
    body = (CAPTURES / "interreg" / "interreg-eu-algolia-trimmed.json").read_bytes()
    (first, second) = json.loads(body)["results"][0]["hits"]
    index = Index([first, second], claims=1)
    reading = read(index, nuts=["ES111"])
    (entry,) = reading.entries
    assert (entry.key, entry.url) == ("3091", "https://interreg-sudoe.eu/3a-convocatoria/")
    assert (entry.title, entry.opens_on) == (first["title"], date(2026, 5, 4))
    assert entry.deadlines == (Due(date(2026, 9, 30), text="2026-09-30T00:00:00Z"),)
    assert reading.completeness == Completeness.PARTIAL
