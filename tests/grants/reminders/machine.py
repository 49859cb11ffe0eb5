# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""An office to which anything happens in any order: what hypothesis plays with."""

from collections import Counter
from datetime import date, time, timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule
from sqlalchemy import Engine, create_engine, select
from sqlalchemy.orm import Session
from sqlalchemy.pool import StaticPool

import models
from grants.reminders import check, write_amendments, write_reminders
from models.application import Application, Milestone, Participation, Role, Stage, TeamMember
from models.call import Call, Deadline
from models.colleague import Colleague
from models.interest import Assignment, Choice, Follow, GoDecision
from models.message import Message, MessageState
from models.obligation import Obligation
from models.office import Closure, Office
from models.partner import Partner
from models.session import transactions
from tests import builders
from tests.grants.reminders.desk import SETTINGS, START, furnish, moment

FIRST = date(2026, 11, 2)
DAYS = st.integers(-20, 60)
CALLS, PEOPLE, APPLICATIONS = st.integers(1, 3), st.integers(1, 2), st.integers(1, 2)
STAGES = st.sampled_from(
    [Stage.IDEA, Stage.PREPARING, Stage.SUBMITTED, Stage.RUNNING, Stage.WITHDRAWN, Stage.SETTLED]
)
STEPS = st.lists(st.integers(0, 40), max_size=4, unique=True)


def empty() -> Engine:
    engine = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
    models.Base.metadata.create_all(engine)
    return engine


class OfficeMachine(RuleBasedStateMachine):
    """Between two rounds of planning anything may happen; after each, the self-check finds nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.engine = empty()
        self.begin = transactions(self.engine)
        self.now = moment(FIRST, 8)

    def teardown(self) -> None:
        self.engine.dispose()

    @initialize()
    def open_the_office(self) -> None:
        with self.begin() as session:
            furnish(session)
            for key in ("2", "3"):
                session.add(
                    builders.call(
                        key=key, deadlines=[builders.deadline(FIRST + timedelta(days=25), since=START)]
                    )
                )
            session.add(Partner(slug="borken", name="Kreis Borken", country="DE"))
            session.flush()
            part = Participation(partner_id=1, role=Role.PARTNER, contact="eva@borken.example")
            at = {"created_at": START, "owner_id": 1}
            session.add_all([
                builders.application(stage=Stage.PREPARING, call_id=1, participations=[part], **at),
                builders.application(slug="b", stage=Stage.IDEA, call_id=2, confidential=True, **at),
            ])  # fmt: skip

    def change(self, row: type[Any], number: int, **facts: Any) -> None:
        with self.begin() as session:
            for name, value in facts.items():
                setattr(session.get_one(row, number), name, value)

    def day(self, days: int) -> date:
        return self.now.date() + timedelta(days=days)

    @rule(days=st.integers(0, 12), hours=st.integers(0, 9))
    def time_passes_and_nothing_runs(self, days: int, hours: int) -> None:
        self.now = max(self.now, moment(self.day(days), 8 + hours)) + timedelta(seconds=2)

    @rule()
    def reminders_are_planned(self) -> None:
        self.now += timedelta(seconds=2)
        with self.begin() as session:
            write_reminders(session, today=self.now.date(), now=self.now, settings=SETTINGS)
        with self.begin() as session:
            found = check(session, now=self.now)
            assert found.gaps == []
            assert not found.waiting
            self.nothing_is_doubled(session)

    def nothing_is_doubled(self, session: Session) -> None:
        rows = session.execute(select(Message.key, Message.state)).all()
        live = Counter(key.partition("#")[0] for key, state in rows if state != MessageState.SUPERSEDED)
        assert [key for key, count in live.items() if count > 1] == []

    @rule(
        state=st.sampled_from([MessageState.SENT, MessageState.SENT, MessageState.HELD, MessageState.QUEUED])
    )
    def letters_are_delivered(self, state: MessageState) -> None:
        self.now += timedelta(seconds=2)
        with self.begin() as session:
            write_amendments(session, now=self.now, settings=SETTINGS)
            for letter in session.scalars(select(Message).where(Message.state == MessageState.QUEUED)):
                letter.state = state

    @rule(call=CALLS, days=DAYS, hour=st.sampled_from([None, time(12), time(17)]))
    def a_source_moves_a_deadline(self, call: int, days: int, hour: time | None) -> None:
        self.now += timedelta(seconds=2)
        with self.begin() as session:
            for one in session.scalars(
                select(Deadline).where(Deadline.call_id == call, Deadline.superseded_at.is_(None))
            ):
                one.superseded_at = self.now
            session.add(builders.deadline(self.day(days), at=hour, call_id=call, since=self.now))

    @rule(call=st.integers(2, 3), into=st.sampled_from([None, 1]))
    def a_twin_is_found_or_undone(self, call: int, into: int | None) -> None:
        self.change(Call, call, folded_into_id=into)

    @rule(application=APPLICATIONS, stage=STAGES)
    def an_application_moves(self, application: int, stage: Stage) -> None:
        self.change(Application, application, stage=stage)

    @rule(application=APPLICATIONS, days=DAYS, kind=st.sampled_from(["", "internal", "submission"]))
    def a_milestone_is_added(self, application: int, days: int, kind: str) -> None:
        with self.begin() as session:
            session.add(builders.milestone(self.day(days), kind=kind, application_id=application))

    @rule(days=DAYS, done=st.booleans(), removed=st.booleans())
    def a_milestone_changes(self, days: int, *, done: bool, removed: bool) -> None:
        with self.begin() as session:
            one = session.scalars(select(Milestone).order_by(Milestone.id.desc())).first()
            if one is not None:
                one.on, one.done_on = self.day(days), self.now.date() if done else None
                one.removed_at = self.now if removed else None

    @rule(application=APPLICATIONS, days=DAYS, partner=st.sampled_from([None, 1]))
    def an_obligation_is_added(self, application: int, days: int, partner: int | None) -> None:
        facts = {"application_id": application, "title": "Verslag", "kind": "audit", "partner_id": partner}
        with self.begin() as session:
            session.add(Obligation(on=self.day(days), **facts))

    @rule(days=DAYS, removed=st.booleans())
    def an_obligation_changes(self, days: int, *, removed: bool) -> None:
        with self.begin() as session:
            one = session.scalars(select(Obligation).order_by(Obligation.id.desc())).first()
            if one is not None:
                one.on, one.removed_at = self.day(days), self.now if removed else None

    @rule(removed=st.booleans())
    def a_partner_leaves_or_comes_back(self, *, removed: bool) -> None:
        self.change(Participation, 1, removed_at=self.now if removed else None)

    @rule(call=CALLS, who=PEOPLE)
    def somebody_follows_or_no_longer(self, call: int, who: int) -> None:
        with self.begin() as session:
            rows = select(Follow).where(
                Follow.call_id == call, Follow.colleague_id == who, Follow.until.is_(None)
            )
            one = session.scalars(rows).first()
            if one is None:
                session.add(Follow(call_id=call, colleague_id=who, since=self.now))
            else:
                one.until = self.now

    @rule(call=CALLS, who=PEOPLE, choice=st.sampled_from(Choice))
    def the_office_decides(self, call: int, who: int, choice: Choice) -> None:
        facts = {"office_id": 1, "call_id": call, "colleague_id": who, "at": self.now}
        with self.begin() as session:
            session.add(GoDecision(choice=choice, **facts))

    @rule(call=CALLS, who=PEOPLE)
    def a_call_is_given_to_somebody(self, call: int, who: int) -> None:
        with self.begin() as session:
            session.add(Assignment(office_id=1, call_id=call, colleague_id=who, at=self.now, by="x"))

    @rule(application=APPLICATIONS, who=st.sampled_from([None, 1, 2]), secret=st.booleans())
    def the_owner_changes(self, application: int, who: int | None, *, secret: bool) -> None:
        self.change(Application, application, owner_id=who, confidential=secret)

    @rule(application=APPLICATIONS)
    def lena_joins_or_leaves_the_team(self, application: int) -> None:
        with self.begin() as session:
            rows = select(TeamMember).where(TeamMember.application_id == application)
            one = session.scalars(rows).first()
            session.delete(one) if one else session.add(
                TeamMember(application_id=application, colleague_id=2)
            )

    @rule(who=PEOPLE, active=st.booleans())
    def somebody_leaves_or_returns(self, who: int, *, active: bool) -> None:
        self.change(Colleague, who, active=active)

    @rule(steps=STEPS, kind=st.sampled_from(["milestone", "obligation", "call"]), partners=st.booleans())
    def the_office_chooses_steps(self, steps: list[int], kind: str, *, partners: bool) -> None:
        self.change(Office, 1, reminder_steps={kind: steps}, remind_partners=partners)

    @rule(application=APPLICATIONS, steps=st.none() | STEPS)
    def an_application_gets_its_own_steps(self, application: int, steps: list[int] | None) -> None:
        self.change(Application, application, reminder_days=steps)

    @rule(days=st.integers(0, 20))
    def the_office_is_shut(self, days: int) -> None:
        with self.begin() as session:
            if session.scalars(select(Closure).where(Closure.on == self.day(days))).first() is None:
                session.add(Closure(office_id=1, on=self.day(days)))
