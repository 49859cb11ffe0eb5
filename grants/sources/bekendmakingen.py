# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The adapter for Officiële bekendmakingen: the list by RSS, the text of each new announcement by XML.

The search gives its whole result in one feed, without guids. A text is asked for once, a few a run, and the
validators remember which were. The SRU interface is left alone: its robots.txt asks us to.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import urljoin

from lxml import etree
from pydantic import BaseModel, ConfigDict, Field

from grants.errors import FaultKind, SourceError
from grants.sources.bekendmakingen_body import text_of
from grants.sources.bekendmakingen_record import announced, understood
from grants.sources.clean import clean_html
from grants.sources.conditional import unchanged, validator_of, with_validator
from grants.sources.documents import document, name, words
from grants.sources.feed import Feed, Item, parse
from grants.sources.reading import Entry, Fetch, Payload, Reading, Request, SourceConfig, Validator
from grants.sources.rules import rules_of
from models.values import Completeness

PASSING = {"info:srw/diagnostic/1/1", "info:srw/diagnostic/1/2"}  # the system's trouble, not our question's
NOT_THERE = Validator()  # asked for, and there was no text
LONG_AGO = datetime.min.replace(tzinfo=UTC)


class Rules(BaseModel):
    """What is particular to one search."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    at_least: int = 0  # for the health page
    organisation: str = ""  # for the health page; an announcement names its own
    only_organisations: tuple[str, ...] = ()  # the text search finds other bodies' announcements too
    texts: int = Field(25, ge=0)  # how many are fetched in one run


@dataclass(slots=True)
class _Texts:
    """The texts this run fetched, and how many it still may."""

    source: SourceConfig
    fetch: Fetch
    allowed: int
    known: Mapping[str, Validator]
    validators: dict[str, Validator] = field(default_factory=dict)
    payloads: list[Payload] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    left: int = 0

    def url(self, entry: Entry) -> str:
        """Always at the host we read, whatever host the feed links to."""
        return urljoin(self.source.url, f"/{entry.key}.xml")

    def order(self, entries: Iterable[Entry]) -> list[Entry]:
        """The newest we never asked for first; then those that were not there when we asked."""
        wanted = [one for one in entries if self.known.get(self.url(one), NOT_THERE) == NOT_THERE]
        return sorted(
            wanted,
            key=lambda one: (self.url(one) not in self.known, one.published_at or LONG_AGO),
            reverse=True,
        )

    def told(self, entry: Entry) -> Entry:
        """The entry with its text; as it is when there is none, or this run may ask for no more."""
        url = self.url(entry)
        if self.allowed < 1:
            self.left += url not in self.known
            return entry
        self.allowed -= 1
        try:
            answer = self.fetch(Request(url))
        except SourceError as error:
            self._missed(url, entry, error)
            return entry
        body = text_of(answer.body)
        if body is None:
            self.validators[url] = NOT_THERE
            self.warnings.append(
                f"The text of {entry.key} is no announcement in XML; only its title was read."
            )
            return entry
        self.validators[url] = validator_of(answer)
        self.payloads.append(Payload(url, answer.headers.get("content-type", ""), answer.body))
        return understood(entry, clean_html(body, entry.url), zone=self.source.zone)

    def _missed(self, url: str, entry: Entry, error: SourceError) -> None:
        """A text that is not there is remembered; a server in trouble is left in peace until the next run."""
        self.warnings.append(f"The text of {entry.key} could not be read: {error}")
        if error.temporary:
            self.allowed = 0
            self.left += url not in self.known
        else:
            self.validators[url] = NOT_THERE


def read(source: SourceConfig, *, fetch: Fetch, known: Mapping[str, Validator]) -> Reading:
    """The announcements of one search; see reading.Adapter. Raises SourceError."""
    rules = rules_of(Rules, source)
    had = {url: validator for url, validator in known.items() if url != source.url}
    before = known.get(source.url) if had else None  # while no text was read the list is new to us
    answer = fetch(with_validator(Request(source.url), before))
    validator = validator_of(answer)
    if unchanged(answer, validator, before):
        return Reading(Completeness.UNCHANGED, validators=dict(known), window=True)
    _refuse_diagnostic(answer.body)
    content_type = answer.headers.get("content-type", "")
    feed: Feed = parse(answer.body, content_type=content_type)
    entries, warnings = _entries(source, rules, feed.items)
    texts = _Texts(source, fetch, rules.texts, had)
    told = entries | {one.key: texts.told(one) for one in texts.order(entries.values())}
    if texts.left:
        warnings.append(f"The texts of {texts.left} announcements are left for the next reading.")
    return Reading(
        Completeness.COMPLETE if feed.whole else Completeness.PARTIAL,
        tuple(told.values()),
        (*feed.warnings, *warnings, *texts.warnings),
        (Payload(source.url, content_type, answer.body), *texts.payloads),
        validators=_validators(source, validator, texts, entries.values(), whole=feed.whole),
        window=True,
    )


def _validators(
    source: SourceConfig, listed: Validator, texts: _Texts, entries: Iterable[Entry], *, whole: bool
) -> dict[str, Validator]:
    """What the next reading needs: the texts we have, and the list unless it must be seen again."""
    addresses = {texts.url(one) for one in entries}
    kept = {url: one for url, one in texts.known.items() if url in addresses or not whole}
    list_too = {} if texts.left else {source.url: listed}
    return kept | texts.validators | list_too


def _refuse_diagnostic(body: bytes) -> None:
    """An error comes as HTTP 200: an SRU answer that holds a diagnostic, in one namespace or another."""
    root = document(body)
    if root is None or name(root) != "searchRetrieveResponse":
        return
    said = {name(node): words(node) for node in root.iter(etree.Element)}
    fault = FaultKind.BROKEN if said.get("uri") in PASSING else FaultKind.MISSING
    sentence = f"The search refuses the question in this address: {said.get('message') or 'it says no more'}"
    raise SourceError(f"{sentence[:300].rstrip('.')}.", kind=fault)


def _entries(
    source: SourceConfig, rules: Rules, items: tuple[Item, ...]
) -> tuple[dict[str, Entry], list[str]]:
    """The announcements of the bodies we want, by key, and what was left out."""
    entries: dict[str, Entry] = {}
    warnings, others, double = [], 0, 0
    for item in items:
        entry = announced(source, item)
        if not (entry.key and entry.title):
            warnings.append(
                f"An announcement without a title or an address was left out: {item.title[:120]}."
            )
        elif rules.only_organisations and entry.organisation not in rules.only_organisations:
            others += 1
        elif entry.key in entries:
            double += 1
        else:
            entries[entry.key] = entry
    if others:
        warnings.append(f"{others} announcements are of other bodies, and were left out.")
    if double:
        warnings.append(f"{double} announcements repeat an earlier one, and were left out.")
    return entries, warnings
