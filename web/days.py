# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Days before a date as a form says them, "30, 14, 7", and back."""

import re
from collections.abc import Iterable
from typing import Any, Final

from grants.reminders import FURTHEST, MOST

DAYS: Final = re.compile(r"\d{1,3}(?:[ ,;]+\d{1,3})*")


def read_days(text: str) -> list[int]:
    """Each once, the furthest first. Raises ValueError on what is no list of days, or too long a one."""
    if not DAYS.fullmatch(text):
        raise ValueError(text)
    days = sorted({int(one) for one in re.findall(r"\d+", text)}, reverse=True)
    if len(days) > MOST or days[0] > FURTHEST:
        raise ValueError(text)
    return days


def say_days(days: Iterable[Any]) -> str:
    """As people type them."""
    return ", ".join(str(one) for one in days)
