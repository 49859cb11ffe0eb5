# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Which backups are kept: the newest of each of the last 48 hours, 30 days and 12 months that have one."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from grants.backups.kept import Backup
from grants.clock import local_day

SCHEME: Final[tuple[tuple[int, Callable[[datetime], Any]], ...]] = (
    (48, lambda at: at.replace(minute=0, second=0, microsecond=0)),
    (30, local_day),
    (12, lambda at: (local_day(at).year, local_day(at).month)),
)
UNUSUAL: Final = timedelta(days=30)  # made before a migration or a restore, or by hand


def superfluous(backups: Sequence[Backup], *, now: datetime) -> list[Backup]:
    """Those that the scheme lets go; of each kind of database the newest is never among them."""
    kinds = {one.kind for one in backups}
    keep = {path for kind in kinds for path in _wanted([one for one in backups if one.kind == kind])}
    recent = {one.path for one in backups if one.reason != "hourly" and now - one.made_at <= UNUSUAL}
    return [one for one in backups if one.path not in keep | recent]


def _wanted(backups: Sequence[Backup]) -> set[Any]:
    newest_first = sorted(backups, key=lambda one: one.made_at, reverse=True)
    wanted = {newest_first[0].path}
    for count, span in SCHEME:
        first: dict[Any, Any] = {}
        for one in newest_first:
            first.setdefault(span(one.made_at), one.path)
        wanted |= {*list(first.values())[:count]}
    return wanted
