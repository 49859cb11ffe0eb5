# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""RSS and Atom by feedparser, in processes of their own: no other but feed_quick.py knows feedparser.

A hostile or broken feed can cost feedparser minutes and gigabytes; here it costs a process (feed_readers.py).
Entries of malformed feeds are kept, with a warning; a second reader counts along.
"""

import gc
import re
import resource
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from io import BytesIO
from multiprocessing.connection import Connection
from typing import Any

import feedparser
from lxml import etree

from grants.errors import FaultKind, PijplijnError, SourceError
from grants.sources import feed_quick, feed_readers

MEMORY = 1024**3  # bytes of address space for a reader
SECONDS = 10.0
MOST = 5000  # entries
ENTRY = re.compile(rb"<(?:[\w.-]+:)?(?:item|entry)[\s/>]")


@dataclass(frozen=True, slots=True)
class Item:
    """One entry as the feed gives it; texts are raw HTML, dates are raw text."""

    id: str
    link: str
    title: str
    summary: str
    published: str
    author: str
    categories: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Feed:
    """One feed and what is odd about it."""

    language: str
    items: tuple[Item, ...]
    warnings: tuple[str, ...]
    whole: bool  # nothing is known to be missing


class _UnreadableError(PijplijnError):
    """The document is no feed; said inside the reader, raised outside."""


def itself(feed: Feed) -> Feed:
    """The feed as it is."""
    return feed


def parse(
    body: bytes,
    *,
    content_type: str = "",
    then: Callable[[Feed], Any] = itself,
    seconds: float = SECONDS,
) -> Any:
    """Read a feed within limits of time and memory.

    Args:
        body: the document.
        content_type: as the HTTP header gave it.
        then: what to make of the feed, in that process too: a function of a module, or a partial of one.
        seconds: what it may take.

    Returns:
        What `then` made of it.

    Raises:
        SourceError: it is empty, no feed, or costs too much.
    """
    if not body.strip():
        sentence = "The feed is empty."
        raise SourceError(sentence, kind=FaultKind.BROKEN)
    fault, made = feed_readers.ask((body, content_type, then), seconds=seconds)
    if isinstance(fault, Exception):
        raise fault
    if fault:
        raise SourceError(fault, kind=FaultKind.BROKEN)
    return made


def live(descriptor: int) -> None:
    """What a reader's process does, on the pipe with this file descriptor."""
    feed_quick.quicken()
    gc.set_threshold(50_000)  # a feed is many small objects that all go at once: looking for rings costs more
    serve(Connection(descriptor))


def serve(pipe: "Connection[Any, Any]") -> None:
    """The reader's life: a document in, a fault and what was made of it out, until the other side is gone."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    pipe.send("up")
    while True:
        try:
            body, content_type, then = pipe.recv()
        except EOFError:
            return
        found = answer(body, content_type)
        pipe.send(_made(found, then) if isinstance(found, Feed) else (found, None))


def _made(feed: Feed, then: Callable[[Feed], Any]) -> tuple[Exception | None, Any]:
    try:
        return None, then(feed)
    except Exception as error:  # noqa: BLE001 - our own fault, which the other side raises
        error.add_note(traceback.format_exc())
        return error, None


def answer(body: bytes, content_type: str) -> Feed | str:
    """The feed, or the sentence that says why there is none."""
    try:
        return understand(body, content_type)
    except _UnreadableError as error:
        return str(error)
    except MemoryError:
        return f"The feed of {len(body):,} bytes needed more than 1 GB of memory to read."
    except Exception as error:  # noqa: BLE001 - feedparser fails in a dozen ways on odd input; one feed, one sentence
        return f"The feed could not be read: feedparser failed with {type(error).__name__}."


def understand(body: bytes, content_type: str = "") -> Feed:
    """Parse one document; raises _UnreadableError on what is no feed."""
    _refuse_what_is_no_feed(body)
    headers = {"content-type": content_type} if content_type else {}
    parsed = feedparser.parse(
        BytesIO(body), sanitize_html=False, resolve_relative_uris=False, response_headers=headers
    )
    if not parsed.get("version") and not parsed.entries:
        sentence = "The document is no RSS or Atom feed, or is broken beyond reading."
        raise _UnreadableError(sentence)
    warnings, whole = _oddities(body, parsed)
    items = tuple(_item(entry) for entry in parsed.entries[:MOST])
    return Feed(parsed.feed.get("language", ""), items, tuple(warnings), whole)


def _refuse_what_is_no_feed(body: bytes) -> None:
    start = body.lstrip(b"\xef\xbb\xbf \t\r\n")[:512].lower()
    if start.startswith((b"<!doctype html", b"<html")):
        sentence = "The address gives a web page, not a feed."
        raise _UnreadableError(sentence)
    if start[:1] in {b"{", b"["}:
        feed = b"jsonfeed.org" in body
        what = "a JSON Feed: set the kind of this source to json_feed" if feed else "JSON, not RSS or Atom"
        sentence = f"The address gives {what}."
        raise _UnreadableError(sentence)


def _oddities(body: bytes, parsed: Any) -> tuple[list[str], bool]:
    warnings, found = [], len(parsed.entries)
    if parsed.bozo:
        warnings.append(
            f"The feed is malformed ({type(parsed.bozo_exception).__name__}); its entries were kept."
        )
    # Where as many entries begin as were found, none is missing: the second reader is for where they differ.
    second = found if len(ENTRY.findall(body)) == found else second_count(body)
    if second is not None and second != found:
        warnings.append(f"A second reader counts {second} entries where the first found {found}.")
    if found > MOST:
        warnings.append(f"The feed has {found} entries; the first {MOST} were read.")
    cut = b"</rss" not in body and b"</feed" not in body and b":rdf" not in body.lower()
    if cut:
        warnings.append("The feed ends in the middle.")
    return warnings, not cut and found <= MOST and (second is None or second <= found)


def second_count(body: bytes) -> int | None:
    """How many entries lxml sees, recovering; None when it sees no document."""
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError:
        return None
    if root is None:
        return None
    return sum(1 for one in root.iter("{*}item", "{*}entry"))


def _item(entry: Mapping[str, Any]) -> Item:
    contents = entry.get("content") or [{}]
    return Item(
        id=entry.get("id", ""),
        link=entry.get("link", ""),
        title=entry.get("title", ""),
        summary=contents[0].get("value") or entry.get("summary", ""),
        published=entry.get("published") or entry.get("updated", ""),
        author=entry.get("author", ""),
        categories=tuple(tag.get("term") or "" for tag in entry.get("tags", ())),
    )
