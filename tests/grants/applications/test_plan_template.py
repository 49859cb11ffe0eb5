# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from grants.applications import (
    MOST_STEPS,
    StaleError,
    add_step,
    change_step,
    close,
    closures,
    end_step,
    find_step,
    move_step,
    open_again,
    plan_steps,
    step_seen,
)
from models.audit import AuditEntry
from models.colleague import Colleague
from models.office import Closure, PlanStep
from models.session import Begin
from tests.builders import NOW

pytestmark = pytest.mark.usefixtures("people")
BRIDGE = date(2027, 5, 7)


def facts(name: str, **others: Any) -> dict[str, Any]:
    return {"name": {"nl": name, "de": name, "en": name}, "working_days": 5, "german_too": False} | others


def noor(session: Session) -> Colleague:
    return session.get_one(Colleague, 1)


def names(session: Session, *, removed: bool = False) -> list[str]:
    return [one.name["nl"] for one in plan_steps(session, 1, removed=removed)]


def deeds(session: Session) -> list[tuple[str, str, int | None]]:
    rows = session.scalars(select(AuditEntry).order_by(AuditEntry.id))
    return [(row.action, row.subject, row.office_id) for row in rows]


def add(begin: Begin, *wanted: str) -> None:
    with begin() as session:
        for name in wanted:
            add_step(session, noor(session), facts(name), now=NOW)


def test_a_step_is_added_last_and_once(begin: Begin) -> None:
    add(begin, "Concept", "College", "College")
    with begin() as session:
        assert names(session) == ["Concept", "College"]
        assert deeds(session) == [("added", "plan_step", 1)] * 2


def test_a_template_has_an_end(begin: Begin) -> None:
    add(begin, *(f"Stap {number}" for number in range(MOST_STEPS + 1)))
    with begin() as session:
        assert len(names(session)) == MOST_STEPS
        assert add_step(session, noor(session), facts("Nog een"), now=NOW) is None


def test_a_changed_step_says_what_it_was_and_a_stale_form_is_refused(begin: Begin) -> None:
    add(begin, "Concept")
    with begin() as session:
        step, me = session.get_one(PlanStep, 1), noor(session)
        seen = step_seen(step)
        change_step(session, me, step, facts("Concept"), seen="older", now=NOW)
        change_step(session, me, step, facts("Ontwerp", working_days=9), seen=seen, now=NOW)
        told = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
        assert told is not None
        assert told.facts == {
            "name": ["Concept / Concept / Concept", "Ontwerp / Ontwerp / Ontwerp"],
            "working_days": [5, 9],
        }
        with pytest.raises(StaleError):
            change_step(session, me, step, facts("Anders"), seen=seen, now=NOW)
        assert names(session) == ["Ontwerp"]


def test_a_step_goes_up_and_down_but_not_off_the_end(begin: Begin) -> None:
    add(begin, "A", "B", "C")
    with begin() as session:
        me, last = noor(session), session.get_one(PlanStep, 3)
        move_step(session, me, last, by=-1, now=NOW)
        assert names(session) == ["A", "C", "B"]
        move_step(session, me, last, by=1, now=NOW)
        move_step(session, me, last, by=1, now=NOW)
        assert names(session) == ["A", "B", "C"]
        assert deeds(session)[3:] == [("moved", "plan_step", 1)] * 2


def test_a_removed_step_stays_and_comes_back_last(begin: Begin) -> None:
    add(begin, "A", "B")
    with begin() as session:
        me, first = noor(session), session.get_one(PlanStep, 1)
        for over in (True, True, False, True, False):
            end_step(session, me, first, over=over, now=NOW)
            move_step(session, me, first, by=5, now=NOW)
            assert (names(session), names(session, removed=True)) == (
                (["B"], ["A"]) if over else (["B", "A"], [])
            )
        assert [one for one, _, _ in deeds(session)[2:]] == ["removed", "returned", "removed", "returned"]


def test_a_step_of_another_office_is_not_found(begin: Begin) -> None:
    add(begin, "A")
    with begin() as session:
        assert find_step(session, noor(session), 1) is not None
        assert find_step(session, session.get_one(Colleague, 6), 1) is None
        assert find_step(session, noor(session), 9) is None


def test_a_day_is_shut_once_renamed_and_opened_again(begin: Begin) -> None:
    with begin() as session:
        me = noor(session)
        for name in ("Brugdag", "Brugdag", "Dag na Hemelvaart"):
            close(session, me, BRIDGE, name, now=NOW)
        assert [(one.on, one.name) for one in closures(session, 1)] == [(BRIDGE, "Dag na Hemelvaart")]
        assert closures(session, 2) == []
        assert not open_again(session, session.get_one(Colleague, 6), 1, now=NOW)
        assert open_again(session, me, 1, now=NOW)
        assert open_again(session, me, 1, now=NOW)
        assert closures(session, 1) == []
        close(session, me, BRIDGE, "", now=NOW)
        assert [one.name for one in closures(session, 1)] == [""]
        assert len(session.scalars(select(Closure)).all()) == 1
        assert [one for one, _, _ in deeds(session)] == ["added", "changed", "removed", "added"]
