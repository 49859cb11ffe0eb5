# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The adapter for interreg.eu's central list of calls: a search index at Algolia, with the site's own key.

The index tells no text, false time zones (local time labelled Z) and some calls twice: on the programme's
page and on a central one.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict

from grants.errors import FaultKind, SourceError
from grants.sources.clean import clean_html, one_line, web_address
from grants.sources.reading import Entry, Fetch, Payload, Reading, Request, SourceConfig, Validator
from grants.sources.rules import rules_of
from models.values import Basis, CallStatus, Completeness, Due

SITE = "https://interreg.eu"
MOST_PAGES = 50
STATUSES = {"open": CallStatus.OPEN, "forthcoming": CallStatus.FORTHCOMING, "closed": CallStatus.CLOSED}
TOLD = (
    "associatedProgrammes",
    "callThemes",
    "targetAudience",
    "callEligibleCountryNames",
    "callEligibleRegionNames",
)
HEADS = ("Programme", "Themes", "For", "Countries", "Regions")

Hit = Mapping[str, Any]


class Rules(BaseModel):
    """What is particular to the index; config/sources.yaml sets it under `rules`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    at_least: int = 1
    organisation: str = ""
    application: str = "2E032DRCNS"
    index: str = "prod_en-us_content"
    filter: str = "contentType:callForProjectsPage AND (callStatus:Open OR callStatus:Forthcoming)"
    per_page: int = 500
    nuts: tuple[str, ...] = ()  # a call is kept when it covers, or lies in, one of these regions; none: all
    audience: tuple[str, ...] = ()  # … and is meant for one of these; none: everybody


def read(source: SourceConfig, *, fetch: Fetch, known: Mapping[str, Validator]) -> Reading:  # noqa: ARG001 - a search has no validators
    """Every open and forthcoming call for our regions; see reading.Adapter. Raises SourceError."""
    rules = rules_of(Rules, source)
    if not source.secret:
        sentence = (
            f"interreg.eu asks for its public search key: set PIJPLIJN_SOURCE_KEYS={source.slug}=<key>."
        )
        raise SourceError(sentence, kind=FaultKind.REFUSED)
    hits, total, payloads = _walk(source, rules, fetch)
    ours = [hit for hit in hits if _is_ours(hit, rules)]
    entries, warnings = _entries(source, ours)
    if len(hits) > len(ours):
        warnings.append(
            f"{len(hits) - len(ours)} calls are for other regions or applicants, and were left out."
        )
    whole = len(hits) == total and len(entries) >= rules.at_least
    if not whole:
        warnings.append(
            f"The list says it has {total} calls and gave {len(hits)}; {len(entries)} are for us."
        )
    return Reading(
        Completeness.COMPLETE if whole else Completeness.PARTIAL,
        tuple(entries), tuple(warnings), tuple(payloads), reported_total=total,
    )  # fmt: skip


def _walk(source: SourceConfig, rules: Rules, fetch: Fetch) -> tuple[list[Hit], int, list[Payload]]:
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


def _ask(source: SourceConfig, rules: Rules, fetch: Fetch, page: int) -> bytes:
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
            "interreg.eu's index no longer takes our search key, which changes now and then: copy the new"
            f" one from the site's own requests into PIJPLIJN_SOURCE_KEYS={source.slug}=<key>."
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


def _is_ours(hit: Hit, rules: Rules) -> bool:
    codes = [*_texts(hit, "callEligibleCountryNuts"), *_texts(hit, "callEligibleRegionNuts")]
    here = not rules.nuts or any(
        code.startswith(ours) or ours.startswith(code) for code in codes for ours in rules.nuts
    )
    return here and (not rules.audience or not {*rules.audience}.isdisjoint(_texts(hit, "targetAudience")))


def _entries(source: SourceConfig, hits: Iterable[Hit]) -> tuple[list[Entry], list[str]]:
    alike: dict[tuple[object, ...], list[Entry]] = defaultdict(list)
    warnings: list[str] = []
    for hit in hits:
        entry = _entry(source, hit, warnings)
        if entry.title and entry.url:
            alike[_likeness(hit)].append(entry)
        else:
            warnings.append(f"The call {entry.key} has no title or address, and was left out.")
    return [one for group in alike.values() for one in _merged(group, warnings)], warnings


def _likeness(hit: Hit) -> tuple[object, ...]:
    regions = frozenset(_texts(hit, "callEligibleRegionNuts"))
    programmes = frozenset(_texts(hit, "associatedProgrammes"))
    return programmes, regions, hit.get("callOpenDate"), hit.get("callDeadlineDate"), hit.get("callStatus")


def _merged(group: list[Entry], warnings: list[str]) -> list[Entry]:
    """Twins become one: a page that leads to the programme's own site, and one on interreg.eu about the same.

    The lower page number is the key, for it was there first; the page that leads out tells the rest.
    """
    out = [one for one in group if not one.url.startswith(SITE)]
    inside = [one for one in group if one.url.startswith(SITE)]
    if len(out) != 1 or len(inside) != 1 or not out[0].programme:
        return group
    key = min(out[0].key, inside[0].key, key=lambda key: (len(key), key))
    warnings.append(
        f"'{out[0].title}' and '{inside[0].title}' are one call on two pages, and were put together."
    )
    extra = {**out[0].extra, "twin": inside[0].url, "twin_title": inside[0].title}
    return [
        replace(out[0], key=key, body=f"<p>{clean_html(inside[0].title, SITE)}</p>{out[0].body}", extra=extra)
    ]


def _entry(source: SourceConfig, hit: Hit, warnings: list[str]) -> Entry:
    title = one_line(str(hit.get("title") or hit.get("nodeName") or ""))
    path = str(hit.get("contentUrl") or "")
    said = str(hit.get("callStatus") or "")
    if said.lower() not in STATUSES:
        warnings.append(f"'{title}' has a status we do not know: '{said}'.")
    return Entry(
        key=str(hit["objectID"]).rpartition("_")[2],
        identifier=str(hit["objectID"]),
        title=title,
        url=web_address(str(hit.get("callExternalUrl") or "")) or web_address(SITE + path if path else ""),
        body=_body(hit),
        language=source.language,
        organisation=source.rules.get("organisation", ""),
        programme=", ".join(_texts(hit, "associatedProgrammes")),
        kind="call",
        stated_status=STATUSES.get(said.lower()),
        opens_on=next((one.on for one in _dues(hit, "callOpenDate", source.zone)), None),
        published_at=_false_zulu(hit.get("createdDate"), source.zone),
        deadlines=_dues(hit, "callDeadlineDate", source.zone),
        extra={name: _texts(hit, name) for name in ("callEligibleRegionNuts", "targetAudience")},
    )


def _body(hit: Hit) -> str:
    """The index has no text: what it tells of programme, themes and regions is all there is to match."""
    rows = [
        f"<dt>{head}</dt><dd>{', '.join(texts)}</dd>"
        for head, name in zip(HEADS, TOLD, strict=True)
        if (texts := _texts(hit, name))
    ]
    return clean_html(f"<dl>{''.join(rows)}</dl>", SITE) if rows else ""


def _texts(hit: Hit, name: str) -> list[str]:
    """A list of texts, each once and trimmed: region names repeat and end in blanks."""
    values = hit.get(name)
    texts = [str(one).strip() for one in values] if isinstance(values, list) else []
    return list(dict.fromkeys(text for text in texts if text))


def _moment(text: object) -> datetime | None:
    """The clock reading of a text, whatever zone it claims; fractions of seven digits are cut to six."""
    try:
        return datetime.fromisoformat(str(text)).replace(tzinfo=None)
    except ValueError:
        return None


def _false_zulu(text: object, zone: str) -> datetime | None:
    """Its dates of creation and change say Z and mean the site's local time."""
    moment = _moment(text)
    return moment.replace(tzinfo=ZoneInfo(zone)) if moment else None


def _dues(hit: Hit, name: str, zone: str) -> tuple[Due, ...]:
    """Midnight is a day; any other time is local in spite of its Z, so its zone is assumed."""
    text = hit.get(name)
    if not text:
        return ()
    moment = _moment(text)
    if moment is None:
        return (Due(on=None, zone=zone, basis=Basis.UNKNOWN, text=str(text)),)
    if moment.time() == time(0):
        return (Due(on=moment.date(), zone=zone, text=str(text)),)
    at = moment.time().replace(second=0, microsecond=0)
    return (Due(on=moment.date(), at=at, zone=zone, basis=Basis.ASSUMED, text=str(text)),)
