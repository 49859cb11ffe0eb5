# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Commands about the EU portal's two roads: its search API and its bulk file."""

import time
from dataclasses import asdict
from typing import Annotated

import typer

from config.settings import settings
from grants import clock, queries
from grants.details import fetch_details
from grants.sources.fetch import fetching
from ops.terminal import AsJson, database, screen, show

cli = typer.Typer()
POLITE = 1.0  # seconds between two requests for details


@cli.command("crosscheck")
def crosscheck_command(
    source: Annotated[str, typer.Argument(help="One of the two sources.")] = "eu-portal",
    *,
    as_json: AsJson = False,
) -> None:
    """Where two sources of the same calls disagree, call by call."""
    with database()() as session:
        found = queries.disagreements(session, source, today=clock.local_day(clock.now()))
    show((asdict(one) for one in found), as_json=as_json)


@cli.command("details")
def details_command(
    most: Annotated[int, typer.Option(help="How many calls are asked for.", min=1, max=500)] = 20,
) -> None:
    """Fetch the text of matched calls that only the bulk file brought."""
    with fetching(trusted_hosts=settings().trusted_hosts) as fetch:
        done = fetch_details(
            database(), fetch=fetch, now=clock.now(), pause=lambda: time.sleep(POLITE), most=most
        )
    screen.print(f"{done.told} calls got their text; for {done.missing} the portal has none.")
    if done.trouble:
        screen.print(done.trouble, style="bold red", markup=False)
        raise typer.Exit(1)
