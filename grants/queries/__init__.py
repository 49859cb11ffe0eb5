# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""What the pages and the command line show."""

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from grants.queries.health import FINE as FINE
from grants.queries.health import SourceHealth as SourceHealth
from grants.queries.health import SourceState as SourceState
from grants.queries.health import sources as sources
from grants.queries.letters import STUCK as STUCK
from grants.queries.letters import MessageLine as MessageLine
from grants.queries.letters import messages as messages
from grants.queries.lists import CallLine as CallLine
from grants.queries.lists import CallPage as CallPage
from grants.queries.lists import Order as Order
from grants.queries.lists import as_row as as_row
from grants.queries.lists import call as call
from grants.queries.lists import calls as calls
from grants.queries.lists import themes as themes
from grants.queries.rounds import Kept as Kept
from grants.queries.rounds import RoundLine as RoundLine
from grants.queries.rounds import Rounds as Rounds
from grants.queries.rounds import kept as kept
from grants.queries.rounds import kept_sources as kept_sources
from grants.queries.rounds import rounds as rounds
from models.office import Office
from models.session import Begin


def reachable(look: Begin) -> bool:
    """Whether the database answers."""
    try:
        with look() as session:
            return session.scalar(select(1)) == 1
    except SQLAlchemyError:
        return False


def offices(session: Session) -> list[Office]:
    """Every office, the first one seeded first."""
    return list(session.scalars(select(Office).order_by(Office.id)))
