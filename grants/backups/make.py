# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Making a backup: consistent under writers, proved before it counts, whole or absent."""

import fcntl
import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from grants import schema
from grants.backups import lite, postgres
from grants.backups.kept import (
    ENDINGS,
    OURS,
    PARTIAL,
    Backup,
    BackupError,
    Reason,
    kept,
    manifest_of,
    sha256,
    write_manifest,
)
from grants.backups.scheme import superfluous
from grants.disk import on_disk

HALF: Final = re.compile(rf"(?P<copy>{OURS.pattern})(\.json)?(?P<partial>{re.escape(PARTIAL)}(-journal)?)?")


def back_up(url: str, folder: Path, *, reason: Reason, now: datetime, programs: Path | None = None) -> Backup:
    """Make one, prove it, and let go of those the scheme no longer keeps.

    Args:
        url: the database.
        folder: where backups are kept.
        reason: why it is made.
        now: the moment.
        programs: the folder of PostgreSQL's programs; those on the path without it.

    Raises:
        BackupError: it could not be made; earlier ones are as they were.
    """
    kind = make_url(url).get_backend_name()
    path = folder / f"pijplijn-{now:%Y%m%d-%H%M%S}-{now.microsecond // 1000:03}.{ENDINGS[kind]}"
    partial = path.with_name(path.name + PARTIAL)
    with _in_words(folder), _alone(folder):
        try:
            if kind == "sqlite":
                found = lite.copy(lite.file_of(url), partial)
            else:
                found = postgres.dump(url, partial, programs)
            on_disk(partial)
            size = partial.stat().st_size
            backup = Backup(path, kind, now, reason, found.schema, size, sha256(partial), found.counts)
            write_manifest(backup)
            partial.rename(path)
            on_disk(folder)
        finally:
            _clear(folder)
        for old in superfluous(kept(folder), now=now):
            old.path.unlink()
            manifest_of(old.path).unlink()
    return backup


def before_migrating(url: str, folder: Path, *, now: datetime, programs: Path | None = None) -> Backup | None:
    """A backup when there is a schema that a migration would change; raises BackupError."""
    if not schema.outdated(url):
        return None
    return back_up(url, folder, reason="migration", now=now, programs=programs)


def _clear(folder: Path) -> None:
    """Take away what a backup that broke off left: no other is at work, and none of it counts."""
    for file in folder.iterdir():
        found = HALF.fullmatch(file.name)
        if found and (found["partial"] or not (folder / found["copy"]).exists()):
            file.unlink()


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One backup at a time in a folder: a second waits its turn."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        _clear(folder)
        yield


@contextmanager
def _in_words(folder: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, sqlite3.Error, DBAPIError) as error:
        why = getattr(error, "strerror", None) or getattr(error, "orig", error)
        sentence = f"No backup was made in {folder} ({why}). Is the disk full, or the folder not ours?"
        raise BackupError(f"{sentence} {_left(folder)}") from error


def _left(folder: Path) -> str:
    there = kept(folder)
    if not there:
        return "There is no earlier one."
    return (
        f"The last good one is {there[-1].path.name}; it and {len(there) - 1} earlier ones are as they were."
    )
