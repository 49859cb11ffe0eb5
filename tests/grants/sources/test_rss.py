# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

from datetime import UTC, date, datetime
from typing import Any

import pytest

from grants.clock import local_day
from grants.errors import SourceError
from grants.sources import rss
from grants.sources.reading import Reading, Request, Response, SourceConfig, Validator
from models.values import Basis, Completeness
from tests.conftest import CAPTURES, needs_captures

FEED = b"""<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>f</title>
<item><link>https://z.example/prb-2026-1.html</link><title>prb-2026-1 : Overijssel</title>
<description>Subsidie klimaat; deadline 15 december 2026 17:00</description><author>Noor</author>
<pubDate>Wed, 15 Jul 2026 00:00:00 +0200</pubDate><category>Provinciaal blad</category></item>
<item><link>https://z.example/prb-2026-2.html</link><title>prb-2026-2 : Gelderland</title><description>Iets</description></item>
<item><link>https://z.example/prb-2026-1.html</link><title>prb-2026-1 : Overijssel</title><description>Weer</description></item>
<item><title>zonder adres</title><description>Zonder adres</description></item>
</channel></rss>"""
OFFICIAL = {"key": "link_last_part", "title": "description", "organisation_from": "after_colon_in_title"}


def source(**rules: Any) -> SourceConfig:
    return SourceConfig("feed", "rss", "https://z.example/rss", "nl", "Europe/Amsterdam", rules)


def read(
    config: SourceConfig, body: bytes = FEED, status: int = 200, known: Validator | None = None
) -> Reading:
    asked: list[Request] = []

    def fetch(request: Request) -> Response:
        asked.append(request)
        return Response(request.url, status, {"content-type": "application/rss+xml", "etag": "e"}, body)

    reading = rss.read(config, fetch=fetch, known={config.url: known} if known else {})
    assert len(asked) == 1
    return reading


def test_an_official_announcement_is_read_by_the_rules_of_its_source() -> None:
    reading = read(source(**OFFICIAL, only_organisations=["Overijssel"]))
    (entry,) = reading.entries
    assert (entry.key, entry.identifier, entry.organisation) == ("prb-2026-1", "prb-2026-1", "Overijssel")
    assert entry.title == "Subsidie klimaat; deadline 15 december 2026 17:00"
    assert entry.published_at == datetime(2026, 7, 14, 22, tzinfo=UTC)
    assert local_day(entry.published_at) == date(2026, 7, 15)
    assert reading.completeness == Completeness.COMPLETE
    assert reading.window
    assert [warning[:30] for warning in reading.warnings] == [
        "An entry was left out for want", "1 entries are of other bodies ", "1 entries repeat the key of an",
    ]  # fmt: skip


def test_a_deadline_is_found_by_the_pattern_of_its_source() -> None:
    reading = read(
        source(deadline_pattern=r"deadline (?P<date>.*)", organisation_from="author", contains=["klimaat"])
    )
    (entry,) = reading.entries
    (due,) = entry.deadlines
    assert (due.on, str(due.at), due.basis) == (date(2026, 12, 15), "17:00:00", Basis.ASSUMED)
    assert entry.organisation == "Noor"
    assert entry.title == "prb-2026-1 : Overijssel"


def test_a_source_that_says_nothing_changed_is_unchanged() -> None:
    assert read(source(), b"", 304, Validator(etag="e")).completeness == Completeness.UNCHANGED


def test_the_same_bytes_are_unchanged() -> None:
    validator = read(source()).validators["https://z.example/rss"]
    assert read(source(), known=validator).completeness == Completeness.UNCHANGED


def test_a_cut_feed_is_partial() -> None:
    assert read(source(), FEED[:-20]).completeness == Completeness.PARTIAL


def test_rules_that_are_off_are_a_sentence() -> None:
    with pytest.raises(SourceError, match="The rules of this source are off: colour"):
        read(source(colour="red"))


@needs_captures
def test_the_captured_announcements_have_their_key_their_body_and_their_own_day() -> None:
    reading = read(
        source(**OFFICIAL), (CAPTURES / "officielebekendmakingen" / "rss-2022-05.xml").read_bytes()
    )
    assert len(reading.entries) == 150
    first = reading.entries[0]
    assert (first.key, first.organisation) == ("kst-1027687", "Tweede Kamer der Staten-Generaal")
    assert first.published_at is not None
    assert local_day(first.published_at) == date(2022, 5, 2)


@needs_captures
@pytest.mark.parametrize("name", ["foolcontrol.xml", "osm-pl.xml"])
def test_a_captured_blog_keeps_all_its_entries(name: str) -> None:
    body = (CAPTURES / "wordpress" / name).read_bytes()
    assert len(read(source(), body).entries) == body.count(b"<item>")
