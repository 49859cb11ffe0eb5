# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""A SQLite file: copied under writers, looked through, and replaced while nobody has it open."""

import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from sqlalchemy.engine import make_url

from grants.backups.kept import BackupError, Contents, contents
from grants.disk import on_disk


class InUseError(BackupError):
    """Somebody has the file open."""


def file_of(url: str) -> Path:
    """The file of a database address. Raises BackupError."""
    name = make_url(url).database
    if not name or name == ":memory:":
        raise BackupError("A database in memory has no file: there is nothing to back up.")
    return Path(name)


def copy(file: Path, to: Path) -> Contents:
    """As it was at one moment, whoever writes meanwhile; raises BackupError and sqlite3.Error."""
    if not file.is_file():
        raise BackupError(f"There is no database {file}: nothing was backed up.")
    with closing(_opened(file, "mode=rw")) as live:
        live.execute("VACUUM INTO ?", (str(to),))
    return look(to)


def look(file: Path) -> Contents:
    """What a file that nobody writes holds, once SQLite says that it is sound. Raises BackupError."""
    with closing(_opened(file, "mode=ro&immutable=1")) as copied:
        try:
            found = [one for (one,) in copied.execute("PRAGMA integrity_check(3)")]
            loose = copied.execute("PRAGMA foreign_key_check").fetchmany(3)
            tables = {
                name for (name,) in copied.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
            }
        except sqlite3.DatabaseError as error:
            raise BackupError(f"{file.name} is no sound SQLite file: {error}.") from error
        if found != ["ok"] or loose:
            raise BackupError(
                f"{file.name} is no sound SQLite file: {'; '.join(map(str, [*found, *loose]))}."
            )
        return contents(tables, lambda question: copied.execute(question).fetchone()[0])


def closed(file: Path) -> None:
    """Make sure that nobody has a file open, and that all of it is in the one file.

    Raises:
        InUseError: somebody has.
        sqlite3.DatabaseError: it is damaged.
    """
    with closing(_opened(file, "mode=rw", seconds=1)) as alone:
        try:
            alone.execute("PRAGMA locking_mode = EXCLUSIVE")
            alone.execute("PRAGMA journal_mode = DELETE")
        except sqlite3.OperationalError as error:
            sentence = (
                f"{file} is in use: stop the office first (Ctrl-C, or systemctl stop). Nothing was changed."
            )
            raise InUseError(sentence) from error


def replace(file: Path, by: Path) -> None:
    """Put a finished file in the place of another by one rename."""
    on_disk(by)
    by.rename(file)
    on_disk(file.parent)


def parts(file: Path) -> list[Path]:
    """A file and the ones that SQLite keeps beside it while it is open."""
    return [one for end in ("", "-wal", "-shm") if (one := file.with_name(file.name + end)).exists()]


def _opened(file: Path, how: str, *, seconds: float = 30) -> sqlite3.Connection:
    place = f"file:{quote(str(file.absolute()))}?{how}"
    return sqlite3.connect(place, uri=True, isolation_level=None, timeout=seconds)
