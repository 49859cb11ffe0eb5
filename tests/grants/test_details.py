# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from grants.details import Detailed, fetch_details
from grants.errors import SourceError
from grants.harvest import harvest
from grants.matching import match_all
from grants.sources.reading import Request, Response
from models.call import Call, CallChange, ChangeKind
from models.link import CallLink, LinkReason
from models.match import Match
from models.session import Begin
from models.source import Payload
from tests.builders import NOW, call, office, source, theme
from tests.replay.direct import direct
from tests.replay.grants_tenders import URL, Portal, topic

WORDS = {"core": {"en": ["cool cities"]}, "terms": {}, "weak": {}, "not": {}}
TOLD = {
    "description": "<p>Shade and <b>water</b>.<script>x</script></p>",
    "conditions": "<p>Two regions.</p>",
    "budgetOverviewJSONItem": {
        "budgetTopicActionMap": {
            "1": [{"action": "LIFE-2026-CITY-1 - LIFE", "budgetYearMap": {"2026": "5000000"}}]
        }
    },
}


@pytest.fixture
def portal(begin: Begin) -> Portal:
    """A bulk file of three topics that match, and one that does not, harvested and matched."""
    portal = Portal([topic(1), topic(2), topic(3), topic(4, title="Fisheries")])
    with begin() as session:
        session.add_all([office(), source(slug="bulk", kind="sedia_bulk", url=URL), source(slug="search")])
        session.flush()
        session.add(theme(words=WORDS))
    again(begin, portal)
    return portal


def again(begin: Begin, portal: Portal) -> None:
    assert harvest(begin, "bulk", fetch=direct(portal.answer), now=NOW).error == ""
    match_all(begin, now=NOW)
    portal.asked.clear()


def detailed(begin: Begin, portal: Portal, pause: Callable[[], object] = bool, **more: Any) -> Detailed:
    return fetch_details(begin, fetch=direct(portal.answer), now=NOW, pause=pause, **more)


def test_a_matched_topic_gets_its_text_and_budget_and_waits_to_be_matched_again(
    begin: Begin, portal: Portal
) -> None:
    portal.details = {f"life-2026-city-{number}": TOLD for number in (1, 2, 3)}
    pauses: list[int] = []
    assert detailed(begin, portal, lambda: pauses.append(1)) == Detailed(told=3)
    assert len(pauses) == 2
    assert not [path for path in portal.asked if "city-4" in path]
    with begin() as session:
        one = session.scalars(select(Call).where(Call.key == "1TOPICSen")).one()
        assert one.text == "Shade and water.\nTwo regions."
        assert (one.budget, one.text_version) == (5000000, 2)
        assert "script" not in one.body
        kinds = list(
            session.scalars(
                select(CallChange.kind).where(CallChange.call_id == one.id).order_by(CallChange.id)
            )
        )
        assert kinds == [ChangeKind.NEW, ChangeKind.TEXT]
        assert session.scalars(select(Payload.sha256)).all()
        assert session.scalars(select(Match.text_version).where(Match.call_id == one.id)).one() == 1
    assert detailed(begin, portal) == Detailed()


def test_the_next_reading_of_the_file_wipes_nothing(begin: Begin, portal: Portal) -> None:
    portal.details = {"life-2026-city-1": TOLD}
    detailed(begin, portal)
    portal.objects[0]["title"] = "Cool cities, now cooler"
    again(begin, portal)
    with begin() as session:
        one = session.scalars(select(Call).where(Call.key == "1TOPICSen")).one()
        assert (one.title, one.budget) == ("Cool cities, now cooler", 5000000)
        assert one.text.startswith("Shade and water.")


def test_a_topic_without_details_is_not_asked_for_every_day(begin: Begin, portal: Portal) -> None:
    assert detailed(begin, portal) == Detailed(missing=3)
    portal.asked.clear()
    assert detailed(begin, portal) == Detailed()
    assert portal.asked == []
    with begin() as session:
        found = session.scalars(select(Call).where(Call.key == "1TOPICSen")).one()
        assert found.extra["details_missing_since"] == date(2026, 11, 24).isoformat()


def test_no_more_are_asked_for_than_is_polite_and_trouble_ends_the_round(
    begin: Begin, portal: Portal
) -> None:
    portal.details = {f"life-2026-city-{number}": TOLD for number in (1, 2, 3)}
    assert detailed(begin, portal, most=1) == Detailed(told=1)
    portal.down = True
    done = detailed(begin, portal)
    assert (done.told, done.trouble) == (
        0,
        "LIFE-2026-CITY-2: ec.europa.eu answered 500: Service unavailable.",
    )


@pytest.mark.parametrize("body", [b"<html>", b"{}", b"[]", b'{"TopicDetails": 1}'])
def test_details_that_are_none_end_the_round_with_a_sentence(
    begin: Begin, portal: Portal, body: bytes
) -> None:
    def fetch(request: Request) -> Response:
        return Response(request.url, 200, {}, body)

    done = fetch_details(begin, fetch=fetch, now=NOW, pause=bool)
    assert "LIFE-2026-CITY-1: The portal's details are" in done.trouble


def test_empty_details_leave_the_title_so_that_nobody_asks_again(begin: Begin, portal: Portal) -> None:
    portal.details = {f"life-2026-city-{number}": {} for number in (1, 2, 3)}
    assert detailed(begin, portal) == Detailed(told=3)
    assert detailed(begin, portal) == Detailed()
    with begin() as session:
        assert session.scalars(select(Call.text).where(Call.key == "1TOPICSen")).one() == "Cool cities 1"


def test_a_topic_whose_twin_has_the_text_is_left_in_peace(begin: Begin, portal: Portal) -> None:
    with begin() as session:
        twin = call(source_id=2, key="1TOPICSen", body="<p>Text</p>")
        session.add(twin)
        session.flush()
        one = session.scalars(select(Call).where(Call.key == "1TOPICSen", Call.source_id == 1)).one()
        session.add(CallLink(
            call_id=one.id, other_id=twin.id, reason=LinkReason.SAME_IDENTIFIER, confidence=1, at=NOW, by="linking",
        ))  # fmt: skip
    portal.details = {f"life-2026-city-{number}": TOLD for number in (1, 2, 3)}
    assert detailed(begin, portal) == Detailed(told=2)
    with begin() as session:
        session.scalars(select(CallLink)).one().undone_at = NOW
    assert detailed(begin, portal) == Detailed(told=1)


def test_an_address_is_lower_case_for_upper_case_is_not_found(begin: Begin, portal: Portal) -> None:
    detailed(begin, portal, most=1)
    assert portal.asked == ["/info/funding-tenders/opportunities/data/topicDetails/life-2026-city-1.json"]
    with pytest.raises(SourceError, match="404"):
        direct(portal.answer)(Request(f"{URL}/../LIFE-2026-CITY-1.json"))
