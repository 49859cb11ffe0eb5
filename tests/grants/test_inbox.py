# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The inbox and the questions by what people made of calls, on real databases."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from grants import queries
from grants.following import assign, follow, note_seen
from grants.judging import decide, judge, take_back
from grants.queries import Decided, Interest, Judged, Mine, Order
from models.call import ChangeKind, Significance
from models.interest import Choice
from models.match import Match, Verdict, VerdictReason
from models.session import Begin
from tests import builders
from tests.grants.desk import LATER, NOW, a_call, change, furnish, person
from tests.grants.test_queries import counted

TODAY = date(2026, 11, 24)


@pytest.fixture
def session(begin: Begin) -> Iterator[Session]:
    with begin() as session:
        furnish(session)
        yield session


def asked(session: Session, name: str = "Noor", **facts: Any) -> Interest:
    return Interest(person(session, name), **facts)


def found(session: Session, interest: Interest, **facts: Any) -> list[str]:
    slug = interest.colleague.office.slug
    page = queries.calls(session, office_slug=slug, today=TODAY, interest=interest, **facts)
    return [line.call.key for line in page.lines]


def inbox(session: Session, name: str = "Noor", **facts: Any) -> list[str]:
    return found(session, asked(session, name, waiting=True), **facts)


def judged(
    session: Session, call_id: int, *, relevant: bool = True, over: int = 0, name: str = "Noor"
) -> Verdict:
    reason = None if relevant else VerdictReason.NOT_OUR_THEME
    return judge(
        session, call_id, relevant=relevant, reason=reason, note="", by=person(session, name), now=NOW, over=over
    )  # fmt: skip


def decided(session: Session, call_id: int, choice: Choice) -> None:
    noor = person(session, "Noor")
    decide(session, call_id, choice=choice, leads=False, why="x", by=noor, now=NOW, over=0)


def test_what_was_judged_or_decided_waits_no_longer_and_what_is_taken_back_does_again(
    session: Session,
) -> None:
    row = judged(session, 1)
    decided(session, 2, Choice.NO_GO)
    assert inbox(session) == ["3"]
    take_back(session, Verdict, row.id, by=person(session, "Noor"), now=LATER)
    assert inbox(session) == ["1", "3"]


def test_what_another_office_judged_still_waits_here(session: Session) -> None:
    judged(session, 1, name="Joost")
    assert inbox(session) == ["1", "2", "3"]
    assert inbox(session, "Joost") == []  # its theme matches nothing


def test_what_changed_materially_since_waits_again_and_what_changed_in_looks_does_not(
    session: Session,
) -> None:
    for number in (1, 2, 3):
        judged(session, number)
    change(session, 1, ChangeKind.DEADLINE_MOVED)
    change(session, 2, ChangeKind.TEXT, significance=Significance.MINOR)
    change(session, 3, ChangeKind.DEADLINE_MOVED, at=NOW - timedelta(days=1))
    assert inbox(session) == ["1"]
    twin = a_call(session, key="twin", source_id=2, folded_into_id=2)
    change(session, twin.id, ChangeKind.NEW)
    assert inbox(session) == ["1"]
    change(session, twin.id, ChangeKind.REOPENED)
    assert sorted(inbox(session)) == ["1", "2"]


def test_what_is_closed_or_matches_nothing_does_not_wait(session: Session) -> None:
    a_call(session, key="closed", deadlines=[builders.deadline(TODAY - timedelta(days=1))])
    session.add(builders.call(key="stray"))
    session.flush()
    assert inbox(session) == ["1", "2", "3"]


def test_the_newest_comes_first_and_a_change_counts_as_new(session: Session) -> None:
    a_call(session, key="fresh", first_seen_at=NOW + timedelta(minutes=5))
    change(session, 3, ChangeKind.DEADLINE_MOVED)
    assert inbox(session, order=Order.NEWEST) == ["3", "fresh", "1", "2"]
    everything = found(session, asked(session), order=Order.NEWEST, matched=False)
    assert everything == ["3", "fresh", "1", "2"]


def test_a_list_is_asked_for_what_is_followed_and_assigned(session: Session) -> None:
    session.add(builders.call(key="stray"))
    session.flush()
    noor = person(session, "Noor")
    follow(session, 4, by=noor, now=NOW)
    assign(session, 2, 1, by=noor, now=NOW, over=0)
    assign(session, 3, 2, by=noor, now=NOW, over=0)
    assert found(session, asked(session, mine=Mine.FOLLOWED)) == ["stray"]
    assert found(session, asked(session, mine=Mine.FOLLOWED), theme="klimaat_water") == []
    assert found(session, asked(session, mine=Mine.ASSIGNED)) == ["2"]
    assert found(session, asked(session, "Sam", mine=Mine.ASSIGNED)) == ["3"]


def test_a_list_is_asked_for_what_the_office_thinks_and_decided(session: Session) -> None:
    first = judged(session, 1, relevant=False)
    judged(session, 1, over=first.id)
    judged(session, 2, relevant=False)
    decided(session, 2, Choice.NO_GO)
    decided(session, 3, Choice.GO)
    by_verdict = [found(session, asked(session, verdict=one)) for one in Judged]
    assert by_verdict == [["1"], ["2"], ["3"]]
    by_decision = [found(session, asked(session, decision=one)) for one in Decided]
    assert by_decision == [["3"], ["2"], ["1"]]
    assert found(session, asked(session, "Joost", verdict=Judged.RELEVANT)) == []
    assert [asked(session, decision=Decided.GO).narrowed, asked(session).narrowed] == [True, False]


def test_a_line_tells_how_the_office_and_the_colleague_stand(session: Session) -> None:
    noor = person(session, "Noor")
    row = judged(session, 1)
    decided(session, 1, Choice.GO)
    assign(session, 1, 2, by=noor, now=NOW, over=0)
    follow(session, 1, by=noor, now=NOW)
    note_seen(session, 1, by=noor, now=NOW)
    change(session, 2, ChangeKind.DEADLINE_MOVED)
    note_seen(session, 2, by=noor, now=NOW)
    page = queries.calls(session, office_slug="enschede", today=TODAY, interest=asked(session))
    first, second, third = sorted(page.lines, key=lambda line: line.call.id)
    standing = first.standing
    assert standing.verdict is row
    assert standing.decision is not None
    assert standing.assignment is not None
    assert (standing.decision.choice, standing.assignment.colleague.name) == (Choice.GO, "Sam")
    assert (standing.followed, standing.seen_at, third.standing.followed) == (True, NOW, False)
    assert [first.unread, second.unread, third.unread] == [False, True, True]


def test_a_call_is_on_the_desks_of_three_offices(session: Session) -> None:
    first = judged(session, 1, relevant=False)
    judged(session, 1, over=first.id)
    judged(session, 1, relevant=False, name="Joost")
    hanna = person(session, "Hanna")
    decide(session, 1, choice=Choice.GO, leads=True, why="geheim", by=hanna, now=NOW, over=0)
    assign(session, 1, 5, by=hanna, now=NOW, over=0)
    desk = queries.call_desk(session, person(session, "Joost"), 1)
    told = {office.slug: standing for office, standing in desk.offices}
    assert list(told) == ["almelo", "enschede", "hengelo"]
    verdicts = {slug: one.verdict.relevant if one.verdict else None for slug, one in told.items()}
    assert verdicts == {"almelo": False, "enschede": True, "hengelo": None}
    assert told["hengelo"].decision is not None
    assert told["hengelo"].decision.leads is True
    assert told["hengelo"].assignment is not None
    assert desk.past == ()
    assert list(queries.call_desk(session, person(session, "Noor"), 1).past) == [first]
    assert queries.call_desk(session, person(session, "Noor"), 2).ours == queries.Standing()


def test_a_verdict_is_found_again_by_its_own_office_until_it_is_taken_back(session: Session) -> None:
    row = judged(session, 1)
    assert queries.own_verdict(session, person(session, "Sam"), row.id) is row
    assert queries.own_verdict(session, person(session, "Joost"), row.id) is None
    take_back(session, Verdict, row.id, by=person(session, "Noor"), now=LATER)
    assert queries.own_verdict(session, person(session, "Sam"), row.id) is None


def test_the_reasons_stand_in_the_text_as_it_is_and_else_in_the_twins(session: Session) -> None:
    reason = {"field": "text", "start": 0, "end": 11, "phrase": "Heat stress", "term": "heat stress"}
    rows = {row.call_id: row for row in session.scalars(select(Match))}
    rows[1].reasons, rows[2].reasons = [reason], [reason]
    rows[2].text_version = 0
    rows[3].reasons = [reason | {"field": "title"}]
    bare = builders.call(key="bare", text="")
    session.add(bare)
    session.flush()
    twin = a_call(session, key="twin", source_id=2, folded_into_id=bare.id, language="de")
    session.scalars(select(Match).where(Match.call_id == twin.id)).one().reasons = [reason]
    session.flush()
    lines = queries.calls(session, office_slug="enschede", today=TODAY).lines
    told = queries.reasons(session, lines)
    pieces = {number: [one.text for one in reasons.passages] for number, reasons in told.items()}
    whole = ["Heat stress and climate adaptation in cities."]
    assert pieces == {1: whole, 2: [], 3: [], bare.id: whole}
    assert told[bare.id].language == "de"
    stray = queries.calls(session, office_slug="almelo", today=TODAY, matched=False).lines
    assert queries.reasons(session, stray) == {}


def test_the_inbox_takes_as_many_statements_for_a_hundred_as_for_ten(
    session: Session, engine: Engine
) -> None:
    noor = person(session, "Noor")
    for number in range(4, 101):
        a_call(session, key=str(number))
        follow(session, number, by=noor, now=NOW)
        assign(session, number, 2, by=noor, now=NOW, over=0)
        judged(session, number)
        change(session, number, ChangeKind.DEADLINE_MOVED)
    counts = []
    for size in (10, 100):
        session.expunge_all()
        interest = asked(session, waiting=True)
        with counted(engine) as said:
            page = queries.calls(
                session, office_slug="enschede", today=TODAY, interest=interest, size=size, order=Order.NEWEST
            )
            queries.reasons(session, page.lines)
            for line in page.lines:
                assert line.standing.assignment is None or line.standing.assignment.colleague.name == "Sam"
        assert len(page.lines) == size
        counts.append(len(said))
    assert counts[0] == counts[1] <= 14
