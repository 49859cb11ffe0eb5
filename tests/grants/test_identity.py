# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from grants.identity import Told, address_key, identifier_key, key, parents, title_key
from grants.sources.sedia_record import understand
from models.link import LinkReason
from tests.conftest import CAPTURES, needs_captures

IDENTIFIER, ADDRESS, TITLE = LinkReason.SAME_IDENTIFIER, LinkReason.SAME_ADDRESS, LinkReason.SAME_TITLE


def told(number: int = 1, **facts: Any) -> Told:
    known: dict[str, Any] = {
        "id": number, "source_id": 1, "kind": "topic", "identifier": "", "parent": "", "title": "", "url": "",
        "language": "en", "first": date(2026, 9, 15),
    }  # fmt: skip
    return Told(**(known | facts))


def from_capture(name: str) -> list[Told]:
    """The portal's calls of one capture as the adapter reads them."""
    answer = json.loads((CAPTURES / "sedia-raw" / name).read_text())
    entries = [understand(one).entry for one in answer["results"]]
    names = ("kind", "identifier", "parent", "title", "url", "language")
    return [
        told(
            number,
            first=min((due.on for due in entry.deadlines if due.on), default=None),
            **{name: getattr(entry, name) for name in names},
        )
        for number, entry in enumerate(entries, start=1)
    ]


@pytest.mark.parametrize(
    ("identifier", "same"),
    [
        ("HORIZON-CL5-2026-09-D4-03", " horizon-cl5-2026-09-d4-03 "),
        ("EuropeAid/186350/DD/ACT/XK", "EUROPEAID / 186350 / DD / ACT / XK"),
        ("LIFE-2026-CLIMA", "LIFE\N{NON-BREAKING HYPHEN}2026\N{EN DASH}CLIMA"),
        ("prb-2026-1", "PRB-2026-1"),
    ],
)
def test_an_identifier_is_the_same_in_another_case_with_spaces_or_other_dashes(
    identifier: str, same: str
) -> None:
    assert identifier_key(identifier) == identifier_key(same) != ""


@pytest.mark.parametrize("general", ["", "HORIZON", "HORIZON-2026", "LIFE-2026", "call 3", "a-b-c", "2026"])
def test_an_identifier_too_general_is_nobodys(general: str) -> None:
    assert identifier_key(general) == ""


@pytest.mark.parametrize(
    ("url", "same"),
    [
        ("https://www.rvo.nl/subsidies/x", "http://rvo.nl/subsidies/x/"),
        ("https://rvo.nl/x?id=7&a=1", "https://rvo.nl:443/x?utm_source=mail&a=1&id=7&fbclid=q#top"),
        (
            "https://ec.europa.eu/info/funding-tenders/opportunities/portal/screen/opportunities/topic-details/LIFE-1",
            (
                "https://ec.europa.eu/info/funding-tenders/opportunities/portal/screen/opportunities/topic-details/"
                "life-1;callCode=null?lang=nl"
            ),
        ),
        ("https://cinea.ec.europa.eu/calls/life_en", "https://cinea.ec.europa.eu/calls/life_nl"),
        ("https://x.example/a%20b", "https://x.example/a b"),
    ],
)
def test_an_address_is_the_same_however_it_was_reached(url: str, same: str) -> None:
    assert address_key(url) == address_key(same) != ""


@pytest.mark.parametrize(
    ("url", "other"),
    [
        ("https://x.example/a", "https://x.example/A"),
        ("https://x.example/a?id=7", "https://x.example/a?id=8"),
        ("https://x.example/#/call/7", "https://x.example/#/call/8"),
        ("https://x.example/a_en", "https://x.example/a_nl"),
        ("https://x.example/a", "https://x.example:8443/a"),
    ],
)
def test_another_page_is_another_address(url: str, other: str) -> None:
    assert "" != address_key(url) != address_key(other) != ""


@pytest.mark.parametrize(
    "url",
    [
        "",
        "https://x.example",
        "https://x.example/?lang=nl",
        "javascript:alert(1)",
        "http://[",
        "mailto:a@b.nl",
    ],
)
def test_a_front_page_or_no_web_address_is_no_calls_own(url: str) -> None:
    assert address_key(url) == ""


def test_a_title_counts_by_its_letters_its_language_and_its_first_deadline() -> None:
    one = told(title="Cities that stay cool – 2026")
    assert title_key(one) == title_key(replace(one, title="CITIES that stay-cool 2026!")) != ""
    others = [
        replace(one, title="Cities that stay cool – 2027"),
        replace(one, language="nl"),
        replace(one, first=date(2026, 9, 16)),
    ]
    assert title_key(one) not in {title_key(other) for other in others}
    assert [title_key(replace(one, first=None)), title_key(replace(one, title="Call for proposals"))] == [
        "",
        "",
    ]


def test_what_a_call_is_a_part_of_is_not_its_own_name() -> None:
    topic = told(identifier="HORIZON-CL5-2026-09-D4-03", parent="HORIZON-CL5-2026-09")
    alone = told(identifier="EUBA-EUAA-2026-EAC", parent="EUBA-EUAA-2026-EAC")
    assert parents([topic, alone]) == {"horizon-cl5-2026-09"}


@needs_captures
def test_the_portals_cascade_calls_under_one_parent_go_by_their_title_alone() -> None:
    calls = from_capture("fundhunt-sedia_cascade.json")
    assert {one.kind for one in calls} == {"cascade"}
    assert calls[0].identifier == calls[1].identifier != ""
    assert [key(one, why) for one in calls for why in (IDENTIFIER, ADDRESS)] == [""] * 8
    assert parents(calls) == {one.identifier.casefold() for one in calls}
    assert len({one.place for one in calls}) == 4


@needs_captures
def test_the_portals_topics_have_a_name_and_an_address_of_their_own() -> None:
    calls = from_capture("fundhunt-sedia_search.json")
    assert len({key(one, IDENTIFIER) for one in calls} - {""}) == 4
    assert len({key(one, ADDRESS) for one in calls} - {""}) == 4
    assert len({key(one, TITLE) for one in calls} - {""}) == 4


@needs_captures
def test_the_portals_old_and_new_row_of_a_topic_are_in_one_place() -> None:
    calls = from_capture("aarhus-search-page-trimmed.json")
    old = next(one for one in calls if one.identifier == "HORIZON-INFRA-2024-EOSC-01-03")
    new = replace(old, id=99, url=old.url.replace("horizon-infra", "HORIZON-INFRA"))
    assert old.place == new.place
    assert key(old, ADDRESS) == key(new, ADDRESS) != ""
