# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The backups in a folder: a copy of the database with, beside it, a manifest that says what it is.

A backup is there when both are: the manifest comes first, the copy under its own name last, by one rename.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final, Literal

from sqlalchemy.orm import Session

from grants.disk import on_disk
from grants.errors import PijplijnError
from models.base import Base

Reason = Literal["hourly", "hand", "migration", "restore"]
ENDINGS: Final = {"sqlite": "sqlite", "postgresql": "dump"}
OURS: Final = re.compile(r"pijplijn-\d{8}-\d{6}-\d{3}\.(sqlite|dump)")
PARTIAL: Final = ".partial"
PATIENCE: Final = timedelta(days=1)  # without a backup, before anyone hears of it


class BackupError(PijplijnError):
    """A backup could not be made, proved or put back; what was there is as it was."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What a database holds: its schema and how many rows each table of ours has."""

    schema: str
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Backup:
    """One backup, as its manifest tells of it."""

    path: Path
    kind: str  # sqlite or postgresql
    made_at: datetime
    reason: Reason
    schema: str
    size: int
    sha256: str
    counts: Mapping[str, int]


def contents(tables: set[str], scalar: Callable[[str], Any]) -> Contents:
    """Count by `scalar`, which answers one question in SQL."""
    known = sorted(tables & Base.metadata.tables.keys())
    counts = {name: int(scalar(f'SELECT count(*) FROM "{name}"')) for name in known}  # noqa: S608 - names of ours
    schema = scalar("SELECT version_num FROM alembic_version") if "alembic_version" in tables else ""
    return Contents(str(schema or ""), counts)


def manifest_of(path: Path) -> Path:
    """Where the manifest of a copy lies."""
    return path.with_name(path.name + ".json")


def kept(folder: Path) -> list[Backup]:
    """The backups in a folder, the oldest first; what is half there is none."""
    files = sorted(folder.iterdir()) if folder.is_dir() else []
    return [at(file) for file in files if OURS.fullmatch(file.name) and manifest_of(file).exists()]


def newest(folder: Path) -> Backup | None:
    """The last one made; their names are in order of time."""
    files = sorted(folder.iterdir(), reverse=True) if folder.is_dir() else []
    return next((at(one) for one in files if OURS.fullmatch(one.name) and manifest_of(one).exists()), None)


def at(path: Path) -> Backup:
    """The backup whose copy lies at this path. Raises BackupError."""
    manifest = manifest_of(path)
    if not path.is_file():
        raise BackupError(f"There is no backup {path}. manage.py backups lists those there are.")
    try:
        said = json.loads(manifest.read_text())
        return Backup(path=path, **said | {"made_at": datetime.fromisoformat(said["made_at"])})
    except (OSError, ValueError, KeyError, TypeError) as error:
        sentence = f"The manifest {manifest} is missing or broken: what {path.name} holds cannot be proved."
        raise BackupError(sentence) from error


def write_manifest(backup: Backup) -> None:
    """On the disk, by a rename, before the copy gets its name."""
    said = {name: value for name, value in asdict(backup).items() if name != "path"}
    file = manifest_of(backup.path)
    partial = file.with_name(file.name + PARTIAL)
    partial.write_text(json.dumps(said | {"made_at": backup.made_at.isoformat()}, indent=1) + "\n")
    on_disk(partial)
    partial.rename(file)


def sha256(path: Path) -> str:
    """The fingerprint of a file, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def overdue(folder: Path) -> Callable[[Session, datetime], Iterator[tuple[str, str]]]:
    """A watch of upkeep: whether the last backup is older than a day."""

    def watch(_session: Session, now: datetime) -> Iterator[tuple[str, str]]:
        last = max((one.made_at for one in kept(folder)), default=None)
        if last is None or now - last > PATIENCE:
            since = (
                "There is no backup yet"
                if last is None
                else f"The last backup is of {last:%Y-%m-%d %H:%M} UTC"
            )
            yield "backup", f"{since}: look at the runs of back-up in Prefect, and try manage.py backup."

    return watch
