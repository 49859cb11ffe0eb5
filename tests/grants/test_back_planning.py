# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from grants.back_planning import Outcome, Planned, Standing, Step, plan

TODAY = date(2026, 11, 24)
SUBMISSION = date(2028, 10, 5)  # two days after German Unity Day
DRAFT, SIGNED = Step(1, "Concept", 20), Step(2, "Handtekeningen", 2, german_too=True)


def planned(standing: Mapping[int, Standing] | None = None, **facts: Any) -> list[Planned]:
    usual: dict[str, Any] = {"german_partners": True, "closed": (), "today": TODAY}
    return plan(SUBMISSION, [SIGNED, DRAFT], standing=standing or {}, **usual | facts)


def test_steps_come_in_the_order_of_their_days() -> None:
    assert [(one.step, one.on, one.outcome, one.changes) for one in planned()] == [
        (DRAFT, date(2028, 9, 7), Outcome.ADDED, True),
        (SIGNED, date(2028, 10, 2), Outcome.ADDED, True),
    ]


@pytest.mark.parametrize(
    ("german_partners", "draft", "signed"),
    [(True, date(2028, 9, 7), date(2028, 10, 2)), (False, date(2028, 9, 7), date(2028, 10, 3))],
)
def test_german_days_count_where_partners_are_german_and_the_step_says_so(
    *, german_partners: bool, draft: date, signed: date
) -> None:
    assert [one.on for one in planned(german_partners=german_partners)] == [draft, signed]


def test_a_day_that_lies_before_today_is_flagged_and_never_moved() -> None:
    late = planned(today=date(2028, 9, 8))
    assert [(one.on, one.past) for one in late] == [(date(2028, 9, 7), True), (date(2028, 10, 2), False)]
    assert not planned(today=date(2028, 9, 7))[0].past


@pytest.mark.parametrize(
    ("standing", "outcome"),
    [
        (Standing(date(2028, 9, 7), date(2028, 9, 7)), Outcome.UNCHANGED),
        (Standing(date(2028, 9, 1), date(2028, 9, 1)), Outcome.MOVED),
        (Standing(date(2028, 9, 1), date(2028, 9, 4)), Outcome.BY_HAND),
        (Standing(date(2028, 9, 1), date(2028, 9, 1), done=True), Outcome.FINISHED),
        (Standing(date(2028, 9, 1), date(2028, 9, 1), removed=True), Outcome.LEFT_OUT),
    ],
)
def test_a_date_that_stands_moves_only_when_no_colleague_touched_it(
    standing: Standing, outcome: Outcome
) -> None:
    first = planned({1: standing})[0]
    assert (first.outcome, first.before, first.on) == (outcome, standing.on, date(2028, 9, 7))
    assert first.changes == (outcome == Outcome.MOVED)
