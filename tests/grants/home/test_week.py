# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from grants.home import Week, week
from models.application import Application, Comment, Milestone, Stage
from models.call import CallChange, ChangeKind, Significance
from models.colleague import Colleague
from models.interest import Choice, Follow, GoDecision, Seen
from models.match import Verdict
from models.session import Begin
from models.source import HarvestRun, Look, Source
from models.values import CallStatus, Completeness
from tests import builders
from tests.grants.applications.test_lists import statements
from tests.grants.home.conftest import match

pytestmark = pytest.mark.usefixtures("calls")
NOW = builders.NOW
HOUR = timedelta(hours=1)


@pytest.fixture
def session(begin: Begin) -> Iterator[Session]:
    with begin() as session:
        session.get_one(Source, 1).enabled = False  # what it says has a test of its own
        yield session


def of(session: Session, number: int) -> Week:
    session.flush()
    return week(session, session.get_one(Colleague, number), now=NOW)


def verdict(call_id: int, *, relevant: bool, office_id: int = 1) -> Verdict:
    return Verdict(office_id=office_id, call_id=call_id, relevant=relevant, at=NOW)


def test_calls_that_nobody_judged_are_counted_while_they_are_open(session: Session) -> None:
    assert of(session, 5).unjudged == 3
    session.add_all([verdict(1, relevant=False), verdict(2, relevant=True, office_id=2)])
    assert of(session, 5).unjudged == 2
    for number, (facts, counted) in enumerate(
        [({}, 1), ({"stated_status": CallStatus.CLOSED}, 0), ({"stated_status": CallStatus.OPEN}, 1)]
    ):
        call = builders.call(key=f"u{number}", deadlines=[], **facts)
        session.add(call)
        session.flush()
        before = of(session, 5).unjudged
        session.add_all([match(call.id), match(call.id, theme_id=2, band="none")])
        assert of(session, 5).unjudged == before + counted
    assert of(session, 6).unjudged == 0  # Almelo has no themes


def test_a_relevant_call_waits_for_a_decision_until_there_is_one_or_an_application(session: Session) -> None:
    session.add_all([verdict(1, relevant=False), verdict(1, relevant=True), verdict(2, relevant=True)])
    session.add_all([verdict(3, relevant=True), verdict(3, relevant=False), verdict(4, relevant=True)])
    assert [one.id for one in of(session, 5).relevant] == [1, 2]  # 3 judged anew, 4 closed
    session.add(GoDecision(office_id=1, call_id=1, choice=Choice.NO_GO, at=NOW))
    assert [one.id for one in of(session, 5).relevant] == [2]
    session.get_one(Application, 2).call_id = 2  # confidential: for who may not know of it nothing changes
    assert [one.id for one in of(session, 5).relevant] == [2]
    assert [one.id for one in of(session, 2).relevant] == []


def test_what_closes_first_is_decided_first(session: Session) -> None:
    session.add(builders.call(key="d", title="Zonder datum", deadlines=[]))
    session.flush()
    session.add_all(verdict(number, relevant=True) for number in (5, 1, 3))
    assert [one.id for one in of(session, 5).relevant] == [3, 1, 5]


def test_an_application_in_go_or_no_go_waits_for_a_decision_ones_own_first(session: Session) -> None:
    session.add(builders.application(slug="a", title="A", stage=Stage.DECIDING))
    for number in (1, 2):
        session.get_one(Application, number).stage = Stage.DECIDING
    assert [one.id for one in of(session, 2).deciding] == [1, 2, 3]
    assert [one.id for one in of(session, 5).deciding] == [3, 1]
    assert of(session, 6).deciding == []


def say(application_id: int, by: int | None, text: str, *named: int, **facts: object) -> Comment:
    usual = {"at": NOW - HOUR, "mentions": list(named)}
    return Comment(application_id=application_id, colleague_id=by, text=text, **usual | facts)


def test_a_mention_waits_until_it_is_answered_or_withdrawn(session: Session) -> None:
    session.add_all([say(1, 3, "lang geleden", 5, at=NOW - timedelta(days=61)), say(1, 3, "kijk", 2, 5)])
    session.add_all(
        [say(1, 5, "mijn eigen", 5), say(1, None, "van wie wegging", 5), say(1, 3, "een ander", 15)]
    )
    session.add_all([say(1, 3, "vergissing", 5, withdrawn_at=NOW), say(2, 3, "geheim", 5)])
    assert [one.comment.text for one in of(session, 5).mentions] == ["van wie wegging"]
    assert [one.comment.text for one in of(session, 2).mentions] == ["kijk"]
    assert of(session, 2).mentions[0].application.id == 1
    session.add(say(1, 2, "gezien", withdrawn_at=NOW))
    assert len(of(session, 2).mentions) == 1
    session.add(say(1, 2, "gedaan"))
    assert of(session, 2).mentions == []


def change(call_id: int, at: object, **facts: object) -> CallChange:
    usual = {"kind": ChangeKind.TITLE, "significance": Significance.MAJOR}
    return CallChange(**usual | {"call_id": call_id, "at": at} | facts)


def test_a_followed_call_is_told_when_it_changed_since_one_looked(session: Session) -> None:
    day = timedelta(days=1)
    session.add_all(Follow(colleague_id=5, call_id=one, since=NOW - 2 * day) for one in (1, 2, 3))
    session.add(Follow(colleague_id=5, call_id=4, since=NOW - 2 * day, until=NOW))
    session.add(Seen(colleague_id=5, call_id=2, at=NOW))
    session.add_all([change(1, NOW - 3 * day), change(1, NOW - day), change(1, NOW - HOUR, after="laatste")])
    session.add_all([change(2, NOW - day), change(4, NOW - day)])
    session.add(change(3, NOW - day, significance=Significance.COSMETIC))
    assert [(one.call.id, one.after) for one in of(session, 5).followed] == [(1, "laatste")]
    session.add(change(2, NOW + HOUR))
    assert [one.call.id for one in of(session, 5).followed] == [2, 1]
    assert of(session, 4).followed == []


def test_looks_and_sources_in_trouble_are_told(session: Session) -> None:
    session.get_one(Source, 1).enabled = True
    facts = {"source_id": 1, "started_at": NOW, "finished_at": NOW}
    session.add(HarvestRun(**facts, outcome=Completeness.FAILED, error="No answer.", fault="network"))
    session.add_all(
        Look(source_id=1, at=NOW, url="https://x.example", after="a", done_at=done) for done in (None, NOW)
    )
    found = of(session, 5)
    assert ([one.slug for one in found.sources], found.looks) == (["eu-portal"], 1)


def test_who_has_nothing_to_do_is_free(session: Session) -> None:
    assert not of(session, 5).free
    assert of(session, 6).free  # Almelo has no themes and no applications
    session.add(Milestone(application_id=1, title="Indienen", on=date(2026, 11, 20)))
    assert not of(session, 2).free


def test_a_hundred_of_everything_takes_as_many_statements_as_ten(begin: Begin, engine: Engine) -> None:
    def add(many: range) -> None:
        with begin() as session:
            for number in many:
                one = builders.application(slug=f"n{number}", owner_id=3, stage=Stage.DECIDING)
                one.milestones = [builders.milestone(date(2026, 11, day)) for day in (20, 27)]
                call = builders.call(key=f"n{number}", deadlines=[builders.deadline(date(2026, 12, 1))])
                session.add_all([one, call])
                session.flush()
                session.add_all([match(call.id), verdict(call.id, relevant=True), say(one.id, 3, "kijk", 2)])
                session.add(Follow(colleague_id=2, call_id=call.id, since=NOW - HOUR))
                session.add(change(call.id, NOW))

    def ask() -> None:
        with begin() as session:
            found = week(session, session.get_one(Colleague, 2), now=NOW)
            for duty in (*found.late.rows, *found.mine.rows, *found.others.rows):
                assert duty.call or duty.application.owner
            assert [one.next_deadline(date(2026, 11, 24)) for one in found.relevant]
            assert [one.comment.colleague.name for one in found.mentions]
            assert [one.call.title for one in found.followed]

    add(range(10))
    few = statements(engine, ask)
    add(range(10, 100))
    assert statements(engine, ask) == few
