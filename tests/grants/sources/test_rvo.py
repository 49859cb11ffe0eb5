# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""RVO's open data read over HTTP, from a server shaped after sources.md: no answer was captured."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select

from grants.errors import FaultKind, SourceError
from grants.harvest import harvest
from grants.sources import rvo
from grants.sources.fetch import fetching
from grants.sources.reading import Reading, SourceConfig, Validator
from grants.sources.rvo_turns import ON_PAGE
from models.call import Call
from models.session import Begin
from models.values import CallStatus, Completeness
from tests.builders import NOW, source
from tests.grants.sources.loopback import Loopback, serving, speaking
from tests.replay.rvo import PATH, Rvo, scheme


@dataclass
class Office:
    """RVO, and our reader pointed at it; it remembers what a reading should."""

    site: Rvo
    server: Loopback
    known: dict[str, Validator] = field(default_factory=dict)

    @property
    def address(self) -> str:
        return f"{self.server.url.rstrip('/')}{PATH}"

    def read(self, **rules: Any) -> Reading:
        self.site.asked.clear()
        config = SourceConfig("rvo", "rvo", self.address, "nl", "Europe/Amsterdam", rules)
        with fetching(trusted_hosts=frozenset({self.server.host})) as fetch:
            reading = rvo.read(config, fetch=fetch, known=self.known)
        self.known = dict(reading.validators)
        return reading

    @property
    def turn(self) -> list[int]:
        """The numbers of the schemes whose page was asked for in the last run, in order."""
        return [int(path.rpartition("-")[2]) for path in self.site.asked if "regeling" in path]


@pytest.fixture
def office() -> Iterator[Office]:
    site = Rvo([scheme(1)])
    with serving(speaking(site.answer)) as server:
        yield Office(site, server)


def test_a_scheme_comes_in_with_its_facts_and_those_of_its_page(office: Office) -> None:
    reading = office.read(organisation="RVO")
    (entry,) = reading.entries
    assert (entry.key, entry.title, entry.organisation) == ("uuid-1", "Regeling 1", "RVO")
    assert entry.url == f"{office.server.url}subsidies-financiering/regeling-1"
    assert (entry.stated_status, entry.language, entry.kind) == (CallStatus.OPEN, "nl", "Subsidie")
    assert entry.published_at == datetime(2026, 3, 2, 8, tzinfo=UTC)
    assert "<p>Voor gemeenten.</p>" in entry.body
    assert entry.extra["targets"] == ["Decentrale overheid"]
    assert (reading.completeness, reading.warnings) == (Completeness.COMPLETE, ())
    assert [payload.url for payload in reading.payloads] == [
        f"{office.address}?page=0",
        f"{office.address}?page=1",
        entry.url,
    ]


def test_no_deadline_status_or_amount_is_in_the_list_itself(office: Office) -> None:
    (entry,) = office.read(pages=0).entries
    assert (entry.stated_status, entry.deadlines, entry.budget) == (None, (), None)


def test_an_intro_in_html_is_cleaned(office: Office) -> None:
    office.site.schemes = [scheme(1, intro='<p onclick="x()">Geld <script>x</script><b>nu</b></p>')]
    assert office.read(pages=0).entries[0].body == "<p>Geld <b>nu</b></p>"


def test_pages_of_fifty_are_read_until_one_is_empty(office: Office) -> None:
    office.site.schemes = [scheme(number) for number in range(120)]
    reading = office.read(pages=0)
    assert (len(reading.entries), reading.completeness) == (120, Completeness.COMPLETE)
    assert office.site.asked == [f"{PATH}?page={number}" for number in range(4)]


@pytest.mark.parametrize(("there", "outcome"), [(47, Completeness.COMPLETE), (80, Completeness.PARTIAL)])
def test_a_page_whose_ids_were_all_seen_is_the_end_and_after_a_full_one_perhaps_not_the_whole(
    office: Office, there: int, outcome: Completeness
) -> None:
    office.site.schemes, office.site.pages = [scheme(number) for number in range(there)], False
    reading = office.read(pages=0)
    assert (len(reading.entries), reading.completeness) == (min(there, 50), outcome)
    assert len(office.site.asked) == 2
    assert ("RVO's list repeats itself after 50 items: it may have been cut off." in reading.warnings) == (
        outcome == Completeness.PARTIAL
    )


def test_a_list_without_end_is_left_at_last(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rvo, "MOST_PAGES", 2)
    office.site.schemes = [scheme(number) for number in range(150)]
    reading = office.read(pages=0)
    assert (len(reading.entries), reading.completeness) == (100, Completeness.PARTIAL)
    assert reading.warnings[0] == "RVO's list has more than 2 pages: the rest was left."


def test_an_empty_first_page_is_never_no_schemes(office: Office) -> None:
    office.site.schemes = []
    reading = office.read(at_least=20)
    assert (reading.completeness, reading.entries) == (Completeness.PARTIAL, ())
    assert reading.warnings == ("RVO gave 0 schemes where at least 20 are expected.",)


def test_sub_pages_that_come_as_items_are_left_out_and_counted(office: Office) -> None:
    office.site.schemes = [
        scheme(1),
        scheme(2, url="/subsidies-financiering/regeling-1/voorwaarden"),
        scheme(3, url="/subsidies-financiering/regeling-3/"),
    ]
    reading = office.read()
    assert [entry.key for entry in reading.entries] == ["uuid-1", "uuid-3"]
    assert reading.warnings == ("1 items are sub-pages of a scheme, and were left out.",)


def test_only_targets_that_contain_overheid_are_ours(office: Office) -> None:
    office.site.schemes = [
        scheme(1),
        scheme(3, targets=["Ondernemer"]),
        scheme(5, targets=None),
        scheme(6, targets=["Overheid"]),
    ]
    reading = office.read()
    assert [entry.key for entry in reading.entries] == ["uuid-1", "uuid-6"]
    assert reading.warnings == ("2 items are for others, and were left out.",)
    assert len(office.read(targets=[]).entries) == 4


def test_an_item_without_an_id_a_title_or_an_address_at_rvo_costs_only_itself(office: Office) -> None:
    office.site.schemes = [
        scheme(1),
        scheme(2, id=None),
        scheme(3, title=""),
        scheme(4, url=None),
        scheme(5, url="//elders.example/x"),
        scheme(6, url="http://[broken"),
        scheme(7, url="/subsidies-financiering/regeling-1"),
    ]
    reading = office.read()
    assert [entry.key for entry in reading.entries] == ["uuid-1"]
    assert reading.completeness == Completeness.PARTIAL
    assert reading.warnings[:2] == (
        "1 items of RVO's page 0 have no id, and were left out.",
        "RVO's item uuid-3 has no title, or no address at RVO, and was left out.",
    )
    assert reading.warnings[-1] == "1 items have the address of an earlier one, and were left out."
    assert len(reading.warnings) == 6


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"<html>", "RVO's open data is not JSON today."),
        (b"[{", "RVO's open data is not JSON today."),
        (b"{}", "RVO's open data is no list of schemes today."),
        (b'["x"]', "RVO's open data is no list of schemes today."),
    ],
)
def test_what_is_no_list_is_a_broken_source(office: Office, body: bytes, sentence: str) -> None:
    office.site.faults[PATH] = (200, {}, body)
    with pytest.raises(SourceError) as caught:
        office.read()
    assert (caught.value.kind, str(caught.value)) == (FaultKind.BROKEN, sentence)


def test_a_403_of_the_list_fails_the_reading(office: Office) -> None:
    office.site.faults[PATH] = (403, {}, b"")
    with pytest.raises(SourceError) as caught:
        office.read()
    assert caught.value.kind == FaultKind.REFUSED


def test_a_page_is_asked_for_only_when_new_changed_or_in_turn_and_the_rest_stays_untold(
    office: Office,
) -> None:
    office.site.schemes = [scheme(number) for number in range(5)]
    assert {entry.untold for entry in office.read().entries} == {frozenset()}
    assert office.turn == [0, 1, 2, 3, 4]
    office.site.schemes[3]["changed"] = "2026-10-01T12:00:00+02:00"
    office.site.schemes.append(scheme(5))
    reading = office.read(pages=3)
    assert office.turn == [3, 5, 0]
    assert [entry.untold for entry in reading.entries] == [
        ON_PAGE,
        ON_PAGE,
        ON_PAGE,
        frozenset(),
        ON_PAGE,
        frozenset(),
    ]


def test_no_more_pages_are_read_than_is_polite_and_everyone_has_a_turn(office: Office) -> None:
    office.site.schemes = [scheme(number) for number in range(5)]
    turns = []
    for _ in range(6):
        reading = office.read(pages=2)
        turns.append(office.turn)
        if len(turns) == 1:
            assert reading.warnings == (
                "The pages of 3 new or changed schemes are left for the next reading.",
            )
            assert [entry.untold for entry in reading.entries[2:]] == [frozenset()] * 3
    assert turns == [[0, 1], [2, 3], [4, 0], [1, 2], [3, 4], [0, 1]]


def test_a_label_that_turned_is_seen_in_its_turn_though_the_list_did_not_change(office: Office) -> None:
    office.read()
    assert office.read().entries[0].untold == ON_PAGE  # asked, and not modified
    office.site.label = "Gesloten voor aanvragen"
    (entry,) = office.read().entries
    assert (entry.untold, entry.stated_status) == (frozenset(), CallStatus.CLOSED)


def test_a_scheme_that_went_is_forgotten_unless_the_list_was_cut(office: Office) -> None:
    office.site.schemes = [scheme(1), scheme(2)]
    office.read()
    office.site.schemes.pop()
    assert len(office.read(at_least=2).validators) == 3
    assert len(office.read().validators) == 2


def test_a_page_of_another_scheme_at_the_same_address_is_read_anew(office: Office) -> None:
    office.read()
    office.site.schemes = [scheme(1, id="uuid-other")]
    assert office.read().entries[0].untold == frozenset()


def test_a_page_that_fails_costs_only_itself_and_is_asked_for_first_next_time(office: Office) -> None:
    office.site.schemes = [scheme(1), scheme(2)]
    office.site.faults["/subsidies-financiering/regeling-1"] = (500, {}, b"sorry")
    reading = office.read()
    assert [entry.stated_status for entry in reading.entries] == [None, CallStatus.OPEN]
    assert "koele" in reading.entries[0].body
    assert reading.warnings == (
        f"The page of 'Regeling 1' could not be read: {office.server.host.partition(':')[0]} answered 500: sorry.",
        "The pages of 1 new or changed schemes are left for the next reading.",
    )
    office.site.faults.clear()
    office.read(pages=1)
    assert office.turn == [1]


def test_a_known_scheme_whose_page_fails_keeps_what_is_known(office: Office) -> None:
    office.read()
    office.site.faults["/subsidies-financiering/regeling-1"] = (500, {}, b"")
    assert office.read().entries[0].untold == ON_PAGE


def test_a_page_that_is_gone_waits_for_its_turn(office: Office) -> None:
    office.site.schemes = [scheme(1), scheme(2)]
    office.site.faults["/subsidies-financiering/regeling-1"] = (404, {}, b"")
    office.read(pages=1)
    office.read(pages=1)
    assert office.turn == [2]


def test_a_server_in_trouble_is_left_in_peace(office: Office) -> None:
    office.site.schemes = [scheme(number) for number in range(9)]
    office.site.faults = {f"/subsidies-financiering/regeling-{number}": (503, {}, b"") for number in range(9)}
    reading = office.read()
    assert office.turn == [0, 1, 2]
    assert reading.warnings[-1] == "The pages of 9 new or changed schemes are left for the next reading."


def test_an_answer_that_is_no_page_leaves_the_introduction(office: Office) -> None:
    office.site.faults["/subsidies-financiering/regeling-1"] = (
        200,
        {"Content-Type": "application/pdf"},
        b"%PDF",
    )
    reading = office.read()
    assert "koele" in reading.entries[0].body
    assert (
        reading.warnings[0]
        == "The page of 'Regeling 1' could not be read: The address gives application/pdf, not a web page."
    )


def test_pages_without_a_label_are_named_together(office: Office) -> None:
    office.site.schemes, office.site.label = [scheme(number) for number in range(7)], "Lees verder"
    assert office.read().warnings == (
        (
            "7 pages have no label that says whether a scheme is open: "
            "Regeling 0, Regeling 1, Regeling 2, Regeling 3, Regeling 4, …."
        ),
    )


def test_a_closing_date_that_cannot_be_read_is_said(office: Office) -> None:
    office.site.text = "<p>Sluitingsdatum: eind 2026</p>"
    assert office.read().warnings == (
        "The closing date of 'Regeling 1' could not be read: Sluitingsdatum: eind 2026.",
    )


def test_turns_and_what_is_known_survive_in_the_database(office: Office, begin: Begin) -> None:
    office.site.schemes = [scheme(number) for number in range(3)]
    with begin() as session:
        session.add(source(slug="rvo", kind="rvo", url=office.address, rules={"pages": 2}))
    turns = []
    with fetching(trusted_hosts=frozenset({office.server.host})) as fetch:
        for _ in range(4):
            office.site.asked.clear()
            harvest(begin, "rvo", fetch=fetch, now=NOW)
            turns.append(office.turn)
    assert turns == [[0, 1], [2, 0], [1, 2], [0, 1]]
    with begin() as session:
        calls = session.scalars(select(Call).order_by(Call.key)).all()
        assert [call.stated_status for call in calls] == [CallStatus.OPEN] * 3
        assert all("Voor gemeenten" in call.text for call in calls)
