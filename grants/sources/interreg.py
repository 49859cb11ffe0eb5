# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The adapter for interreg.eu's central list of calls: a search index at Algolia, with the site's own key."""

import json
from collections.abc import Iterable, Mapping

from pydantic import Field

from grants.errors import FaultKind, SourceError
from grants.sources.interreg_record import Hit, entry_of, oddities, texts
from grants.sources.interreg_twins import keys_of, together
from grants.sources.reading import Entry, Fetch, Payload, Reading, Request, SourceConfig, Validator
from grants.sources.rules import Rules, rules_of
from models.values import Completeness

MOST_PAGES = 50


class IndexRules(Rules):
    """What is particular to the index; config/sources.yaml sets it under `rules`."""

    application: str = "2E032DRCNS"
    index: str = "prod_en-us_content"
    filter: str = "contentType:callForProjectsPage AND (callStatus:Open OR callStatus:Forthcoming)"
    per_page: int = Field(500, ge=1, le=1000)
    nuts: tuple[str, ...] = ()  # a call is kept when it covers, or lies in, one of these regions; none: all
    audience: tuple[str, ...] = ()  # … and is meant for one of these; none: everybody


def read(source: SourceConfig, *, fetch: Fetch, known: Mapping[str, Validator]) -> Reading:
    """Every open and forthcoming call for our regions; see reading.Adapter. Raises SourceError."""
    rules = rules_of(IndexRules, source)
    if not source.secret:
        sentence = (
            f"interreg.eu asks for its public search key: set PIJPLIJN_SOURCE_KEYS={source.slug}=<key>."
        )
        raise SourceError(sentence, kind=FaultKind.REFUSED)
    hits, total, payloads = _walk(source, rules, fetch)
    ours = [hit for hit in hits if _is_ours(hit, rules)]
    single, odd = _entries(source, ours)
    before = {page: one.mark for page, one in known.items() if one.mark}
    entries, joined = together(single, before)
    short = _short(rules, total, len(hits), len(entries))
    others = len(hits) - len(ours)
    left = [f"{others} calls are for other regions or applicants, and were left out."] if others else []
    return Reading(
        Completeness.PARTIAL if short else Completeness.COMPLETE,
        tuple(entries),
        (*odd, *joined, *left, *short),
        tuple(payloads),
        reported_total=total,
        validators={page: Validator(mark=key) for page, key in (before | keys_of(entries)).items()},
    )


def _short(rules: IndexRules, total: int, came: int, kept: int) -> list[str]:
    """Why this reading cannot be the whole list, a sentence each."""
    sentences = []
    if came != total:
        sentences.append(f"The list says it has {total} calls and gave {came}.")
    if kept < rules.at_least:
        sentences.append(f"{kept} calls are for us where at least {rules.at_least} are expected.")
    return sentences


def _walk(source: SourceConfig, rules: IndexRules, fetch: Fetch) -> tuple[list[Hit], int, list[Payload]]:
    hits: dict[str, Hit] = {}
    payloads, total = [], 0
    for page in range(MOST_PAGES):
        body = _ask(source, rules, fetch, page)
        payloads.append(Payload(source.url, "application/json", body))
        found, total = _page(body)
        fresh = {str(hit["objectID"]): hit for hit in found if hit.get("objectID")}
        if not fresh.keys() - hits.keys():
            break
        hits |= fresh
        if len(hits) >= total:
            break
    return list(hits.values()), total, payloads


def _ask(source: SourceConfig, rules: IndexRules, fetch: Fetch, page: int) -> bytes:
    asked = {
        "indexName": rules.index,
        "filters": rules.filter,
        "query": "",
        "hitsPerPage": rules.per_page,
        "page": page,
    }
    headers = {
        "X-Algolia-Application-Id": rules.application,
        "X-Algolia-API-Key": source.secret,
        "Content-Type": "application/json",
    }
    body = json.dumps({"requests": [asked]}).encode()
    try:
        return fetch(Request(source.url, method="POST", headers=headers, body=body)).body
    except SourceError as error:
        if error.kind != FaultKind.REFUSED:
            raise
        sentence = (
            "interreg.eu's index refuses our search key, which has probably been replaced: copy the new one"
            " from the requests of interreg.eu/calls-for-projects into"
            f" PIJPLIJN_SOURCE_KEYS={source.slug}=<key>."
        )
        raise SourceError(sentence, kind=FaultKind.REFUSED) from error


def _page(body: bytes) -> tuple[list[Hit], int]:
    try:
        result = json.loads(body)["results"][0]
        hits, total = result["hits"], result["nbHits"]
    except (ValueError, LookupError, TypeError) as error:
        sentence = "interreg.eu's index answered without a list of calls or their number."
        raise SourceError(sentence, kind=FaultKind.BROKEN) from error
    if not isinstance(hits, list) or not isinstance(total, int):
        sentence = "interreg.eu's list of calls is no list today."
        raise SourceError(sentence, kind=FaultKind.BROKEN)
    return [hit for hit in hits if isinstance(hit, dict)], total


def _is_ours(hit: Hit, rules: IndexRules) -> bool:
    """Left out is only what says that it is for others: who names no region, or no audience, may mean us."""
    regions = texts(hit, "callEligibleRegionNuts")
    # A country stands there for its regions, and for the whole of it only when none of them is named.
    countries = texts(hit, "callEligibleCountryNuts")
    codes = [*regions, *(one for one in countries if not any(code.startswith(one) for code in regions))]
    here = any(code.startswith(ours) or ours.startswith(code) for code in codes for ours in rules.nuts)
    audience = texts(hit, "targetAudience")
    meant = not {*rules.audience}.isdisjoint(audience)
    return (here or not (rules.nuts and codes)) and (meant or not (rules.audience and audience))


def _entries(source: SourceConfig, hits: Iterable[Hit]) -> tuple[list[Entry], list[str]]:
    entries: list[Entry] = []
    warnings: list[str] = []
    for hit in hits:
        entry = entry_of(source, hit)
        if entry.title and entry.url:
            entries.append(entry)
            warnings += oddities(entry, hit)
        else:
            warnings.append(f"The call {entry.key} has no title or address, and was left out.")
    return entries, warnings
