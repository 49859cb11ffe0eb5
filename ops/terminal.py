# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""What every command shares: the database, the day, a way to show rows, and the terminal."""

import json
import sys
from collections.abc import Iterable
from contextlib import ExitStack
from datetime import datetime, time
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from grants import clock

if TYPE_CHECKING:
    from models.session import Begin

screen = Console()
at_end = ExitStack()

AsJson = Annotated[bool, typer.Option("--json", help="One JSON document, for machines.")]
On = Annotated[datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help="As if it were this day.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show what would be written; write nothing.")]


def database() -> "Begin":
    """Transactions on the configured database, until the command ends."""
    from config.settings import settings  # noqa: PLC0415 - some commands need no database
    from models.session import connect, transactions  # noqa: PLC0415

    engine = connect(settings().database_url)
    at_end.callback(engine.dispose)
    return transactions(engine)


def moment(on: datetime | None) -> datetime:
    """Now, or nine in the morning in Enschede on the day asked for."""
    return datetime.combine(on.date(), time(9), tzinfo=clock.AMSTERDAM) if on else clock.now()


def show(rows: Iterable[dict[str, Any]], *, as_json: bool) -> None:
    """Rows as JSON, or as a table for people."""
    rows = list(rows)
    if as_json:
        sys.stdout.write(json.dumps(rows, ensure_ascii=False, default=str, indent=1) + "\n")
        return
    table = Table(*(rows[0] if rows else ["nothing"]))
    for row in rows:
        table.add_row(*("" if value is None else str(value) for value in row.values()))
    screen.print(table)
