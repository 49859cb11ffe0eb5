# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The adapter for JSON Feed 1.0 and 1.1 (jsonfeed.org), which feedparser does not read."""

import html
import json
import re
from collections.abc import Mapping
from typing import Any

from grants.errors import FaultKind, SourceError
from grants.sources.clean import CONTROL
from grants.sources.feed import MOST, Feed, Item
from grants.sources.feed_entries import read_feed
from grants.sources.reading import Fetch, Reading, SourceConfig, Validator

VERSION = re.compile(r"https?://(?:www\.)?jsonfeed\.org/version/1(?:\.[01])?/?")


def read(source: SourceConfig, *, fetch: Fetch, known: Mapping[str, Validator]) -> Reading:
    """Read one feed; see reading.Adapter. Raises SourceError."""
    return read_feed(
        source, fetch=fetch, known=known, understand=lambda answer, entries: entries(understand(answer.body))
    )


def understand(body: bytes) -> Feed:
    """Parse one document; raises SourceError on what is no JSON Feed."""
    document, twice = _document(body)
    version = document.get("version")
    if not isinstance(version, str) or not VERSION.fullmatch(version):
        told = f"says it is '{_text(version)[:80]}'" if version else "does not say which version it is"
        raise _broken(
            f"The JSON {told}; a JSON Feed of version 1 or 1.1 says https://jsonfeed.org/version/1.1"
        )
    found = document.get("items")
    if not isinstance(found, list):
        raise _broken("The JSON Feed has no list of items")
    sound = [one for one in found[:MOST] if isinstance(one, dict)]
    odd = len(found[:MOST]) - len(sound)
    facts = (
        (odd, f"{odd} items of the JSON Feed are no objects, and were left out."),
        (twice, f"{twice} objects of the JSON Feed name a thing twice; the last of each was taken."),
        (len(found) > MOST, f"The feed has {len(found)} items; the first {MOST} were read."),
        (document.get("expired") is True, "The feed says it has expired: nothing new will come here."),
    )
    warnings = tuple(sentence for holds, sentence in facts if holds)
    return Feed(_text(document.get("language")), tuple(map(_item, sound)), warnings, len(found) <= MOST)


def _broken(words: str) -> SourceError:
    return SourceError(f"{words}.", kind=FaultKind.BROKEN)


def _document(body: bytes) -> tuple[dict[str, Any], int]:
    """The JSON object, and how many objects in it name a thing twice."""
    start = body.lstrip(b"\xef\xbb\xbf \t\r\n")[:512].lower()
    if start.startswith(b"<"):
        page = b"<html" in start or b"<!doctype html" in start
        what = "a web page" if page else "XML: if it is RSS or Atom, set the kind of this source to rss"
        raise _broken(f"The address gives no JSON Feed but {what}")
    twice = 0

    def gathered(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        nonlocal twice
        made = dict(pairs)
        twice += len(made) < len(pairs)
        return made

    try:
        document = json.loads(body, object_pairs_hook=gathered, parse_constant=_no_number)
    except RecursionError as error:
        sentence = "The JSON is nested too deeply to be a feed."
        raise SourceError(sentence, kind=FaultKind.UNSAFE) from error
    except ValueError as error:  # bad JSON, bad UTF-8, or a number of more digits than Python takes
        place = f" on line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        raise _broken(f"The address gives something that is no good JSON{place}") from error
    if not isinstance(document, dict):
        raise _broken("The JSON is no object, and so no JSON Feed")
    return document, twice


def _no_number(word: str) -> None:
    raise ValueError(word)  # NaN and Infinity are no JSON


def _item(found: Mapping[str, Any]) -> Item:
    """One item; its title and content_text are plain text by the standard, and so escaped."""
    markup, words = _text(found.get("content_html")), _text(found.get("content_text") or found.get("summary"))
    return Item(
        id=_text(found.get("id")),
        link=_text(found.get("url") or found.get("external_url")),
        title=_text(found.get("title")).replace("<", "&amp;lt;"),  # entities are resolved: many escape them
        summary=markup or html.escape(words, quote=False).replace("\n", "<br>"),
        published=_text(found.get("date_published") or found.get("date_modified")),
        author=_author(found),
        categories=tuple(_text(tag) for tag in _listed(found.get("tags")) if _text(tag)),
    )


def _author(found: Mapping[str, Any]) -> str:
    """1.1 has a list of authors, 1.0 one author."""
    people = [*_listed(found.get("authors")), found.get("author")]
    names = [_text(one.get("name")) for one in people if isinstance(one, dict)]
    return next((name for name in names if name), "")


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(value: Any) -> str:
    """A text, or a number as one (1.0 says to take such ids); without what no database keeps."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, str):
        return ""
    return CONTROL.sub("", value).encode("utf-8", "replace").decode()  # JSON can spell half a character
