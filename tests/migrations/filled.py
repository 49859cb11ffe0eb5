# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""A database as the first schema kept it, by the tables as they then were."""

from datetime import UTC, date, datetime
from typing import Any

from alembic import command
from sqlalchemy import JSON, Boolean, Connection, Date, DateTime, Integer, MetaData, String, Text

from grants.schema import alembic_config


def first_schema(connection: Connection) -> None:
    """The first schema, with a row in each table that counts."""
    command.upgrade(alembic_config(connection), "0001")
    old_rows(connection)


def old_rows(connection: Connection) -> None:
    """A source, a run and a call as schema 0001 kept them, by the tables as they then were."""
    tables = MetaData()
    tables.reflect(connection)
    now = datetime(2026, 11, 24, 8, tzinfo=UTC)
    facts: dict[str, dict[str, Any]] = {
        "source": {"slug": "eu", "name": "EU", "kind": "sedia", "url": "https://x.example", "enabled": True},
        "harvest_run": {"source_id": 1, "outcome": "complete", "held": False},
        "office": {"slug": "enschede", "name": "Enschede"},
        "colleague": {"office_id": 1, "email": "noor@enschede.example", "administrator": True},
        "application": {
            "office_id": 1,
            "slug": "edl",
            "stage": "running",
            "owner_id": 1,
            "confidential": True,
        },
        "audit_entry": {"subject": "office", "subject_id": 1, "facts": {"a": 1}},
        "milestone": {"application_id": 1, "title": "Report"},
        "call": {"id": 1, "source_id": 1, "key": "a", "title": "Old", "rolling": False},
        "deadline": {"call_id": 1, "on_date": date(2027, 1, 14), "zone": "Europe/Brussels"},
        "call_change": {"call_id": 1, "kind": "new", "significance": "major"},
    }
    for name, said in facts.items():
        table = tables.tables[name]
        blank = {String: "", Text: "", Boolean: True, Integer: 1, DateTime: now, Date: now.date(), JSON: "{}"}
        needed = [one for one in table.columns if not one.nullable and one.name not in {"id", *said}]
        rest = {
            one.name: next(value for kind, value in blank.items() if isinstance(one.type, kind))
            for one in needed
        }
        connection.execute(table.insert().values(**rest, **said))
