# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The self-check agrees with a sound plan, and tells when a letter is missing, doubled or overtaken."""

from datetime import date, time, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, event

from grants.auditing import note
from grants.following import follow as follows
from grants.reminders import due, letters
from grants.reminders.check import Checked, Fault, check
from models.application import Application, Milestone, Participation, Role, Stage, TeamMember
from models.call import Call
from models.colleague import Colleague
from models.interest import Assignment, Choice
from models.link import CallLink, LinkReason
from models.match import Verdict
from models.message import Message, MessageState
from models.obligation import Obligation
from models.office import Closure, Office
from models.partner import Partner
from models.session import Begin
from tests import builders
from tests.grants.reminders.desk import DUE, START, amended, decide, follow, furnish, moment, move, written

DAY = date(2026, 12, 1)


def checked(begin: Begin, day: date = DAY, hour: int = 12) -> Checked:
    with begin() as session:
        return check(session, now=moment(day, hour))


def faults(begin: Begin, day: date = DAY, hour: int = 12) -> list[str]:
    return [str(one.fault) for one in checked(begin, day, hour).gaps]


def a_busy_office(begin: Begin) -> None:
    """Every ground there is: owner, team, partner, confidential, own date, follower, assignee, go, no-go, twin."""
    with begin() as session:
        furnish(session)
        session.get_one(Office, 1).remind_partners = True
        session.get_one(Office, 1).reminder_steps = {"obligation": [20, 14]}
        session.add(Partner(slug="borken", name="Kreis Borken", country="DE"))
        for number in range(2, 7):
            deadlines = [builders.deadline(DUE + timedelta(days=number), since=START)]
            session.add(builders.call(key=str(number), deadlines=deadlines))
        session.flush()
        session.get_one(Call, 2).folded_into_id = 1
        contact = Participation(partner_id=1, role=Role.PARTNER, contact="eva@borken.example")
        session.add_all([
            builders.application(call_id=1, stage=Stage.PREPARING, owner_id=1, backup_id=2, participations=[contact],
                milestones=[builders.milestone(DUE), builders.milestone(DUE, kind="internal", at=time(9)),
                    builders.milestone(DUE + timedelta(days=2), kind="submission")],
            ),
            builders.application(slug="b", call_id=3, stage=Stage.IDEA, confidential=True, created_at=START,
                team=[TeamMember(colleague_id=2)], reminder_days=[16], milestones=[builders.milestone(DUE)],
            ),
            builders.application(slug="c", call_id=4, stage=Stage.WITHDRAWN, owner_id=1, milestones=[builders.milestone(DUE)]),
            builders.application(slug="d", owner_id=None, milestones=[builders.milestone(DAY - timedelta(days=2))]),
        ])  # fmt: skip
        session.flush()
        session.add_all([
            Obligation(application_id=1, title="Ours", kind="audit", on=DUE),
            Obligation(application_id=1, title="Theirs", kind="audit", on=DUE, partner_id=1),
            Assignment(office_id=1, call_id=3, colleague_id=1, at=START, by="x"),
            Assignment(office_id=1, call_id=5, colleague_id=1, at=START, by="x"),
            Verdict(office_id=1, call_id=5, relevant=False, at=START),
            Closure(office_id=1, on=DAY - timedelta(days=1)),
        ])  # fmt: skip
        for call_id in (1, 3, 4, 5, 6):
            follow(session, 1, call_id)
        decide(session, Choice.GO, call_id=4)
        decide(session, Choice.GO, call_id=6, colleague_id=None)
        decide(session, Choice.NO_GO, call_id=2)


def test_it_agrees_with_the_plan_about_every_ground_there_is(begin: Begin) -> None:
    a_busy_office(begin)
    for day in range(-40, 40, 7):
        written(begin, DUE + timedelta(days=day), hour=12)
        found = checked(begin, DUE + timedelta(days=day))
        assert found.gaps == []
        assert not found.waiting
    assert len(written(begin, DAY)) >= 0
    assert checked(begin, DUE - timedelta(days=1)).at is not None


def test_before_the_first_round_there_is_nothing_to_say(begin: Begin) -> None:
    with begin() as session:
        furnish(session)
    assert checked(begin) == Checked()


def an_office(begin: Begin) -> None:
    with begin() as session:
        furnish(session)
        session.add(builders.application(owner_id=1, milestones=[builders.milestone(DUE)]))
        follow(session)
    written(begin, DAY)


def test_each_letter_is_counted_by_its_state(begin: Begin) -> None:
    an_office(begin)
    with begin() as session:
        session.get_one(Message, 1).state = MessageState.HELD
    assert checked(begin).counts == {1: {"held": 1, "sent": 1}}


def test_a_letter_that_is_taken_away_is_missed(begin: Begin) -> None:
    an_office(begin)
    with begin() as session:
        session.execute(delete(Message).where(Message.id == 1))
    (gap,) = checked(begin).gaps
    assert (gap.fault, gap.title, gap.on, gap.who, gap.application_id) == (
        Fault.MISSING,
        "Indienen",
        DUE,
        "Noor",
        1,
    )


def test_a_planner_that_forgets_somebody_is_found_out(begin: Begin, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = due.plan

    def forgetful(*args: Any, **words: Any) -> list[due.Reminder]:
        return [one for one in plan(*args, **words) if one.dated.kind != due.Kind.CALL]

    monkeypatch.setattr(letters, "plan", forgetful)
    an_office(begin)
    (gap,) = checked(begin).gaps
    assert (gap.fault, gap.title, gap.application_id) == (Fault.MISSING, "Cities that stay cool", None)


def test_a_planner_that_writes_too_much_or_twice_is_found_out(begin: Begin) -> None:
    an_office(begin)
    with begin() as session:
        same = session.get_one(Message, 1)
        for key, state in ((f"{same.key}#2", "sent"), ("reminder:1:milestone-9:2026-12-15:14:1", "queued"),
                           ("reminder:1:milestone-1:2026-12-15:30:1", "queued")):  # fmt: skip
            facts = {name: getattr(same, name) for name in ("kind", "office_id", "recipient", "subject", "mime",
                     "created_at", "next_attempt_at", "application_id")}  # fmt: skip
            session.add(Message(key=key, message_id=key, state=MessageState(state), **facts))
    assert sorted(faults(begin)) == ["double", "overtaken", "stray"]


def test_a_letter_that_was_refused_is_told(begin: Begin) -> None:
    an_office(begin)
    with begin() as session:
        session.get_one(Message, 1).state = MessageState.DEAD
    assert faults(begin) == ["refused"]


def test_a_planner_that_stands_still_is_told(begin: Begin) -> None:
    an_office(begin)
    assert faults(begin, DAY + timedelta(days=1), 9) == []
    assert faults(begin, DAY + timedelta(days=2), 9) == ["unplanned"]


def test_what_changed_since_the_last_round_comes_with_the_next_and_is_no_gap(begin: Begin) -> None:
    an_office(begin)
    before = checked(begin).counts
    with begin() as session:
        noor = session.get_one(Colleague, 1)
        session.add(Milestone(application_id=1, title="Nieuw", on=DUE))
        told = {"at": moment(DAY, 10), "actor": "noor", "office_id": 1, "application_id": 1}
        note(session, action="added", subject="milestone", subject_id=2, **told)
        assert noor.active
    found = checked(begin)
    assert (found.gaps, found.waiting) == ([], {1: 1})
    assert found.counts == before
    assert before[1].total()
    with begin() as session:
        session.get_one(Application, 1).version += 0
        follows(session, 1, by=session.get_one(Colleague, 2), now=moment(DAY, 11))
    assert checked(begin).waiting == {1: 2}
    written(begin, DAY, hour=12)
    assert (checked(begin).gaps, checked(begin).waiting) == ([], {})


@pytest.mark.parametrize("what", ["moved", "linked"])
def test_a_deadline_that_moved_or_a_twin_that_was_found_since_is_no_gap_yet(begin: Begin, what: str) -> None:
    an_office(begin)
    if what == "moved":
        move(begin, DAY + timedelta(days=6), at=moment(DAY, 10))
    else:
        with begin() as session:
            session.add(
                builders.call(key="2", deadlines=[builders.deadline(DUE - timedelta(days=1), since=START)])
            )
            session.flush()
            session.get_one(Call, 1).folded_into_id = 2
            session.add(
                CallLink(
                    call_id=1, other_id=2, reason=LinkReason.BY_HAND, confidence=1, at=moment(DAY, 10), by="x"
                )
            )
    assert faults(begin) == []
    assert checked(begin).waiting == {1: 1}
    amended(begin, DAY, hour=11)
    written(begin, DAY, hour=12)
    assert checked(begin).gaps == []


def test_many_applications_ask_the_database_no_more_than_one(begin: Begin) -> None:
    def asked() -> int:
        with begin() as session:
            count: list[str] = []
            event.listen(session.get_bind(), "before_cursor_execute", lambda *words: count.append(words[2]))
            check(session, now=moment(DAY, 12))
            return len(count)

    an_office(begin)
    few = asked()
    with begin() as session:
        session.add_all(
            builders.application(
                slug=f"a{number}", owner_id=1, call_id=1, milestones=[builders.milestone(DUE)]
            )
            for number in range(20)
        )
    assert asked() == few
