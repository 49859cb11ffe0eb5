# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Whatever happens in whatever order: nothing is missed, and nothing is said twice."""

from collections.abc import Callable, Collection
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from grants.reminders import due, letters
from grants.reminders.steps import day_of
from tests.grants.reminders.machine import OfficeMachine


def play(examples: int, steps: int, *, seeded: bool, shrink: bool = True) -> None:
    rules = settings(
        max_examples=examples, stateful_step_count=steps, deadline=None, database=None, derandomize=seeded,
        suppress_health_check=list(HealthCheck), print_blob=True, report_multiple_bugs=False,
        phases=[Phase.generate, Phase.shrink] if shrink else [Phase.generate],
    )  # fmt: skip
    run_state_machine_as_test(OfficeMachine, settings=rules)


def test_a_few_histories_leave_no_gap_and_no_double() -> None:
    play(10, 15, seeded=True)


@pytest.mark.slow
def test_many_histories_leave_no_gap_and_no_double() -> None:
    play(60, 40, seeded=False)


def on_the_day_only(
    on: date, steps: list[int], today: date, closed: Collection[date]
) -> tuple[int, date] | None:
    """As others do it: a step counts when it is today, and is lost when nobody looked."""
    return next(((step, today) for step in steps if day_of(on, step, closed) == today), None)


def every_step_there_was(
    on: date, steps: list[int], today: date, closed: Collection[date]
) -> tuple[int, date] | None:
    """The least urgent one first, and so on, a letter for each."""
    return max(((step, today) for step in steps if day_of(on, step, closed) <= today), default=None)


@pytest.mark.slow
@pytest.mark.parametrize("wrong", [on_the_day_only, every_step_there_was])
def test_the_histories_find_a_planner_that_counts_days_wrongly(
    wrong: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(due, "reached", wrong)
    with pytest.raises(AssertionError):
        play(150, 30, seeded=True, shrink=False)


@pytest.mark.slow
def test_the_histories_find_a_planner_that_recalls_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(letters, "recall", lambda *_, **__: 0)
    with pytest.raises(AssertionError):
        play(150, 30, seeded=True, shrink=False)
