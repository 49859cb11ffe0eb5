# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Daily snapshots of the EU portal (captures/sedia-daily), turned back into raw search results."""

import gzip
import html
import json
from datetime import date
from typing import Any

from tests.conftest import CAPTURES

SUFFIXES = {"TOPICSen": "1", "PROSPECTSEN": "2", "COMPETITIVE_CALLen": "8"}


def records(day: date) -> list[dict[str, Any]]:
    """The search results of one of the seven snapshot days."""
    (file,) = (CAPTURES / "sedia-daily").glob(f"grants-{day}-*.json.gz")
    return [record(row) for row in json.loads(gzip.decompress(file.read_bytes()))["grants"]]


def record(row: dict[str, Any]) -> dict[str, Any]:
    """One row in the portal's own envelope, every metadata value a list of texts."""
    suffix = next(end for end in SUFFIXES if row["id"].endswith(end))
    number = row["id"].removesuffix(suffix)
    facts = {
        "identifier": row["identifier"],
        "title": row["title"],
        "type": SUFFIXES[suffix],
        "status": row["status"]["id"],
        "callIdentifier": row["callIdentifier"],
        "callTitle": row["callTitle"],
        "ccm2Id": number,
        "callccm2Id": number,
        "startDate": stamp(row["startDate"]),
        "deadlineDate": stamp(row["deadlineDate"]),
        "es_SortDate": stamp(row["startDate"]),
        "typesOfAction": row["actionType"],
        "deadlineModel": row["deadlineModel"],
        "descriptionByte": paragraphs(row["abstract"]),
        "budgetOverview": overview(row),
    }
    metadata = {key: [value] for key, value in facts.items() if value}
    metadata["frameworkProgramme"] = [one["id"] for one in row["frameworkProgrammes"]]
    return {
        "reference": row["id"],
        "url": row["url"],
        "summary": row["summary"],
        "language": "en",
        "metadata": metadata,
    }


def stamp(moment: str | None) -> str | None:
    """2026-09-15T00:00:00.000Z, as the portal writes it."""
    return moment and moment.replace("Z", "+0000")


def paragraphs(text: str | None) -> str:
    return "".join(f"<p>{html.escape(one)}</p>" for one in (text or "").split("\n\n"))


def overview(row: dict[str, Any]) -> str:
    """A budget overview with this topic's own line; the snapshot sums the years, so the first has it all."""
    budget = row["budget"]
    if not budget or not budget["years"]:
        return ""
    line = {
        "action": f"{row['identifier']} - {row['actionType']}",
        "expectedGrants": budget["expectedGrants"],
        "minContribution": budget["minContributionEur"],
        "maxContribution": budget["maxContributionEur"],
        "budgetYearMap": {budget["years"][0]: str(budget["totalBudgetEur"])},
    }
    return json.dumps({"budgetYearsColumns": budget["years"], "budgetTopicActionMap": {"1": [line]}})
