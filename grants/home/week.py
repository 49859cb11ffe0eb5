# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""All that the home page tells one colleague, in a fixed number of statements."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from grants import queries
from grants.clock import local_day
from grants.home.closing import closing
from grants.home.dates import late, near
from grants.home.decisions import deciding, relevant, reopened, unjudged
from grants.home.duties import Duties, together
from grants.home.news import Mention, followed, mentions
from grants.looks import open_looks
from grants.queries import SourceHealth, SourceState
from models.application import Application
from models.call import Call, CallChange
from models.colleague import Colleague

RED: Final = frozenset({SourceState.FAILING, SourceState.OVERDUE, SourceState.HELD, SourceState.DRIFTING})
"""The states of a source that keep us from hearing of calls."""
LOOKS: Final = 99  # counted; more are "more"


@dataclass(frozen=True, slots=True)
class Week:
    """What a colleague must do this week.

    Args:
        late: dates that passed.
        mine: dates in the next two weeks of what this colleague works on.
        others: the other dates of the office.
        relevant: calls found relevant, without a go or no-go.
        reopened: calls of a no-go whose deadline was extended since.
        deciding: applications that wait for a go or no-go.
        mentions: what others said to this colleague, without an answer.
        followed: followed calls that changed.
        unjudged: how many matching calls nobody has judged.
        looks: how many watched pages wait for a look.
        sources: those that keep us from hearing of calls.
    """

    late: Duties
    mine: Duties
    others: Duties
    relevant: list[Call]
    reopened: list[Call]
    deciding: list[Application]
    mentions: list[Mention]
    followed: list[CallChange]
    unjudged: int
    looks: int
    sources: list[SourceHealth]

    @property
    def free(self) -> bool:
        """Whether nothing at all asks for this colleague."""
        dates = self.late.total + self.mine.total + self.others.total + self.unjudged + self.looks
        lists = (self.relevant, self.reopened, self.deciding, self.mentions, self.followed, self.sources)
        return not dates and not any(lists)


def week(session: Session, me: Colleague, *, now: datetime) -> Week:
    """What this colleague must do this week, as things stand now."""
    today = local_day(now)
    mine, others = (
        together(
            near(session, me, today, mine=is_mine),
            closing(session, me, today, mine=is_mine),
        )
        for is_mine in (True, False)
    )
    return Week(
        late=late(session, me, today),
        mine=mine,
        others=others,
        relevant=relevant(session, me, today),
        reopened=reopened(session, me, today),
        deciding=deciding(session, me),
        mentions=mentions(session, me, now),
        followed=followed(session, me),
        unjudged=unjudged(session, me, today),
        looks=len(open_looks(session, limit=LOOKS)),
        sources=[one for one in queries.sources(session, now) if one.state in RED],
    )
