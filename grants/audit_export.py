# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The audit log as a file, line by line: JSON for machines that watch, CSV for a spreadsheet."""

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from io import StringIO
from typing import Any, Final

from models.audit import SEALED, AuditEntry

BOM: Final = "\ufeff"  # tells Excel that it is UTF-8
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would calculate what starts so
PARTS: Final = ("id", *SEALED, "previous_hash", "hash")


def json_lines(entries: Iterable[AuditEntry], _people: Mapping[str, str]) -> Iterator[str]:
    """An object a line, with all that models.audit.fingerprint needs to check each hash, and no more."""
    for entry in entries:
        told = {part: getattr(entry, part) for part in PARTS} | {
            "at": entry.at.isoformat(timespec="microseconds")
        }
        yield json.dumps(told, ensure_ascii=False) + "\n"


def csv_lines(entries: Iterable[AuditEntry], people: Mapping[str, str]) -> Iterator[str]:
    """A row a line, for a spreadsheet that speaks Dutch or German; no cell is a formula.

    `people` are addresses by how they stand in the log: the last column says who a number is.
    """
    yield BOM + _row((*PARTS, "who"))
    for entry in entries:
        told = {part: getattr(entry, part) for part in PARTS}
        told |= {"at": entry.at.isoformat(), "facts": json.dumps(entry.facts, ensure_ascii=False)}
        yield _row((*told.values(), people.get(entry.actor, "")))


def _row(cells: Iterable[Any]) -> str:
    row = StringIO()
    csv.writer(row, delimiter=";").writerow(_tame(str(cell)) if cell is not None else "" for cell in cells)
    return row.getvalue()


def _tame(cell: str) -> str:
    return "'" + cell if cell.startswith(FORMULA) else cell
