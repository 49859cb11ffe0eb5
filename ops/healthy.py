# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Whether a part of the office on this machine is well, for a health check: `-m ops.healthy PORT [PATH]`."""

import sys

from ops.supervisor import answers


def main() -> int:
    """0 when it answers, 1 when not."""
    port, path = (*sys.argv[1:], "/health")[:2]
    return 0 if answers(f"http://127.0.0.1:{int(port)}{path}") else 1


if __name__ == "__main__":
    sys.exit(main())
