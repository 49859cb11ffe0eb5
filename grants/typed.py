# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""What people type into the fields of a form, read one by one: days, hours, euros; every fault is kept.

A fault is a field and a word: the page has the sentence, in the reader's language.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from enum import StrEnum
from typing import Final
from zoneinfo import available_timezones

from grants.sources.clean import CONTROL, web_address

YEARS: Final = range(2000, 2101)  # outside: a slip of the finger
DAY: Final = re.compile(r"([0-9]{1,2})[-./]([0-9]{1,2})[-./]([0-9]{4})")
ISO_DAY: Final = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
CLOCK: Final = re.compile(r"([0-9]{1,2})[:.]([0-9]{2})(?::00)?")
EUROS: Final = re.compile(r"([0-9]{1,3}(?:\.[0-9]{3}){1,4}|[0-9]{1,13})(?:[,.]([0-9]{1,2}|-))?")


class Wrong(StrEnum):
    """What is wrong with a field."""

    MISSING = "missing"
    TOO_LONG = "too_long"
    NO_DAY = "no_day"
    NO_CLOCK = "no_clock"
    NO_ZONE = "no_zone"
    NO_AMOUNT = "no_amount"
    NEGATIVE = "negative"
    NO_ADDRESS = "no_address"
    NO_CHOICE = "no_choice"
    BELOW_MINIMUM = "below_minimum"
    AFTER_CLOSING = "after_closing"


@dataclass(frozen=True, slots=True)
class Fault:
    """One field that cannot be kept as typed; for one that is too long, how long it may be and is."""

    field: str
    wrong: Wrong
    most: int = 0
    length: int = 0


class Typed:
    """The fields of one form, and the faults found while reading them."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        self.fields = fields
        self.faults: list[Fault] = []

    def text(self, name: str, most: int) -> str:
        """As typed, within its length."""
        typed = self.fields.get(name, "")
        if len(typed) > most:
            self.faults.append(Fault(name, Wrong.TOO_LONG, most, len(typed)))
            return ""
        return typed

    def line(self, name: str, most: int, *, needed: bool = False) -> str:
        """On one line, without control characters."""
        line = " ".join(CONTROL.sub("", self.fields.get(name, "")).split())
        if len(line) > most:
            self.faults.append(Fault(name, Wrong.TOO_LONG, most, len(line)))
        elif needed and not line:
            self._wrong(name, Wrong.MISSING)
        return line

    def address(self, name: str, most: int) -> str:
        """A web address, or nothing."""
        line = self.line(name, most)
        if line and (not web_address(line) or " " in line):
            self._wrong(name, Wrong.NO_ADDRESS)
        return line

    def choice(self, name: str, known: Collection[str]) -> str:
        """One of the known words, or nothing."""
        chosen = self.fields.get(name, "")
        if chosen and chosen not in known:
            self._wrong(name, Wrong.NO_CHOICE)
            return ""
        return chosen

    def day(self, name: str, *, needed: bool = False) -> date | None:
        """A day as the browser sends it ("2027-05-10") or as people write it ("10-5-2027")."""
        typed = self.fields.get(name, "").strip()
        found = day_in(typed)
        if found is None and (typed or needed):
            self._wrong(name, Wrong.NO_DAY if typed else Wrong.MISSING)
        return found

    def clock(self, name: str) -> time | None:
        """A time of day, "23:59"; or nothing."""
        typed = self.fields.get(name, "").strip()
        found = clock_in(typed)
        if found is None and typed:
            self._wrong(name, Wrong.NO_CLOCK)
        return found

    def zone(self, name: str) -> str:
        """A time zone; ours when none was chosen."""
        zone = self.fields.get(name, "").strip() or "Europe/Amsterdam"
        if zone not in available_timezones():
            self._wrong(name, Wrong.NO_ZONE)
        return zone

    def amount(self, name: str) -> Decimal | None:
        """Euros as people here write them: "25.000", "€ 25000,50"; or nothing."""
        typed = re.sub(r"[\s€]|EUR(?:O)?", "", self.fields.get(name, ""), flags=re.IGNORECASE)
        found = euros_in(typed)
        if found is None and typed:
            negative = typed.startswith(("-", "\N{MINUS SIGN}"))
            self._wrong(name, Wrong.NEGATIVE if negative else Wrong.NO_AMOUNT)
        return found

    def _wrong(self, name: str, wrong: Wrong) -> None:
        self.faults.append(Fault(name, wrong))


def day_in(typed: str) -> date | None:
    """The day these words say, in a year that may be meant; else None."""
    iso, own = ISO_DAY.fullmatch(typed), DAY.fullmatch(typed)
    year, month, day = iso.groups() if iso else own.groups()[::-1] if own else ("0", "0", "0")
    try:
        return date(int(year), int(month), int(day)) if int(year) in YEARS else None
    except ValueError:
        return None


def clock_in(typed: str) -> time | None:
    """The time of day these words say; else None."""
    found = CLOCK.fullmatch(typed)
    try:
        return time(int(found[1]), int(found[2])) if found else None
    except ValueError:
        return None


def euros_in(typed: str) -> Decimal | None:
    """The amount these words say, a dot between thousands or before cents; else None."""
    found = EUROS.fullmatch(typed)
    if not found:
        return None
    return Decimal(f"{found[1].replace('.', '')}.{(found[2] or '0').replace('-', '0')}")
