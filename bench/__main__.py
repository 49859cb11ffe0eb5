# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Every measurement, one after the other: `make bench`; one of them: `python -m bench harvest`."""

import sys
from importlib import import_module

MEASUREMENTS = ("machine", "matching", "scale", "upserts", "harvest", "mail", "web", "digests")

if __name__ == "__main__":
    chosen = sys.argv[1:2] or MEASUREMENTS
    if not set(chosen) <= set(MEASUREMENTS):
        sys.exit(f"There is no measurement {chosen[0]}; there are {', '.join(MEASUREMENTS)}.")
    del sys.argv[1:2]  # what is left is for the measurement
    sys.exit(max(import_module(f"bench.{name}").main() for name in chosen))
