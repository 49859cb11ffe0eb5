# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

from collections.abc import Iterator
from datetime import date, time, timedelta

import pytest
from sqlalchemy.orm import Session

from grants.home.closing import closing
from grants.home.dates import late, near
from grants.home.duties import MOST, Duties, together
from models.application import Application, Milestone, Stage
from models.colleague import Colleague
from models.interest import Assignment, Choice, Follow, GoDecision
from models.obligation import Obligation
from models.session import Begin
from tests import builders

pytestmark = pytest.mark.usefixtures("calls")
TODAY = date(2026, 11, 24)
NOW = builders.NOW


@pytest.fixture
def session(begin: Begin) -> Iterator[Session]:
    with begin() as session:
        yield session


def who(session: Session, number: int) -> Colleague:
    return session.get_one(Colleague, number)


def titles(found: Duties) -> list[str]:
    return [one.title for one in found.rows]


def plan(session: Session, application_id: int, *titled: tuple[str, date], **facts: object) -> None:
    session.add_all(
        Milestone(application_id=application_id, title=title, on=on, **facts) for title, on in titled
    )
    session.flush()


def test_dates_near_are_of_the_coming_two_weeks_and_what_one_works_on_is_ones_own(session: Session) -> None:
    session.add(builders.application(slug="vrij", title="Van niemand"))
    session.flush()
    plan(session, 1, ("gister", TODAY - timedelta(1)), ("vandaag", TODAY), ("te ver", TODAY + timedelta(15)))
    plan(session, 1, ("gedaan", TODAY), done_on=TODAY)
    plan(session, 3, ("van niemand", TODAY + timedelta(14)))
    session.add(Obligation(application_id=1, title="verslag", kind="content", on=TODAY + timedelta(2)))
    for number in (2, 3):  # owner and back-up
        assert titles(near(session, who(session, number), TODAY, mine=True)) == ["vandaag", "verslag"]
        assert titles(near(session, who(session, number), TODAY, mine=False)) == ["van niemand"]
    els = who(session, 5)
    assert titles(near(session, els, TODAY, mine=True)) == []
    assert titles(near(session, els, TODAY, mine=False)) == ["vandaag", "verslag", "van niemand"]
    assert titles(late(session, els, TODAY)) == ["gister"]
    assert near(session, who(session, 6), TODAY, mine=False) == Duties()  # Almelo


def test_a_date_of_a_confidential_application_is_told_to_who_may_know_of_it_alone(session: Session) -> None:
    plan(session, 2, ("geheim", TODAY), ("geheim, te laat", TODAY - timedelta(3)))
    for number, mine in [(1, []), (2, ["geheim"]), (3, ["geheim"]), (4, ["geheim"]), (5, [])]:
        me = who(session, number)
        told = titles(late(session, me, TODAY))
        assert titles(near(session, me, TODAY, mine=True)) == mine
        assert told == ([] if number == 5 else ["geheim, te laat"])
        assert near(session, me, TODAY, mine=False).total == (1 if number == 1 else 0)


def test_what_is_late_of_what_has_ended_asks_for_nothing(session: Session) -> None:
    plan(session, 1, ("gister", TODAY - timedelta(1)))
    session.get_one(Application, 1).stage = Stage.WITHDRAWN
    assert late(session, who(session, 2), TODAY) == Duties()


def test_late_dates_are_ones_own_first_then_the_oldest(session: Session) -> None:
    session.add(builders.application(slug="vrij", title="Van niemand"))
    session.flush()
    plan(session, 3, ("oudst", TODAY - timedelta(9)))
    plan(session, 1, ("oud", TODAY - timedelta(5)), ("ouder", TODAY - timedelta(7)))
    assert titles(late(session, who(session, 2), TODAY)) == ["ouder", "oud", "oudst"]
    assert titles(late(session, who(session, 5), TODAY)) == ["oudst", "ouder", "oud"]


def test_a_milestone_with_an_hour_comes_before_one_without_and_keeps_its_zone(session: Session) -> None:
    plan(session, 1, ("die dag", TODAY))
    plan(session, 1, ("om vijf uur", TODAY), at=time(17), zone="Europe/Brussels")
    found = near(session, who(session, 2), TODAY, mine=True)
    assert [(one.title, one.due.at, one.due.zone) for one in found.rows] == [
        ("om vijf uur", time(17), "Europe/Brussels"),
        ("die dag", None, ""),
    ]


def test_more_than_a_page_of_dates_says_how_many_there_are_beyond(session: Session) -> None:
    plan(session, 1, *((f"{number}", TODAY - timedelta(number)) for number in range(1, MOST + 4)))
    found = late(session, who(session, 2), TODAY)
    assert (len(found.rows), found.total, found.beyond) == (MOST, MOST + 3, 3)
    both = together(found, found)
    assert (len(both.rows), both.total) == (MOST, 2 * MOST + 6)


def test_a_call_that_closes_is_told_to_who_follows_it_or_was_given_it(session: Session) -> None:
    session.add(Follow(colleague_id=2, call_id=3, since=NOW))
    session.add(Follow(colleague_id=3, call_id=3, since=NOW, until=NOW))
    session.add(Assignment(office_id=1, call_id=3, colleague_id=4, at=NOW, by="noor"))
    session.add(Assignment(office_id=1, call_id=3, colleague_id=5, at=NOW, by="noor", ended_at=NOW))
    session.flush()
    for number, mine, others in [(2, 1, 0), (3, 0, 1), (4, 1, 0), (5, 0, 1), (6, 0, 0)]:
        me = who(session, number)
        assert titles(closing(session, me, TODAY, mine=True)) == ["Call 3"] * mine
        assert titles(closing(session, me, TODAY, mine=False)) == ["Call 3"] * others


def test_a_call_the_office_goes_for_is_told_until_it_decides_otherwise(session: Session) -> None:
    session.add(GoDecision(office_id=1, call_id=3, choice=Choice.GO, at=NOW))
    session.flush()
    assert titles(closing(session, who(session, 5), TODAY, mine=False)) == ["Call 3"]
    session.add(GoDecision(office_id=1, call_id=3, choice=Choice.NO_GO, at=NOW))
    session.flush()
    assert titles(closing(session, who(session, 5), TODAY, mine=False)) == []


def test_the_deadline_of_a_call_one_prepares_for_is_told_unless_the_application_has_it(
    session: Session,
) -> None:
    session.get_one(Application, 2).call_id = 3  # the confidential one
    session.flush()
    assert titles(closing(session, who(session, 2), TODAY, mine=True)) == ["Call 3"]
    assert titles(closing(session, who(session, 1), TODAY, mine=False)) == ["Call 3"]
    assert closing(session, who(session, 5), TODAY, mine=False) == Duties()
    plan(session, 2, ("Indienen", date(2026, 12, 3)))
    assert titles(closing(session, who(session, 2), TODAY, mine=True)) == []


def test_a_deadline_that_was_moved_or_passed_is_not_told(session: Session) -> None:
    call = builders.call(
        key="9", title="Verzet",
        deadlines=[builders.deadline(TODAY, superseded_at=NOW), builders.deadline(TODAY - timedelta(1))],
    )  # fmt: skip
    session.add(call)
    session.flush()
    session.add(Follow(colleague_id=2, call_id=call.id, since=NOW))
    session.flush()
    assert closing(session, who(session, 2), TODAY, mine=True) == Duties()
