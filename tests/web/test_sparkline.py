# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

import pytest

from web.sparkline import Mark, marks


@pytest.mark.parametrize(
    ("counts", "drawn"),
    [
        ([], []),
        ([None], [Mark(6.0, 74.0, known=False)]),
        ([0, 0], [Mark(6.0, 74.0, known=True), Mark(594.0, 74.0, known=True)]),
        (
            [100, None, 50],
            [Mark(6.0, 6.0, known=True), Mark(300.0, 74.0, known=False), Mark(594.0, 40.0, known=True)],
        ),
    ],
)
def test_counts_stand_from_left_to_right_on_a_floor_of_zero(
    counts: list[int | None], drawn: list[Mark]
) -> None:
    assert marks(counts) == drawn
