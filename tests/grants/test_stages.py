# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

import pytest

from grants.errors import PijplijnError
from grants.stages import BEFORE_SUBMISSION, ENDED, MOVES, check_move, ways
from models.application import Stage


def test_every_stage_has_its_ways_and_none_leads_to_itself() -> None:
    assert set(MOVES) == set(Stage)
    assert not [stage for stage, ways in MOVES.items() if stage in ways]


def test_every_stage_can_be_reached_from_an_idea() -> None:
    reached, waiting = set(), [Stage.IDEA]
    while waiting:
        stage = waiting.pop()
        if stage not in reached:
            reached.add(stage)
            waiting += MOVES[stage]
    assert reached == set(Stage)


def test_what_was_not_submitted_is_never_awarded_in_one_step() -> None:
    assert not [stage for stage in BEFORE_SUBMISSION if MOVES[stage] & {Stage.AWARDED, Stage.REJECTED}]


def test_a_refused_move_names_the_ways_that_are_open() -> None:
    with pytest.raises(PijplijnError) as refusal:
        check_move(Stage.IDEA, Stage.AWARDED)
    assert str(refusal.value) == (
        "An application cannot go from idea to awarded; from idea it can go to deciding, exploring, withdrawn."
    )


def test_what_is_settled_goes_nowhere() -> None:
    assert Stage.SETTLED in ENDED
    with pytest.raises(PijplijnError, match="nowhere: it is settled"):
        check_move(Stage.SETTLED, Stage.RUNNING)


def test_the_ways_on_come_before_the_ways_back() -> None:
    assert ways(Stage.PREPARING) == (Stage.SUBMITTED, Stage.WITHDRAWN, Stage.DECIDING)
    assert ways(Stage.REJECTED) == (Stage.IDEA,)
    assert ways(Stage.SETTLED) == ()
