# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Whether this process can answer people: its database, at the schema it wants, and a disk to write on."""

import shutil
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import Final

from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from config.settings import Settings
from grants import schema
from models.session import Begin

ROOM: Final = 100 * 2**20  # bytes without which nothing is promised


@dataclass(frozen=True, slots=True)
class Readiness:
    """What is asked of, each in a word, and a sentence for whoever must act; empty when all is well."""

    database: str
    schema: str
    disk: str
    sentence: str = ""

    @property
    def ready(self) -> bool:
        """Whether all is well."""
        return not self.sentence


def readiness(look: Begin, settings: Settings) -> Readiness:
    """Ask the database and the disk, now."""
    disk, full = _disk(_folder(settings))
    try:
        with look() as session:
            found, wanted = schema.current(session.connection()), schema.wanted()
    except SQLAlchemyError:
        return Readiness("unreachable", "unknown", disk, "The database does not answer.")
    if found != wanted:
        sentence = (
            f"The database has schema {found or 'none'}, this program wants {wanted}: run manage.py migrate."
        )
        return Readiness("reachable", "other", disk, sentence)
    return Readiness("reachable", "right", disk, full)


def _folder(settings: Settings) -> Path | None:
    """Where this process writes: beside a SQLite file, else its data folder when it has one."""
    address = make_url(settings.database_url)
    if address.get_backend_name() == "sqlite" and address.database:
        return Path(address.database).absolute().parent
    return settings.data_dir if settings.data_dir.is_dir() else None


def _disk(folder: Path | None) -> tuple[str, str]:
    if folder is None:
        return "none", ""
    try:
        with TemporaryFile(dir=folder, buffering=0) as tried:
            tried.write(b"ready?")
        free = shutil.disk_usage(folder).free
    except OSError as error:
        return "unwritable", f"The data folder cannot be written: {error.strerror}."
    if free < ROOM:
        return "full", f"The disk of the data folder has {free // 2**20} MB left: make room."
    return "writable", ""
