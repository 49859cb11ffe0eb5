# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""One search result of the EU portal -> one Entry.

Every metadata value is a list of texts, two of them (`actions`, `budgetOverview`) hold JSON that may be cut
off: what cannot be read costs its fact and a warning, never the call.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from grants.sources.clean import clean_html, one_line, web_address
from grants.sources.reading import Entry
from grants.sources.sedia_budget import Budget, budget, euros
from grants.sources.sedia_due import CASCADE, EXTERNAL_AID, TOPIC, day, deadlines
from grants.sources.sedia_programmes import PROGRAMMES
from models.values import Basis, CallStatus

PORTAL = "https://ec.europa.eu/info/funding-tenders/opportunities/portal/screen/opportunities"
KINDS = {TOPIC: "topic", EXTERNAL_AID: "external aid", CASCADE: "cascade"}
SUFFIXES = {"PROSPECTSEN": EXTERNAL_AID, "COMPETITIVE_CALLen": CASCADE}
STATUSES = {
    "31094501": CallStatus.FORTHCOMING,
    "31094502": CallStatus.OPEN,
    "31094503": CallStatus.CLOSED,
    "1": CallStatus.OPEN,  # sortStatus: the order in which the portal shows them
    "2": CallStatus.FORTHCOMING,
    "3": CallStatus.CLOSED,
}
KEPT = (
    "status",
    "sortStatus",
    "DATASOURCE",
    "deadlineModel",
    "callTitle",
    "typesOfAction",
    "keywords",
    "tags",
    "destinationDescription",
    "projectAcronym",
    "projectName",
    "es_SortDate",
)  # of `extra`


@dataclass(frozen=True, slots=True)
class Read:
    """One record understood, and what could not be."""

    entry: Entry
    warnings: tuple[str, ...] = ()


@dataclass(slots=True)
class _Record:
    """One raw result with its oddities smoothed."""

    raw: Mapping[str, Any]
    warnings: list[str] = field(default_factory=list)

    @property
    def reference(self) -> str:
        return one_line(str(self.raw.get("reference") or ""))

    @property
    def kind(self) -> str:
        suffix = next((kind for end, kind in SUFFIXES.items() if self.reference.endswith(end)), TOPIC)
        return self.first("type") or suffix

    @property
    def name(self) -> str:
        """What people quote, for warnings too."""
        return one_line(self.first("identifier")) or self.reference

    def all(self, key: str) -> list[str]:
        """Every text under a key, also where the list is missing, a plain text, or one JSON text."""
        metadata = self.raw.get("metadata")
        value = metadata.get(key) if isinstance(metadata, dict) else None
        values = value if isinstance(value, list) else [value]
        texts = [str(one) for one in values if one is not None and str(one).strip()]
        if len(texts) == 1 and texts[0].startswith('["'):
            return [str(one) for one in self._loaded(key, texts[0]) or ()]
        return texts

    def first(self, *keys: str) -> str:
        """The first text under the first of these keys that has one."""
        return next((texts[0] for key in keys if (texts := self.all(key))), "")

    def json(self, key: str) -> Any:
        """What a JSON text holds; None, with a warning, when it was cut off."""
        text = self.first(key)
        return self._loaded(key, text) if text else None

    def _loaded(self, key: str, text: str) -> Any:
        try:
            return json.loads(text)
        except ValueError:
            sentence = f"The portal's {key} of {self.name} is cut off and could not be read."
            if sentence not in self.warnings:
                self.warnings.append(sentence)
            return None


def understand(raw: Mapping[str, Any]) -> Read:
    """Read one search result; what is odd about it becomes a warning that names the call."""
    record = _Record(raw)
    kind = record.kind
    actions = _actions(record)
    planned = [text for action in actions for text in _texts(action.get("deadlineDates"))]
    model = record.first("deadlineModel") or _abbreviation(actions, "submissionProcedure")
    dues = deadlines(record.all("deadlineDate"), planned, kind=kind, model=model)
    record.warnings += [
        f"The deadline '{one.text}' of {record.name} could not be read."
        for one in dues
        if one.basis is Basis.UNKNOWN
    ]
    pot = _pot(record, kind)
    url = _url(record)
    opening = record.first("startDate") or _first(
        _texts(action.get("plannedOpeningDate")) for action in actions
    )
    entry = Entry(
        key=record.reference,
        identifier=record.name,
        title=_title(record, kind),
        url=url,
        body=clean_html(record.first("descriptionByte", "description"), url),
        organisation=one_line(record.first("caName", "projectAcronym", "projectName")),
        programme=_programme(record.first("frameworkProgramme")),
        kind=KINDS.get(kind, kind),
        stated_status=_status(record, actions),
        opens_on=day(opening, kind=kind),
        deadlines=dues,
        budget=pot.total,
        budget_shared_by=pot.shared_by,
        minimum=pot.minimum,
        maximum=pot.maximum,
        expected_grants=pot.expected,
        parent=one_line(record.first("identifier" if kind == CASCADE else "callIdentifier")),
        extra={key: texts for key in KEPT if (texts := record.all(key))},
    )
    return Read(entry, tuple(record.warnings))


def _actions(record: _Record) -> list[dict[str, Any]]:
    actions = record.json("actions")
    return [one for one in actions if isinstance(one, dict)] if isinstance(actions, list) else []


def _texts(value: object) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [str(one) for one in values if one]


def _first(lists: Iterable[list[str]]) -> str:
    return next((texts[0] for texts in lists if texts), "")


def _abbreviation(actions: Iterable[Mapping[str, Any]], key: str) -> str:
    named = [action.get(key) for action in actions]
    return next((str(one.get("abbreviation", "")) for one in named if isinstance(one, dict)), "")


def _status(record: _Record, actions: Iterable[Mapping[str, Any]]) -> CallStatus | None:
    """The actions know best, then the order on the portal, then the code the search filters on.

    Old rows stay "forthcoming" for years: the dates on the row decide what a call is on a day.
    """
    named = [action.get("status") for action in actions]
    said = {STATUSES.get(str(one.get("id"))) for one in named if isinstance(one, dict)}
    for status in (CallStatus.OPEN, CallStatus.FORTHCOMING, CallStatus.CLOSED):
        if status in said:
            return status
    codes = (*record.all("sortStatus"), *record.all("status"))
    return next((STATUSES[code] for code in codes if code in STATUSES), None)


def _pot(record: _Record, kind: str) -> Budget:
    if kind == TOPIC:
        return budget(record.json("budgetOverview"), record.first("identifier"))
    amounts = [amount for text in record.all("budget") if (amount := euros(text))]
    return Budget(total=sum(amounts, Decimal(0)) or None)


def _title(record: _Record, kind: str) -> str:
    """One line; a cascade call has its own name in callTitle, its title is the parent project's."""
    spare = str(record.raw.get("summary") or record.raw.get("content") or record.name)
    own = record.first("callTitle") if kind == CASCADE else record.first("title")
    return one_line(own or spare)


def _url(record: _Record) -> str:
    """The page for people; old rows point at a data file, whose page has a lower-case name."""
    said = record.first("url") or str(record.raw.get("url") or "")
    if web_address(said) and "/data/topicDetails/" not in said:
        return web_address(said)
    return f"{PORTAL}/topic-details/{record.name.lower()}"


def _programme(number: str) -> str:
    return PROGRAMMES.get(number, number)
