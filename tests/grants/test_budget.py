# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

from decimal import Decimal

import pytest

from grants.budget import Finding, Gap, findings


@pytest.mark.parametrize(
    ("total", "grant", "contributions", "shares", "found"),
    [
        (None, None, [], [], []),
        (None, Decimal(50), [Decimal(10)], [None], []),
        (Decimal(100), Decimal(60), [Decimal(30), Decimal(10)], [Decimal(60), Decimal(40)], []),
        (Decimal(100), Decimal(60), [Decimal(30)], [], [Finding(Gap.SHORT, Decimal(90), Decimal(100))]),
        (Decimal(100), None, [], [], [Finding(Gap.SHORT, Decimal(0), Decimal(100))]),
        (
            Decimal(100),
            Decimal(60),
            [Decimal("40.01")],
            [],
            [Finding(Gap.OVER, Decimal("100.01"), Decimal(100))],
        ),
        (
            None,
            None,
            [],
            [Decimal("33.33"), Decimal("33.33"), None, Decimal("33.33")],
            [Finding(Gap.SHARES, Decimal("99.99"), Decimal(100))],
        ),
    ],
)
def test_a_budget_says_what_does_not_add_up(
    total: Decimal | None,
    grant: Decimal | None,
    contributions: list[Decimal],
    shares: list[Decimal | None],
    found: list[Finding],
) -> None:
    assert findings(total, grant, contributions, shares) == found


def test_a_finding_knows_how_much_is_missing_or_too_much() -> None:
    assert Finding(Gap.SHORT, Decimal(90), Decimal(100)).difference == Decimal(10)
    assert Finding(Gap.OVER, Decimal("100.01"), Decimal(100)).difference == Decimal("0.01")
