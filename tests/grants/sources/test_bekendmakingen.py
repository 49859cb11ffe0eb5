# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Feeds have the form of the capture; the XML of announcements is shaped after sources.md."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from grants.clock import local_day
from grants.errors import FaultKind, SourceError
from grants.harvest import harvest
from grants.sources import bekendmakingen
from grants.sources.reading import Reading, SourceConfig, Validator
from models.call import Call, CallChange, ChangeKind
from models.session import Begin
from models.values import Basis, CallStatus, Completeness
from tests.builders import NOW
from tests.builders import source as source_row
from tests.conftest import CAPTURES, needs_captures
from tests.replay.bekendmakingen import (
    ADDRESS,
    AMENDMENT,
    CEILINGS,
    SEARCH,
    Announcement,
    Bekendmakingen,
    diagnostic,
)
from tests.replay.direct import direct

OVERIJSSEL = {"only_organisations": ["Overijssel"]}
MANY = [
    Announcement(f"prb-2026-{n}", "Overijssel", f"Subsidieregeling {n}", day=(2026, 7, n))
    for n in range(1, 8)
]


def source(**rules: Any) -> SourceConfig:
    return SourceConfig("bekendmakingen", "bekendmakingen", SEARCH, "nl", "Europe/Amsterdam", rules)


def read(site: Bekendmakingen, known: Mapping[str, Validator] | None = None, **rules: Any) -> Reading:
    return bekendmakingen.read(source(**rules), fetch=direct(site.answer), known=known or {})


def fed(body: bytes) -> Bekendmakingen:
    return Bekendmakingen(faults={"/rss": (200, {"Content-Type": "application/xml"}, body)})


def test_no_guid_so_the_key_is_the_last_part_of_the_address() -> None:
    (entry,) = read(Bekendmakingen([AMENDMENT])).entries
    assert (entry.key, entry.identifier) == ("prb-2025-17163", "prb-2025-17163")
    assert entry.url == "https://zoek.officielebekendmakingen.nl/prb-2025-17163.html"


def test_the_real_title_is_the_description_and_the_organisation_stands_after_the_colon() -> None:
    (entry,) = read(Bekendmakingen([AMENDMENT])).entries
    assert entry.title == "Wijziging van het Uitvoeringsbesluit subsidies Overijssel 2022"
    assert entry.organisation == "Overijssel"


def test_midnight_in_summer_time_does_not_become_the_day_before() -> None:
    (entry,) = read(Bekendmakingen([Announcement("prb-2026-1", "Overijssel", "Subsidie")])).entries
    assert entry.published_at == datetime(2026, 7, 14, 22, tzinfo=UTC)
    assert local_day(entry.published_at) == date(2026, 7, 15)


def test_other_bodies_that_the_text_search_finds_are_left_out() -> None:
    other = Announcement("prb-2026-2", "Gelderland", "Subsidie met Overijssel")
    site = Bekendmakingen([AMENDMENT, other])
    reading = read(site, **OVERIJSSEL)
    assert [entry.key for entry in reading.entries] == ["prb-2025-17163"]
    assert reading.warnings == ("1 announcements are of other bodies, and were left out.",)
    assert "/prb-2026-2.xml" not in site.asked


@pytest.mark.parametrize("prefixed", [True, False])
def test_an_error_served_as_200_with_a_diagnostic_is_an_error_and_no_empty_list(*, prefixed: bool) -> None:
    body = diagnostic("info:srw/diagnostic/1/10", "line 1:13 mismatched input", prefixed=prefixed)
    with pytest.raises(SourceError, match="refuses the question in this address: line 1:13") as caught:
        read(fed(body))
    assert caught.value.kind is FaultKind.MISSING


def test_a_diagnostic_of_the_systems_own_trouble_may_pass() -> None:
    with pytest.raises(SourceError) as caught:
        read(Bekendmakingen(diagnostic=("info:srw/diagnostic/1/1", "")))
    assert caught.value.temporary


@needs_captures
def test_the_captured_diagnostic_is_an_error() -> None:
    with pytest.raises(SourceError, match=r"mismatched input 'c\.product-area'"):
        read(fed((CAPTURES / "sru" / "sru-2.0-diagnostic-http200.xml").read_bytes()))


@needs_captures
def test_the_captured_sru_answer_is_no_feed() -> None:
    with pytest.raises(SourceError):
        read(fed((CAPTURES / "sru" / "sru-2.0-response-shaped.xml").read_bytes()))


@needs_captures
def test_the_captured_feed_gives_every_announcement_its_key_and_its_own_day() -> None:
    site = fed((CAPTURES / "officielebekendmakingen" / "rss-2022-05.xml").read_bytes())
    reading = read(site, texts=2)
    assert len(reading.entries) == len({entry.key for entry in reading.entries}) == 150
    first = reading.entries[0]
    assert (first.key, first.organisation) == ("kst-1027687", "Tweede Kamer der Staten-Generaal")
    assert first.published_at is not None
    assert local_day(first.published_at) == date(2022, 5, 2)
    assert len(site.asked) == 3
    assert reading.warnings[0] == "The texts of 148 announcements are left for the next reading."


def test_the_amendment_of_prb_2025_17163_is_recognised() -> None:
    (entry,) = read(Bekendmakingen([AMENDMENT])).entries
    assert entry.kind == "amendment"
    assert entry.extra["changes"] == [
        {"article": "2.8.10", "heading": "Looptijd", "old": "2025", "new": "2027"}
    ]
    assert entry.body.startswith(
        "<p><strong>In artikel 2.8.10 (Looptijd) is ‘2025’ vervangen door ‘2027’.</strong></p>"
    )
    assert (entry.deadlines, entry.untold) == ((), frozenset())


def test_the_ceiling_and_the_window_of_prb_2015_8466_are_recognised() -> None:
    (entry,) = read(Bekendmakingen([CEILINGS])).entries
    (due,) = entry.deadlines
    assert (entry.kind, entry.budget, entry.opens_on) == ("ceiling", Decimal(750000), date(2016, 5, 1))
    assert (due.on, due.zone, due.basis) == (date(2016, 6, 1), "Europe/Amsterdam", Basis.ASSUMED)
    assert entry.extra["ceilings"] == ["750000"]
    assert entry.extra["windows"] == ["vanaf 1 mei worden gedaan en is uiterlijk op 1 juni"]


def test_a_window_without_any_year_is_unknown_with_its_words() -> None:
    text = "<al>Aanvragen kunnen worden ingediend van 1 mei tot en met 1 juni.</al>"
    (entry,) = read(
        Bekendmakingen([Announcement("prb-2026-1", "Overijssel", "Openstelling sport", text)])
    ).entries
    (due,) = entry.deadlines
    assert (due.on, due.basis, due.text) == (None, Basis.UNKNOWN, "van 1 mei tot en met 1 juni")
    assert entry.kind == "opening"


def test_several_windows_are_told_apart_and_several_ceilings_are_no_budget() -> None:
    text = (
        "<al>Aanvragen voor sport: van 1 mei 2027 tot en met 1 juni 2027; het subsidieplafond is € 5.000.</al>"
        "<al>Aanvragen voor cultuur: van 1 maart 2027 tot en met 1 april 2027; het subsidieplafond is € 7.000.</al>"
    )
    (entry,) = read(Bekendmakingen([Announcement("gmb-2026-1", "Almelo", "Openstelling 2027", text)])).entries
    assert [(due.stage, due.on) for due in entry.deadlines] == [
        ("tijdvak 1", date(2027, 6, 1)),
        ("tijdvak 2", date(2027, 4, 1)),
    ]
    assert (entry.opens_on, entry.budget) == (date(2027, 3, 1), None)
    assert entry.extra["ceilings"] == ["5000", "7000"]


def test_an_amended_window_gives_the_new_deadline_and_never_the_old() -> None:
    text = (
        "<al>In artikel 4 (aanvraagtijdvak) wordt ‘van 1 mei 2026 tot en met 1 juni 2026’ vervangen door "
        "‘van 1 mei 2027 tot en met 1 juni 2027’.</al>"
    )
    (entry,) = read(Bekendmakingen([Announcement("prb-2026-1", "Overijssel", "Wijziging", text)])).entries
    assert [due.on for due in entry.deadlines] == [date(2027, 6, 1)]


def test_a_repeal_closes_and_a_scheme_is_a_scheme() -> None:
    repeal = Announcement("prb-2026-1", "Overijssel", "Intrekking Subsidieregeling sport")
    scheme = Announcement("prb-2026-2", "Overijssel", "Algemene subsidieverordening")
    other = Announcement("prb-2026-3", "Overijssel", "Besluit")
    entries = read(Bekendmakingen([repeal, scheme, other])).entries
    assert [(entry.kind, entry.stated_status) for entry in entries] == [
        ("repeal", CallStatus.CLOSED),
        ("scheme", None),
        ("notice", None),
    ]


def test_texts_are_asked_for_newest_first_and_no_more_than_allowed() -> None:
    site = Bekendmakingen(MANY)
    reading = read(site, texts=2)
    assert site.asked[1:] == ["/prb-2026-7.xml", "/prb-2026-6.xml"]
    assert [entry.key for entry in reading.entries if "body" not in entry.untold] == [
        "prb-2026-6",
        "prb-2026-7",
    ]
    assert reading.warnings == ("The texts of 5 announcements are left for the next reading.",)
    assert SEARCH not in reading.validators


def test_a_text_is_asked_for_once() -> None:
    site = Bekendmakingen(MANY)
    known: Mapping[str, Validator] = {}
    for _ in range(4):
        known = read(site, known, texts=2).validators
    assert sorted(path for path in site.asked if path.endswith(".xml")) == [
        f"/prb-2026-{n}.xml" for n in range(1, 8)
    ]
    assert read(site, known).completeness == Completeness.UNCHANGED


def test_the_same_list_without_an_etag_is_unchanged_too() -> None:
    site = fed(Bekendmakingen(MANY[:1]).feed())
    site.announcements = MANY[:1]
    known = read(site).validators
    assert read(site, known).completeness == Completeness.UNCHANGED


def test_a_list_that_another_adapter_read_is_read_again() -> None:
    site = Bekendmakingen(MANY[:1])
    listed = read(site).validators[SEARCH]
    assert read(site, {SEARCH: listed}).completeness == Completeness.COMPLETE


def test_a_text_that_is_not_there_is_asked_for_again_after_the_new_ones() -> None:
    gone = Announcement("prb-2026-9", "Overijssel", "Bijlage", None, day=(2026, 7, 20))
    site = Bekendmakingen([gone])
    first = read(site)
    sentence = "zoek.officielebekendmakingen.nl answered 404: there is no such page any more."
    assert first.warnings == (f"The text of prb-2026-9 could not be read: {sentence}",)
    assert first.entries[0].untold
    site.announcements, site.asked = [gone, MANY[0]], []
    second = read(site, first.validators)
    assert site.asked[1:] == ["/prb-2026-1.xml", "/prb-2026-9.xml"]
    assert SEARCH in second.validators


def test_a_server_in_trouble_is_left_in_peace_until_the_next_run() -> None:
    site = Bekendmakingen(MANY, faults={"/prb-2026-6.xml": (503, {}, b"")})
    reading = read(site)
    assert site.asked[1:] == ["/prb-2026-7.xml", "/prb-2026-6.xml"]
    assert "The texts of 6 announcements are left for the next reading." in reading.warnings


def test_a_web_page_instead_of_a_text_costs_the_text_alone() -> None:
    site = Bekendmakingen(
        MANY[:1], faults={"/prb-2026-1.xml": (200, {}, b"<html><body>Zoeken</body></html>")}
    )
    reading = read(site)
    assert reading.warnings == ("The text of prb-2026-1 is no announcement in XML; only its title was read.",)
    assert len(reading.payloads) == 1
    assert (reading.entries[0].kind, reading.completeness) == ("scheme", Completeness.COMPLETE)


def test_a_cut_list_is_partial_and_forgets_no_text() -> None:
    site = Bekendmakingen(MANY[:2])
    known = read(site).validators
    site.announcements = MANY[2:3]
    site.faults = {"/rss": (200, {}, site.feed()[:-20])}
    reading = read(site, known)
    assert reading.completeness == Completeness.PARTIAL
    assert f"{ADDRESS}/prb-2026-1.xml" in reading.validators


def test_texts_of_what_left_the_list_are_forgotten() -> None:
    site = Bekendmakingen(MANY[:2])
    known = read(site).validators
    site.announcements = MANY[1:2]
    assert f"{ADDRESS}/prb-2026-1.xml" not in read(site, known).validators


def test_texts_are_always_asked_of_the_host_we_read() -> None:
    feed = Bekendmakingen(MANY[:1]).feed().replace(ADDRESS.encode(), b"https://elders.example")
    asked: list[str] = []

    def fetch(request: Any) -> Any:
        asked.append(request.url)
        return direct(fed(feed).answer)(request)

    bekendmakingen.read(source(), fetch=fetch, known={})
    assert asked == [SEARCH, f"{ADDRESS}/prb-2026-1.xml"]


def test_an_announcement_without_a_title_or_given_twice_is_left_out_aloud() -> None:
    nameless = Announcement("prb-2026-8", "Overijssel", "")
    reading = read(Bekendmakingen([nameless, MANY[0], MANY[0]]))
    assert [entry.key for entry in reading.entries] == ["prb-2026-1"]
    assert reading.warnings == (
        "An announcement without a title or an address was left out: prb-2026-8 : Overijssel.",
        "1 announcements repeat an earlier one, and were left out.",
    )


def test_rules_that_are_off_are_a_sentence() -> None:
    with pytest.raises(SourceError, match="The rules of this source are off: guid"):
        read(Bekendmakingen(), guid="no")


def test_a_call_that_the_rss_adapter_kept_stays_one_call_and_gets_its_text(begin: Begin) -> None:
    site = Bekendmakingen([CEILINGS])
    with begin() as session:
        old = {"key": "link_last_part", "title": "description", "organisation_from": "after_colon_in_title"}
        session.add(source_row(slug="prb", kind="rss", url=SEARCH, rules=old, language="nl"))
    fetch = direct(site.answer)
    harvest(begin, "prb", fetch=fetch, now=NOW)
    with begin() as session:
        row = session.scalars(select(Call)).one()
        row.source.kind, row.source.rules = "bekendmakingen", OVERIJSSEL
    again = harvest(begin, "prb", fetch=fetch, now=NOW)
    with begin() as session:
        call = session.scalars(select(Call)).one()
        kinds = set(session.scalars(select(CallChange.kind)))
        assert (call.key, call.budget, again.new, again.changed) == ("prb-2015-8466", Decimal(750000), 0, 1)
        assert {ChangeKind.NEW, ChangeKind.DEADLINE_MOVED, ChangeKind.TEXT} <= kinds


def test_what_a_text_told_stays_when_only_the_list_is_read_again(begin: Begin) -> None:
    site = Bekendmakingen([CEILINGS])
    with begin() as session:
        session.add(source_row(slug="prb", kind="bekendmakingen", url=SEARCH, language="nl"))
    harvest(begin, "prb", fetch=direct(site.answer), now=NOW)
    site.announcements = [AMENDMENT, CEILINGS]
    second = harvest(begin, "prb", fetch=direct(site.answer), now=NOW)
    with begin() as session:
        call = session.scalars(select(Call).where(Call.key == "prb-2015-8466")).one()
        assert (second.new, second.changed) == (1, 0)
        assert (call.kind, call.opens_on, call.budget) == ("ceiling", date(2016, 5, 1), Decimal(750000))
        assert [one.on for one in call.deadlines] == [date(2016, 6, 1)]
        assert call.extra["ceilings"] == ["750000"]
