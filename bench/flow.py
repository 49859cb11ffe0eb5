# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""One process of the harvest through Prefect, for bench/harvest.py: prints the seconds of each pass as JSON.

PREFECT_API_URL and the settings come from the environment. The database has no themes: there is nothing to match.
"""

import json
import sys
import time

from bench.harvest import COLD, SAME_304, wake
from flows.harvest import harvest_calls


def main() -> int:
    """Two runs of the flow, one after the other."""
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
