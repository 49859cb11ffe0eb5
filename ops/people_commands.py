# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Commands about colleagues."""

import json
import sys
from getpass import getuser
from typing import Annotated

import typer

from config.settings import settings
from grants import clock, people, privacy
from ops.terminal import database, screen

cli = typer.Typer()
group = typer.Typer(help="The personal data of one colleague.", no_args_is_help=True)
cli.add_typer(group, name="people")

Email = Annotated[str, typer.Argument(help="A colleague's address, as in offices.yaml or the web.")]
Office = Annotated[str, typer.Option(help="At which office, when the address is known at several.")]


@cli.command("invite")
def invite_command(email: Email, office: Office = "") -> None:
    """A link by which a colleague sets a password and signs in; works once, for a week."""
    with database()() as session:
        colleague = people.find(session, email, office_slug=office)
        token = people.invite(session, colleague, by=getuser(), now=clock.now())
        name, place = colleague.name, colleague.office.name
    screen.print(f"{name}, {place}: give this link to nobody else.")
    sys.stdout.write(f"{settings().public_url.rstrip('/')}/invitation/{token}\n")


@group.command("export")
def export_command(email: Email, office: Office = "") -> None:
    """All that is kept of a colleague, or of one who left, as JSON; that it was taken is logged."""
    with database()() as session:
        colleague = people.find(session, email, office_slug=office, or_left=True)
        told = privacy.export(session, colleague, by=getuser(), now=clock.now())
    sys.stdout.write(json.dumps(told, ensure_ascii=False, default=str, indent=1) + "\n")


@group.command("erase")
def erase_command(
    email: Email,
    office: Office = "",
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask; there is no way back.")] = False,
) -> None:
    """Make a colleague who left nameless: their deeds stay, by a number. There is no way back."""
    with database()() as session:
        colleague = people.find(session, email, office_slug=office, or_left=True)
        if not yes:
            typer.confirm(
                f"Erase {colleague.name}, {colleague.office.name}? There is no way back.", abort=True
            )
        done = privacy.erase(session, colleague, by=getuser(), now=clock.now())
    screen.print(f"Erased: they are number {done.number} now. {done.changed}")
    screen.print(f"The full name still stands in {done.named} texts of others: read those yourself.")
    if done.sealed:
        screen.print(
            f"{done.sealed} sealed entries of the log, from before it was nameless, keep the address."
        )
    screen.print("Take the address out of offices.yaml as well, and run this again after a restore.")
