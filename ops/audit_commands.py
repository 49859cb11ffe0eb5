# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Commands about the audit log."""

from typing import Annotated

import typer

from grants import auditing, queries
from ops.terminal import AsJson, database, screen, show

cli = typer.Typer()


@cli.command("audit")
def audit_command(
    *,
    verify: Annotated[bool, typer.Option("--verify", help="Walk along the whole chain.")] = False,
    head: Annotated[str, typer.Option(help="A head that was noted: it must be in the chain.")] = "",
    as_json: AsJson = False,
) -> None:
    """The last deeds of every office; --verify tells whether the log still holds, with code 1 when not."""
    with database()() as session:
        if not verify and not head:
            show(map(queries.deed_in_brief, queries.last_deeds(session)), as_json=as_json)
            return
        verdict = auditing.verify(session, noted=head)
    screen.print(verdict.sentence, soft_wrap=True, markup=False)
    if verdict.why:
        raise typer.Exit(1)
