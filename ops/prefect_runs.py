# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Ask Prefect how its runs are doing, by its HTTP API; that it does not answer is an answer."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from config.settings import Settings
from grants.watch import Sign
from ops.runs import access, said

DAY: Final = timedelta(days=1)
SOON: Final = 2.0  # seconds: a page waits for it


@dataclass(frozen=True, slots=True)
class PrefectSays:
    """How many runs failed or crashed in the last day, and how many wait though their time came."""

    reachable: bool
    crashed: int = 0
    waiting: int = 0

    @property
    def signs(self) -> list[Sign]:
        """What of it is red."""
        if not self.reachable:
            return [Sign("prefect", "#runs")]
        counted = {"crashed": self.crashed, "waiting": self.waiting}
        return [Sign(code, "#runs", count=count) for code, count in counted.items() if count]


AskPrefect = Callable[[datetime], PrefectSays]
"""Asks at a moment; never raises."""


def asker(settings: Settings) -> AskPrefect:
    """What asks the Prefect of these settings."""
    api, headers = access(settings)

    def ask(now: datetime) -> PrefectSays:
        client = secrets.token_hex(16)
        failed = {"type": {"any_": ["FAILED", "CRASHED"]}}
        since = {"after_": (now - DAY).isoformat()}
        try:
            token = said(api, f"/csrf-token?client={client}", headers, seconds=SOON)["token"]
            own = {**headers, "Prefect-Csrf-Client": client, "Prefect-Csrf-Token": token}

            def count(**runs: Any) -> int:
                return int(said(api, "/flow_runs/count", own, {"flow_runs": runs}, seconds=SOON))

            late = count(state={"name": {"any_": ["Late"]}})
            return PrefectSays(True, count(state=failed, start_time=since), late)
        except (OSError, ValueError, LookupError, TypeError):
            return PrefectSays(False)

    return ask
