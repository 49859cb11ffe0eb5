# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The daily snapshots of the EU portal (../shared/captures/sedia-daily) back in the index's own envelope."""

import gzip
import json
import re
from datetime import date
from functools import cache
from typing import Any

from tests.conftest import CAPTURES

KINDS = {"TOPICSen": "1", "PROSPECTSEN": "2", "COMPETITIVE_CALLen": "8"}


@cache
def records(day: date) -> list[dict[str, Any]]:
    """One day's records, as the search API would give them."""
    (file,) = (CAPTURES / "sedia-daily").glob(f"grants-{day.isoformat()}-*.json.gz")
    with gzip.open(file) as stream:
        return [record(grant) for grant in json.load(stream)["grants"]]


def record(grant: dict[str, Any]) -> dict[str, Any]:
    """A snapshot's grant as a search result: every value a list of strings."""
    number, suffix = re.fullmatch(r"(\d+)(.*)", grant["id"]).groups()  # type: ignore[union-attr]
    fields = {
        "identifier": grant["identifier"],
        "callIdentifier": grant["callIdentifier"] or grant["identifier"],
        "callTitle": grant["callTitle"],
        "callccm2Id": number,
        "title": grant["title"],
        "type": grant["kind"]["id"] if grant.get("kind") else KINDS[suffix],
        "status": grant["status"]["id"],
        "startDate": portal_date(grant["startDate"]),
        "deadlineDate": portal_date(grant["deadlineDate"]),
        "frameworkProgramme": next((one["id"] for one in grant["frameworkProgrammes"]), None),
        "descriptionByte": grant["abstract"],
        "typesOfAction": grant["actionType"],
    }
    metadata = {name: [value] for name, value in fields.items() if value}
    return {"reference": grant["id"], "url": grant["url"], "summary": grant["summary"], "metadata": metadata}


def portal_date(text: str | None) -> str | None:
    """ "2027-12-01T00:00:00.000Z" as the index writes it."""
    return text.replace("Z", "+0000") if text else None
