# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The adapter for the EU portal's bulk file: every topic in one JSON document of 130 MB, object by object.

It stands beside the search API: it has the same topics when the search fails, and shows what the search
leaves out. It tells no text and no budget, and an old row may say "Open" for months after its deadline.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from io import BytesIO
from itertools import chain
from typing import IO, Any
from zoneinfo import ZoneInfo

import ijson
from pydantic import BaseModel, ConfigDict

from grants.errors import FaultKind, SourceError
from grants.sources.clean import one_line
from grants.sources.conditional import unchanged, validator_of, with_validator
from grants.sources.reading import Entry, Fetch, Payload, Reading, Request, SourceConfig, Validator
from grants.sources.rules import rules_of
from grants.sources.sedia_due import BRUSSELS, labelled
from grants.sources.sedia_record import PORTAL, STATUSES
from models.values import Basis, CallStatus, Completeness, Due

TOPIC = 1
OBJECTS = "fundingData.GrantTenderObj.item"
UNTOLD = frozenset(
    {"body", "budget", "budget_shared_by", "minimum", "maximum", "expected_grants", "organisation"}
)
KEPT = ("tags", "flags", "sme", "sumbissionProcedure")  # the portal's own spelling

Topic = Mapping[str, Any]


class Rules(BaseModel):
    """What is particular to this source; config/sources.yaml sets it under `rules`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    at_least: int = 1
    organisation: str = ""
    checks: str = ""  # the slug of the source whose completeness this one checks


def read(source: SourceConfig, *, fetch: Fetch, known: Mapping[str, Validator]) -> Reading:
    """Every open and forthcoming topic; see reading.Adapter. Raises SourceError."""
    rules = rules_of(Rules, source)
    before = known.get(source.url)
    answer = fetch(with_validator(Request(source.url, large=True), before))
    with answer.file or BytesIO(answer.body) as file:
        validator = validator_of(answer)
        if unchanged(answer, validator, before):
            return Reading(Completeness.UNCHANGED, validators=dict(known))
        topics, total = _taken(file)
    warnings: list[str] = []
    entries = {entry.key: entry for topic in topics for entry in _entry(source, topic, warnings)}
    expected = max(rules.at_least, 1)
    if len(entries) < expected:
        warnings.append(
            f"The portal's file gave {len(entries)} topics where at least {expected} are expected."
        )
    return Reading(
        Completeness.COMPLETE if len(entries) >= expected else Completeness.PARTIAL,
        tuple(entries.values()),
        tuple(warnings),
        (Payload(source.url, "application/json", json.dumps(topics, ensure_ascii=False).encode()),),
        reported_total=total,
        validators={source.url: validator},
    )


def _taken(file: IO[bytes]) -> tuple[list[Topic], int]:
    """The topics that are open or to come, of how many objects in all; only these are held in memory."""
    taken, total = [], 0
    try:
        for one in _objects(file):
            total += 1
            if one.get("type") == TOPIC and _status(one) not in {None, CallStatus.CLOSED}:
                taken.append(one)
    except (ijson.JSONError, UnicodeDecodeError) as error:
        sentence = f"The portal's file is no proper JSON after {total} objects."
        raise SourceError(sentence, kind=FaultKind.BROKEN) from error
    if not total:
        raise SourceError("The portal's file holds no list of grants and tenders.", kind=FaultKind.BROKEN)
    return taken, total


def _objects(file: IO[bytes]) -> Iterator[Topic]:
    return (one for one in ijson.items(file, OBJECTS, use_float=True) if isinstance(one, dict))


def _status(topic: Topic) -> CallStatus | None:
    status = topic.get("status")
    return STATUSES.get(str(status.get("id"))) if isinstance(status, dict) else None


def _entry(source: SourceConfig, topic: Topic, warnings: list[str]) -> Iterator[Entry]:
    """The call of a topic; none, with a warning, when it has no number or name."""
    number, name = topic.get("ccm2Id"), one_line(str(topic.get("identifier") or ""))
    if not number or not name:
        warnings.append(
            f"A topic without {'a name' if number else 'a number'} was left out: {name or number}."
        )
        return
    opening = _day(topic.get("plannedOpeningDateLong"))
    yield Entry(
        key=f"{number}TOPICSen",
        identifier=name,
        title=one_line(str(topic.get("title") or name)),
        url=f"{PORTAL}/topic-details/{name.lower()}",
        language=source.language,
        programme=_programme(topic),
        kind="topic",
        stated_status=_status(topic),
        opens_on=opening.date() if opening else None,
        deadlines=_deadlines(topic, name, warnings),
        parent=one_line(str(topic.get("callIdentifier") or "")),
        untold=UNTOLD,
        extra={name: topic[name] for name in KEPT if topic.get(name)} | {"callTitle": topic.get("callTitle")},
    )


def _programme(topic: Topic) -> str:
    """An object, or a list of one."""
    said = topic.get("frameworkProgramme")
    one = said[0] if isinstance(said, list) and said else said
    if not isinstance(one, dict):
        return ""
    words, short = one_line(str(one.get("description") or "")), one_line(str(one.get("abbreviation") or ""))
    return f"{words} ({short})" if words and short else words or short


def _deadlines(topic: Topic, name: str, warnings: list[str]) -> tuple[Due, ...]:
    """Days in Brussels: an epoch at midnight UTC is a day, one at another hour is real."""
    stated = topic.get("deadlineDatesLong")
    values = stated if isinstance(stated, list) else []
    planned = [
        day for action in topic.get("actions") or [] if isinstance(action, dict) for day in _longs(action)
    ]
    dues = []
    for value in chain(values, [] if values else planned):
        moment = _day(value)
        if moment is None:
            warnings.append(f"The deadline '{value}' of {name} could not be read.")
            dues.append(Due(on=None, zone=BRUSSELS, basis=Basis.UNKNOWN, text=str(value)))
        else:
            dues.append(Due(on=moment.date(), zone=BRUSSELS, text=str(value)))
    procedure = topic.get("sumbissionProcedure")
    model = str(procedure.get("abbreviation", "")) if isinstance(procedure, dict) else ""
    return labelled(dues, model=model)


def _longs(action: Topic) -> list[Any]:
    found = action.get("deadlineDatesLong") or action.get("deadlineDates")
    return found if isinstance(found, list) else []


def _day(value: object) -> datetime | None:
    """The moment in Brussels of an epoch in milliseconds; None when it is none."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return datetime.fromtimestamp(value / 1000, UTC).astimezone(ZoneInfo(BRUSSELS))
    except (ValueError, OverflowError, OSError):
        return None
