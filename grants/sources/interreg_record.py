# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""One hit of interreg.eu's index -> one Entry.

The index labels local time Z, writes fractions of seven digits, and repeats names with blanks at their end.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, time
from html import escape
from typing import Any
from zoneinfo import ZoneInfo

from grants.sources.clean import clean_html, one_line, web_address
from grants.sources.reading import Entry, SourceConfig
from models.values import Basis, CallStatus, Due

SITE = "https://interreg.eu"
STATUSES = {"open": CallStatus.OPEN, "forthcoming": CallStatus.FORTHCOMING, "closed": CallStatus.CLOSED}
TOLD = {
    "associatedProgrammes": "Programme",
    "callThemes": "Themes",
    "callEligibleCountryNames": "Countries",
    "callEligibleRegionNames": "Regions",
}  # not the audience: "hospitals" and "education centres" stand there in calls about anything
KEPT = ("callEligibleCountryNuts", "callEligibleRegionNuts", "targetAudience")  # of `extra`
LONGEST = 300  # characters of a programme's name

Hit = Mapping[str, Any]


def entry_of(source: SourceConfig, hit: Hit) -> Entry:
    """Read one hit; one without a title or an address has an empty one."""
    name = str(hit["objectID"])
    path = str(hit.get("contentUrl") or "")
    opens = dues(hit, "callOpenDate", source.zone)
    return Entry(
        key=name.rpartition("_")[2],
        identifier=name,
        title=one_line(str(hit.get("title") or hit.get("nodeName") or "")),
        url=web_address(str(hit.get("callExternalUrl") or "")) or web_address(SITE + path if path else ""),
        body=_body(hit),
        language=source.language,
        organisation=source.rules.get("organisation", ""),
        programme=", ".join(texts(hit, "associatedProgrammes"))[:LONGEST],
        kind="call",
        stated_status=STATUSES.get(status(hit).lower()),
        opens_on=opens[0].on if opens else None,
        published_at=local(hit.get("createdDate"), source.zone),
        deadlines=dues(hit, "callDeadlineDate", source.zone),
        extra={name: texts(hit, name) for name in KEPT} | {"updated": _updated(hit, source.zone)},
    )


def oddities(entry: Entry, hit: Hit) -> list[str]:
    """What about this hit could not be understood, a sentence each."""
    warnings = [
        f"The deadline '{one.text}' of '{entry.title}' could not be read."
        for one in entry.deadlines
        if one.basis is Basis.UNKNOWN
    ]
    if entry.stated_status is None:
        warnings.append(f"'{entry.title}' has a status we do not know: '{status(hit)}'.")
    return warnings


def status(hit: Hit) -> str:
    """The status in the index's own word."""
    return one_line(str(hit.get("callStatus") or ""))


def texts(hit: Hit, name: str) -> list[str]:
    """A list of texts, each once and trimmed: region names repeat and end in blanks."""
    values = hit.get(name)
    found = [str(one).strip() for one in values] if isinstance(values, list) else []
    return list(dict.fromkeys(text for text in found if text))


def _body(hit: Hit) -> str:
    """The index has no text: what it tells of programme, themes and regions is all there is to match."""
    rows = [
        f"<dt>{head}</dt><dd>{escape(', '.join(found), quote=False)}</dd>"
        for name, head in TOLD.items()
        if (found := texts(hit, name))
    ]
    return clean_html(f"<dl>{''.join(rows)}</dl>", SITE) if rows else ""


def _clock(text: object) -> datetime | None:
    """The clock reading of a text, whatever zone it claims; a seventh digit of a second is cut off."""
    try:
        return datetime.fromisoformat(str(text)).replace(tzinfo=None)
    except ValueError:
        return None


def local(text: object, zone: str) -> datetime | None:
    """The instant of a time that says Z and is the site's local time, in UTC."""
    said = _clock(text)
    return said.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC) if said else None


def _updated(hit: Hit, zone: str) -> str:
    """When it last changed: the index's own stamp is in UTC as it says, the page's is local time."""
    stamp = _clock(hit.get("updatedInAlgoliaDate"))
    moment = stamp.replace(tzinfo=UTC) if stamp else local(hit.get("updatedDate"), zone)
    return moment.isoformat() if moment else ""


def dues(hit: Hit, name: str, zone: str) -> tuple[Due, ...]:
    """Midnight is a day; any other time is local in spite of its Z, so its zone is assumed."""
    said = hit.get(name)
    if not said:
        return ()
    text, moment = one_line(str(said)), _clock(said)
    if moment is None:
        return (Due(on=None, zone=zone, basis=Basis.UNKNOWN, text=text),)
    if moment.time() == time(0):
        return (Due(on=moment.date(), zone=zone, text=text),)
    at = moment.time().replace(second=0, microsecond=0)
    return (Due(on=moment.date(), at=at, zone=zone, basis=Basis.ASSUMED, text=text),)
