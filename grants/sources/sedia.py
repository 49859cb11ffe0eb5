# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Read the EU Funding & Tenders Portal through its search API.

Filters only count as multipart FILE parts. Pages of an unsorted list lose and repeat records, so each type is
walked in the order of its own unique number, and its total is asked before and after: what does not add up is
walked once more, and said aloud when it still does not.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

from grants.errors import FaultKind, SourceError
from grants.sources.reading import Fetch, Payload, Reading, Request, SourceConfig, Validator
from grants.sources.sedia_record import KINDS, understand
from models.values import Completeness

TYPES = ("1", "2", "8")
STATUSES = ("31094501", "31094502")
PAGE_SIZE = 100  # the portal gives no more, whatever one asks
WINDOW = 10_000  # nor anything beyond this many
ORDER = {"1": "identifier", "2": "callIdentifier", "8": "callccm2Id"}
NAMED = 5  # how many references a warning names

Record = Mapping[str, Any]


@dataclass(slots=True)
class _Search:
    """The search of one source, and every raw answer it gave."""

    url: str
    rules: Mapping[str, Any]
    fetch: Fetch
    payloads: list[Payload] = field(default_factory=list)

    def ask(self, kind: str, *, page: int = 1, size: int = PAGE_SIZE, order: str = "") -> "_Page":
        """One page of one type; raises SourceError on an answer that is no result list."""
        words = {"apiKey": "SEDIA", "text": "***", "pageSize": str(size), "pageNumber": str(page)}
        parts = urlsplit(self.url)
        url = urlunsplit(parts._replace(query=urlencode(words, safe="*")))
        statuses = [str(one) for one in self.rules.get("statuses", STATUSES)]
        must = [{"terms": {"type": [kind]}}, {"terms": {"status": statuses}}]
        asked: dict[str, object] = {"query": {"bool": {"must": must}}, "languages": ["en"]}
        if order:
            asked["sort"] = {"field": order, "order": "ASC"}
        files = {
            name: ("blob", json.dumps(part).encode(), "application/json") for name, part in asked.items()
        }
        answer = self.fetch(Request(url, method="POST", files=files))
        content_type = answer.headers.get("content-type", "application/json")
        self.payloads.append(Payload(answer.url, content_type, answer.body))
        return _page(answer.body)

    def total(self, kind: str) -> int:
        """How many there are, also those a sorted list leaves out."""
        return self.ask(kind, size=1).total

    def walk(self, kind: str, order: str) -> "_Walk":
        """Every page, until the list says it is at its end or gives nothing more."""
        size = int(self.rules.get("page_size", PAGE_SIZE))
        walk = _Walk()
        for number in range(1, WINDOW // size + 1):
            page = self.ask(kind, page=number, size=size, order=order)
            walk.total = page.total
            walk.records += page.records
            if not page.records or len(walk.records) >= page.total:
                break
        return walk


@dataclass(frozen=True, slots=True)
class _Page:
    total: int
    records: list[Record]


@dataclass(slots=True)
class _Walk:
    total: int = 0
    records: list[Record] = field(default_factory=list)

    @property
    def references(self) -> list[str]:
        return sorted(str(record["reference"]) for record in self.records)

    @property
    def distinct(self) -> set[str]:
        return set(self.references)


@dataclass(frozen=True, slots=True)
class _Scan:
    """What came of one type."""

    records: list[Record]
    total: int
    warnings: list[str]
    whole: bool


def read(source: SourceConfig, *, fetch: Fetch, known: Mapping[str, Validator]) -> Reading:  # noqa: ARG001 - a search has no validators
    """Every open and forthcoming call of the portal; PARTIAL when its own numbers do not add up."""
    search = _Search(source.url, source.rules, fetch)
    scans = [_scan(search, str(kind)) for kind in source.rules.get("types", TYPES)]
    reads = [understand(record) for scan in scans for record in scan.records]
    warnings = [warning for scan in scans for warning in scan.warnings]
    warnings += [warning for one in reads for warning in one.warnings]
    expected = max(int(source.rules.get("at_least", 1)), 1)
    enough = len(reads) >= expected
    if not enough:
        warnings.append(f"The portal gave {len(reads)} calls where at least {expected} are expected.")
    whole = enough and all(scan.whole for scan in scans)
    return Reading(
        completeness=Completeness.COMPLETE if whole else Completeness.PARTIAL,
        entries=tuple(one.entry for one in reads),
        warnings=tuple(warnings),
        payloads=tuple(search.payloads),
        reported_total=sum(scan.total for scan in scans),
    )


def _scan(search: _Search, kind: str) -> _Scan:
    """Walk one type, a second time when the numbers differ; keep each reference once."""
    order = ORDER.get(kind, "")
    before = search.total(kind)
    walks = [search.walk(kind, order)]
    after = search.total(kind)
    whole = _agree(before, len(walks[0].distinct), after)
    if not whole:
        # A sorted list leaves out records without the field it sorts by: then walk it as it comes.
        walks.append(search.walk(kind, order if walks[0].total == after else ""))
        before, after = after, search.total(kind)
        seen = len(walks[0].distinct | walks[1].distinct)
        # Old rows exist twice: two rounds that give the very same list are a whole list too.
        alike = walks[0].references == walks[1].references and _agree(before, len(walks[1].records), after)
        whole = alike or _agree(before, seen, after)
    best = _best(record for walk in walks for record in walk.records)
    warnings = _repeated(walks[-1], kind)
    if not whole:
        warnings.append(
            f"Of {KINDS.get(kind, kind)} calls the portal said {before}, then {after}, and gave {len(best)}"
            " different ones in two rounds: some may be missing."
        )
    return _Scan(best, after, warnings, whole)


def _agree(*numbers: int) -> bool:
    return len(set(numbers)) == 1


def _best(records: Iterable[Record]) -> list[Record]:
    """Each reference once: the newest of its copies, and of these the one that closes last."""
    best: dict[str, Record] = {}
    for record in records:
        reference = str(record["reference"])
        best[reference] = max(best.get(reference, record), record, key=_age)
    return list(best.values())


def _age(record: Record) -> tuple[str, str]:
    metadata = record.get("metadata")
    dates = metadata if isinstance(metadata, dict) else {}
    started, closes = (str(dates.get(key) or "") for key in ("es_SortDate", "deadlineDate"))
    return started, closes


def _repeated(walk: _Walk, kind: str) -> list[str]:
    twice = [reference for reference, times in Counter(walk.references).items() if times > 1]
    if not twice:
        return []
    names = ", ".join(twice[:NAMED]) + (", …" if len(twice) > NAMED else "")
    return [f"The portal gave {len(twice)} {KINDS.get(kind, kind)} calls twice; the newest is kept: {names}."]


def _page(body: bytes) -> _Page:
    """Read one answer; a record without a reference cannot be kept, and so is missing from the count."""
    try:
        answer = json.loads(body)
    except ValueError as error:
        sentence = "The portal's search answered something that is not JSON."
        raise SourceError(sentence, kind=FaultKind.BROKEN) from error
    if not isinstance(answer, dict) or answer.get("type") == "throwable":
        sentence = "The portal's search reported an error of its own instead of results."
        raise SourceError(sentence, kind=FaultKind.BROKEN)
    total, results = answer.get("totalResults"), answer.get("results")
    if not isinstance(total, int) or not isinstance(results, list):
        sentence = "The portal's search answered without a list of results or their total."
        raise SourceError(sentence, kind=FaultKind.BROKEN)
    return _Page(total, [one for one in results if isinstance(one, dict) and one.get("reference")])
