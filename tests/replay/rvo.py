# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""RVO's open data as a replayed source: a list of 50 a page, and a page for each scheme.

Shaped after sources.md D: no answer was captured.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

Said = tuple[int, Mapping[str, str], bytes]
URL = "https://www.rvo.nl/api/v1/opendata/subsidies"
PAGE = 50


def scheme(number: int, **facts: Any) -> dict[str, Any]:
    """One scheme that a municipality may ask for."""
    return {
        "id": f"uuid-{number}",
        "title": f"Regeling {number}",
        "created": "2026-03-02T09:00:00+01:00",
        "changed": "2026-09-01T12:00:00+02:00",
        "intro": f"<p>Geld voor <strong>koele</strong> wijken, {number}.</p>",
        "targets": [{"name": "Decentrale overheid"}],
        "subjects": ["Klimaat"],
        "type": "Subsidie",
        "url": f"/subsidies-financiering/regeling-{number}",
    } | facts


@dataclass
class Rvo:
    """The schemes, and the label and text on each one's page."""

    schemes: list[dict[str, Any]] = field(default_factory=list)
    label: str = "Open voor aanvragen"
    text: str = "<p>Voor gemeenten.</p>"
    pages: bool = True  # whether it pages at all: once it was seen to give the same 50 for ever
    broken: frozenset[str] = frozenset()  # pages of schemes that fail
    asked: list[str] = field(default_factory=list)

    def answer(self, _method: str, path: str, headers: Mapping[str, str], _body: bytes) -> Said:
        """A page of the list, or of a scheme."""
        self.asked.append(path)
        parts = urlsplit(path)
        if parts.path == "/api/v1/opendata/subsidies":
            number = int(parse_qs(parts.query)["page"][0]) if self.pages else 0
            found = self.schemes[number * PAGE : (number + 1) * PAGE]
            return 200, {"Content-Type": "application/json"}, json.dumps(found).encode()
        if parts.path in self.broken:
            return 500, {}, b"sorry"
        tag = f'"{self.label}"'
        if headers.get("if-none-match") == tag:
            return 304, {"ETag": tag}, b""
        page = (
            f"<html><head><title>x</title></head><body><nav>Gesloten voor aanvragen</nav><main>"
            f"<h1>Regeling</h1><p>{self.label}</p>{self.text}<form>Zoek</form></main></body></html>"
        )
        return 200, {"ETag": tag, "Content-Type": "text/html"}, page.encode()
