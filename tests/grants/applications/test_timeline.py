# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

from datetime import date

import pytest
from sqlalchemy import Engine

from grants.applications import Timeline, Wanted, timeline
from models.application import Application, Stage
from models.colleague import Colleague
from models.obligation import Obligation
from models.session import Begin
from tests import builders
from tests.grants.applications.test_lists import statements

pytestmark = pytest.mark.usefixtures("both")
TODAY = date(2026, 11, 24)
ELS, KIM = 5, 4


def drawn(begin: Begin, by: int = ELS, wanted: Wanted | None = None, **which: int) -> Timeline:
    with begin() as session:
        found = timeline(session, session.get_one(Colleague, by), wanted or Wanted(), today=TODAY, **which)
        assert all(bar.application.owner is None or bar.application.owner.name for bar in found.bars)
        return found


def test_a_bar_runs_as_agreed_and_stands_in_percent_of_whole_years(begin: Begin) -> None:
    with begin() as session:
        one = session.get_one(Application, 1)
        one.runs_from, one.runs_until = date(2025, 1, 1), date(2026, 12, 31)
        one.milestones = [builders.milestone(date(2026, 3, 1)), builders.milestone(date(2025, 3, 1))]
        session.add(Obligation(application_id=1, title="x", kind="audit", on=date(2028, 6, 30)))
        session.get_one(Application, 1)
    found = drawn(begin)
    bar = found.bars[0]
    assert (bar.start, bar.end, bar.runs) == (date(2025, 1, 1), date(2026, 12, 31), True)
    assert [row.on.year for row in bar.dates] == [2025, 2026, 2028]
    assert (found.first, found.last) == (date(2025, 1, 1), date(2026, 12, 31))
    assert (found.at(bar.start), found.wide(bar)) == (0, 100)
    assert found.at(date(2026, 1, 1)) == 50
    assert (found.at(date(2028, 6, 30)), found.at(date(2020, 1, 1))) == (100, 0)
    assert [(day.year, day.month) for day in found.marks] == [
        (2025, 1), (2025, 4), (2025, 7), (2025, 10), (2026, 1), (2026, 4), (2026, 7), (2026, 10),
    ]  # fmt: skip


def test_without_agreed_days_a_bar_spans_its_dates(begin: Begin) -> None:
    with begin() as session:
        session.get_one(Application, 1).submitted_on = date(2026, 11, 1)
        session.add(builders.milestone(date(2027, 2, 1), application_id=1))
        session.add(builders.application(slug="leeg", stage=Stage.IDEA))
    edl, empty = drawn(begin).bars
    assert (edl.start, edl.end, edl.runs) == (date(2026, 11, 1), date(2027, 2, 1), False)
    assert (empty.start, empty.end, empty.dates) == (TODAY, TODAY, [])
    assert (edl.known, empty.known) == (True, False)


def test_a_date_typed_wrong_does_not_press_the_others_together(begin: Begin) -> None:
    with begin() as session:
        one = session.get_one(Application, 1)
        one.runs_from, one.runs_until = date(2001, 1, 1), date(2099, 1, 1)
    found = drawn(begin)
    assert (found.first.year, found.last.year, len(found.marks)) == (2020, 2036, 17)


def test_what_started_first_comes_first_a_page_at_a_time_and_confidential_ones_stay_unseen(
    begin: Begin,
) -> None:
    with begin() as session:
        session.add(builders.application(slug="oud", title="Oud", runs_from=date(2024, 1, 1)))
    found = drawn(begin, size=1, page=2)
    assert ([bar.application.id for bar in found.bars], found.total) == ([1], 2)
    assert [bar.application.id for bar in drawn(begin, KIM).bars] == [3, 1, 2]
    assert drawn(begin, KIM, Wanted(search="ondermijning")).total == 1
    assert drawn(begin, ELS, Wanted(search="ondermijning")).total == 0


def test_ten_or_a_hundred_bars_take_as_many_statements(begin: Begin, engine: Engine) -> None:
    def add(many: range) -> None:
        with begin() as session:
            for number in many:
                one = builders.application(slug=f"n{number}", owner_id=2)
                one.milestones = [builders.milestone(date(2027, 1, 1))]
                session.add(one)
                session.flush()
                session.add(Obligation(application_id=one.id, title="x", kind="audit", on=date(2027, 5, 5)))

    add(range(10))
    few = statements(engine, lambda: drawn(begin, size=100))
    add(range(10, 100))
    assert statements(engine, lambda: drawn(begin, size=100)) == few
