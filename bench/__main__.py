# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Every measurement, one after the other: `make bench`."""

import sys

from bench import matching

if __name__ == "__main__":
    sys.exit(matching.main())
