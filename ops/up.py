# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The whole office on one machine: Prefect's server, a worker and the web, bound to loopback."""

import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from config.settings import Settings
from config.settings import settings as environment
from grants.errors import PijplijnError
from ops.roles import prefect_environment, schedules, server, web, worker
from ops.supervisor import Group, supervised

Tell = Callable[[str], None]


@contextmanager
def office(settings: Settings, *, tell: Tell) -> Iterator[Group]:
    """The running office; `tell` hears each step. Raises PijplijnError when a step fails."""
    started = time.monotonic()
    environment = prefect_environment(settings)
    with supervised(settings.running_folder, environment) as group:
        tell("The database is made ready …")
        group.run([sys.executable, "manage.py", "migrate"])
        group.run([sys.executable, "manage.py", "seed"])
        tell("Prefect's server starts (about 20 seconds the first time) …")
        group.start("server", server(settings))
        group.wait_for(f"{settings.prefect_api}/health", seconds=120)
        tell("The schedules are laid down …")
        group.run(schedules(settings))
        group.run([sys.executable, "flows/settle.py"])
        tell("The worker and the web pages start …")
        group.start("worker", worker(settings))
        counted = _emptied(settings.running_folder / "metrics")
        group.start("web", web(settings), PROMETHEUS_MULTIPROC_DIR=str(counted))
        group.wait_for(f"http://127.0.0.1:{settings.web_port}/ready", seconds=60)
        tell(f"The office is open at {settings.public_url} (after {time.monotonic() - started:.0f} s).")
        yield group


def _emptied(folder: Path) -> Path:
    """A folder without what earlier processes counted: a new start counts from nothing."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def main() -> None:
    """Open the office until a signal closes it; an error of ours is a sentence."""
    try:
        with office(environment(), tell=lambda step: print(step, flush=True)) as group:  # noqa: T201 - its steps
            print("Ctrl-C closes it.", flush=True)  # noqa: T201 - as above
            group.watch()
    except PijplijnError as error:
        sys.exit(str(error))
    print("The office is closed.")  # noqa: T201 - as above


if __name__ == "__main__":
    main()
