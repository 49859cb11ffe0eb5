# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Read the EU Funding & Tenders Portal through its search API.

Filters only count as multipart FILE parts. Pages of an unsorted list lose and repeat records, so each type is
walked in the order of its own unique number, and its total is asked before and after: what does not add up is
walked once more, and said aloud when it still does not.
"""

import json
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
        files = {name: ("blob", json.dumps(part).encode(), "application/json") for name, part in asked.items()}
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


@dataclass(frozen=True, slots=True)
class _Scan:
    """What came of one type."""

    records: list[Record]
    total: int
    warnings: list[str]
    whole: bool


def read(source: SourceConfig, *, fetch: Fetch, known: Mapping[str, Validator]) -> Reading:
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
    first = search.walk(kind, order)
    after = search.total(kind)
    records, whole = first.records, _agree(before, len(set(first.references)), after)
    if not whole:
        # A sorted list leaves out records without the field it sorts by: then walk it as it comes.
        second = search.walk(kind, order if first.total == after else "")
        before, after = after, search.total(kind)
        records = first.records + second.records
        seen = len({*first.references, *second.references})
        alike = first.references == second.references and _agree(before, len(second.records), after)
        whole = alike or _agree(before, seen, after)
        records = second.records if alike else records
    best, warnings = _best(records if whole or first.records else [], kind)
    if not whole:
        warnings.append(
            f"Of {KINDS.get(kind, kind)} calls the portal said {before} and then {after}, and gave {len(best)}"
            " different ones in two rounds: some may be missing."
        )
    return _Scan(best, after, warnings, whole)


def _agree(*numbers: int) -> bool:
    return len(set(numbers)) == 1


def _best(records: Iterable[Record], kind: str) -> tuple[list[Record], list[str]]:
    """Each reference once, the newest of each; a warning names those whose copies differ or repeat."""
    best: dict[str, Record] = {}
    twice: dict[str, None] = {}
    for record in records:
        reference = str(record["reference"])
        if reference in best:
            twice[reference] = None
        best[reference] = max(best.get(reference, record), record, key=_age)
    return list(best.values()), []
