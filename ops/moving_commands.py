# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The command that moves the office to another database."""

from getpass import getuser
from typing import Annotated

import typer

from config.settings import settings
from grants import clock, moving
from ops.supervisor import alone
from ops.terminal import screen

cli = typer.Typer()


@cli.command("move")
def move_command(
    to: Annotated[
        str, typer.Option(help="The address of an empty database: postgresql://user:password@host/name.")
    ],
) -> None:
    """Copy every row to another database and prove it; this one stays as it is. Stop the office first."""
    with alone(settings().running_folder):
        moved = moving.move(settings().database_url, to, actor=getuser(), now=clock.now(), tell=_say)
    rows = sum(held.rows for held in moved.tables.values())
    _say(f"{rows} rows of {len(moved.tables)} tables are there, each as it was here.")
    _say(moved.audit)
    _say("Set PIJPLIJN_DATABASE_URL to the new address everywhere, and never start the office here again.")


def _say(sentence: str) -> None:
    screen.print(sentence, soft_wrap=True, markup=False, highlight=False)
