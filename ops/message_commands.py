# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Commands about the messages that wait, and about a database that was put back."""

from dataclasses import asdict
from functools import partial
from getpass import getuser
from typing import Annotated

import typer

from config.settings import settings
from grants import bounces, clock, journal, outbox, queries, reconciling, sending, suppressing
from grants.mailers import alert
from models.message import MessageState
from ops.terminal import AsJson, database, screen, show

WAITING = queries.STUCK | {MessageState.SUPPRESSED}

cli = typer.Typer(invoke_without_command=True)


@cli.callback()
def messages_command(
    context: typer.Context,
    *,
    every: Annotated[bool, typer.Option("--all", help="Also what was sent or is on its way.")] = False,
    release: Annotated[list[int] | None, typer.Option(help="Send this one again; may be repeated.")] = None,
    as_json: AsJson = False,
) -> None:
    """The messages that wait for a colleague: held, in doubt, refused or suppressed; --release sends one."""
    if context.invoked_subcommand:
        return
    with database()() as session:
        for message_id in release or []:
            letter = outbox.release(session, message_id, actor=getuser(), now=clock.now())
            screen.print(f"Message {letter.id} to {letter.recipient} goes with the next delivery.")
        if not release:
            states = frozenset(MessageState) if every else WAITING
            show((asdict(line) for line in queries.messages(session, states=states)), as_json=as_json)


@cli.command("reconcile")
def reconcile_command() -> None:
    """After a restore: believe the send journal, mark what it knows as sent, and send again."""
    with database()() as session:
        accepted = journal.read(settings().journal_file)
        reconciling.notice(session, accepted, now=clock.now())
        marked, elsewhere = reconciling.reconcile(session, actor=getuser(), now=clock.now())
    screen.print(
        f"{marked} messages are marked as sent. {elsewhere} more are not in this database: they count as "
        "sent when they are written again. Delivery goes on.",
        soft_wrap=True,
    )


@cli.command("suppressed")
def suppressed_command(
    *,
    lift: Annotated[list[int] | None, typer.Option(help="Send to this one again; may be repeated.")] = None,
    as_json: AsJson = False,
) -> None:
    """The addresses that were refused for good, to which nothing is sent; --lift lets one in again."""
    with database()() as session:
        for number in lift or []:
            one = suppressing.lift(session, number, actor=getuser(), now=clock.now())
            screen.print(f"Letters to {one.address} go again.")
        if not lift:
            names = ("id", "office_id", "address", "since", "why")
            rows = suppressing.in_force(session)
            show(({name: getattr(one, name) for name in names} for one in rows), as_json=as_json)


@cli.command("bounces")
def bounces_command(
    *,
    read: Annotated[bool, typer.Option("--read", help="First read what came since the last time.")] = False,
    as_json: AsJson = False,
) -> None:
    """What was read in the sender's mailbox, the latest first: what came back, and what was made of it."""
    begin = database()
    if read:
        sending.read_all_bounces(
            begin, now=clock.now(), settings=settings(), send=partial(alert, settings().alert_urls)
        )
    with begin() as session:
        names = ("id", "at", "finding", "message_id", "said")
        show(
            ({name: getattr(one, name) for name in names} for one in bounces.latest(session)), as_json=as_json
        )
