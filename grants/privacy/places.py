# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Where colleagues stand in the database: found by looking at the tables, so that none is forgotten."""

import re
from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import Column, ColumnElement, String, Table

from models.base import Base
from models.colleague import Colleague

INCOMING: Final = frozenset(
    {
        "acceptance", "call", "call_change", "deadline", "harvest_run", "key_date", "look", "match",
        "payload", "run_payload", "source", "words_taken",
    }
)  # fmt: skip
"""What came in from sources and mail servers: never changed, and not about colleagues."""
LOG: Final = "audit_entry"  # sealed, and nameless
LOOKED: Final = ("done_by", "note")  # what a colleague added to a look
SECRETS: Final = frozenset({"hash", "mime", "password", "token_hash", "totp", "totp_used"})


def own_tables() -> list[Table]:
    """The tables with what colleagues did and got, without the log."""
    return [one for one in Base.metadata.sorted_tables if one.name not in INCOMING | {LOG} and "id" in one.c]


def texts() -> Iterator[tuple[Table, Column[str]]]:
    """Every column in which the address of a colleague may stand, alone or amid words; not their own row."""
    for table in own_tables():
        if table.name != "colleague":
            yield from ((table, one) for one in table.columns if _is_text(one))
    look = Base.metadata.tables["look"]
    yield from ((look, look.c[name]) for name in LOOKED)


def tied(table: Table, colleague: Colleague) -> list[ColumnElement[bool]]:
    """What makes a row one of this colleague: their number, or their address alone in a column."""
    numbers = [one for one in table.columns if _is_colleague(one)]
    alone = [one for one in table.columns if _is_text(one) and getattr(one.type, "length", None)]
    return [one == colleague.id for one in numbers] + [one == colleague.email for one in alone]


def address_in(address: str) -> re.Pattern[str]:
    """Finds an address in a text, whole and in any case; never as the end of a longer one."""
    return re.compile(rf"(?<![\w.+-]){re.escape(address)}(?![\w-])", re.IGNORECASE)


def _is_colleague(column: Column[Any]) -> bool:
    if column.table.name == "colleague":
        return column.primary_key
    return any(key.column.table.name == "colleague" for key in column.foreign_keys)


def _is_text(column: Column[Any]) -> bool:
    """A text; a word from a fixed list is none."""
    return isinstance(column.type, String) and column.name not in SECRETS
