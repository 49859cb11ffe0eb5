# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""What RFC 5545 asks of a calendar, read from its bytes without a library; and what two libraries make of it."""

import re
from collections.abc import Iterator
from typing import Any

import icalendar
import vobject

NEEDED = {"UID", "DTSTAMP", "DTSTART"}
ONCE = {
    *NEEDED,
    "DTEND",
    "SEQUENCE",
    "STATUS",
    "SUMMARY",
    "DESCRIPTION",
    "URL",
    "TRANSP",
    "CLASS",
    "LAST-MODIFIED",
}
NAMES = re.compile(r"[A-Z0-9-]+((;[A-Z-]+=[^;:]+)*):")
BARE = re.compile(r"(?<!\\)[,;]|\\[^\\,;nN]")  # in a TEXT value these are escaped, and nothing else is


def faults(raw: bytes) -> list[str]:
    """Every breach of RFC 5545 that is found; none when all is well."""
    return [*_form(raw), *_blocks(raw), *_by_libraries(raw)]


def events(raw: bytes) -> dict[str, Any]:
    """By UID, as vobject reads them."""
    return {one.uid.value: one for one in vobject.readOne(raw.decode()).contents.get("vevent", [])}


def lines(raw: bytes) -> list[str]:
    """The content lines, unfolded (3.1)."""
    return raw.decode().replace("\r\n ", "").removesuffix("\r\n").split("\r\n")


def _form(raw: bytes) -> Iterator[str]:
    text = raw.decode()
    if not text.endswith("\r\n") or re.search(r"(?<!\r)\n|\r(?!\n)", text):
        yield "a line is not ended by CRLF"
    yield from (f"{len(one)} octets: {one!r}" for one in raw.split(b"\r\n") if len(one) > 75)
    for one in raw.split(b"\r\n"):
        try:
            one.decode()
        except UnicodeDecodeError:
            yield f"folded within a letter: {one!r}"
    yield from (
        f"a control character: {one!r}" for one in lines(raw) if re.search(r"[\x00-\x08\x0a-\x1f\x7f]", one)
    )
    yield from (f"no name: {one!r}" for one in lines(raw) if not NAMES.match(one))


def _blocks(raw: bytes) -> Iterator[str]:
    blocks: list[tuple[str, list[str]]] = []
    stack: list[int] = []
    for line in lines(raw):
        if line.startswith("BEGIN:"):
            blocks.append((line[6:], []))
            stack.append(len(blocks) - 1)
        elif line.startswith("END:"):
            if blocks[stack.pop()][0] != line[4:]:
                yield f"{line} ends another"
        else:
            blocks[stack[-1]][1].append(line)
    if blocks[0][0] != "VCALENDAR" or stack or len(blocks) < 2:
        yield "no calendar with something in it (3.6)"
    zones = {
        line[5:]
        for name, block in blocks
        for line in block
        if name == "VTIMEZONE" and line.startswith("TZID:")
    }
    found = [block for name, block in blocks if name == "VEVENT"]
    for block in found:
        yield from _event(block, zones)
    uids = [line for block in found for line in block if line.startswith("UID:")]
    yield from (f"twice {one}" for one in set(uids) if uids.count(one) > 1)


def _event(block: list[str], zones: set[str]) -> Iterator[str]:
    names = [re.split(r"[;:]", line)[0] for line in block]
    yield from (f"no {one}" for one in NEEDED - set(names))
    yield from (f"{one} twice" for one in ONCE if names.count(one) > 1)
    facts = dict(zip(names, block, strict=True))
    for line in block:
        zone = re.search(r";TZID=([^:;]+)", line)
        if zone and zone[1] not in zones:
            yield f"no VTIMEZONE of {zone[1]}"
    for name in {"SUMMARY", "DESCRIPTION"} & set(names):
        if BARE.search(facts[name].partition(":")[2].replace("\\\\", "")):
            yield f"not escaped: {facts[name]}"
    if not facts.get("DTSTAMP", "Z").endswith("Z"):
        yield "DTSTAMP not in UTC (3.8.7.2)"
    if "DTEND" in facts and facts["DTEND"].partition(":")[2] <= facts["DTSTART"].partition(":")[2]:
        yield f"ends before it starts: {facts['DTSTART']} {facts['DTEND']}"
    if "DTEND" in facts and ("VALUE=DATE:" in facts["DTEND"]) != ("VALUE=DATE:" in facts["DTSTART"]):
        yield "a day that ends at an hour (3.8.2.2)"


def _by_libraries(raw: bytes) -> Iterator[str]:
    ours = icalendar.Calendar.from_ical(raw)
    theirs = vobject.readOne(raw.decode())
    theirs.serialize()  # validates as well
    yield from (f"icalendar: {error}" for one in ours.walk() for error in one.errors)
    if {str(one["UID"]) for one in ours.walk("VEVENT")} != set(events(raw)):
        yield "two libraries read different events"
    for one in ours.walk("VEVENT"):
        other = events(raw)[str(one["UID"])]
        if other.summary.value != str(one["SUMMARY"]):
            yield f"two libraries read different titles: {other.summary.value!r}"
        start, told = one["DTSTART"].dt, other.dtstart.value
        if (
            (start.timestamp(), told.timestamp()) != (told.timestamp(),) * 2
            if hasattr(start, "hour")
            else start != told
        ):
            yield f"two libraries read different moments: {start} {told}"
