# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Commands about colleagues."""

import sys
from getpass import getuser
from typing import Annotated

import typer

from config.settings import settings
from grants import clock, people
from ops.terminal import database, screen

cli = typer.Typer()


@cli.command("invite")
def invite_command(
    email: Annotated[str, typer.Argument(help="A colleague's address, as in offices.yaml or the web.")],
    office: Annotated[str, typer.Option(help="At which office, when the address is known at several.")] = "",
) -> None:
    """A link by which a colleague sets a password and signs in; works once, for a week."""
    with database()() as session:
        colleague = people.find(session, email, office_slug=office)
        token = people.invite(session, colleague, by=getuser(), now=clock.now())
        name, place = colleague.name, colleague.office.name
    screen.print(f"{name}, {place}: give this link to nobody else.")
    sys.stdout.write(f"{settings().public_url.rstrip('/')}/invitation/{token}\n")
