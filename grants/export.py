# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Everything the office has, in open formats: JSON Lines per table, a data dictionary, and checksums.

What is confidential is in it; what lets someone in is not: no password, no code secret, no token, no link
that does something for who has it.
"""

import base64
import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Table, select

from grants import schema
from grants.errors import PijplijnError
from grants.logs import without_secret_paths
from grants.queries import plain_words
from models.base import Base, Row
from models.session import opened

SECRET: Final = re.compile("password|totp|token|secret")
"""Columns that are never exported, by their names: one that is added later is safe from the start."""
INSTEAD: Final = {("message", "mime"): "text"}
WHY_TEXT: Final = "the plain words of the letter; its MIME has links that act for whoever has them"
WARNING: Final = """This folder holds everything Pijplijn knows: confidential applications, addresses and
letters of people too. Keep it as you keep the database, and delete it when it has served.

<table>.jsonl    a row a line, as JSON in UTF-8: moments in UTC (ISO 8601), amounts as text, bytes in base64
dictionary.json  what each table and column is, and what was left out
SHA256SUMS       check with: sha256sum -c SHA256SUMS

Left out: passwords, code secrets, tokens. The send journal, backups and settings are files of their own.
"""


class ExportError(PijplijnError):
    """Nothing was exported, or not all of it."""


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written."""

    folder: Path
    counts: Mapping[str, int]


def export(url: str, folder: Path) -> Exported:
    """Write every table as it is at one moment; colleagues work on meanwhile.

    Raises:
        ExportError: the folder is in use for something else, or cannot be written.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise ExportError(f"{folder} is not empty: choose a new folder.")
        with opened(url) as engine, _one_moment(engine.connect()) as connection:
            tables = Base.metadata.sorted_tables
            counts = {
                one.name: _write(folder / f"{one.name}.jsonl", _lines(connection, one)) for one in tables
            }
            found = _dictionary(schema.current(connection))
        _write(folder / "dictionary.json", [json.dumps(found, ensure_ascii=False, indent=1)])
        _write(folder / "README.txt", WARNING.splitlines())
        _write(folder / "SHA256SUMS", [f"{_sum(file)}  {file.name}" for file in sorted(folder.iterdir())])
    except OSError as error:
        raise ExportError(f"{folder} cannot be written ({error.strerror}); it is not whole.") from error
    return Exported(folder, counts)


def _one_moment(connection: Connection) -> Connection:
    """All tables as one transaction sees them, without keeping a writer waiting."""
    if connection.dialect.name == "postgresql":
        return connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return connection.execution_options(reads_only=True)


def _write(file: Path, lines: Iterator[str] | list[str]) -> int:
    count = 0
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
        for count, one in enumerate(lines, start=1):  # noqa: B007 - how many there were
            out.write(one + "\n")
    return count


def _lines(connection: Connection, table: Table) -> Iterator[str]:
    kept = [one for one in table.columns if not SECRET.search(one.name)]
    order = [table.c.id] if "id" in table.c else list(table.primary_key)
    rows = connection.execution_options(yield_per=500).execute(select(*kept).order_by(*order)).mappings()
    for row in rows:
        told = dict(_told(table.name, name, value) for name, value in row.items())
        yield json.dumps(told, ensure_ascii=False)


def _told(table: str, name: str, value: object) -> tuple[str, object]:
    if instead := INSTEAD.get((table, name)):
        return instead, without_secret_paths(plain_words(bytes(value)))  # type: ignore[call-overload]
    return name, _plain(value)


def _plain(value: object) -> object:
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value


def _dictionary(version: str | None) -> dict[str, Any]:
    told = {mapper.class_.__tablename__: mapper.class_ for mapper in Row.registry.mappers}
    tables = {one.name: _table(one, told.get(one.name)) for one in Base.metadata.sorted_tables}
    return {"schema": version, "tables": tables}


def _table(table: Table, row: type[Row] | None) -> dict[str, Any]:
    about = " ".join((row.__doc__ or "").split()) if row else "Which rows belong together."
    return {"what": about, "columns": dict(_column(table, one.name) for one in table.columns)}


def _column(table: Table, name: str) -> tuple[str, dict[str, Any]]:
    column = table.c[name]
    if SECRET.search(name):
        return name, {"left_out": "it lets someone in"}
    if instead := INSTEAD.get((table.name, name)):
        return instead, {"type": "TEXT", "empty": False, "what": WHY_TEXT}
    refers = sorted(one.target_fullname for one in column.foreign_keys)
    return name, {"type": str(column.type), "empty": bool(column.nullable)} | (
        {"refers_to": refers} if refers else {}
    )


def _sum(file: Path) -> str:
    return sha256(file.read_bytes()).hexdigest()
