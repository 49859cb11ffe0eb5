# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Which way an application may go: the practice of Interreg and Dutch grants, as a table."""

from functools import cache

from grants.errors import PijplijnError
from models.application import Stage

S = Stage
SUBMISSION = "submission"  # the kind of milestone that a submission fulfils
INTERNAL = "internal"  # of one that is no business of others
BEFORE_SUBMISSION = frozenset({S.IDEA, S.EXPLORING, S.DECIDING, S.PREPARING})
ENDED = frozenset({S.SETTLED, S.REJECTED, S.WITHDRAWN})
NEEDS_REASON = frozenset(
    {S.REJECTED, S.WITHDRAWN}
)  # a colleague who reads it later asks why; a no-go is among them
MOVES: dict[Stage, frozenset[Stage]] = {
    S.IDEA: frozenset({S.EXPLORING, S.DECIDING, S.WITHDRAWN}),
    S.EXPLORING: frozenset({S.IDEA, S.DECIDING, S.WITHDRAWN}),
    S.DECIDING: frozenset({S.EXPLORING, S.PREPARING, S.WITHDRAWN}),
    S.PREPARING: frozenset({S.DECIDING, S.SUBMITTED, S.WITHDRAWN}),
    S.SUBMITTED: frozenset({S.ADMISSIBLE, S.RETURNED, S.AWARDED, S.REJECTED, S.WITHDRAWN}),
    S.ADMISSIBLE: frozenset({S.RETURNED, S.AWARDED, S.REJECTED, S.WITHDRAWN}),
    S.RETURNED: frozenset({S.SUBMITTED, S.REJECTED, S.WITHDRAWN}),
    S.AWARDED: frozenset({S.CONTRACTED, S.RUNNING, S.WITHDRAWN}),
    S.CONTRACTED: frozenset({S.RUNNING, S.WITHDRAWN}),
    S.RUNNING: frozenset({S.REPORTING, S.SETTLEMENT_REQUESTED}),
    S.REPORTING: frozenset({S.RUNNING, S.SETTLEMENT_REQUESTED}),
    S.SETTLEMENT_REQUESTED: frozenset({S.REPORTING, S.SETTLED}),
    S.SETTLED: frozenset(),
    S.REJECTED: frozenset({S.IDEA}),
    S.WITHDRAWN: frozenset({S.IDEA}),
}


@cache
def ways(stage: Stage) -> tuple[Stage, ...]:
    """Where an application can go from here: onward first, the nearest first, then back."""
    order = list(Stage)
    here = order.index(stage)
    return tuple(sorted(MOVES[stage], key=lambda one: (order.index(one) < here, order.index(one))))


def check_move(before: Stage, after: Stage) -> None:
    """Raise PijplijnError, naming the ways that are open, unless the move is one of them."""
    if after not in MOVES[before]:
        ways = ", ".join(sorted(MOVES[before])) or "nowhere: it is settled"
        sentence = f"An application cannot go from {before} to {after}; from {before} it can go to {ways}."
        raise PijplijnError(sentence)
