# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""JSON Feed, shaped after its standard (jsonfeed.org): read by the rules of its source, hostile ones too."""

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest

from grants.clock import local_day
from grants.errors import FaultKind, SourceError
from grants.sources import json_feed
from grants.sources.clean import plain_text
from grants.sources.reading import Reading, Request, Response, SourceConfig, Validator
from models.values import Basis, Completeness

V1, V11 = "https://jsonfeed.org/version/1", "https://jsonfeed.org/version/1.1"
ITEM = {
    "id": "2026-7",
    "url": "https://fonds.example/calls/7",
    "title": "Wijken < 5 km & groen &#8211; ronde 7",
    "content_html": '<p>Deadline 15 december 2026 17:00</p><script>alert(1)</script><a href="/b">b</a>',
    "date_published": "2026-11-03T00:30:00+01:00",
    "authors": [{"url": "https://fonds.example"}, {"name": "Fonds Oost"}],
    "tags": ["wonen", 7, None, "klimaat"],
}


def source(**rules: Any) -> SourceConfig:
    return SourceConfig(
        "fonds", "json_feed", "https://fonds.example/feed.json", "nl", "Europe/Amsterdam", rules
    )


def read(body: bytes | list[Any], known: Validator | None = None, status: int = 200, **rules: Any) -> Reading:
    if isinstance(body, list):
        body = json.dumps({"version": V11, "title": "f", "items": body}).encode()

    def fetch(request: Request) -> Response:
        assert (request.headers.get("If-None-Match") == "e") == (known is not None)
        return Response(request.url, status, {"content-type": "application/feed+json", "etag": "e"}, body)

    config = source(**rules)
    return json_feed.read(config, fetch=fetch, known={config.url: known} if known else {})


def test_an_item_becomes_an_entry_by_the_same_rules_as_in_rss() -> None:
    reading = read([ITEM], deadline_pattern="Deadline (?P<date>.*)", organisation_from="author")
    (entry,) = reading.entries
    assert (entry.key, entry.url) == ("2026-7", "https://fonds.example/calls/7")
    assert entry.title == "Wijken < 5 km & groen – ronde 7"
    assert entry.body.startswith('<p>Deadline 15 december 2026 17:00</p><a href="https://fonds.example/b"')
    assert "alert" not in entry.body
    assert entry.organisation == "Fonds Oost"
    assert entry.extra["categories"] == ["wonen", "7", "klimaat"]
    assert entry.published_at == datetime(2026, 11, 2, 23, 30, tzinfo=UTC)
    assert local_day(entry.published_at) == date(2026, 11, 3)
    assert [(due.on, due.basis) for due in entry.deadlines] == [(date(2026, 12, 15), Basis.ASSUMED)]
    assert (reading.completeness, reading.window, reading.warnings) == (Completeness.COMPLETE, True, ())
    assert reading.payloads[0].content_type == "application/feed+json"


def test_plain_text_is_shown_as_it_stands() -> None:
    (entry,) = read([ITEM | {"content_html": None, "content_text": "Groei < 5 %\n<b>nee</b> & ja"}]).entries
    assert plain_text(entry.body) == "Groei < 5 %\n<b>nee</b> & ja"
    assert "<b>" not in entry.body


def test_an_item_of_version_1_has_one_author_and_perhaps_a_number_for_an_id() -> None:
    item = {"id": 7, "external_url": "https://elders.example/7", "title": "Ronde", "author": {"name": "Noor"},
            "summary": "Kort", "date_modified": "2026-11-03T12:00:00Z"}  # fmt: skip
    body = json.dumps({"version": V1, "items": [item]}).encode()
    (entry,) = read(b"\xef\xbb\xbf" + body, organisation_from="author").entries
    assert (entry.key, entry.url, entry.organisation) == ("7", "https://elders.example/7", "Noor")
    assert (entry.body, entry.published_at) == ("Kort", datetime(2026, 11, 3, 12, tzinfo=UTC))


def test_what_did_not_change_is_unchanged() -> None:
    validator = read([ITEM]).validators["https://fonds.example/feed.json"]
    assert read([ITEM], validator).completeness == Completeness.UNCHANGED
    assert read(b"", validator, 304).completeness == Completeness.UNCHANGED


@pytest.mark.parametrize(
    ("body", "sentence", "kind"),
    [
        (b"", "The address gives something that is no good JSON on line 1.", FaultKind.BROKEN),
        (b'{\n"version":', "The address gives something that is no good JSON on line 2.", FaultKind.BROKEN),
        (b'{"a": NaN}', "The address gives something that is no good JSON.", FaultKind.BROKEN),
        (b'{"a": -Infinity}', "The address gives something that is no good JSON.", FaultKind.BROKEN),
        (b'{"a": "\xff"}', "The address gives something that is no good JSON.", FaultKind.BROKEN),
        (b'{"a": ' + b"9" * 5000 + b"}", "The address gives something that is no good JSON.", FaultKind.BROKEN),
        (b"[" * 100_000, "The JSON is nested too deeply to be a feed.", FaultKind.UNSAFE),
        (b'{"a":' * 100_000, "The JSON is nested too deeply to be a feed.", FaultKind.UNSAFE),
        (b"[]", "The JSON is no object, and so no JSON Feed.", FaultKind.BROKEN),
        (b" <!DOCTYPE html><html>", "The address gives no JSON Feed but a web page.", FaultKind.BROKEN),
        (b"<?xml version='1.0'?><rss>", "The address gives no JSON Feed but XML: if it is RSS or Atom, set the kind of this source to rss.", FaultKind.BROKEN),
        (b'{"items": []}', "The JSON does not say which version it is; a JSON Feed of version 1 or 1.1 says https://jsonfeed.org/version/1.1.", FaultKind.BROKEN),
        (b'{"version": 2}', "The JSON says it is '2'; a JSON Feed of version 1 or 1.1 says https://jsonfeed.org/version/1.1.", FaultKind.BROKEN),
        (b'{"version": "https://jsonfeed.org/version/2"}', "The JSON says it is 'https://jsonfeed.org/version/2'; a JSON Feed of version 1 or 1.1 says https://jsonfeed.org/version/1.1.", FaultKind.BROKEN),
        (b'{"version": "https://jsonfeed.org/version/1"}', "The JSON Feed has no list of items.", FaultKind.BROKEN),
        (b'{"version": "https://jsonfeed.org/version/1", "items": {"a": 1}}', "The JSON Feed has no list of items.", FaultKind.BROKEN),
    ],
)  # fmt: skip
def test_what_is_no_json_feed_is_a_sentence(body: bytes, sentence: str, kind: FaultKind) -> None:
    with pytest.raises(SourceError) as told:
        read(body)
    assert (str(told.value), told.value.kind) == (sentence, kind)


def test_odd_items_are_told_and_the_others_kept() -> None:
    odd = [3, "text", None, {"id": "x", "title": "Zonder adres"}, {"url": "https://fonds.example/8", "id": True},
           {"url": "javascript:alert(1)", "title": "Slim"}]  # fmt: skip
    reading = read([*odd, ITEM, ITEM])
    assert [entry.key for entry in reading.entries] == ["2026-7"]
    assert reading.warnings == (
        "3 items of the JSON Feed are no objects, and were left out.",
        "An entry was left out for want of a url: Zonder adres.",
        "An entry was left out for want of a title: https://fonds.example/8.",
        "An entry was left out for want of a key and a url: Slim.",
        "1 entries repeat the key of an earlier one, and were left out.",
    )


@pytest.mark.parametrize("date_published", ["gisteren", "0001-01-01T00:00:00Z", 1762124400])
def test_a_date_that_cannot_be_read_is_told_and_the_item_kept(date_published: Any) -> None:
    reading = read([ITEM | {"date_published": date_published}])
    assert [entry.published_at for entry in reading.entries] == [None]
    assert reading.warnings == ("1 entries have a date of publication that could not be read.",)


def test_a_feed_that_names_a_thing_twice_or_has_expired_is_told() -> None:
    item = b'{"id": "1", "id": "2", "url": "https://fonds.example/2", "title": "t"}'
    reading = read(b'{"version": "%s", "expired": true, "items": [%s]}' % (V11.encode(), item))
    assert [entry.key for entry in reading.entries] == ["2"]
    assert reading.warnings == (
        "1 objects of the JSON Feed name a thing twice; the last of each was taken.",
        "The feed says it has expired: nothing new will come here.",
    )


def test_half_characters_and_control_characters_reach_no_database() -> None:
    (entry,) = read(
        [ITEM | {"id": "a\x00b\ud800", "title": "t\ud83d\x07", "content_text": "\udc00", "tags": ["\x00"]}]
    ).entries
    assert (entry.key, entry.title) == ("ab?", "t?")
    assert entry.extra["categories"] == []


def test_more_items_than_are_read_is_a_warning_and_partial() -> None:
    reading = read([ITEM | {"id": str(number)} for number in range(5001)])
    assert (len(reading.entries), reading.completeness) == (5000, Completeness.PARTIAL)
    assert reading.warnings == ("The feed has 5001 items; the first 5000 were read.",)


def test_fifteen_megabytes_of_nothing_are_read() -> None:
    body = b'{"version": "%s", "items": [%s{}]}' % (V11.encode(), b"{}," * 5_000_000)
    assert len(body) > 15_000_000
    reading = read(body)
    assert (reading.entries, reading.completeness) == ((), Completeness.PARTIAL)


@pytest.mark.parametrize(
    ("rules", "sentence"),
    [
        ({"deadline_pattern": "("}, r"deadline_pattern: '\(' is no regular expression"),
        ({"deadline_pattern": "Deadline (.*)"}, r"deadline_pattern: .* has no group \(\?P<date>…\)"),
        ({"colour": "red"}, "colour: Extra inputs are not permitted"),
    ],
)
def test_rules_that_are_off_are_a_sentence(rules: dict[str, Any], sentence: str) -> None:
    with pytest.raises(SourceError, match=f"The rules of this source are off: {sentence}"):
        read([ITEM], **rules)
