# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Hits of interreg.eu's index with every oddity, and its twins."""

from datetime import UTC, date, datetime, time
from typing import Any

import pytest

from grants.sources.interreg_record import TOLD, entry_of, oddities
from grants.sources.interreg_twins import keys_of, together
from grants.sources.reading import Entry, SourceConfig
from models.values import Basis, CallStatus, Due
from tests.replay.interreg import hit

SOURCE = SourceConfig(
    "interreg-eu", "interreg", "https://x.example/q", "en", "Europe/Brussels", {"organisation": "Interreg"}
)


def entry(number: int = 1, **facts: Any) -> Entry:
    return entry_of(SOURCE, hit(number, **facts))


def twins(*facts: dict[str, Any], keys: dict[str, str] | None = None) -> tuple[list[Entry], list[str]]:
    """Two pages about one call, each with what a test gives it."""
    usual: tuple[dict[str, Any], ...] = (
        {"title": "Third call: water", "callExternalUrl": "https://x.example/3"},
        {"title": "Open call on water"},
    )
    pages = [
        entry(number, **one | more) for number, one, more in zip((3129, 3091), usual, facts, strict=True)
    ]
    return together(pages, keys or {})


def test_a_hit_is_read_whole() -> None:
    one = entry(7, callExternalUrl="https://x.example/7")
    assert (one.key, one.identifier, one.title) == ("7", "callForProjectsPage_7", "Small projects, round 7")
    assert (one.url, one.language, one.kind) == ("https://x.example/7", "en", "call")
    assert (one.organisation, one.programme) == ("Interreg", "Interreg Deutschland-Nederland")
    assert (one.stated_status, one.opens_on) == (CallStatus.OPEN, date(2026, 5, 4))
    assert one.extra["targetAudience"] == ["Local public authority", "Other"]
    assert oddities(one, hit(7)) == []


def test_a_call_without_a_site_of_its_own_leads_to_interreg_eu() -> None:
    assert entry(7).url == "https://interreg.eu/calls-for-projects/call-7/"


def test_the_name_of_the_page_stands_in_for_a_title() -> None:
    assert entry(title="").title == "Small projects, round 1"


def test_a_false_z_is_the_sites_own_time() -> None:
    assert entry(createdDate="2026-08-05T15:30:51.157Z").published_at == datetime(
        2026, 8, 5, 13, 30, 51, 157000, UTC
    )
    assert entry(createdDate="2026-12-05T15:30:51Z").published_at == datetime(
        2026, 12, 5, 14, 30, 51, tzinfo=UTC
    )
    assert entry(createdDate=None).published_at is None


def test_a_fraction_of_seven_digits_is_cut_and_that_z_is_true() -> None:
    stamped = entry(updatedInAlgoliaDate="2026-08-05T13:30:51.4177452Z")
    assert stamped.extra["updated"] == "2026-08-05T13:30:51.417745+00:00"
    page_only = entry(updatedInAlgoliaDate=None, updatedDate="2026-08-05T15:30:51.157Z")
    assert page_only.extra["updated"] == "2026-08-05T13:30:51.157000+00:00"
    assert entry(updatedInAlgoliaDate="soon", updatedDate=None).extra["updated"] == ""


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("2026-09-30T00:00:00Z", Due(date(2026, 9, 30), text="2026-09-30T00:00:00Z")),
        ("2026-09-30T12:00:30.1234567Z", Due(date(2026, 9, 30), time(12), basis=Basis.ASSUMED, text="2026-09-30T12:00:30.1234567Z")),
        ("end of September", Due(None, basis=Basis.UNKNOWN, text="end of September")),
        (1785943851157, Due(None, basis=Basis.UNKNOWN, text="1785943851157")),
    ],
)  # fmt: skip
def test_a_deadline_at_midnight_is_a_date_and_what_is_no_date_is_kept_as_said(text: object, due: Due) -> None:
    assert entry(callDeadlineDate=text).deadlines == (due,)


def test_a_deadline_that_cannot_be_read_is_said() -> None:
    odd = hit(1, callDeadlineDate="end of September", callStatus="Paused")
    assert oddities(entry_of(SOURCE, odd), odd) == [
        "The deadline 'end of September' of 'Small projects, round 1' could not be read.",
        "'Small projects, round 1' has a status we do not know: 'Paused'.",
    ]


def test_a_call_without_dates_has_none() -> None:
    one = entry(callDeadlineDate=None, callOpenDate="")
    assert (one.deadlines, one.opens_on) == ((), None)


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ("Open", CallStatus.OPEN),
        ("Forthcoming", CallStatus.FORTHCOMING),
        ("Closed", CallStatus.CLOSED),
        (None, None),
    ],
)
def test_the_status_is_open_or_forthcoming(said: str | None, status: CallStatus | None) -> None:
    assert entry(callStatus=said).stated_status == status


def test_region_names_that_repeat_and_end_in_blanks_stand_once() -> None:
    assert "<dt>Regions</dt><dd>Twente, Münster</dd>" in entry().body


def test_an_audience_of_schools_and_hospitals_is_no_word_to_match() -> None:
    one = entry(targetAudience=["Local public authority", "Education/training centre and school"])
    assert "school" not in one.body


def test_words_that_look_like_markup_stay_words() -> None:
    assert "<dd>R&amp;D &lt;b&gt;</dd>" in entry(callThemes=["R&D <b>"]).body


def test_nothing_but_a_title_has_no_body() -> None:
    assert entry(**dict.fromkeys(TOLD)).body == ""


def test_a_programme_of_many_names_fits_its_column() -> None:
    assert len(entry(associatedProgrammes=[f"Interreg {number}" for number in range(99)]).programme) == 300


def test_twins_of_a_programme_page_and_a_central_page_are_one_call() -> None:
    (one,), warnings = twins({}, {})
    assert (one.key, one.title, one.url) == ("3091", "Third call: water", "https://x.example/3")
    assert one.body.startswith("<p>Open call on water</p><dl>")
    assert one.extra["twin"] == "https://interreg.eu/calls-for-projects/call-3091/"
    assert warnings == [
        "'Third call: water' and 'Open call on water' are one call on two pages, and were put together."
    ]
    assert keys_of([one]) == {"3129": "3091", "3091": "3091"}


def test_twins_of_which_one_lags_behind_are_open() -> None:
    (one,), _ = twins({"callStatus": "Forthcoming"}, {})
    assert one.stated_status == CallStatus.OPEN
    (later,), _ = twins({"callStatus": "Forthcoming"}, {"callStatus": "Forthcoming"})
    assert later.stated_status == CallStatus.FORTHCOMING


@pytest.mark.parametrize(
    "other",
    [
        {"title": "Open call on energy"},  # of the same day, about something else
        {"title": "Third call for projects"},
        {"callDeadlineDate": "2026-10-01T00:00:00Z"},
        {"callOpenDate": "2026-05-05T00:00:00Z"},
        {"callEligibleRegionNuts": ["NL213"]},
        {"associatedProgrammes": ["Interreg Europe"]},
        {"callExternalUrl": "https://x.example/4"},
    ],
)
def test_calls_that_only_look_alike_stay_apart(other: dict[str, Any]) -> None:
    entries, warnings = twins({}, other)
    assert ([one.key for one in entries], warnings) == (["3129", "3091"], [])


def test_calls_without_a_programme_are_no_twins() -> None:
    assert len(twins({"associatedProgrammes": []}, {"associatedProgrammes": []})[0]) == 2


def test_three_pages_of_which_any_two_could_be_twins_stay_apart() -> None:
    three = [
        entry(1, title="On water", callExternalUrl="https://x.example"),
        entry(2, title="Water now"),
        entry(3, title="Water later"),
    ]
    assert len(together(three, {})[0]) == 3


def test_a_twin_that_comes_later_takes_the_key_of_the_first() -> None:
    (one,), _ = twins({}, {}, keys={"3129": "3129"})
    assert one.key == "3129"


def test_twins_that_differ_by_now_go_by_their_own_numbers_again() -> None:
    entries, _ = twins(
        {}, {"callDeadlineDate": "2026-10-01T00:00:00Z"}, keys={"3129": "3091", "3091": "3091"}
    )
    assert [one.key for one in entries] == ["3129", "3091"]
