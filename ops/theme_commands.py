# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Commands about themes: to a file, and back from one."""

import sys
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import select

from config.catalogue import load
from config.settings import settings
from grants import clock, people, themes
from grants.errors import PijplijnError
from grants.themes import Difference, Sheet
from models.office import Office
from ops.terminal import DryRun, database, screen

cli = typer.Typer(help="An office's themes, as a TOML file and back.", no_args_is_help=True)


@cli.command("export")
def export_command(
    office: Annotated[str, typer.Option(help="Whose themes.")] = "enschede",
    *,
    starter: Annotated[bool, typer.Option(help="Those this version comes with, instead.")] = False,
) -> None:
    """Write themes to the screen; send it to a file with `> themes.toml`."""
    sys.stdout.write(themes.written(_starter() if starter else _of(office)))


@cli.command("import")
def import_command(
    file: Annotated[Path, typer.Argument(help="A file as `themes export` writes it.")],
    by: Annotated[str, typer.Option("--as", help="The address of the colleague who does it.")],
    office: Annotated[str, typer.Option(help="At which office, when the address is known at several.")] = "",
    *,
    dry_run: DryRun = False,
) -> None:
    """Make and change themes as a file has them; those that it does not name stay as they are."""
    try:
        told = themes.read(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise PijplijnError(f"{file} cannot be read as text: {error}.") from error
    with database()() as session:
        me = people.find(session, by, office_slug=office)
        if not me.editor:
            raise PijplijnError(f"{me.name} may read themes, and not change them.")
        if dry_run:
            changed = themes.differences(session, me.office_id, told)
        else:
            changed = themes.take_in(session, me, told, now=clock.now())
    for one in changed:
        _show(one)
    if dry_run:
        screen.print(f"{len(changed)} would change; nothing was written.")
    else:
        screen.print(f"{len(changed)} changed. Calls are matched again at the next harvest, or by `match`.")


def _starter() -> list[Sheet]:
    told = [one.model_dump(mode="json", by_alias=True) for one in load(settings().config_dir).themes]
    return [themes.sheet(one["slug"], one["name"], one["description"], one) for one in told]


def _of(slug: str) -> list[Sheet]:
    with database()() as session:
        office = session.scalar(select(Office.id).where(Office.slug == slug))
        if office is None:
            raise PijplijnError(f"There is no office '{slug}'.")
        return themes.sheets(session, office)


def _show(one: Difference) -> None:
    screen.print(f"{one.slug} (new)" if one.new else one.slug, markup=False, highlight=False)
    for where, gone, come in one.parts:
        for mark, terms in (("-", gone), ("+", come)):
            if terms:
                screen.print(f"  {where} {mark} {'; '.join(terms)}", markup=False, highlight=False)
