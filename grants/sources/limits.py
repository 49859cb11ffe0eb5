# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""How much one request may cost, in time and in bytes."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one request may cost.

    Args:
        total: seconds for the whole request, redirects and body included; waiting for one's turn is free.
        connect: seconds for finding and reaching one host.
        body: bytes after decompression.
        redirects: how many are followed.
    """

    total: float = 30.0
    connect: float = 10.0
    body: int = 15 * 1024 * 1024
    redirects: int = 5


USUAL = Limits()
BULK = Limits(total=600.0, body=300 * 1024 * 1024)  # of a request that says it is large
