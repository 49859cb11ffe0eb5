# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The adapter for RVO's open data: the schemes of the Subsidie- en financieringswijzer, 50 a page.

The data has no deadline, status or amount. The status stands as a label on each scheme's own page, so a few
of those are read every run: what is new or changed first, then those not looked at for longest.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit, urlunsplit

from lxml import html
from lxml.etree import ParserError, strip_elements, tostring
from pydantic import BaseModel, ConfigDict

from grants.errors import FaultKind, SourceError
from grants.sources import dates
from grants.sources.clean import clean_html, one_line, plain_text
from grants.sources.conditional import validator_of, with_validator
from grants.sources.reading import Entry, Fetch, Payload, Reading, Request, SourceConfig, Validator
from grants.sources.rules import rules_of
from models.values import CallStatus, Completeness, Due

PAGE = 50  # items on a full page
MOST_PAGES = 100
DEEPEST = 2  # slashes in the address of a scheme; deeper ones are its sub-pages
LABELS = (
    ("tijdelijk gesloten voor aanvragen", CallStatus.CLOSED),
    ("gesloten voor aanvragen", CallStatus.CLOSED),
    ("bijna open voor aanvragen", CallStatus.FORTHCOMING),
    ("binnenkort open", CallStatus.FORTHCOMING),
    ("open voor aanvragen", CallStatus.OPEN),
)
CLOSES = re.compile(
    r"(?:sluitingsdatum|aanvragen (?:kan |kunt u )?tot(?: en met)?|aan te vragen tot(?: en met)?)\s*:?\s+"
    r"(?P<date>\d{1,2} [a-z]+ \d{4}(?:,? (?:om )?\d{1,2}[:.]\d{2} uur)?)",
    re.IGNORECASE,
)
ON_PAGE = frozenset({"body", "stated_status", "deadlines"})  # what the list itself does not tell

Item = Mapping[str, Any]


class Rules(BaseModel):
    """What is particular to this source; config/sources.yaml sets it under `rules`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    at_least: int = 1
    organisation: str = ""
    targets: tuple[str, ...] = ("overheid",)  # kept when one of its targets holds one of these words
    pages: int = 40  # schemes whose own page is read in one run


@dataclass(slots=True)
class _Run:
    """One reading of the source."""

    source: SourceConfig
    fetch: Fetch
    known: Mapping[str, Validator]
    payloads: list[Payload] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    validators: dict[str, Validator] = field(default_factory=dict)  # the longest unread first


def read(source: SourceConfig, *, fetch: Fetch, known: Mapping[str, Validator]) -> Reading:
    """Every scheme a municipality may ask for; see reading.Adapter. Raises SourceError."""
    rules = rules_of(Rules, source)
    run = _Run(source, fetch, known)
    items, whole = _walk(run)
    ours = [item for item in items if _is_ours(item, rules)]
    if len(items) > len(ours):
        run.warnings.append(f"{len(items) - len(ours)} items are sub-pages or for others, and were left out.")
    entries = _with_pages(run, [_entry(source, item) for item in ours], rules.pages)
    enough = len(entries) >= rules.at_least
    if not enough:
        run.warnings.append(f"RVO gave {len(entries)} schemes where at least {rules.at_least} are expected.")
    return Reading(
        Completeness.COMPLETE if whole and enough else Completeness.PARTIAL,
        tuple(entries), tuple(run.warnings), tuple(run.payloads), validators=run.validators,
    )  # fmt: skip


def _walk(run: _Run) -> tuple[list[Item], bool]:
    """Pages until one is empty or brings nothing new; a list that repeats a full page may have been cut."""
    items: dict[str, Item] = {}
    last = 0
    for number in range(MOST_PAGES):
        parts = urlsplit(run.source.url)
        answer = run.fetch(Request(urlunsplit(parts._replace(query=urlencode({"page": number})))))
        run.payloads.append(Payload(answer.url, "application/json", answer.body))
        found = _page(answer.body)
        fresh = {str(item["id"]): item for item in found if item.get("id")}
        if not fresh.keys() - items.keys():
            whole = not found or last < PAGE
            if not whole:
                run.warnings.append(
                    f"RVO's list repeats itself after {len(items)} items: it may have been cut off."
                )
            return list(items.values()), whole
        items |= fresh
        last = len(found)
    run.warnings.append(f"RVO's list has more than {MOST_PAGES} pages: the rest was left.")
    return list(items.values()), False


def _page(body: bytes) -> list[Item]:
    try:
        found = json.loads(body)
    except ValueError as error:
        raise SourceError("RVO's open data is not JSON today.", kind=FaultKind.BROKEN) from error
    if not isinstance(found, list):
        raise SourceError("RVO's open data is no list of schemes today.", kind=FaultKind.BROKEN)
    return [item for item in found if isinstance(item, dict)]


def _is_ours(item: Item, rules: Rules) -> bool:
    path = str(item.get("url") or "")
    targets = " ".join(_names(item.get("targets"))).lower()
    meant = not rules.targets or any(word in targets for word in rules.targets)
    return path.startswith("/") and path.rstrip("/").count("/") <= DEEPEST and meant


def _names(values: object) -> list[str]:
    """Tags are texts or objects with a name."""
    found = values if isinstance(values, list) else []
    return [one_line(str(one.get("name", "") if isinstance(one, dict) else one)) for one in found]


def _entry(source: SourceConfig, item: Item) -> Entry:
    return Entry(
        key=str(item["id"]),
        title=one_line(str(item.get("title") or item["id"])),
        url=urljoin(source.url, str(item["url"])),
        body=clean_html(str(item.get("intro") or ""), source.url),
        language=source.language,
        organisation=source.rules.get("organisation", ""),
        programme=one_line(str(item.get("title") or "")),
        kind=one_line(str(item.get("type") or "")) or "scheme",
        published_at=dates.instant(str(item.get("created") or ""), source.zone),
        extra={"changed": str(item.get("changed") or "")}
        | {name: _names(item.get(name)) for name in ("targets", "sectors", "subjects", "tags")},
    )


def _with_pages(run: _Run, entries: list[Entry], most: int) -> list[Entry]:
    """The entries, those whose own page is read this time with what it tells."""
    by_url = {entry.url: entry for entry in entries}
    due = [url for url, entry in by_url.items() if _changed(run, entry)]
    due += [url for url in run.known if url in by_url and url not in due]
    run.validators |= {url: one for url, one in run.known.items() if url in by_url}
    for url in due[:most]:
        by_url[url] = _from_page(run, by_url[url])
    left = sum(1 for url in due[most:] if url not in run.known)
    if left:
        run.warnings.append(
            f"The pages of {left} new schemes are read in the next runs; till then their status is unknown."
        )
    read_now = set(due[:most])
    return [
        entry if entry.url in read_now or entry.url not in run.known else replace(entry, untold=ON_PAGE)
        for entry in by_url.values()
    ]


def _changed(run: _Run, entry: Entry) -> bool:
    before = run.known.get(entry.url)
    return before is None or before.sha256 != entry.extra["changed"]


def _from_page(run: _Run, entry: Entry) -> Entry:
    """What the scheme's own page tells; one that fails costs its page, not the reading."""
    before = run.known.get(entry.url)
    unchanged = before if before and not _changed(run, entry) else None
    try:
        answer = run.fetch(with_validator(Request(entry.url), unchanged))
    except SourceError as error:
        run.warnings.append(f"The page of '{entry.title}' could not be read: {error}")
        return replace(entry, untold=ON_PAGE) if before else entry
    said = validator_of(answer) if answer.status != 304 else before  # noqa: PLR2004 - not modified
    run.validators.pop(entry.url, None)  # to the end: read last
    run.validators[entry.url] = replace(said or Validator(), sha256=entry.extra["changed"])
    if answer.status == 304:  # noqa: PLR2004 - as above
        return replace(entry, untold=ON_PAGE)
    return _told(run, entry, answer.body)


def _told(run: _Run, entry: Entry, body: bytes) -> Entry:
    markup = _main(body)
    lines = plain_text(markup).splitlines()
    status = _status(lines)
    if status is None:
        run.warnings.append(f"The page of '{entry.title}' has no label that says whether it is open.")
    text = clean_html(markup, entry.url) or entry.body
    return replace(entry, stated_status=status, body=text, deadlines=_deadlines(lines, run.source.zone))


def _main(body: bytes) -> str:
    """The main region of a page, without navigation and forms."""
    try:
        page = html.document_fromstring(body)
    except (ParserError, ValueError):
        return ""
    found = page.find(".//main")
    region = page if found is None else found
    strip_elements(region, "nav", "form", "script", "style", "header", with_tail=False)
    return str(tostring(region, encoding="unicode"))


def _status(lines: Iterable[str]) -> CallStatus | None:
    for line in lines:
        for label, status in LABELS:
            if line.lower().startswith(label):
                return status
    return None


def _deadlines(lines: Iterable[str], zone: str) -> tuple[Due, ...]:
    """Only what stands behind a label that we know; anything else is the reader's to find."""
    found = next((match for line in lines if (match := CLOSES.search(line))), None)
    return (dates.due(found["date"], zone),) if found else ()
