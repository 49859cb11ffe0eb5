# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""What manage.py does beside matching: the same deeds as the flows, by hand."""

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress

from config.catalogue import load
from config.settings import settings
from grants import clock, digest, linking, queries, reminders
from grants.harvest import configured, due_sources, harvest_all
from grants.indexing import index_calls
from grants.reminders import Person
from grants.rendering import Letter
from grants.schema import migrate
from grants.seed import seed
from grants.sending import send_all
from grants.sources.capture import replaying
from grants.sources.fetch import fetching
from grants.sources.reading import Fetch
from grants.sources.recorded import capture
from models.colleague import Colleague
from ops import (
    audit_commands,
    backup_commands,
    export_commands,
    message_commands,
    moving_commands,
    people_commands,
    portal_commands,
    status_commands,
    theme_commands,
)
from ops.terminal import AsJson, DryRun, On, database, moment, screen, show

cli = typer.Typer()
cli.add_typer(audit_commands.cli)
cli.add_typer(backup_commands.cli)
cli.add_typer(export_commands.cli)
cli.add_typer(message_commands.cli, name="messages")
cli.add_typer(moving_commands.cli)
cli.add_typer(people_commands.cli)
cli.add_typer(portal_commands.cli)
cli.add_typer(status_commands.cli)
cli.add_typer(theme_commands.cli, name="themes")


@cli.command("migrate")
def migrate_command(
    *, backup: Annotated[bool, typer.Option(help="Make a backup before anything is changed.")] = True
) -> None:
    """Bring the database to this version of the program, after a backup."""
    if backup:
        backup_commands.before_migrating()
    for step in migrate(settings().database_url) or ["The database is up to date."]:
        screen.print(step)


@cli.command("seed")
def seed_command() -> None:
    """Insert the factory settings that are new; what staff changed stays."""
    catalogue = load(settings().config_dir)
    with database()() as session:
        screen.print(seed(session, catalogue, now=clock.now()))


@cli.command("harvest")
def harvest_command(
    slugs: Annotated[list[str] | None, typer.Argument(help="Sources; without any, all that are due.")] = None,
    *,
    accept_size: Annotated[bool, typer.Option(help="Take a reading although its size jumped.")] = False,
    replay: Annotated[
        Path | None, typer.Option(help="Read a recording instead of the source itself.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Read sources and keep what they say; ends with code 1 when one failed."""
    begin = database()
    with begin() as session:
        chosen = slugs or due_sources(session, now=clock.now())
    quiet = as_json or not screen.is_terminal
    with _replaying(replay) if replay else _fetching() as fetch, Progress(disable=quiet) as progress:
        reading = progress.add_task("Reading", total=len(chosen))
        results = harvest_all(
            begin, chosen, fetch=fetch, now=clock.now(), accept_size=accept_size,
            keys=settings().source_keys, told=lambda _: progress.advance(reading),
        )  # fmt: skip
    index_calls(begin)
    show(map(asdict, results), as_json=as_json)
    if any(result.error for result in results):
        raise typer.Exit(1)


def _fetching() -> AbstractContextManager[Fetch]:
    return fetching(trusted_hosts=settings().trusted_hosts)


def _replaying(folder: Path) -> AbstractContextManager[Fetch]:
    keys = [key.get_secret_value() for key in settings().source_keys.values()]
    return nullcontext(replaying(folder, secrets=keys))


@cli.command("capture")
def capture_command(
    slug: Annotated[str, typer.Argument(help="The source.")],
    to: Annotated[Path | None, typer.Option(help="An empty folder; data/recordings/… without it.")] = None,
) -> None:
    """Record one real reading of a source, without keys and without keeping it in the database."""
    folder = to or settings().data_dir / "recordings" / f"{slug}-{clock.now():%Y%m%d-%H%M%S}"
    with database()() as session:
        source, _ = configured(session, slug, keys=settings().source_keys)
    with _fetching() as fetch:
        given = capture(source, fetch=fetch, folder=folder)
    brief = {name: len(value) if isinstance(value, list | dict) else value for name, value in given.items()}
    show([brief], as_json=False)
    screen.print(f"Recorded in {folder}", soft_wrap=True)
    screen.print(
        "To make it a test: look it over (may every text in it be published?), move the folder to "
        "tests/recordings/, correct expected.json to what the reading should give, and run: "
        "pytest tests/test_recordings.py"
    )


@cli.command("link")
def link_command(*, as_json: AsJson = False) -> None:
    """Link the calls that are one at several sources."""
    show([asdict(linking.link_all(database(), now=clock.now()))], as_json=as_json)


@cli.command("digest")
def digest_command(on: On = None, *, dry_run: DryRun = False) -> None:
    """Write the digests that are due; --dry-run shows what each reader's would say now."""
    now = moment(on)
    if dry_run:
        with database()() as session:
            _print(digest.preview(session, now=now, settings=settings()))
        return
    screen.print(f"{digest.write_all(database(), now=now, settings=settings())} written.")


@cli.command("remind")
def remind_command(on: On = None, *, dry_run: DryRun = False) -> None:
    """Write the reminders that are due; --dry-run shows them."""
    now = moment(on)
    today: date = clock.local_day(now)
    with database()() as session:
        if dry_run:
            _print(reminders.preview(session, today=today, now=now, settings=settings()))
            return
        written = reminders.write_reminders(session, today=today, now=now, settings=settings())
        screen.print(f"{len(written)} written.")


def _print(letters: Sequence[tuple[Person | Colleague, Letter]]) -> None:
    for person, letter in letters:
        screen.rule(f"{person.name} <{person.email}>")
        screen.print(f"{letter.subject}\n\n{letter.text}", markup=False, highlight=False)
    screen.print(f"{len(letters)} would be written.")


@cli.command("deliver")
def deliver_command(*, as_json: AsJson = False) -> None:
    """Recall what is overtaken, tell of deadlines that moved, and send the messages that wait."""
    sent = send_all(database(), now=clock.now(), settings=settings())
    show([asdict(sent)], as_json=as_json)


@cli.command("sources")
def sources_command(*, as_json: AsJson = False) -> None:
    """Each source with its health."""
    with database()() as session:
        found = queries.sources(session, clock.now())
    row = queries.source_in_full if as_json else queries.source_in_brief
    show(map(row, found), as_json=as_json)


@cli.command("calls")
def calls_command(
    office: Annotated[str, typer.Option(help="Whose themes.")] = "enschede",
    search: Annotated[str, typer.Option(help="Words in title or identifier.")] = "",
    *,
    as_json: AsJson = False,
) -> None:
    """The calls that match an office's themes, best first."""
    with database()() as session:
        page = queries.calls(session, office_slug=office, today=clock.local_day(clock.now()), search=search)
        show((queries.as_row(line) for line in page.lines), as_json=as_json)


@cli.command("up")
def up_command() -> None:
    """Open the office: Prefect, a worker and the web pages, until Ctrl-C."""
    from ops.roles import become  # no other command needs it

    become("up", settings())


@cli.command("start")
def start_command(
    part: Annotated[str, typer.Argument(help="server, worker, web, or schedules (lays them down and ends).")],
) -> None:
    """Become one part of an office on several machines; docs/servers.md has the whole."""
    from ops.roles import become  # no other command needs it

    become(part, settings())
