# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The EU portal's budget overview: one JSON text that lists every topic of a call; we want our own line."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

CROWDED = Decimal("1.5")  # a pot this much larger than all its own grants together is not its own


@dataclass(frozen=True, slots=True)
class Budget:
    """What a topic's own line says; None where it says nothing or zero."""

    total: Decimal | None = None
    shared_by: int = 1
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    expected: int | None = None


def budget(overview: object, identifier: str) -> Budget:
    """The topic's own line(s), summed over budget years."""
    lines = list(_lines(overview))
    own = [line for line in lines if f"{line.get('action', '')} ".startswith(f"{identifier} ")]
    total = _sum(_total(line) for line in own)
    grants = int(sum(euros(line.get("expectedGrants")) or 0 for line in own)) or None
    minima = [amount for line in own if (amount := euros(line.get("minContribution")))]
    maxima = [amount for line in own if (amount := euros(line.get("maxContribution")))]
    maximum = max(maxima, default=None)
    alone = total is None or (grants and maximum and total <= CROWDED * grants * maximum)
    shared = 1 if alone else len({_topic(line) for line in lines if _total(line) == total})
    return Budget(total, max(shared, 1), min(minima, default=None), maximum, grants)


def euros(value: object) -> Decimal | None:
    """An amount from a number or a text; None when it is neither, or not above zero."""
    try:
        amount = Decimal(str(value).strip())
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and amount > 0 else None


def _lines(overview: object) -> Iterable[Mapping[str, Any]]:
    topics = overview.get("budgetTopicActionMap") if isinstance(overview, dict) else None
    for lines in topics.values() if isinstance(topics, dict) else ():
        yield from (line for line in lines if isinstance(line, dict)) if isinstance(lines, list) else ()


def _topic(line: Mapping[str, Any]) -> str:
    """The identifier in front of "<TOPIC-ID> - <type of action>"."""
    return str(line.get("action", "")).split(" ", 1)[0]


def _total(line: Mapping[str, Any]) -> Decimal | None:
    years = line.get("budgetYearMap")
    return _sum(euros(amount) for amount in years.values()) if isinstance(years, dict) else None


def _sum(amounts: Iterable[Decimal | None]) -> Decimal | None:
    return sum((amount for amount in amounts if amount), Decimal(0)) or None
