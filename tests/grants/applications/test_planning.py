# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

from datetime import date

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from grants.applications import (
    Preview,
    StaleError,
    application_page,
    applications,
    close,
    confirm,
    last_planning,
    preview,
    remove_part,
    undo_planning,
)
from grants.applications.lists import Wanted
from grants.back_planning import Outcome
from grants.errors import PijplijnError
from models.application import Application, Milestone, Participation, Planning, Role, Stage
from models.audit import AuditEntry
from models.colleague import Colleague
from models.office import PlanStep
from models.partner import Partner
from models.session import Begin
from tests.builders import NOW, call, deadline, milestone
from tests.grants.applications.test_lists import statements

pytestmark = pytest.mark.usefixtures("planned")
TODAY = date(2026, 11, 24)
SUBMISSION, MOVED = date(2027, 1, 14), date(2027, 1, 21)
NAMES = [("Concept", 30, False), ("Stukken", 20, True), ("College", 10, False)]


@pytest.fixture
def planned(both: None, begin: Begin) -> None:
    """A template of three steps, and an application with a submission and a German partner."""
    with begin() as session:
        session.add_all(
            PlanStep(
                office_id=1, name={"nl": name, "de": f"{name} (de)", "en": f"{name} (en)"}, working_days=days,
                german_too=german, position=place,
            )
            for place, (name, days, german) in enumerate(NAMES)
        )  # fmt: skip
        session.add(milestone(SUBMISSION, application_id=1, kind="submission"))
        session.add(Partner(slug="gronau", name="Stadt Gronau", country="DE"))
        session.flush()
        session.add(Participation(application_id=1, partner_id=1, role=Role.PARTNER))


def looked(session: Session, on: date | None = None) -> Preview:
    return preview(session, session.get_one(Application, 1), on=on, today=TODAY)


def confirmed(session: Session) -> Planning | None:
    seen, one = looked(session), session.get_one(Application, 1)
    return confirm(session, one, on=seen.submission, seen=seen.seen, by="sam", now=NOW, today=TODAY)


def dates(session: Session) -> list[tuple[str, date]]:
    one = session.get_one(Application, 1)
    return [(row.title, row.on) for row in one.milestones if row.planned_on]


def move_submission(session: Session) -> None:
    session.scalars(select(Milestone).where(Milestone.kind == "submission")).one().on = MOVED


def test_a_preview_writes_nothing_and_counts_german_days(begin: Begin) -> None:
    with begin() as session:
        seen = looked(session)
        assert (seen.submission, seen.german, seen.changes) == (SUBMISSION, True, 3)
        assert [(line.step.name, line.on) for line in seen.lines] == [
            ("Concept", date(2026, 12, 1)),
            ("Stukken", date(2026, 12, 15)),
            ("College", date(2026, 12, 30)),
        ]
    with begin() as session:
        assert dates(session) == []


def test_a_confirmed_planning_gives_milestones_that_say_where_they_come_from(begin: Begin) -> None:
    with begin() as session:
        assert confirmed(session) is not None
    with begin() as session:
        rows = session.scalars(select(Milestone).where(Milestone.planned_by.is_not(None))).all()
        assert [(row.title, row.kind, row.planned_by, row.on == row.planned_on) for row in rows] == [
            (name, "internal", place + 1, True) for place, (name, _, _) in enumerate(NAMES)
        ]
        kept = session.scalars(select(AuditEntry)).one()
        assert (kept.action, kept.application_id, kept.facts) == (
            "planned",
            1,
            {"planned": [None, "2027-01-14"]},
        )


def test_the_language_of_the_office_names_the_milestones(begin: Begin) -> None:
    with begin() as session:
        session.get_one(Application, 1).office.language = "de"
        confirmed(session)
        assert dates(session)[0][0] == "Concept (de)"


def test_the_same_planning_twice_writes_once(begin: Begin) -> None:
    with begin() as session:
        confirmed(session)
    with begin() as session:
        assert confirmed(session) is None
        assert [line.outcome for line in looked(session).lines] == [Outcome.UNCHANGED] * 3
        assert session.get_one(Planning, 1).changes[0] == {
            "milestone": 2,
            "before": None,
            "after": "2026-12-01",
        }


def test_a_planning_that_is_not_what_was_seen_is_refused(begin: Begin) -> None:
    with begin() as session:
        seen, one = looked(session), session.get_one(Application, 1)
        session.get_one(PlanStep, 1).working_days = 31
        with pytest.raises(StaleError):
            confirm(session, one, on=SUBMISSION, seen=seen.seen, by="sam", now=NOW, today=TODAY)
        with pytest.raises(StaleError):
            confirm(session, one, on=MOVED, seen=looked(session).seen, by="sam", now=NOW, today=TODAY)
        assert dates(session) == []


def test_after_a_moved_submission_only_untouched_dates_move(begin: Begin) -> None:
    with begin() as session:
        confirmed(session)
        college = session.scalars(select(Milestone).where(Milestone.title == "College")).one()
        college.on = date(2026, 12, 22)
        move_submission(session)
    with begin() as session:
        page = application_page(session, session.get_one(Colleague, 2), 1)
        assert page is not None
        assert page.outdated
        assert [(line.outcome, line.before, line.on) for line in looked(session).lines] == [
            (Outcome.MOVED, date(2026, 12, 1), date(2026, 12, 8)),
            (Outcome.MOVED, date(2026, 12, 15), date(2026, 12, 22)),
            (Outcome.BY_HAND, date(2026, 12, 22), date(2027, 1, 7)),
        ]
        confirmed(session)
        assert dates(session) == [
            ("Concept", date(2026, 12, 8)),
            ("Stukken", date(2026, 12, 22)),
            ("College", date(2026, 12, 22)),
        ]


def test_a_date_that_is_done_or_taken_off_stays_so(begin: Begin) -> None:
    with begin() as session:
        confirmed(session)
        one = session.get_one(Application, 1)
        concept, papers = one.milestones[:2]
        concept.done_on = TODAY
        remove_part(session, one, papers, by="sam", now=NOW)
        move_submission(session)
    with begin() as session:
        outcomes = [line.outcome for line in looked(session).lines]
        assert outcomes == [Outcome.FINISHED, Outcome.LEFT_OUT, Outcome.MOVED]
        confirmed(session)
        assert dates(session) == [("Concept", date(2026, 12, 1)), ("College", date(2027, 1, 7))]


def test_the_first_planning_taken_back_leaves_no_date_and_can_be_made_again(begin: Begin) -> None:
    with begin() as session:
        confirmed(session)
    with begin() as session:
        undo_planning(session, session.get_one(Application, 1), 1, by="sam", now=NOW)
    with begin() as session:
        one = session.get_one(Application, 1)
        assert dates(session) == []
        assert len(session.scalars(select(Milestone).where(Milestone.removed_at.is_not(None))).all()) == 3
        assert (last_planning(session, one), session.get_one(Planning, 1).undone_by) == (None, "sam")
        lines, _ = applications(session, session.get_one(Colleague, 2), Wanted())
        assert [line.next_on for line in lines if line.application.id == 1] == [SUBMISSION]
        assert confirmed(session) is not None
        assert len(dates(session)) == 3


def test_a_second_planning_taken_back_gives_the_dates_of_the_first(begin: Begin) -> None:
    with begin() as session:
        confirmed(session)
        move_submission(session)
        confirmed(session)
    with begin() as session:
        one = session.get_one(Application, 1)
        session.scalars(select(Milestone).where(Milestone.title == "College")).one().on = TODAY
        with pytest.raises(PijplijnError, match="Only the last planning"):
            undo_planning(session, one, 1, by="sam", now=NOW)
        undo_planning(session, one, 2, by="sam", now=NOW)
        assert dates(session) == [
            ("College", TODAY),
            ("Concept", date(2026, 12, 1)),
            ("Stukken", date(2026, 12, 15)),
        ]
        with pytest.raises(PijplijnError, match="Only the last planning"):
            undo_planning(session, one, 2, by="sam", now=NOW)
        undo_planning(session, one, 1, by="sam", now=NOW)
        assert dates(session) == [("College", TODAY)]


def test_a_deadline_of_the_call_counts_as_a_submission_and_one_ahead_comes_first(begin: Begin) -> None:
    with begin() as session:
        one = session.get_one(Application, 1)
        one.call = call(deadlines=[deadline(MOVED), deadline(date(2026, 10, 1)), deadline(None)])
        session.add(milestone(date(2026, 11, 2), application_id=1, kind="submission"))
        session.flush()
        session.expire(one, ["milestones"])
        seen = looked(session)
        assert seen.submissions == [SUBMISSION, MOVED, date(2026, 11, 2)]
        assert looked(session, MOVED).submission == MOVED
        assert looked(session, TODAY).submission == SUBMISSION
        assert application_page(session, session.get_one(Colleague, 2), 1) is not None


def test_without_a_submission_nothing_is_planned(begin: Begin) -> None:
    with begin() as session:
        one = session.get_one(Application, 1)
        one.milestones[0].done_on = TODAY
        seen = looked(session)
        assert (seen.submission, seen.lines, seen.changes) == (None, [], 0)
        with pytest.raises(StaleError):
            confirm(session, one, on=None, seen=seen.seen, by="sam", now=NOW, today=TODAY)


def test_a_day_on_which_the_office_is_shut_pushes_the_dates_before_it(begin: Begin) -> None:
    with begin() as session:
        close(session, session.get_one(Colleague, 1), date(2026, 12, 30), "Brugdag", now=NOW)
        assert [line.on for line in looked(session).lines][2] == date(2026, 12, 29)


def test_a_submission_that_was_made_asks_for_no_new_planning(begin: Begin) -> None:
    with begin() as session:
        confirmed(session)
        move_submission(session)
        session.get_one(Application, 1).stage = Stage.SUBMITTED
        session.flush()
        page = application_page(session, session.get_one(Colleague, 2), 1)
        assert page is not None
        assert not page.outdated


def test_a_preview_asks_as_many_questions_for_twenty_steps_as_for_three(begin: Begin, engine: Engine) -> None:
    few = statements(engine, lambda: _look(begin))
    with begin() as session:
        names = {"nl": "Stap", "de": "Schritt", "en": "Step"}
        session.add_all(PlanStep(office_id=1, name=names, working_days=9, position=9) for _ in range(17))
    assert statements(engine, lambda: _look(begin)) == few


def _look(begin: Begin) -> None:
    with begin() as session:
        looked(session)
