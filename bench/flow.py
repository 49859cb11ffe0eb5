# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The harvest through Prefect, in a process of its own for bench/harvest.py: prints the seconds of each pass.

PREFECT_API_URL and the settings come from the environment. The database has no themes: nothing is matched.
"""

import json
import sys
import time

from prefect import flow

from bench.harvest import COLD, SAME_304, wake
from flows.harvest import harvest_calls


@flow
def nothing() -> None:
    """Lets Prefect import and connect before the clock starts."""


def main() -> int:
    """Two runs of the deployed flow, one after the other."""
    nothing()
    wake(2, b"<rss version='2.0'><channel><item><guid>1</guid></item></channel></rss>")
    seconds = {}
    for name in (COLD, SAME_304):
        started = time.perf_counter()
        harvest_calls()
        seconds[name] = time.perf_counter() - started
    print(json.dumps(seconds))
    return 0


if __name__ == "__main__":
    sys.exit(main())
