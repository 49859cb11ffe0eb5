# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The command that tells whether a person must act, for people and for whatever watches machines."""

from dataclasses import asdict

import typer
from pydantic import SecretStr

from config.settings import Settings, settings
from grants import clock, watch
from ops.prefect_runs import asker
from ops.terminal import AsJson, database, screen, show

cli = typer.Typer()


@cli.command("status")
def status_command(*, as_json: AsJson = False) -> None:
    """What asks for a person, of all offices, as /operations has it; ends with code 1 when something does."""
    now, own = clock.now(), _let_in(settings())
    with database()() as session:
        signs = [*asker(own)(now).signs, *watch.red(session, now=now, settings=own)]
    rows = [dict(zip(("matter", "deed"), watch.words(one, "en"), strict=True)) for one in signs]
    if as_json:
        show([asdict(one) | row for one, row in zip(signs, rows, strict=True)], as_json=True)
    elif rows:
        show(rows, as_json=False)
    else:
        screen.print("Nothing asks for a person.")
    if signs:
        raise typer.Exit(1)


def _let_in(own: Settings) -> Settings:
    """With the password that `make up` made for Prefect, where none is set."""
    kept = own.data_dir / "prefect" / "password"
    if own.prefect_auth.get_secret_value() or not kept.exists():
        return own
    return own.model_copy(update={"prefect_auth": SecretStr(f"pijplijn:{kept.read_text()}")})
