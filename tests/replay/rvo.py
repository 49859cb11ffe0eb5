# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""RVO's open data as a replayed source: a list of 50 a page, and a page for each scheme.

Shaped after sources.md D: no answer was captured.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

Said = tuple[int, Mapping[str, str], bytes]
HOST = "https://www.rvo.nl"
PATH = "/api/v1/opendata/subsidies"
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
    """The schemes, the label and text on each one's page, and what is to go wrong.

    Args:
        schemes: the items of the list.
        label: on every page that `labels` does not name.
        labels: path -> the label on that page.
        text: below the label, in HTML.
        pages: whether the list pages at all; it was also seen to give the same 50 for ever.
        faults: path -> the answer given instead.
        asked: the paths that were asked for, in order.
    """

    schemes: list[dict[str, Any]] = field(default_factory=list)
    label: str = "Open voor aanvragen"
    labels: dict[str, str] = field(default_factory=dict)
    text: str = "<p>Voor gemeenten.</p>"
    pages: bool = True
    faults: dict[str, Said] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def answer(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Said:
        """A page of the list, or of a scheme."""
        self.asked.append(path)
        parts = urlsplit(path)
        if path in self.faults or parts.path in self.faults:
            return self.faults.get(path) or self.faults[parts.path]
        if method != "GET":
            return 405, {}, b""
        if parts.path == PATH:
            number = int(parse_qs(parts.query)["page"][0]) if self.pages else 0
            found = self.schemes[number * PAGE : (number + 1) * PAGE]
            return 200, {"Content-Type": "application/json"}, json.dumps(found).encode()
        return self._own_page(parts.path, headers)

    def _own_page(self, path: str, headers: Mapping[str, str]) -> Said:
        label = self.labels.get(path, self.label)
        page = (
            "<html><head><title>x</title></head><body><nav>Gesloten voor aanvragen</nav><main>"
            f"<h1>Regeling</h1><p>{label}</p>{self.text}<form>Zoek</form></main></body></html>"
        ).encode()
        tag = f'"{hashlib.sha256(page).hexdigest()[:16]}"'
        if headers.get("if-none-match") == tag:
            return 304, {"ETag": tag}, b""
        return 200, {"ETag": tag, "Content-Type": "text/html; charset=utf-8"}, page
