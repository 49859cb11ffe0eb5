# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""What the reader of feeds finds, read here without its process; its limits are held by test_bad_feeds.py."""

import multiprocessing
import os
import resource
import threading
from operator import attrgetter

import pytest

from grants.errors import SourceError
from grants.sources import feed
from grants.sources.feed import Feed, answer, itself, live, parse, second_count

RSS = b"""<?xml version="1.0"?><rss version="2.0"><channel><language>nl</language>
<item><title>Een &amp; ander</title><link>https://x.example/1</link><guid>x-1</guid><author>Noor</author>
<description>&lt;p&gt;Kort&lt;/p&gt;</description><pubDate>di 3 mrt 2026</pubDate>
<category>water</category></item></channel></rss>"""
ATOM = b"""<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>a</id><updated>2026-03-03</updated>
<summary>kort</summary><content type="html">lang</content></entry></feed>"""


def read(body: bytes) -> Feed:
    found = answer(body, "")
    assert isinstance(found, Feed), found
    return found


def test_an_entry_comes_with_its_texts_as_they_stand() -> None:
    found = read(RSS)
    (item,) = found.items
    assert (found.language, found.warnings, found.whole) == ("nl", (), True)
    assert (item.id, item.link, item.title) == ("x-1", "https://x.example/1", "Een & ander")
    assert (item.summary, item.published, item.author) == ("<p>Kort</p>", "di 3 mrt 2026", "Noor")
    assert item.categories == ("water",)


def test_the_content_goes_before_the_summary_and_the_update_stands_in_for_the_publication() -> None:
    (item,) = read(ATOM).items
    assert (item.summary, item.published) == ("lang", "2026-03-03")


def test_a_feed_that_is_cut_keeps_its_entries_and_is_not_whole() -> None:
    found = read(RSS[: RSS.index(b"</channel>")])
    assert len(found.items) == 1
    assert not found.whole
    assert "The feed ends in the middle." in found.warnings
    assert any(warning.startswith("The feed is malformed") for warning in found.warnings)


def test_a_feed_that_is_too_long_is_read_as_far_as_it_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "MOST", 1)
    found = read(b"<rss version='2.0'><channel><item><guid>1</guid></item><item/></channel></rss>")
    assert [item.id for item in found.items] == ["1"]
    assert found.warnings == ("The feed has 2 entries; the first 1 were read.",)
    assert not found.whole


def test_the_second_reader_counts_along(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "second_count", lambda _: 3)
    found = read(RSS.replace(b"<title>", b"<!-- <item> --><title>"))
    assert found.warnings == ("A second reader counts 3 entries where the first found 1.",)
    assert not found.whole


def test_the_second_reader_is_not_asked_where_as_many_entries_begin_as_were_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delattr(feed, "second_count")
    assert read(RSS).whole
    assert read(ATOM).whole


@pytest.mark.parametrize(("body", "count"), [(RSS, 1), (ATOM, 1), (b"\x00", None), (b"<!-- -->", None)])
def test_the_second_reader_sees_items_entries_or_no_document(body: bytes, count: int | None) -> None:
    assert second_count(body) == count


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"\xef\xbb\xbf <!DOCTYPE html><p>", "The address gives a web page, not a feed."),
        (
            b'{"version": "https:\\/\\/jsonfeed.org\\/version\\/1"}',
            "The address gives a JSON Feed: set the kind of this source to json_feed.",
        ),
        (b"[{", "The address gives JSON, not RSS or Atom."),
        (b"niets", "The document is no RSS or Atom feed, or is broken beyond reading."),
    ],
)
def test_what_is_no_feed_is_said_in_a_sentence(body: bytes, sentence: str) -> None:
    assert answer(body, "") == sentence


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (MemoryError, "The feed of 4 bytes needed more than 1 GB of memory to read."),
        (RecursionError, "The feed could not be read: feedparser failed with RecursionError."),
    ],
)
def test_a_reader_that_fails_is_said_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, error: type[Exception], sentence: str
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(feed.feedparser, "parse", fails)
    assert answer(b"<rss", "") == sentence


def test_a_reader_answers_until_the_other_side_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "MEMORY", resource.getrlimit(resource.RLIMIT_AS)[1])  # leave ours as it is
    ours, theirs = multiprocessing.Pipe()
    ours.send((RSS, "application/rss+xml", itself))
    ours.send((b"niets", "", itself))
    ours.send((RSS, "", attrgetter("deadline")))
    thread = threading.Thread(target=live, args=(os.dup(theirs.fileno()),))
    thread.start()
    theirs.close()
    assert ours.recv() == "up"
    assert [item.id for item in ours.recv()[1].items] == ["x-1"]
    assert ours.recv()[0].startswith("The document is no RSS or Atom feed")
    assert isinstance(ours.recv()[0], AttributeError)
    ours.close()
    thread.join(10)
    assert not thread.is_alive()


def test_a_feed_is_read_by_a_process_of_its_own() -> None:
    assert [item.id for item in parse(RSS).items] == ["x-1"]
    with pytest.raises(SourceError, match="no RSS or Atom feed"):
        parse(b"niets")


def test_what_is_made_of_a_feed_is_made_in_that_process_and_its_fault_is_raised_here() -> None:
    assert parse(RSS, then=attrgetter("language")) == "nl"
    with pytest.raises(AttributeError, match="deadline") as raised:
        parse(RSS, then=attrgetter("deadline"))
    assert "Traceback" in raised.value.__notes__[0]
