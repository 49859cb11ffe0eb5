# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""What else a list of calls is narrowed to: programme, language, dates, budget, who can apply."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import ColumnElement, Subquery

from models.call import Call


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What a call must be; what is empty narrows nothing.

    Args:
        programme: words that stand in the name of its programme.
        language: the two letters of the language it is in.
        within: it closes today or in at most so many days.
        budget: there is at least so much, in euros.
        able: a municipality can apply, as far as the call says; the others are counted as hidden.
    """

    programme: str = ""
    language: str = ""
    within: int | None = None
    budget: Decimal | None = None
    able: bool = False

    def criteria(self, dates: Subquery, today: date) -> list[ColumnElement[bool]]:
        """As conditions on calls, and on their dates; grants.queries.lists asks who is able, and counts."""
        found: list[ColumnElement[bool]] = []
        if self.programme:
            found.append(Call.programme.icontains(self.programme.replace("\0", " ").strip(), autoescape=True))
        if self.language:
            found.append(Call.language == self.language)
        if self.within is not None:
            found.append(dates.c.next <= today + timedelta(days=self.within))
        if self.budget is not None:
            found.append(Call.budget >= self.budget)
        return found


NARROWED_BY_NOTHING = Narrowing()
