# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""interreg.eu's index at Algolia as a replayed source: pages of hits for who has the key.

The form is that of captures/interreg; the calls are ours.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Said = tuple[int, Mapping[str, str], bytes]
HOST = "https://2e032drcns-dsn.algolia.net"
PATH = "/1/indexes/*/queries"
APPLICATION = "2E032DRCNS"
KEY = "open-sesame-0123456789"
JSON = {"Content-Type": "application/json; charset=UTF-8"}


def hit(number: int, **facts: Any) -> dict[str, Any]:
    """One call for municipalities in Twente."""
    return {
        "objectID": f"callForProjectsPage_{number}",
        "contentUrl": f"/calls-for-projects/call-{number}/",
        "title": f"Small projects, round {number}",
        "nodeName": f"Small projects, round {number}",
        "createdDate": "2026-06-08T08:40:54.437Z",
        "updatedDate": "2026-08-05T15:30:51.157Z",
        "updatedInAlgoliaDate": "2026-08-05T13:30:51.4177452Z",
        "targetAudience": ["Local public authority", "Other"],
        "callStatus": "Open",
        "callOpenDate": "2026-05-04T00:00:00Z",
        "callDeadlineDate": "2026-09-30T00:00:00Z",
        "callEligibleCountryNuts": ["NL", "DE"],
        "callEligibleRegionNames": ["Twente ", "Twente", "Münster"],
        "callEligibleRegionNuts": ["NL213", "DEA3"],
        "callThemes": ["Better Governance"],
        "associatedProgrammes": ["Interreg Deutschland-Nederland"],
    } | facts


@dataclass
class Index:
    """What the index holds, whose key it takes, and what is to go wrong.

    Args:
        hits: the calls, in the index's order.
        key: the search key it takes; another one is a 403, as after a rotation.
        claims: how many more calls it says it has than it gives.
        fault: the answer given instead.
        asked: the queries that were asked, in order.
    """

    hits: list[dict[str, Any]] = field(default_factory=list)
    key: str = KEY
    claims: int = 0
    fault: Said | None = None
    asked: list[dict[str, Any]] = field(default_factory=list)

    def answer(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Said:
        """One page of hits; 403 for a wrong key, as Algolia says it."""
        if self.fault:
            return self.fault
        if method != "POST" or path.partition("?")[0] != PATH:
            return 404, {}, b'{"message":"Not found","status":404}'
        if (
            headers.get("x-algolia-api-key") != self.key
            or headers.get("x-algolia-application-id") != APPLICATION
        ):
            return 403, JSON, b'{"message":"Invalid Application-ID or API key","status":403}'
        (query,) = json.loads(body)["requests"]
        self.asked.append(query)
        return 200, JSON, json.dumps({"results": [self._page(query)]}).encode()

    def _page(self, query: Mapping[str, Any]) -> dict[str, Any]:
        size = min(query.get("hitsPerPage", 20), 1000)
        number = query.get("page", 0)
        found = [one for one in self.hits if one.get("callStatus") != "Closed"]
        many = len(found) + self.claims
        hits = found[number * size : (number + 1) * size]
        return {
            "hits": hits,
            "nbHits": many,
            "page": number,
            "nbPages": -(-many // size),
            "hitsPerPage": size,
        }
