# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Our own errors, each worded for a colleague."""

from enum import StrEnum


class PijplijnError(Exception):
    """Something a colleague must read; str() is the whole sentence, in English."""


class MissingError(PijplijnError):
    """There is no such thing, or none that this colleague may know of."""


class FaultKind(StrEnum):
    """What went wrong with a source: tells the source page, and whether a retry can help."""

    NETWORK = "network"  # no answer, cut short, too slow: temporary
    BUSY = "busy"  # 429 or 503: temporary, and the source says when
    REFUSED = "refused"  # 401, 403: a key or a permission is missing
    MISSING = "missing"  # 404, 410: the address is wrong by now
    BROKEN = "broken"  # 5xx, or an answer that is not what the source promises
    UNSAFE = "unsafe"  # a private address, a bomb, too large, too slow to parse


TEMPORARY = frozenset({FaultKind.NETWORK, FaultKind.BUSY, FaultKind.BROKEN})


class SourceError(PijplijnError):
    """One source could not be read; the others go on.

    Args:
        sentence: what happened and where, complete without the source's name.
        kind: the sort of fault.
        retry_after: seconds the source asked us to wait, when it said so.
    """

    def __init__(self, sentence: str, *, kind: FaultKind, retry_after: float | None = None) -> None:
        super().__init__(sentence)
        self.kind = kind
        self.retry_after = retry_after

    @property
    def temporary(self) -> bool:
        """Whether the same request may succeed later."""
        return self.kind in TEMPORARY
