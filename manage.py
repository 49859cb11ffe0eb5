# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The command line: ops/commands.py; `match` is told apart, so that a file of texts is read at once."""

import logging
from typing import Any

import typer
from rich.console import Console
from typer.core import TyperGroup

from config.catalogue import ConfigError
from grants import logs
from grants.errors import PijplijnError
from ops.matching_commands import match_command
from ops.terminal import at_end


class Commands(TyperGroup):
    """Imports what the others need when one of them is asked for."""

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of this name, if there is one."""
        return super().get_command(ctx, cmd_name) or _others().get_command(ctx, cmd_name)

    def list_commands(self, ctx: Any) -> list[str]:
        """All, as they are listed."""
        return [*_others().list_commands(ctx), *super().list_commands(ctx)]


def _others() -> TyperGroup:
    from ops.commands import cli  # half a second of imports

    return typer.main.get_group(cli)


cli = typer.Typer(
    cls=Commands, help="Pijplijn: the subsidy office's pipeline.", no_args_is_help=True, add_completion=False
)
cli.command("match")(match_command)


@cli.callback()
def _office() -> None:
    """Commands are listed although only one is here."""


def main() -> None:
    """Run a command; an error of ours is a sentence, not a traceback."""
    logs.set_up(level=logging.WARNING)
    try:
        with at_end:
            cli()
    except (PijplijnError, ConfigError) as error:
        Console(stderr=True).print(str(error), style="bold red", markup=False)
        raise SystemExit(1) from error


if __name__ == "__main__":
    main()
