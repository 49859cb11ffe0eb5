# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The TOOI lists of Dutch government: a theme may carry addresses of what it stands for there.

    https://identifier.overheid.nl/tooi/def/thes/top/c_1234abcd

They are held to their form. Nobody looks whether they exist: that would take the network.
"""

import re
from typing import Final

MOST_ADDRESSES: Final = 20  # of one theme
_ADDRESS: Final = re.compile(r"https://identifier\.overheid\.nl/tooi/[a-z]+(?:/[A-Za-z0-9_.-]{1,80}){1,6}")


def is_address(told: object) -> bool:
    """Whether it has the form of an address in the TOOI lists."""
    return isinstance(told, str) and _ADDRESS.fullmatch(told) is not None
