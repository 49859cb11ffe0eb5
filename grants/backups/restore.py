# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Putting a backup back: proved first, the present kept, and nothing sent before someone looked."""

import shutil
import sqlite3
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import insert, select, update
from sqlalchemy.engine import make_url

from grants import schema
from grants.auditing import note
from grants.backups import lite, postgres
from grants.backups.kept import Backup, BackupError, sha256
from grants.backups.make import back_up
from models.calendar import CalendarEvent
from models.restoration import Restoration
from models.session import opened, transactions

LEAP = 1000  # sequences of calendars: what was given out since the backup must not be thought the newer one


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back, and where what was there before is."""

    backup: Backup
    before: Backup | None = None  # a backup of what was there
    damaged: tuple[Path, ...] = ()  # or its files as they were, when no backup could be made of them
    steps: tuple[str, ...] = ()  # by which the schema was brought up to date


def prove(backup: Backup, *, url: str, programs: Path | None = None) -> None:
    """Make sure that a backup is what its manifest says, and can be put in this database's place.

    Raises:
        BackupError: it is not, or cannot.
    """
    ours = make_url(url).get_backend_name()
    if backup.kind != ours:
        raise BackupError(f"{backup.path.name} is a backup of {backup.kind}; this database is {ours}.")
    if sha256(backup.path) != backup.sha256:
        raise BackupError(
            f"{backup.path.name} is not what its manifest says (sha256): it was damaged or changed."
        )
    if not schema.known(backup.schema):
        sentence = (
            f"{backup.path.name} has schema {backup.schema or '(none)'}, which this program does not know."
        )
        raise BackupError(sentence)
    if ours == "sqlite":
        lite.look(backup.path)
    else:
        postgres.look(backup.path, programs)


def restore(  # noqa: PLR0913 - what, where, by whom and when, each by name
    url: str, backup: Backup, *, folder: Path, actor: str, now: datetime, programs: Path | None = None
) -> Restored:
    """Put a backup in the database's place, bring its schema up to date and have the outbox wait.

    Args:
        url: the database.
        backup: what to put back.
        folder: where the present is kept.
        actor: who does it.
        now: the moment.
        programs: the folder of PostgreSQL's programs.

    Raises:
        BackupError: it is not proved, somebody uses the database, or the present cannot be kept.
    """
    prove(backup, url=url, programs=programs)
    row = Restoration(at=now, actor=actor, file=backup.path.name, made_at=backup.made_at)
    if backup.kind == "sqlite":
        return _sqlite(lite.file_of(url), backup, row, folder)
    postgres.idle(url)
    before = back_up(url, folder, reason="restore", now=now, programs=programs)
    waits = postgres.pause(row.at, row.actor, row.file, row.made_at)
    postgres.replace(url, backup.path, programs, pause=waits)
    return Restored(backup, before, steps=_made_ready(url, row))


def _sqlite(file: Path, backup: Backup, row: Restoration, folder: Path) -> Restored:
    before, damaged = _present(file, folder, row.at)
    new = file.with_name(file.name + ".restoring")
    file.parent.mkdir(parents=True, exist_ok=True)
    for left in lite.parts(new):  # of a restore that broke off
        left.unlink()
    shutil.copyfile(backup.path, new)
    steps = _made_ready(f"sqlite:///{new}", row)
    if before:
        lite.closed(file)
    kept = tuple(folder / f"{one.name}.damaged-{row.at:%Y%m%d-%H%M%S}" for one in damaged)
    for one, to in zip(damaged, kept, strict=True):
        shutil.copyfile(one, to)
    for part in [one for one in damaged if one != file]:
        part.unlink()  # it would be taken for the new file's
    lite.replace(file, new)
    return Restored(backup, before, kept, steps)


def _present(file: Path, folder: Path, now: datetime) -> tuple[Backup | None, list[Path]]:
    """A backup of what is there now; its files themselves when it is damaged."""
    if not file.exists():
        return None, []
    try:
        lite.closed(file)
        lite.look(file)
    except lite.InUseError:
        raise
    except (sqlite3.DatabaseError, BackupError):
        folder.mkdir(parents=True, exist_ok=True)
        return None, lite.parts(file)
    return back_up(f"sqlite:///{file}", folder, reason="restore", now=now), []


def _made_ready(url: str, row: Restoration) -> tuple[str, ...]:
    """Upgrade and pause in one transaction; then who did it."""
    told = {"file": row.file, "made_at": row.made_at.isoformat()}
    with opened(url) as engine:
        with engine.begin() as connection:
            steps = schema.upgrade(connection)
            there = connection.scalar(select(Restoration.id).where(Restoration.at == row.at))
            facts = {"at": row.at, "actor": row.actor, "file": row.file, "made_at": row.made_at}
            if there is None:  # PostgreSQL's own transaction had no place for it, or there was none
                connection.execute(insert(Restoration).values(**facts))
            connection.execute(update(CalendarEvent).values(sequence=CalendarEvent.sequence + LEAP))
        with transactions(engine)() as session:
            note(
                session, at=row.at, actor=row.actor, action="restored", subject="database", subject_id=0,
                facts=told,
            )  # fmt: skip
    return tuple(steps)
