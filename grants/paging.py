# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""A long list is shown a page at a time."""


def pages_of(total: int, size: int) -> int:
    """How many pages of `size` lines a list of `total` has; an empty one has one."""
    return max(1, -(-total // size))
