# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The words with a fixed list of values, and the deadline: shared by rows and rules alike."""

from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum


class CallStatus(StrEnum):
    """As on the EU Funding & Tenders Portal."""

    FORTHCOMING = "forthcoming"
    OPEN = "open"
    CLOSED = "closed"


class Basis(StrEnum):
    """How we know a deadline."""

    STATED = "stated"  # the source says date, time and zone, or the date alone
    ASSUMED = "assumed"  # the source leaves the zone open: we took the source's own
    PROVISIONAL = "provisional"  # a colleague expects it: to be confirmed
    UNKNOWN = "unknown"  # the source says something we cannot read: `text` holds it


@dataclass(frozen=True, slots=True)
class Due:
    """A deadline as a source states it: a local date, never an invented instant.

    Args:
        on: the local date in `zone`; None when the text could not be read.
        at: the local wall-clock time; None when the source gives a date alone.
        zone: IANA name, such as "Europe/Brussels".
        basis: how we know it.
        stage: label of the stage or cut-off ("stage 1", "cut-off 2"); empty for the only deadline.
        text: the source's own words, kept literally.
    """

    on: date | None
    at: time | None = None
    zone: str = "Europe/Brussels"
    basis: Basis = Basis.STATED
    stage: str = ""
    text: str = ""


class Completeness(StrEnum):
    """How much of a source one reading saw."""

    COMPLETE = "complete"
    PARTIAL = "partial"  # some is known to be missing: absence proves nothing
    UNCHANGED = "unchanged"  # the source says, or its bytes show, that nothing changed
    FAILED = "failed"
