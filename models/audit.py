# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The audit log: who did what, only ever added to, each entry sealed to the one before.

However an entry comes to a session, it is sealed when it is flushed; what reaches the table in any other way
is refused by the database itself, as is every change (docs/decisions/0010-audit-chain.md).
"""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Final

from sqlalchemy import DDL, Connection, ForeignKey, Index, String, event, func, select
from sqlalchemy.orm import Mapped, Mapper, mapped_column, object_session

from models.base import Row

SEALED: Final = ("at", "actor", "action", "subject", "subject_id", "office_id", "application_id", "facts")
LOCK: Final = 0x50494A50  # of PostgreSQL, for the head of the chain; "PIJP"


class AuditEntry(Row):
    """One deed of a colleague, a flow or the command line."""

    __tablename__ = "audit_entry"
    __table_args__ = (Index(None, "subject", "subject_id"),)

    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(200))
    action: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(60))
    subject_id: Mapped[int]
    office_id: Mapped[int | None] = mapped_column(ForeignKey("office.id"), index=True)
    application_id: Mapped[int | None] = mapped_column(ForeignKey("application.id"), index=True)
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    previous_hash: Mapped[str] = mapped_column(String(64), default="")
    hash: Mapped[str] = mapped_column(String(64), default="")


LAST: Final = select(AuditEntry.hash).order_by(AuditEntry.id.desc()).limit(1)
"""The head of the chain; no row while there is no entry."""


def fingerprint(previous_hash: str, deed: Mapping[Any, Any]) -> str:
    """SHA-256 over the hash before an entry and its SEALED parts, as JSON in one fixed form."""
    told = {name: deed[name] for name in SEALED}
    told["at"] = deed["at"].astimezone(UTC).isoformat(timespec="microseconds")
    told["facts"] = json.loads(
        json.dumps(deed["facts"])
    )  # a number as a name becomes text, as it does when kept
    text = json.dumps(told | {"previous_hash": previous_hash}, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


@event.listens_for(AuditEntry, "before_insert")
def _seal(_mapper: Mapper[AuditEntry], connection: Connection, entry: AuditEntry) -> None:
    """Seal all entries of this flush at once, in the order they were added: the first one is met first."""
    session = object_session(entry)
    if session is None or entry.hash:
        return
    chain(connection, [one for one in session.new if isinstance(one, AuditEntry) and not one.hash])


def chain(connection: Connection, entries: Iterable[AuditEntry]) -> None:
    """Put entries behind the last one. Whoever writes next waits until this transaction has ended."""
    if connection.dialect.name == "postgresql":  # SQLite has one writer at a time
        connection.execute(select(func.pg_advisory_xact_lock(LOCK)))
    previous = connection.scalar(LAST) or ""
    for entry in entries:
        entry.facts = entry.facts or {}
        entry.previous_hash = previous
        entry.hash = previous = fingerprint(previous, {name: getattr(entry, name) for name in SEALED})


KEPT: Final = "The audit log is only ever added to."
FOLLOWS: Final = "An audit entry follows the last one: see grants/auditing.py."
HEAD: Final = "coalesce((SELECT hash FROM audit_entry ORDER BY id DESC LIMIT 1), '')"
LOOSE: Final = f"NEW.hash = '' OR NEW.previous_hash <> {HEAD}"


def _sqlite(name: str, when: str, sentence: str) -> str:
    return f"CREATE TRIGGER audit_entry_{name} BEFORE {when} BEGIN SELECT RAISE(ABORT, '{sentence}'); END"


def _function(name: str, body: str) -> str:
    return (
        f"CREATE OR REPLACE FUNCTION audit_entry_{name}() RETURNS trigger LANGUAGE plpgsql "
        f"AS $$BEGIN {body} END$$"
    )


def _trigger(name: str, when: str, function: str, each: str = "ROW") -> str:
    return (
        f"CREATE TRIGGER audit_entry_{name} BEFORE {when} ON audit_entry "
        f"FOR EACH {each} EXECUTE FUNCTION audit_entry_{function}()"
    )


GUARDS: Final = {
    "sqlite": (
        _sqlite("not_changed", "UPDATE ON audit_entry", KEPT),
        _sqlite("not_removed", "DELETE ON audit_entry", KEPT),
        _sqlite("follows", f"INSERT ON audit_entry WHEN {LOOSE}", FOLLOWS),
    ),
    "postgresql": (
        _function("kept", f"RAISE EXCEPTION '{KEPT}';"),
        _function("followed", f"IF {LOOSE} THEN RAISE EXCEPTION '{FOLLOWS}'; END IF; RETURN NEW;"),
        _trigger("not_changed", "UPDATE OR DELETE", "kept"),
        _trigger("follows", "INSERT", "followed"),
    ),
}
"""What keeps the table, by dialect. SQLite drops it with a table that is made anew: then make it again."""
NOT_EMPTIED: Final = _trigger("not_emptied", "TRUNCATE", "kept", each="STATEMENT")
"""On PostgreSQL, by the migration only: the tests empty the tables they make themselves."""

for _dialect, _guards in GUARDS.items():
    for _guard in _guards:
        _ddl = DDL(_guard).execute_if(dialect=_dialect)  # type: ignore[no-untyped-call]
        event.listen(AuditEntry.__table__, "after_create", _ddl)
