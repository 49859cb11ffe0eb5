# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The portal's bulk file and topic details as a replayed source, made from the records the search API serves.

Shaped after sources.md A6, for neither was captured: a topic's dates are epoch milliseconds.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

Said = tuple[int, Mapping[str, str], bytes]
FILE = "/info/funding-tenders/opportunities/data/referenceData/grantsTenders.json"
DETAILS = "/info/funding-tenders/opportunities/data/topicDetails/"
URL = f"https://ec.europa.eu{FILE}"


def millis(stamp: str) -> int:
    """2026-09-15T00:00:00.000+0000 as the file has it."""
    return int(datetime.fromisoformat(stamp).timestamp() * 1000)


def topic(number: int = 1, **facts: Any) -> dict[str, Any]:
    """One open topic."""
    return {
        "type": 1,
        "ccm2Id": number,
        "identifier": f"LIFE-2026-CITY-{number}",
        "title": f"Cool cities {number}",
        "plannedOpeningDateLong": millis("2026-10-01T00:00:00.000+0000"),
        "deadlineDatesLong": [millis("2027-01-14T00:00:00.000+0000")],
        "callIdentifier": "LIFE-2026-CITY",
        "callTitle": "LIFE for cities",
        "frameworkProgramme": {
            "id": 43252405,
            "abbreviation": "LIFE",
            "description": "Environment and Climate",
        },
        "status": {"id": 31094502, "abbreviation": "Open", "description": "Open"},
        "sumbissionProcedure": {"abbreviation": "single-stage"},
        "actions": [],
        "tags": ["cities"],
    } | facts


def from_record(record: Mapping[str, Any]) -> dict[str, Any]:
    """The topic of a search record of type 1."""
    facts = record["metadata"]
    starts = facts.get("startDate", [])
    return topic(
        int(record["reference"].removesuffix("TOPICSen")),
        identifier=facts["identifier"][0],
        title=facts["title"][0],
        plannedOpeningDateLong=millis(starts[0]) if starts else None,
        deadlineDatesLong=[millis(one) for one in facts.get("deadlineDate", [])],
        callIdentifier=facts.get("callIdentifier", [""])[0],
        callTitle=facts.get("callTitle", [""])[0],
        frameworkProgramme=[{"description": "Horizon Europe", "abbreviation": "HORIZON"}],
        status={"id": int(facts["status"][0])},
    )


def topics_of(records: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The topics among search records."""
    return [from_record(one) for one in records if one["reference"].endswith("TOPICSen")]


@dataclass
class Portal:
    """The bulk file's objects, and the details of topics by lower-case identifier."""

    objects: list[dict[str, Any]] = field(default_factory=list)
    details: dict[str, dict[str, Any]] = field(default_factory=dict)
    down: bool = False
    asked: list[str] = field(default_factory=list)

    def document(self) -> bytes:
        """The bulk file."""
        return json.dumps({"fundingData": {"GrantTenderObj": self.objects}}).encode()

    def answer(self, _method: str, path: str, headers: Mapping[str, str], _body: bytes) -> Said:
        """The bulk file with an ETag, or the details of a topic; upper case is not found, as it really is."""
        self.asked.append(path)
        if self.down:
            return 500, {}, b"Service unavailable"
        if path == FILE:
            body = self.document()
            tag = f'"{hash(body)}"'
            return (
                (304, {"ETag": tag}, b"")
                if headers.get("if-none-match") == tag
                else (200, {"ETag": tag}, body)
            )
        name = path.removeprefix(DETAILS).removesuffix(".json")
        if name not in self.details:
            return 404, {}, b""
        return 200, {}, json.dumps({"TopicDetails": self.details[name]}).encode()
