# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from grants import queries
from grants.themes import StaleError, draw_line, expected
from models.audit import AuditEntry
from models.colleague import Colleague
from models.match import Match, Verdict, VerdictReason
from models.session import Begin
from models.theme import Theme, Threshold
from tests import builders
from tests.builders import NOW

NARROW, NORMAL, WIDE = Threshold
TODAY = NOW.date()
SINCE = NOW - timedelta(days=30)


@pytest.fixture(autouse=True)
def office(begin: Begin) -> None:
    with begin() as session:
        session.add_all([builders.office(), builders.source()])
        session.flush()
        session.add_all([builders.colleague(), builders.theme()])


def scored(session: Session, *scores: str, **facts: Any) -> list[int]:
    """Calls with these scores for the theme; returns their numbers."""
    numbers: list[int] = []
    for score in scores:
        call = builders.call(key=f"{len(numbers)}-{score}-{facts}", **{"first_seen_at": SINCE} | facts)
        session.add(call)
        session.flush()
        session.add(
            Match(
                call_id=call.id, theme_id=1, score=Decimal(score), band="likely", reasons=[], text_version=1,
                theme_version=1, first_matched_at=SINCE, matched_at=SINCE,
            )
        )  # fmt: skip
        numbers.append(call.id)
    session.flush()
    return numbers


def judge(session: Session, number: int, reason: VerdictReason | None = None) -> None:
    session.add(
        Verdict(office_id=1, call_id=number, colleague_id=1, relevant=reason is None, reason=reason, at=NOW)
    )
    session.flush()


def forecast(session: Session) -> list[tuple[int, int | None, int]]:
    found = expected(session, session.get_one(Theme, 1), now=NOW)
    assert list(found) == [NARROW, NORMAL, WIDE]
    return [(one.calls, one.of_ten, one.judged) for one in found.values()]


def listed(session: Session) -> list[int]:
    page = queries.calls(session, office_slug="enschede", today=TODAY)
    return [line.call.id for line in page.lines]


def test_each_threshold_says_how_many_calls_a_week_and_how_many_of_ten_belong(begin: Begin) -> None:
    with begin() as session:
        scored(session, "0.9", "0.7", "0.5", "0.3", "0.28", "0.2", "0.12", "0.119")
        assert forecast(session) == [(3, 7, 0), (5, 5, 0), (7, 4, 0)]
        found = expected(session, session.get_one(Theme, 1), now=NOW)
        assert [str(one.a_week) for one in found.values()] == ["0.2", "0.4", "0.5"]


def test_a_week_of_many_calls_is_told_in_whole_ones(begin: Begin) -> None:
    with begin() as session:
        scored(session, *["0.9"] * 150)
        assert str(expected(session, session.get_one(Theme, 1), now=NOW)[NARROW].a_week) == "12"


def test_only_the_last_ninety_days_count_by_when_the_source_published(begin: Begin) -> None:
    with begin() as session:
        scored(session, "0.9", first_seen_at=NOW - timedelta(days=91))
        scored(session, "0.9", published_at=NOW - timedelta(days=400))
        assert forecast(session) == [(0, None, 0)] * 3


def test_twins_count_once_with_the_best_score(begin: Begin) -> None:
    with begin() as session:
        (first,) = scored(session, "0.2")
        scored(session, "0.9", folded_into_id=first)
        assert forecast(session) == [(1, 9, 0)] * 3


def test_verdicts_count_where_there_are_enough_and_only_not_our_theme_is_wrong(begin: Begin) -> None:
    with begin() as session:
        numbers = scored(session, *["0.9"] * 24, *["0.2"] * 10)
        for number in numbers[:10]:
            judge(session, number)
        for number in numbers[10:20]:
            judge(session, number, VerdictReason.NOT_OUR_THEME)
        for number in numbers[20:24]:
            judge(session, number, VerdictReason.TOO_LATE)
        judge(session, numbers[30])
        assert forecast(session) == [(24, 5, 20), (24, 5, 20), (34, 4, 20)]
        judge(session, numbers[10])  # somebody thought better of it
        assert forecast(session)[0] == (24, 6, 20)


def test_the_list_obeys_a_threshold_at_once_and_no_verdict_is_lost(begin: Begin) -> None:
    with begin() as session:
        narrow, normal, wide = scored(session, "0.5", "0.3", "0.2")
        judge(session, wide)
        theme, me = session.get_one(Theme, 1), session.get_one(Colleague, 1)
        assert listed(session) == [narrow, normal]
        draw_line(session, me, theme, WIDE, seen_as="normal", now=NOW)
        assert listed(session) == [narrow, normal, wide]
        draw_line(session, me, theme, NARROW, seen_as="wide", now=NOW)
        assert listed(session) == [narrow]
        assert session.scalars(select(Verdict.call_id)).all() == [wide]
        asked = queries.Interest(me, verdict=queries.Judged.RELEVANT)
        page = queries.calls(session, office_slug="enschede", today=TODAY, interest=asked)
        assert [line.call.id for line in page.lines] == [wide]


def test_another_threshold_is_another_version_audited_and_needs_no_matching(begin: Begin) -> None:
    with begin() as session:
        scored(session, "0.5", "0.2", "0.1")
        theme, me = session.get_one(Theme, 1), session.get_one(Colleague, 1)
        draw_line(session, me, theme, WIDE, seen_as="normal", now=NOW)
        draw_line(session, me, theme, WIDE, seen_as="narrow", now=NOW)  # the same form sent twice
        assert (theme.version, theme.edited_at, theme.edited_by) == (2, NOW, me.email)
        session.expire_all()
        rows = session.scalars(select(Match).order_by(Match.id)).all()
        assert [(row.theme_version, row.first_matched_at) for row in rows] == [
            (2, SINCE),
            (2, NOW),
            (2, SINCE),
        ]
        (entry,) = session.scalars(select(AuditEntry))
        assert (entry.action, entry.facts) == ("changed", {"threshold": ["normal", "wide"]})


def test_a_threshold_that_somebody_moved_meanwhile_stays(begin: Begin) -> None:
    with begin() as session:
        theme, me = session.get_one(Theme, 1), session.get_one(Colleague, 1)
        with pytest.raises(StaleError):
            draw_line(session, me, theme, WIDE, seen_as="narrow", now=NOW)
        assert theme.threshold == NORMAL
