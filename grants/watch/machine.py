# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""What this machine can tell without the database: room on its disks, the last backup, the last drill."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from config.settings import Settings
from grants.backups import Backup, BackupError, LastDrill, last_drill, newest


@dataclass(frozen=True, slots=True)
class Room:
    """A disk: what is free of it, in bytes."""

    free: int
    total: int


@dataclass(frozen=True, slots=True)
class Machine:
    """The disks by what is on them, and the backups that can be seen from here."""

    disks: Mapping[str, Room]
    backup: Backup | None
    drill: LastDrill | None


def machine(settings: Settings) -> Machine:
    """Look around; a disk that cannot be asked is left out."""
    places = {"data": settings.data_dir, "backups": settings.backup_folder}
    rooms = {name: _room(folder) for name, folder in places.items()}
    folder = settings.backup_folder
    try:
        backup = newest(folder)
    except (BackupError, OSError):  # it cannot be seen from here, or its manifest is broken: there is none
        backup = None
    return Machine({name: room for name, room in rooms.items() if room}, backup, last_drill(folder))


def _room(folder: Path) -> Room | None:
    there = next((one for one in (folder, *folder.absolute().parents) if one.is_dir()), None)
    if there is None:
        return None
    try:
        used = shutil.disk_usage(there)
    except OSError:
        return None
    return Room(used.free, used.total)
