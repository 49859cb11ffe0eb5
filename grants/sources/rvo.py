# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The adapter for RVO's open data: the schemes of the Subsidie- en financieringswijzer, 50 a page.

The data has no deadline, status or amount. The status stands as a label on each scheme's own page, so a few
of those are read every run: what is new or changed first, then the others in turn, for a label may turn.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit, urlunsplit

from pydantic import Field

from grants.errors import FaultKind, SourceError
from grants.sources import dates
from grants.sources.clean import clean_html, one_line
from grants.sources.reading import Entry, Fetch, Payload, Reading, Request, SourceConfig, Validator
from grants.sources.rules import Rules, rules_of
from grants.sources.rvo_turns import Turns
from models.values import Completeness

PAGE = 50  # items on a full page
MOST_PAGES = 100
DEEPEST = 2  # slashes in the address of a scheme; deeper ones are its sub-pages
KIND = 60  # characters of a call's kind

Item = Mapping[str, Any]


class SchemeRules(Rules):
    """What is particular to this source; config/sources.yaml sets it under `rules`."""

    targets: tuple[str, ...] = ("overheid",)  # kept when one of its targets holds one of these words
    pages: int = Field(40, ge=0)  # schemes whose own page is read in one run


@dataclass(slots=True)
class _List:
    """The list as it was walked."""

    items: dict[str, Item] = field(default_factory=dict)  # by id
    payloads: list[Payload] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    whole: bool = True

    def cut(self, sentence: str) -> "_List":
        """The same, something of it known to be missing."""
        self.warnings.append(sentence)
        self.whole = False
        return self


def read(source: SourceConfig, *, fetch: Fetch, known: Mapping[str, Validator]) -> Reading:
    """Every scheme a municipality may ask for; see reading.Adapter. Raises SourceError."""
    rules = rules_of(SchemeRules, source)
    walked = _walk(source, fetch)
    entries, warnings = _ours(source, rules, walked.items.values())
    if len(entries) < rules.at_least:
        sentence = f"RVO gave {len(entries)} schemes where at least {rules.at_least} are expected."
        walked = walked.cut(sentence)
    turns = Turns(source, fetch, known, rules.pages)
    told = turns.read(entries)
    return Reading(
        Completeness.COMPLETE if walked.whole else Completeness.PARTIAL,
        tuple(told),
        (*walked.warnings, *warnings, *turns.warnings),
        (*walked.payloads, *turns.payloads),
        validators=turns.remembered(entries, whole=walked.whole),
    )


def _walk(source: SourceConfig, fetch: Fetch) -> _List:
    """Pages until one is empty or brings nothing new; a list that repeats a full page may have been cut."""
    walked, last = _List(), 0
    for number in range(MOST_PAGES):
        url = urlunsplit(urlsplit(source.url)._replace(query=urlencode({"page": number})))
        answer = fetch(Request(url))
        content_type = answer.headers.get("content-type", "application/json")
        walked.payloads.append(Payload(url, content_type, answer.body))
        found = _page(answer.body)
        fresh = {str(item["id"]): item for item in found if item.get("id")}
        nameless = sum(1 for item in found if not item.get("id"))
        if nameless:
            walked = walked.cut(f"{nameless} items of RVO's page {number} have no id, and were left out.")
        if not fresh.keys() - walked.items.keys():
            if not found or last < PAGE:
                return walked
            many = len(walked.items)
            return walked.cut(f"RVO's list repeats itself after {many} items: it may have been cut off.")
        walked.items |= fresh
        last = len(found)
    return walked.cut(f"RVO's list has more than {MOST_PAGES} pages: the rest was left.")


def _page(body: bytes) -> list[Item]:
    try:
        found = json.loads(body)
    except ValueError as error:
        raise SourceError("RVO's open data is not JSON today.", kind=FaultKind.BROKEN) from error
    if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
        raise SourceError("RVO's open data is no list of schemes today.", kind=FaultKind.BROKEN)
    return found


def _ours(source: SourceConfig, rules: SchemeRules, items: Iterable[Item]) -> tuple[list[Entry], list[str]]:
    """The schemes a municipality may use, and what was left out."""
    entries: dict[str, Entry] = {}  # by address
    warnings: list[str] = []
    left: Counter[str] = Counter()
    for item in items:
        entry = _entry(source, item)
        if not (entry.title and entry.url):
            warnings.append(f"RVO's item {entry.key} has no title, or no address at RVO, and was left out.")
        elif why := _left_out(rules, entry, entries):
            left[why] += 1
        else:
            entries[entry.url] = entry
    warnings += [f"{many} items {why}, and were left out." for why, many in left.items()]
    return list(entries.values()), warnings


def _left_out(rules: SchemeRules, entry: Entry, entries: Mapping[str, Entry]) -> str:
    targets = " ".join(entry.extra["targets"]).lower()
    if urlsplit(entry.url).path.rstrip("/").count("/") > DEEPEST:
        return "are sub-pages of a scheme"
    if rules.targets and not any(word in targets for word in rules.targets):
        return "are for others"
    return "have the address of an earlier one" if entry.url in entries else ""


def _entry(source: SourceConfig, item: Item) -> Entry:
    return Entry(
        key=str(item["id"]),
        title=one_line(str(item.get("title") or "")),
        url=_address(source.url, str(item.get("url") or "")),
        body=clean_html(str(item.get("intro") or ""), source.url),
        language=source.language,
        organisation=source.rules.get("organisation", ""),
        kind=one_line(str(item.get("type") or "scheme"))[:KIND],
        published_at=dates.instant(str(item.get("created") or ""), source.zone),
        extra={"changed": str(item.get("changed") or "")}
        | {name: _names(item.get(name)) for name in ("targets", "sectors", "subjects", "tags")},
    )


def _address(base: str, path: str) -> str:
    """The address at RVO itself; nothing when it leads elsewhere, for we would read its page."""
    try:
        url = urljoin(base, path)
        return url if path and urlsplit(url)[:2] == urlsplit(base)[:2] else ""
    except ValueError:
        return ""


def _names(values: object) -> list[str]:
    """Tags are texts or objects with a name."""
    found = values if isinstance(values, list) else []
    return [one_line(str(one.get("name", "") if isinstance(one, dict) else one)) for one in found]
