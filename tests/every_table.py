# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Three rows in every table there is, with what databases keep differently in them."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Connection,
    Date,
    Integer,
    LargeBinary,
    Numeric,
    String,
    Table,
    Time,
)  # fmt: skip
from sqlalchemy.orm import Session

from grants.auditing import note
from models.base import Base, Instant, Words

ROWS = 3
NOW = datetime(2026, 11, 24, 8, 0, 0, 123456, tzinfo=UTC)
OWN = {"audit_entry"}  # sealed one by one, by the one way to write in it


def fill_every_table(connection: Connection) -> dict[str, int]:
    """Returns how many rows each table has."""
    for table in Base.metadata.sorted_tables:
        connection.execute(table.delete()) if table.name == "words_taken" else None
        if table.name not in OWN:
            connection.execute(table.insert(), [_row(table, number) for number in range(ROWS, 0, -1)])
    with Session(connection) as session:
        for number in range(1, ROWS + 1):
            facts = {"naam": "Zoë Öztürk ✓", "b": [1.1, None, {"z": 1, "a": True}]}
            note(
                session,
                at=NOW,
                actor="noor",
                action="changed",
                subject="call",
                subject_id=number,
                facts=facts,
            )
        session.flush()
    return {table.name: ROWS for table in Base.metadata.sorted_tables}


def _row(table: Table, number: int) -> dict[str, Any]:
    facts = {column.name: _value(table, column, number) for column in table.columns}
    if table.name == "call_link":
        facts |= (
            {"call_id": number, "other_id": number + 1} if number < ROWS else {"call_id": 1, "other_id": ROWS}
        )
    return facts


def _value(table: Table, column: Column[Any], number: int) -> Any:
    """What is its own in each row, so that no row is like another; the last of what may be empty is."""
    for key in column.foreign_keys:
        if key.column.table is table:  # forwards, where the row is not there yet
            return number + 1 if number < ROWS else None
        return number
    if column.nullable and number == ROWS:
        return None
    kind = column.type
    if isinstance(kind, Words):
        return [*kind.words][number % len(kind.words)]
    if isinstance(kind, String):
        return (
            f"Ünïcode ✓ '{number}'\\ \t"[: kind.length]
            if (kind.length or 99) > 16
            else f"n{number}"[: kind.length]
        )
    made = {
        Boolean: number % 2 == 0, BigInteger: 2**40 + number, Integer: number, Instant: NOW + timedelta(days=number),
        Date: date(2028, 2, 27) + timedelta(days=number), Time: time(17, number), LargeBinary: bytes([0, 255, number]),
        JSON: {"ë": [number, 0.1, None, "\u2028"], "a": {"b": True}},
        Numeric: Decimal(number) + Decimal("0.25") if getattr(kind, "precision", 0) != 4 else Decimal(f"{number}.125"),
    }  # fmt: skip
    return next(value for one, value in made.items() if isinstance(kind, one))
