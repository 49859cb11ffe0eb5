# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Whether a budget adds up: grant and co-financing to the total, the partners' shares to 100 percent."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Gap(StrEnum):
    """In what way a budget does not add up."""

    SHORT = "short"  # less than the total
    OVER = "over"  # more than the total
    SHARES = "shares"  # not 100 percent


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that does not add up.

    Args:
        gap: in what way.
        is_now: what it adds up to, in euros or percent.
        should_be: what it should add up to.
    """

    gap: Gap
    is_now: Decimal
    should_be: Decimal

    @property
    def difference(self) -> Decimal:
        """How much is missing or too much."""
        return abs(self.should_be - self.is_now)


def findings(
    total: Decimal | None,
    grant: Decimal | None,
    contributions: Iterable[Decimal],
    shares: Iterable[Decimal | None],
) -> list[Finding]:
    """What does not add up; nothing is found of what is not filled in yet.

    Args:
        total: the whole budget in euros.
        grant: what the funder gives, or else is asked for.
        contributions: what the parties bring beside the grant, in cash or in kind.
        shares: the partners' parts of the total in percent; None where none is agreed.
    """
    found = []
    financed = (grant or Decimal(0)) + sum(contributions, Decimal(0))
    if total is not None and financed != total:
        found.append(Finding(Gap.SHORT if financed < total else Gap.OVER, financed, total))
    agreed = [one for one in shares if one is not None]
    if agreed and sum(agreed) != Decimal(100):
        found.append(Finding(Gap.SHARES, sum(agreed, Decimal(0)), Decimal(100)))
    return found
