# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

import json
import tracemalloc
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from grants.errors import SourceError
from grants.sources import sedia_bulk
from grants.sources.reading import Reading, Response, SourceConfig
from models.values import Basis, CallStatus, Completeness, Due
from tests.replay.direct import direct
from tests.replay.grants_tenders import URL, Portal, millis, topic

SOURCE = SourceConfig("eu-portal-bulk", "sedia_bulk", URL, "en", "Europe/Brussels")


def read(*objects: dict[str, Any], **rules: Any) -> Reading:
    source = replace(SOURCE, rules=rules)
    return sedia_bulk.read(source, fetch=direct(Portal(list(objects)).answer), known={})


def test_a_topic_comes_in_with_what_the_file_tells_and_no_more() -> None:
    reading = read(topic(7))
    (entry,) = reading.entries
    assert (entry.key, entry.identifier, entry.title) == ("7TOPICSen", "LIFE-2026-CITY-7", "Cool cities 7")
    assert entry.url.endswith("/topic-details/life-2026-city-7")
    assert (entry.programme, entry.parent) == ("Environment and Climate (LIFE)", "LIFE-2026-CITY")
    assert (entry.stated_status, entry.opens_on) == (CallStatus.OPEN, date(2026, 10, 1))
    assert entry.deadlines == (Due(date(2027, 1, 14), text=str(millis("2027-01-14T00:00:00+00:00"))),)
    assert entry.untold >= {"body", "budget"}
    assert (reading.completeness, reading.warnings, reading.reported_total) == (Completeness.COMPLETE, (), 1)


def test_tenders_and_closed_topics_are_passed_over_and_only_what_is_taken_is_kept() -> None:
    reading = read(topic(1), topic(2, type=0), topic(3, status={"id": 31094503}), topic(4, status=None))
    assert [entry.key for entry in reading.entries] == ["1TOPICSen"]
    assert reading.reported_total == 4
    assert [one["ccm2Id"] for one in json.loads(reading.payloads[0].body)] == [1]


@pytest.mark.parametrize(
    ("said", "programme"),
    [
        ([{"description": "Horizon Europe", "abbreviation": "HORIZON"}], "Horizon Europe (HORIZON)"),
        ({"abbreviation": "LIFE"}, "LIFE"),
        ([], ""),
        ("LIFE", ""),
    ],
)
def test_a_programme_is_an_object_or_a_list_of_one(said: object, programme: str) -> None:
    assert read(topic(frameworkProgramme=said)).entries[0].programme == programme


def test_several_deadlines_are_labelled_by_the_submission_procedure() -> None:
    days = [millis("2027-01-14T00:00:00+00:00"), millis("2027-09-02T00:00:00+00:00")]
    two = read(topic(deadlineDatesLong=days, sumbissionProcedure={"abbreviation": "two-stage"})).entries[0]
    cut = read(topic(deadlineDatesLong=days, sumbissionProcedure=None)).entries[0]
    assert [one.stage for one in two.deadlines] == ["stage 1", "stage 2"]
    assert [one.stage for one in cut.deadlines] == ["cut-off 1", "cut-off 2"]


def test_deadlines_stand_in_the_actions_when_the_topic_has_none() -> None:
    action = {"deadlineDates": [millis("2027-03-01T00:00:00+00:00")]}
    (entry,) = read(topic(deadlineDatesLong=None, actions=[action, {"deadlineDates": None}, "x"])).entries
    assert [one.on for one in entry.deadlines] == [date(2027, 3, 1)]


@pytest.mark.parametrize("value", ["soon", True, 1e30])
def test_a_date_that_is_none_is_unknown_and_named(value: object) -> None:
    reading = read(topic(deadlineDatesLong=[value], plannedOpeningDateLong=None))
    (entry,) = reading.entries
    assert entry.deadlines == (Due(None, basis=Basis.UNKNOWN, text=str(value)),)
    assert reading.warnings == (f"The deadline '{value}' of LIFE-2026-CITY-1 could not be read.",)
    assert entry.opens_on is None


def test_a_topic_without_number_or_name_is_left_out_with_a_warning() -> None:
    reading = read(topic(1), topic(2, identifier=""), topic(3, ccm2Id=None))
    assert len(reading.entries) == 1
    assert reading.warnings == (
        "A topic without a name was left out: 2.", "A topic without a number was left out: LIFE-2026-CITY-3.",
    )  # fmt: skip


def test_fewer_than_expected_is_partial() -> None:
    reading = read(topic(1), at_least=300)
    assert reading.completeness == Completeness.PARTIAL
    assert "gave 1 topics where at least 300 are expected" in reading.warnings[0]


def test_a_file_that_did_not_change_is_not_read_again() -> None:
    portal = Portal([topic(1)])
    first = sedia_bulk.read(SOURCE, fetch=direct(portal.answer), known={})
    second = sedia_bulk.read(SOURCE, fetch=direct(portal.answer), known=first.validators)

    def without_tag(method: str, path: str, _headers: Any, body: bytes) -> Any:
        return portal.answer(method, path, {}, body)

    third = sedia_bulk.read(SOURCE, fetch=direct(without_tag), known=first.validators)
    assert {second.completeness, third.completeness} == {Completeness.UNCHANGED}


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"<html>", "no proper JSON after 0 objects"),
        (b'{"fundingData":{"GrantTenderObj":[{"type":1},', "no proper JSON after 1 objects"),
        (b"{}", "holds no list"),
        (b'{"fundingData":{"GrantTenderObj":["\xff"]}}', "no proper JSON"),
    ],
)
def test_what_is_no_such_file_is_a_clear_sentence(body: bytes, why: str) -> None:
    with pytest.raises(SourceError, match=why):
        sedia_bulk.read(
            SOURCE, fetch=lambda request: Response(request.url, 200, {}, b"", BytesIO(body)), known={}
        )


def test_a_large_file_costs_little_memory(tmp_path: Path) -> None:
    closed = json.dumps(topic(1, status={"id": 31094503}, filler="x" * 4000)).encode()
    body = (
        b'{"fundingData":{"GrantTenderObj":['
        + b",".join([closed] * 5000)
        + b","
        + json.dumps(topic(2)).encode()
        + b"]}}"
    )
    (tmp_path / "bulk.json").write_bytes(body)
    tracemalloc.start()
    with (tmp_path / "bulk.json").open("rb") as file:
        answer = Response(URL, 200, {}, b"", file)
        reading = sedia_bulk.read(SOURCE, fetch=lambda _request: answer, known={})
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (len(reading.entries), reading.reported_total) == (1, 5001)
    assert len(body) > 20_000_000
    assert peak < len(body) / 10
