# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Counts as a small drawing; the table beside it says the same in words."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT, EDGE = 600, 80, 6  # in the units of the drawing, which is stretched to its place


@dataclass(frozen=True, slots=True)
class Mark:
    """Where one run stands; `known` is whether it has a count, else it stands on the floor."""

    x: float
    y: float
    known: bool


def marks(counts: Sequence[int | None]) -> list[Mark]:
    """A mark for each count from left to right; zero is the floor, so that a fall looks as deep as it is."""
    most = max((count for count in counts if count), default=1)
    step = (WIDTH - 2 * EDGE) / max(1, len(counts) - 1)
    return [
        Mark(round(EDGE + at * step, 1), round(HEIGHT - EDGE - _part(count, most), 1), count is not None)
        for at, count in enumerate(counts)
    ]


def _part(count: int | None, most: int) -> float:
    return (count or 0) / most * (HEIGHT - 2 * EDGE)
