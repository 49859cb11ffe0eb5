# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The drill: the newest backup put back in a scratch place, counted, upgraded and read."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from sqlalchemy.engine import make_url

from grants import schema
from grants.auditing import verify
from grants.backups import lite, postgres
from grants.backups.kept import Backup, BackupError, Contents, kept
from grants.backups.restore import prove
from models.session import opened, transactions

NOTE: Final = "last-drill.json"


@dataclass(frozen=True, slots=True)
class Drilled:
    """A backup that was put back and holds what it should."""

    backup: Backup
    rows: int
    steps: tuple[str, ...]  # by which its schema was brought up to date
    audit: str


@dataclass(frozen=True, slots=True)
class LastDrill:
    """The last drill that went well."""

    at: datetime
    file: str
    rows: int


def drill(url: str, folder: Path, *, now: datetime, programs: Path | None = None) -> Drilled:
    """Put the newest backup back beside the database and see that every row is there.

    Args:
        url: the database; it is left alone.
        folder: where backups are kept.
        now: the moment, which names the scratch database.
        programs: the folder of PostgreSQL's programs.

    Raises:
        BackupError: there is none, or it does not hold what its manifest says.
    """
    kind = make_url(url).get_backend_name()
    backup = next((one for one in reversed(kept(folder)) if one.kind == kind), None)
    if backup is None:
        raise BackupError(f"There is no backup of {kind} in {folder}: make one with manage.py backup.")
    prove(backup, url=url, programs=programs)
    with _put_back(url, backup, now, programs) as (place, found):
        if found != Contents(backup.schema, backup.counts):
            raise BackupError(
                f"{backup.path.name} holds other rows than its manifest says: {_apart(backup, found)}."
            )
        steps = schema.migrate(place)
        with opened(place) as engine, transactions(engine)() as session:
            verdict = verify(session)
    if verdict.why:
        raise BackupError(verdict.sentence)
    rows = sum(found.counts.values())
    _note(folder, LastDrill(now, backup.path.name, rows))
    return Drilled(backup, rows, tuple(steps), verdict.sentence)


def last_drill(folder: Path) -> LastDrill | None:
    """The last one that went well, as it was noted beside the backups."""
    try:
        said = json.loads((folder / NOTE).read_text())
        return LastDrill(datetime.fromisoformat(said["at"]), str(said["file"]), int(said["rows"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _note(folder: Path, done: LastDrill) -> None:
    partial = folder / f"{NOTE}.new"
    partial.write_text(json.dumps({"at": done.at.isoformat(), "file": done.file, "rows": done.rows}) + "\n")
    partial.rename(folder / NOTE)


@contextmanager
def _put_back(
    url: str, backup: Backup, now: datetime, programs: Path | None
) -> Iterator[tuple[str, Contents]]:
    if backup.kind == "sqlite":
        with TemporaryDirectory(prefix="pijplijn-drill-") as folder:
            copied = Path(shutil.copyfile(backup.path, Path(folder) / "drill.db"))
            yield f"sqlite:///{copied}", lite.look(copied)
        return
    name = f"pijplijn_drill_{now:%Y%m%d%H%M%S%f}"
    with postgres.scratch(url, backup.path, programs, name=name) as place:
        yield place, postgres.holds(place)


def _apart(backup: Backup, found: Contents) -> str:
    tables = sorted({*backup.counts, *found.counts})
    pairs = [(name, backup.counts.get(name), found.counts.get(name)) for name in tables]
    return ", ".join(f"{name} {there} instead of {said}" for name, said, there in pairs if said != there)
