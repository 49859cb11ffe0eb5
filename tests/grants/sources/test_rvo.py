# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any

import pytest

from grants.errors import SourceError
from grants.sources import rvo
from grants.sources.reading import Reading, Response, SourceConfig, Validator
from models.values import Basis, CallStatus, Completeness, Due
from tests.replay.direct import direct
from tests.replay.rvo import URL, Rvo, scheme

SOURCE = SourceConfig("rvo", "rvo", URL, "nl", "Europe/Amsterdam")


def read(site: Rvo, known: dict[str, Validator] | None = None, **rules: Any) -> Reading:
    return rvo.read(replace(SOURCE, rules=rules), fetch=direct(site.answer), known=known or {})


def again(site: Rvo, before: Reading, **rules: Any) -> Reading:
    site.asked.clear()
    return read(site, dict(before.validators), **rules)


def test_a_scheme_comes_in_with_its_facts_and_those_of_its_page() -> None:
    (entry,) = read(Rvo([scheme(1)])).entries
    assert (entry.key, entry.title) == ("uuid-1", "Regeling 1")
    assert entry.url == "https://www.rvo.nl/subsidies-financiering/regeling-1"
    assert (entry.stated_status, entry.deadlines) == (CallStatus.OPEN, ())
    assert entry.published_at == datetime(2026, 3, 2, 8, tzinfo=UTC)
    assert "Voor gemeenten." in entry.body
    assert "Zoek" not in entry.body
    assert entry.extra["targets"] == ["Decentrale overheid"]


def test_pages_are_read_until_one_is_empty() -> None:
    site = Rvo([scheme(number) for number in range(120)])
    reading = read(site, pages=0)
    assert (len(reading.entries), reading.completeness) == (120, Completeness.COMPLETE)
    assert site.asked == [f"/api/v1/opendata/subsidies?page={number}" for number in range(4)]


@pytest.mark.parametrize(("there", "outcome"), [(47, Completeness.COMPLETE), (80, Completeness.PARTIAL)])
def test_a_list_that_does_not_page_is_whole_when_it_was_not_full(there: int, outcome: Completeness) -> None:
    site = Rvo([scheme(number) for number in range(there)], pages=False)
    reading = read(site, pages=0)
    assert (len(reading.entries), reading.completeness) == (min(there, 50), outcome)
    assert any("repeats itself" in one for one in reading.warnings) == (outcome == Completeness.PARTIAL)


def test_a_list_without_end_is_left_at_last(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rvo, "MOST_PAGES", 2)
    reading = read(Rvo([scheme(number) for number in range(150)]), pages=0)
    assert (len(reading.entries), reading.completeness) == (100, Completeness.PARTIAL)


def test_sub_pages_and_schemes_for_others_are_left_out_and_counted() -> None:
    others = [
        scheme(2, url="/subsidies-financiering/regeling-1/voorwaarden"),
        scheme(3, targets=["Ondernemer"]),
        scheme(4, url="https://elders.example/x"),
        scheme(5, targets=None),
    ]
    reading = read(Rvo([scheme(1), *others]))
    assert [entry.key for entry in reading.entries] == ["uuid-1"]
    assert "4 items are sub-pages or for others, and were left out." in reading.warnings
    assert len(read(Rvo([scheme(1), *others]), targets=[]).entries) == 3


@pytest.mark.parametrize(
    ("label", "status"),
    [
        ("Open voor aanvragen", CallStatus.OPEN),
        ("Binnenkort open voor aanvragen", CallStatus.FORTHCOMING),
        ("Bijna open voor aanvragen", CallStatus.FORTHCOMING),
        ("Tijdelijk gesloten voor aanvragen", CallStatus.CLOSED),
        ("Gesloten voor aanvragen", CallStatus.CLOSED),
        ("Lees verder", None),
    ],
)
def test_the_label_of_the_page_is_the_status(label: str, status: CallStatus | None) -> None:
    reading = read(Rvo([scheme(1)], label=label))
    assert reading.entries[0].stated_status == status
    assert any("no label" in one for one in reading.warnings) == (status is None)


@pytest.mark.parametrize(
    ("text", "dues"),
    [
        (
            "<p>Sluitingsdatum: 1 december 2026</p>",
            (Due(date(2026, 12, 1), zone="Europe/Amsterdam", text="1 december 2026"),),
        ),
        (
            "<p>U kunt aanvragen tot en met 3 maart 2027, 17:00 uur</p>",
            (
                Due(
                    date(2027, 3, 3),
                    time(17),
                    "Europe/Amsterdam",
                    Basis.ASSUMED,
                    text="3 maart 2027, 17:00 uur",
                ),
            ),
        ),
        ("<p>De regeling bestaat sinds 1 december 2020.</p>", ()),
    ],
)
def test_a_deadline_is_taken_only_from_behind_a_label(text: str, dues: tuple[Due, ...]) -> None:
    assert read(Rvo([scheme(1)], text=text)).entries[0].deadlines == dues


def test_a_page_is_read_again_when_its_scheme_changed_and_asked_whether_it_did_otherwise() -> None:
    site = Rvo([scheme(1), scheme(2)])
    first = read(site)
    second = again(site, first)
    assert [entry.untold for entry in second.entries] == [rvo.ON_PAGE, rvo.ON_PAGE]
    site.label, site.schemes[0]["changed"] = "Gesloten voor aanvragen", "2026-10-01T12:00:00+02:00"
    third = again(site, second, pages=1)
    assert [(entry.untold, entry.stated_status) for entry in third.entries] == [
        (frozenset(), CallStatus.CLOSED), (rvo.ON_PAGE, None),
    ]  # fmt: skip


def test_no_more_pages_are_read_than_is_polite_and_everyone_has_a_turn() -> None:
    site = Rvo([scheme(number) for number in range(5)])
    reading = read(site, pages=2)
    assert (
        "The pages of 3 new schemes are read in the next runs; till then their status is unknown."
        in reading.warnings
    )
    turns = [{path for path in site.asked if "regeling" in path}]
    for _ in range(3):
        reading = again(site, reading, pages=2)
        turns.append({path for path in site.asked if "regeling" in path})
    assert [len(turn) for turn in turns] == [2, 2, 2, 2]
    assert len(set.union(*turns[:3])) == 5


def test_a_scheme_that_went_is_forgotten() -> None:
    site = Rvo([scheme(1), scheme(2)])
    before = read(site)
    site.schemes.pop()
    assert list(again(site, before).validators) == ["https://www.rvo.nl/subsidies-financiering/regeling-1"]


def test_a_page_that_fails_costs_only_itself() -> None:
    site = Rvo([scheme(1), scheme(2)])
    before = read(site)
    site.broken = frozenset({"/subsidies-financiering/regeling-1"})
    fresh, known = read(site), again(site, before)
    assert [entry.stated_status for entry in fresh.entries] == [None, CallStatus.OPEN]
    assert "koele" in fresh.entries[0].body
    assert any("'Regeling 1' could not be read" in one for one in fresh.warnings)
    assert [entry.untold for entry in known.entries] == [rvo.ON_PAGE, rvo.ON_PAGE]


def test_an_empty_page_leaves_the_introduction() -> None:
    site = Rvo([scheme(1)])

    def answer(method: str, path: str, headers: Any, body: bytes) -> Any:
        status, said, content = site.answer(method, path, headers, body)
        return status, said, b"" if "regeling" in path else content

    (entry,) = rvo.read(SOURCE, fetch=direct(answer), known={}).entries
    assert "koele" in entry.body
    assert entry.stated_status is None


@pytest.mark.parametrize(("body", "why"), [(b"<html>", "not JSON"), (b"{}", "no list")])
def test_what_is_no_list_is_a_clear_sentence(body: bytes, why: str) -> None:
    with pytest.raises(SourceError, match=why):
        rvo.read(SOURCE, fetch=lambda request: Response(request.url, 200, {}, body), known={})


def test_fewer_than_expected_is_partial() -> None:
    assert read(Rvo([scheme(1)]), at_least=10).completeness == Completeness.PARTIAL
