# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Days on local dates, moved earlier to a working day; what was missed goes once, marked late."""

from datetime import date, time, timedelta

import pytest

from grants.reminders.steps import PASSED, day_of, reached, strikes
from models.application import Application, Participation, Role
from models.colleague import Colleague
from models.obligation import Obligation
from models.office import Closure, Office
from models.partner import Partner
from models.session import Begin
from models.values import Due
from tests import builders
from tests.grants.reminders.desk import DUE, furnish, moment, send, states, written

STEPS = [30, 14, 7, 2, 0]


@pytest.mark.parametrize(
    ("on", "step", "went"),
    [
        (DUE, 14, date(2026, 12, 1)),
        (DUE, 30, date(2026, 11, 13)),  # a Sunday
        (date(2027, 4, 29), 2, date(2027, 4, 26)),  # King's Day
        (date(2027, 5, 7), 2, date(2027, 5, 4)),  # 5 May is one of the Algemene termijnenwet every year
        (date(2027, 3, 26), 0, date(2027, 3, 25)),  # so is Good Friday, in no lustrum and no bank's list
        (
            date(2027, 1, 3),
            0,
            date(2026, 12, 31),
        ),  # a Sunday after a Saturday after New Year's Day
    ],
)
def test_a_step_is_moved_earlier_to_a_working_day(on: date, step: int, went: date) -> None:
    assert day_of(on, step, ()) == went


def test_a_closure_of_the_office_is_no_working_day_either() -> None:
    assert day_of(DUE, 0, {DUE, DUE - timedelta(days=1)}) == date(2026, 12, 11)


def test_of_steps_that_are_reached_the_most_urgent_counts_and_the_deadline_itself_never_moves() -> None:
    sunday = date(2026, 12, 13)
    assert reached(sunday, STEPS, sunday - timedelta(days=1), ()) == (0, date(2026, 12, 11))
    assert reached(sunday, STEPS, sunday + timedelta(days=1), ()) == (PASSED, sunday)
    assert reached(sunday, STEPS, sunday + timedelta(days=31), ()) is None
    assert reached(sunday, [], sunday, ()) is None


def test_a_deadline_without_an_hour_strikes_when_the_office_closes() -> None:
    assert strikes(Due(DUE, zone="Europe/Brussels")) == moment(DUE, 17)
    assert strikes(Due(DUE, time(12), "Europe/London")) == moment(DUE, 13)
    assert strikes(Due(None)) is None


def an_office(begin: Begin, **of_office: object) -> None:
    with begin() as session:
        furnish(session)
        for name, value in of_office.items():
            setattr(session.get_one(Office, 1), name, value)
        session.add(builders.application(owner_id=1, milestones=[builders.milestone(DUE)]))


def test_each_kind_has_its_own_steps_and_an_application_its_own_for_all(begin: Begin) -> None:
    an_office(begin, reminder_steps={"obligation": [5]})
    with begin() as session:
        session.add(Obligation(application_id=1, title="Rapport", kind="finance", on=DUE))
    assert [one.key for one in written(begin, DUE - timedelta(days=5))] == [
        "reminder:1:milestone-1:2026-12-15:7:1",
        "reminder:1:obligation-1:2026-12-15:5:1",
    ]
    with begin() as session:
        session.get_one(Application, 1).reminder_days = [3]
    assert [one.key for one in written(begin, DUE - timedelta(days=3))] == [
        "reminder:1:milestone-1:2026-12-15:3:1",
        "reminder:1:obligation-1:2026-12-15:3:1",
    ]


def test_the_offices_closures_count(begin: Begin) -> None:
    an_office(begin)
    with begin() as session:
        session.add(Closure(office_id=1, on=date(2026, 12, 1)))
    assert [one.key.split(":")[4] for one in written(begin, date(2026, 11, 30))] == ["14"]


def test_after_downtime_a_missed_step_goes_once_and_says_that_it_is_late(begin: Begin) -> None:
    an_office(begin)
    written(begin, DUE - timedelta(days=20))
    (late,) = written(begin, DUE - timedelta(days=12))
    assert late.subject == "[te laat verzonden] Herinnering: Indienen (Euregionale Doorlopende Leerlijn)"
    assert "Te laat verzonden: dit bericht had op dinsdag 1 december 2026 moeten gaan." in late.mime.decode()
    assert written(begin, DUE - timedelta(days=12), hour=10) == []


def test_what_became_due_since_the_last_round_is_not_late(begin: Begin) -> None:
    an_office(begin)
    written(begin, DUE - timedelta(days=5))
    with begin() as session:
        session.add(builders.milestone(DUE, title="Later bedacht", application_id=1))
    (letter,) = written(begin, DUE - timedelta(days=5), hour=10)
    assert letter.subject == "Herinnering: Later bedacht (Euregionale Doorlopende Leerlijn)"


def test_a_letter_that_could_not_go_for_days_is_written_anew_and_late(begin: Begin) -> None:
    an_office(begin)
    written(begin, DUE - timedelta(days=14), sent=False)
    (anew,) = written(begin, DUE - timedelta(days=12), sent=False)
    assert anew.subject.startswith("[te laat verzonden]")
    assert "nog 12 dagen" in anew.mime.decode()
    key = "reminder:1:milestone-1:2026-12-15:14:1"
    assert states(begin) == [(key, "superseded"), (f"{key}#2", "queued")]
    send(begin)
    assert written(begin, DUE - timedelta(days=11)) == []


def a_partner(begin: Begin, **facts: object) -> None:
    an_office(begin, remind_partners=True)
    with begin() as session:
        session.add(Partner(slug="borken", name="Kreis Borken", country="DE"))
        session.flush()
        told = {"application_id": 1, "partner_id": 1, "role": Role.PARTNER, "contact": "eva@borken.example"}
        session.add(Participation(**told | facts))


def test_partners_without_an_account_hear_when_the_office_says_so_in_their_language_without_links(
    begin: Begin,
) -> None:
    a_partner(begin)
    own, theirs = written(begin, DUE)
    assert own.recipient == "noor@enschede.example"
    assert (theirs.recipient, theirs.subject) == (
        "eva@borken.example",
        "Erinnerung: Indienen (Euregionale Doorlopende Leerlijn)",
    )
    assert b"http" not in theirs.mime.split(b"Content-Type: text/html")[0].split(b"\r\n\r\n", 1)[1]
    assert b"localhost:8000" not in theirs.mime
    with begin() as session:
        session.get_one(Office, 1).remind_partners = False
        session.get_one(Colleague, 1).active = True
        session.add(builders.milestone(DUE, title="Anders", application_id=1))
    assert [one.recipient for one in written(begin, DUE)] == ["noor@enschede.example"]


def test_partners_hear_nothing_of_what_is_internal_or_anothers_and_a_colleague_hears_once(
    begin: Begin,
) -> None:
    a_partner(begin)
    with begin() as session:
        session.get_one(Application, 1).milestones[0].kind = "internal"
        session.add(Partner(slug="ahaus", name="Ahaus", country="FR"))
        session.flush()
        session.add(
            Participation(application_id=1, partner_id=2, role=Role.PARTNER, contact="NOOR@enschede.example")
        )
        for whose in (None, 1, 2):
            session.add(
                Obligation(application_id=1, title=f"of {whose}", kind="finance", on=DUE, partner_id=whose)
            )
    letters = [(one.recipient, one.key.split(":")[2]) for one in written(begin, DUE)]
    assert [what for who, what in letters if who == "eva@borken.example"] == ["obligation-2"]
    assert {who for who, _ in letters} == {"noor@enschede.example", "eva@borken.example"}
