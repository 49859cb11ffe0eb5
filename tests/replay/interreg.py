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
URL = "https://2e032drcns-dsn.algolia.net/1/indexes/*/queries"
KEY = "open-sesame"


def hit(number: int, **facts: Any) -> dict[str, Any]:
    """One call for municipalities in Twente."""
    return {
        "objectID": f"callForProjectsPage_{number}",
        "contentUrl": f"/calls-for-projects/call-{number}/",
        "title": f"Small projects, round {number}",
        "createdDate": "2026-06-08T08:40:54.437Z",
        "updatedInAlgoliaDate": "2026-06-08T06:40:54.4177452Z",
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
    """What the index holds, and whose key it takes."""

    hits: list[dict[str, Any]] = field(default_factory=list)
    key: str = KEY
    claims: int = 0  # more calls than it gives
    asked: list[dict[str, Any]] = field(default_factory=list)

    def answer(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Said:
        """One page; 403 for a wrong key, as Algolia says it."""
        if method != "POST" or not path.startswith("/1/indexes/"):
            return 404, {}, b""
        if headers.get("x-algolia-api-key") != self.key:
            return 403, {}, b'{"message":"Invalid Application-ID or API key","status":403}'
        (query,) = json.loads(body)["requests"]
        self.asked.append(query)
        start = query["page"] * query["hitsPerPage"]
        page = self.hits[start : start + query["hitsPerPage"]]
        result = {"hits": page, "nbHits": len(self.hits) + self.claims, "page": query["page"]}
        return 200, {"Content-Type": "application/json"}, json.dumps({"results": [result]}).encode()
