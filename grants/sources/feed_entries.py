# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""From a feed of any kind to entries, by the rules of its source: shared by rss and json_feed."""

import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Literal

from pydantic import field_validator

from grants.sources import dates
from grants.sources.clean import clean_html, one_line, plain_text, web_address
from grants.sources.conditional import unchanged, validator_of, with_validator
from grants.sources.feed import Feed, Item
from grants.sources.reading import Entry, Fetch, Payload, Reading, Request, Response, SourceConfig, Validator
from grants.sources.rules import Rules, expression, rules_of
from models.values import Completeness, Due

Understood = tuple[tuple[Entry, ...], tuple[str, ...], bool]
"""Entries, warnings, and whether nothing is known to be missing."""


class FeedRules(Rules):
    """What is particular to one feed; config/sources.yaml sets it under `rules`."""

    key: Literal["guid", "link", "link_last_part"] = "guid"
    title: Literal["title", "description"] = "title"
    organisation_from: Literal["source", "after_colon_in_title", "author"] = "source"
    only_organisations: tuple[str, ...] = ()
    contains: tuple[str, ...] = ()
    deadline_pattern: str = ""  # a regular expression with a group "date", searched in the plain text
    kind: str = "notice"

    @field_validator("deadline_pattern")
    @classmethod
    def _finds_a_date(cls, pattern: str) -> str:
        return expression(pattern, group="date")


def read_feed(
    source: SourceConfig,
    *,
    fetch: Fetch,
    known: Mapping[str, Validator],
    understand: Callable[[Response, Callable[[Feed], Understood]], Understood],
) -> Reading:
    """One reading of a feed; see reading.Adapter.

    Args:
        source: the source.
        fetch: fetches one request.
        known: what the last reading said of itself.
        understand: reads the document, and gives what the function makes of the feed.

    Raises:
        SourceError: there is no reading.
    """
    rules = rules_of(FeedRules, source)
    answer = fetch(with_validator(Request(source.url), known.get(source.url)))
    validator = validator_of(answer)
    if unchanged(answer, validator, known.get(source.url)):
        return Reading(Completeness.UNCHANGED, validators=dict(known), window=True)
    entries, warnings, whole = understand(answer, partial(entries_of, source, rules))
    return Reading(
        Completeness.COMPLETE if whole else Completeness.PARTIAL,
        entries,
        warnings,
        (Payload(source.url, answer.headers.get("content-type", ""), answer.body),),
        validators={source.url: validator},
        window=True,
    )


def entries_of(source: SourceConfig, rules: FeedRules, feed: Feed) -> Understood:
    """The entries of a feed that are wanted, and a sentence for each kind that was left out."""
    entries: dict[str, Entry] = {}
    warnings, others, double = [], 0, 0
    for item in feed.items:
        entry = _entry(source, rules, item)
        missing = [name for name in ("key", "title", "url") if not getattr(entry, name)]
        if missing:
            name = entry.title or entry.url or item.id or "one without a name"
            warnings.append(f"An entry was left out for want of a {' and a '.join(missing)}: {name[:120]}.")
        elif not _wanted(rules, entry):
            others += 1
        elif entry.key in entries:
            double += 1
        else:
            entries[entry.key] = entry
    undated = sum(entry.extra["published"] != "" and not entry.published_at for entry in entries.values())
    if undated:
        warnings.append(f"{undated} entries have a date of publication that could not be read.")
    if others:
        warnings.append(f"{others} entries are of other bodies or about other things, and were left out.")
    if double:
        warnings.append(f"{double} entries repeat the key of an earlier one, and were left out.")
    return tuple(entries.values()), (*feed.warnings, *warnings), feed.whole


def _entry(source: SourceConfig, rules: FeedRules, item: Item) -> Entry:
    url = web_address(item.link) or web_address(item.id)
    summary = "" if rules.title == "description" else clean_html(item.summary, url or source.url)
    return Entry(
        key=_key(rules, item, url)[:300],
        title=one_line(item.title if rules.title == "title" else item.summary),
        url=url,
        identifier=one_line(item.title).partition(" : ")[0] if rules.title == "description" else "",
        body=summary,
        language=source.language,
        organisation=_organisation(rules, item),
        kind=rules.kind,
        published_at=dates.instant(item.published, source.zone),
        deadlines=_deadlines(source, rules, item),
        extra={"categories": [one_line(one) for one in item.categories], "published": item.published},
    )


def _key(rules: FeedRules, item: Item, url: str) -> str:
    if rules.key == "link_last_part":
        return url.rstrip("/").rsplit("/", 1)[-1].removesuffix(".html")
    return (item.id if rules.key == "guid" else "") or url


def _organisation(rules: FeedRules, item: Item) -> str:
    if rules.organisation_from == "after_colon_in_title":
        return one_line(item.title).partition(" : ")[2]
    if rules.organisation_from == "author":
        return one_line(item.author)
    return rules.organisation


def _wanted(rules: FeedRules, entry: Entry) -> bool:
    if rules.only_organisations and entry.organisation not in rules.only_organisations:
        return False
    if not rules.contains:
        return True
    words = f"{entry.title} {plain_text(entry.body)}".lower()
    return any(word.lower() in words for word in rules.contains)


def _deadlines(source: SourceConfig, rules: FeedRules, item: Item) -> tuple[Due, ...]:
    if not rules.deadline_pattern:
        return ()
    found = re.search(rules.deadline_pattern, plain_text(item.summary))
    return (dates.due(found["date"], source.zone),) if found else ()
