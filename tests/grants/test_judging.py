# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Verdicts, go and no-go: the latest counts, all stay, and nobody overrules a colleague unknowingly."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from grants import queries
from grants.errors import MissingError
from grants.judging import OvertakenError, decide, judge, take_back
from models.interest import Choice, GoDecision
from models.match import Verdict, VerdictReason
from models.session import Begin
from tests.grants.desk import LATER, NOW, a_call, deeds, furnish, person


@pytest.fixture
def session(begin: Begin) -> Iterator[Session]:
    with begin() as session:
        furnish(session)
        yield session


def says(session: Session, name: str, **facts: Any) -> Verdict:
    told = {"relevant": True, "reason": None, "note": "", "now": NOW, "over": 0, "call_id": 1} | facts
    return judge(session, by=person(session, name), **told)


def decides(session: Session, name: str, **facts: Any) -> GoDecision:
    told = {"choice": Choice.GO, "leads": False, "why": "past", "now": NOW, "over": 0, "call_id": 1} | facts
    return decide(session, by=person(session, name), **told)


def counts(session: Session, office_id: int = 1) -> Verdict | None:
    return queries.in_force(session, Verdict, office_id, [1])


def test_a_verdict_says_who_when_and_why_and_is_in_the_audit_log(session: Session) -> None:
    row = says(session, "Noor", relevant=False, reason=VerdictReason.TOO_LATE, note="drie dagen")
    assert (row.office_id, row.colleague_id, row.at, row.undone_at) == (1, 1, NOW, None)
    assert (row.relevant, row.reason, row.note) == (False, VerdictReason.TOO_LATE, "drie dagen")
    assert deeds(session) == [("noor", "judged", "verdict")]


def test_a_relevant_call_has_no_reason_against_it_and_a_no_go_leads_nothing(session: Session) -> None:
    assert says(session, "Noor", reason=VerdictReason.OTHER).reason is None
    assert decides(session, "Noor", choice=Choice.NO_GO, leads=True).leads is False
    assert decides(session, "Joost", leads=True).leads is True


def test_a_form_sent_twice_judges_once(session: Session) -> None:
    first = says(session, "Noor", note="koel")
    assert says(session, "Noor", note="koel").id == first.id
    assert decides(session, "Noor").id == decides(session, "Noor").id
    assert deeds(session) == [("noor", "judged", "verdict"), ("noor", "decided", "go_decision")]


def test_who_did_not_see_a_colleagues_verdict_is_told_and_who_did_may_overrule_it(session: Session) -> None:
    first = says(session, "Noor")
    for facts in ({"relevant": False, "reason": VerdictReason.OTHER}, {}, {"over": 99}):
        with pytest.raises(OvertakenError):
            says(session, "Sam", **facts)
    second = says(session, "Sam", relevant=False, reason=VerdictReason.OTHER, over=first.id)
    assert counts(session) is second
    assert says(session, "Joost").office_id == 2
    assert counts(session, 2) is not None


def test_a_verdict_taken_back_stays_and_the_one_before_it_counts(session: Session) -> None:
    first = says(session, "Noor")
    second = says(session, "Sam", relevant=False, reason=VerdictReason.OTHER, over=first.id)
    for _ in range(2):
        take_back(session, Verdict, second.id, by=person(session, "Noor"), now=LATER)
    assert (second.undone_at, second.undone_by) == (LATER, "noor@x.example")
    assert counts(session) is first
    take_back(session, Verdict, first.id, by=person(session, "Noor"), now=LATER)
    assert counts(session) is None
    with pytest.raises(OvertakenError):
        says(session, "Sam", over=second.id)
    assert len(session.scalars(select(Verdict)).all()) == 2
    assert [action for _, action, _ in deeds(session)] == ["judged", "judged", "undone", "undone"]


def test_a_decision_is_taken_back_too_and_only_by_its_own_office(session: Session) -> None:
    row = decides(session, "Noor", why="past bij het warmteplan", leads=True)
    with pytest.raises(MissingError):
        take_back(session, GoDecision, row.id, by=person(session, "Joost"), now=LATER)
    with pytest.raises(MissingError):
        take_back(session, GoDecision, 99, by=person(session, "Noor"), now=LATER)
    assert take_back(session, GoDecision, row.id, by=person(session, "Sam"), now=LATER).undone_at == LATER
    assert deeds(session)[-1] == ("sam", "undone", "go_decision")


def test_a_call_that_is_none_cannot_be_judged(session: Session) -> None:
    with pytest.raises(MissingError, match="no call 404"):
        says(session, "Noor", call_id=404)


def test_a_verdict_on_a_twin_is_a_verdict_on_the_call(session: Session) -> None:
    twin = a_call(session, key="twin", source_id=2, folded_into_id=1)
    row = says(session, "Noor", call_id=twin.id)
    assert queries.in_force(session, Verdict, 1, queries.members(session, 1)) is row
    with pytest.raises(OvertakenError):
        says(session, "Sam", call_id=1, relevant=False, reason=VerdictReason.OTHER)
    standing = queries.standings(session, person(session, "Sam"), [1])
    assert standing[1].verdict is row
