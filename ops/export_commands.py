# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The command that writes everything the office has in open formats."""

from getpass import getuser
from pathlib import Path
from typing import Annotated

import typer

from config.settings import settings
from grants import auditing, clock
from grants.export import export
from ops.terminal import database, screen

cli = typer.Typer()


@cli.command("export")
def export_command(
    to: Annotated[Path, typer.Option("--to", help="An empty folder, or one to be made.")],
) -> None:
    """Write every table as JSON Lines, with a data dictionary and checksums; confidential rows included."""
    with database()() as session:
        auditing.note(
            session, at=clock.now(), actor=getuser(), action="exported", subject="database", subject_id=0
        )
    done = export(settings().database_url, to)
    rows, tables = sum(done.counts.values()), len(done.counts)
    for sentence in (
        f"{rows} rows of {tables} tables are in {done.folder}.",
        "Confidential applications, addresses and letters are among them: keep it as you keep the database.",
        "Passwords, code secrets and tokens are not. What each column is: dictionary.json.",
    ):
        screen.print(sentence, soft_wrap=True, markup=False, highlight=False)
