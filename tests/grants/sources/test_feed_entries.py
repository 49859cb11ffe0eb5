# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""What the rules of a source make of a feed; test_rss.py holds the same through a reader's process."""

from typing import Any

from grants.sources.feed import Feed, Item
from grants.sources.feed_entries import FeedRules, Understood, entries_of
from grants.sources.reading import SourceConfig

SOURCE = SourceConfig("fonds", "rss", "https://fonds.example/rss", "nl", "Europe/Amsterdam")


def item(**facts: Any) -> Item:
    said = {
        "id": "1",
        "link": "https://fonds.example/oproep/een.html",
        "title": "Een",
        "summary": "<p>Kort</p>",
    }
    rest = {"published": "2026-11-02T09:00:00Z", "author": "Fonds", "categories": ()}
    return Item(**said | rest | facts)


def made(*items: Item, **rules: Any) -> Understood:
    return entries_of(SOURCE, FeedRules(**rules), Feed("nl", items, (), whole=True))


def test_what_is_left_out_or_unreadable_is_told_once_for_each_kind() -> None:
    entries, warnings, whole = made(
        item(), item(), item(id="2", title="Ander"), item(id="3", link="", title=""),
        item(id="4", published="gisteren"), contains=("kort",),
    )  # fmt: skip
    assert ([entry.key for entry in entries], whole) == (["1", "2", "4"], True)
    assert warnings == (
        "An entry was left out for want of a title and a url: 3.",
        "1 entries have a date of publication that could not be read.",
        "1 entries repeat the key of an earlier one, and were left out.",
    )


def test_entries_of_other_bodies_or_about_other_things_are_counted() -> None:
    bodies = made(item(author="Fonds"), item(id="2", author="Ander"), organisation_from="author",
        only_organisations=("Fonds",))  # fmt: skip
    assert ([entry.organisation for entry in bodies[0]], len(bodies[1])) == (["Fonds"], 1)
    about = made(item(), item(id="2", summary="Lang"), contains=("KORT",))
    assert ([entry.key for entry in about[0]], len(about[1])) == (["1"], 1)


def test_a_feed_of_announcements_has_its_title_in_the_description_and_its_body_in_the_title() -> None:
    ((entry,), _, _) = made(
        item(title="prb-2026-1 : Overijssel", summary="Openstelling"), title="description", key="link_last_part",
        organisation_from="after_colon_in_title",
    )  # fmt: skip
    assert (entry.key, entry.title, entry.identifier) == ("een", "Openstelling", "prb-2026-1")
    assert (entry.organisation, entry.body) == ("Overijssel", "")


def test_a_deadline_is_read_where_the_pattern_finds_its_date() -> None:
    pattern = r"tot (?P<date>\d+ \w+ \d{4})"
    entries, _, _ = made(item(summary="Aanvragen tot 1 maart 2027."), item(id="2"), deadline_pattern=pattern)
    assert [[due.on.isoformat() for due in entry.deadlines if due.on] for entry in entries] == [
        ["2027-03-01"],
        [],
    ]
