# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Commands about backups: make one, list them, put one back, and the drill."""

from getpass import getuser
from pathlib import Path
from typing import Annotated, Any

import typer

from config.settings import settings
from grants import backups, clock
from grants.backups import Backup
from ops.supervisor import alone
from ops.terminal import AsJson, screen, show

cli = typer.Typer()


@cli.command("backup")
def backup_command() -> None:
    """Make a backup of the database now, and prove it."""
    made = backups.back_up(
        settings().database_url, settings().backup_folder, reason="hand", now=clock.now(),
        programs=settings().postgres_bin,
    )  # fmt: skip
    _say(f"{made.path} holds {sum(made.counts.values())} rows of {len(made.counts)} tables.")


@cli.command("backups")
def backups_command(*, as_json: AsJson = False) -> None:
    """The backups there are, the oldest first."""
    there = backups.kept(settings().backup_folder)
    show(map(in_full if as_json else in_brief, there), as_json=as_json)


@cli.command("restore")
def restore_command(
    file: Annotated[Path, typer.Argument(help="The backup; a bare name is one of the backups' folder.")],
) -> None:
    """Put a backup in the database's place; nothing is sent until manage.py messages reconcile."""
    folder = settings().backup_folder
    chosen = backups.at(file if file.exists() else folder / file)
    with alone(settings().running_folder):
        done = backups.restore(
            settings().database_url, chosen, folder=folder, actor=getuser(), now=clock.now(),
            programs=settings().postgres_bin,
        )  # fmt: skip
    if done.before:
        _say(f"What was there before is in {done.before.path}.")
    for part in done.damaged:
        _say(f"What was there before is damaged; it is kept as it was in {part}.")
    _say("\n".join(done.steps))
    _say(f"The database is as it was on {_when(chosen)}, but nothing is sent yet.")
    _say("See that this is the backup you meant, then run: manage.py messages reconcile.")


@cli.command("drill")
def drill_command() -> None:
    """Put the newest backup back in a scratch place and see that every row is there."""
    now, programs = clock.now(), settings().postgres_bin
    done = backups.drill(settings().database_url, settings().backup_folder, now=now, programs=programs)
    took = (clock.now() - now).total_seconds()
    _say(f"{done.backup.path.name} of {_when(done.backup)} came back in {took:.1f} s.")
    _say(f"All its {done.rows} rows are there.")
    _say(done.audit)


def before_migrating() -> None:
    """The backup that goes before a migration, when there is something to lose."""
    made = backups.before_migrating(
        settings().database_url, settings().backup_folder, now=clock.now(), programs=settings().postgres_bin
    )
    if made:
        _say(f"A backup was made first: {made.path}.")


def in_brief(backup: Backup) -> dict[str, Any]:
    """A row for people."""
    return {
        "file": backup.path.name,
        "of": _when(backup),
        "why": backup.reason,
        "schema": backup.schema,
        "rows": sum(backup.counts.values()),
        "size": f"{backup.size / 1e6:.1f} MB",
    }


def in_full(backup: Backup) -> dict[str, Any]:
    """The same for machines, with every count and the fingerprint."""
    facts = ("path", "kind", "made_at", "reason", "schema", "size", "sha256", "counts")
    return {name: getattr(backup, name) for name in facts}


def _when(backup: Backup) -> str:
    return f"{backup.made_at.astimezone(clock.AMSTERDAM):%Y-%m-%d %H:%M}"


def _say(sentence: str) -> None:
    if sentence:
        screen.print(sentence, soft_wrap=True, markup=False, highlight=False)
