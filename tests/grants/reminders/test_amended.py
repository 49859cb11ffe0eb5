# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""A deadline that moves is told at once to who works on the call or follows it, once per version."""

from datetime import date, time, timedelta

from models.application import Participation, Role, Stage, TeamMember
from models.call import Call
from models.interest import Assignment, Choice
from models.office import Office
from models.partner import Partner
from models.session import Begin
from tests import builders
from tests.grants.reminders.desk import (
    DUE,
    START,
    amended,
    decide,
    follow,
    furnish,
    moment,
    move,
    states,
    written,
)

DAY = date(2026, 12, 1)


def an_office(begin: Begin) -> None:
    with begin() as session:
        furnish(session)
        follow(session)


def test_an_earlier_deadline_is_told_at_once_with_what_it_was(begin: Begin) -> None:
    an_office(begin)
    move(begin, DUE - timedelta(days=8), at=moment(DAY, 8))
    (letter,) = amended(begin, DAY)
    assert letter.subject == "Sluitingsdatum vervroegd: Cities that stay cool"
    assert letter.due_at == moment(DUE - timedelta(days=8), 17)
    text = letter.mime.decode()
    assert "- nog 6 dagen, maandag 7 december 2026 17:00 (Brussel)" in text
    assert "- nog 14 dagen, dinsdag 15 december 2026 17:00 (Brussel)" in text
    assert "omdat u deze openstelling volgt" in text
    assert amended(begin, DAY, hour=10) == []


def test_an_extended_deadline_is_told_and_reminds_anew_at_its_own_steps(begin: Begin) -> None:
    an_office(begin)
    assert len(written(begin, DAY)) == 1
    move(begin, DUE + timedelta(days=21), at=moment(DAY, 10))
    (letter,) = amended(begin, DAY, hour=11)
    assert letter.subject == "Sluitingsdatum verlengd: Cities that stay cool"
    later = DUE + timedelta(days=7)
    assert [one.key for one in written(begin, later)] == ["reminder:call:call-1:2027-01-05:14:1"]


def test_everyone_who_works_on_it_hears_and_the_lead_partner_when_the_office_says_so(begin: Begin) -> None:
    an_office(begin)
    with begin() as session:
        decide(session, Choice.GO, colleague_id=3)
        session.get_one(Office, 1).remind_partners = True
        session.add(Partner(slug="borken", name="Kreis Borken", country="DE"))
        session.flush()
        lead = Participation(partner_id=1, role=Role.LEAD, contact="eva@borken.example")
        team = [TeamMember(colleague_id=2)]
        session.add(
            builders.application(call_id=1, stage=Stage.PREPARING, owner_id=1, team=team, participations=[lead],
                created_at=START,
            )
        )  # fmt: skip
    move(begin, DUE - timedelta(days=8), at=moment(DAY, 8))
    letters = {one.recipient.partition("@")[0]: one for one in amended(begin, DAY)}
    assert letters.keys() == {"noor", "lena", "eva"}
    assert "Frist vorgezogen" in letters["lena"].subject
    assert b"localhost:8000" not in letters["eva"].mime
    assert b"localhost:8000/applications/1" in letters["noor"].mime


def test_an_assignee_hears_too(begin: Begin) -> None:
    with begin() as session:
        furnish(session)
        session.add(Assignment(office_id=1, call_id=1, colleague_id=2, at=START, by="x"))
    move(begin, DUE + timedelta(days=8), at=moment(DAY, 8))
    assert [one.recipient for one in amended(begin, DAY)] == ["lena@enschede.example"]


def test_two_moves_are_one_letter_when_nobody_looked_and_two_when_the_first_was_told(begin: Begin) -> None:
    an_office(begin)
    move(begin, DUE + timedelta(days=7), at=moment(DAY, 8))
    move(begin, DUE + timedelta(days=14), at=moment(DAY, 9))
    (both,) = amended(begin, DAY, hour=10)
    assert "15 december 2026" in both.mime.decode()
    assert "22 december 2026" not in both.mime.decode()
    move(begin, DUE + timedelta(days=7), at=moment(DAY, 11))
    (back,) = amended(begin, DAY, hour=12)
    assert back.subject == "Sluitingsdatum vervroegd: Cities that stay cool"


def test_a_letter_that_waits_is_overtaken_by_the_next_move(begin: Begin) -> None:
    an_office(begin)
    move(begin, DUE + timedelta(days=7), at=moment(DAY, 8))
    amended(begin, DAY, sent=False)
    move(begin, DUE + timedelta(days=14), at=moment(DAY, 10))
    (letter,) = amended(begin, DAY, hour=11)
    assert "15 december 2026" in letter.mime.decode()
    assert [state for _, state in states(begin)] == ["superseded", "sent"]


def test_a_move_of_before_one_followed_or_of_long_ago_or_a_change_of_words_is_no_news(begin: Begin) -> None:
    with begin() as session:
        furnish(session)
        follow(session, since=moment(DAY, 12))
    move(begin, DUE + timedelta(days=7), at=moment(DAY, 8))
    assert amended(begin, DAY, hour=13) == []
    move(begin, DUE + timedelta(days=7), at=moment(DAY, 14), hour=None)
    assert amended(begin, DAY, hour=15) == []
    move(begin, DUE + timedelta(days=9), at=moment(DAY, 16))
    assert amended(begin, DAY + timedelta(days=15)) == []


def test_an_earlier_hour_of_the_same_day_is_an_earlier_deadline(begin: Begin) -> None:
    an_office(begin)
    move(begin, DUE, at=moment(DAY, 8), hour=time(12))
    assert [one.subject for one in amended(begin, DAY)] == ["Sluitingsdatum vervroegd: Cities that stay cool"]


def test_cut_offs_are_compared_by_their_label_and_one_that_stays_is_not_repeated(begin: Begin) -> None:
    first, second = DUE, DUE + timedelta(days=90)
    with begin() as session:
        furnish(
            session,
            deadlines=[builders.deadline(first, stage="cut-off 1", since=START),
                builders.deadline(second, stage="cut-off 2", since=START)],
        )  # fmt: skip
        follow(session)
    assert len(written(begin, DAY)) == 1
    at = moment(DAY, 8)
    with begin() as session:
        call = session.get_one(Call, 1)
        for one in call.deadlines:
            one.superseded_at = at
        call.all_deadlines += [
            builders.deadline(first, stage="cut-off 1", since=at),
            builders.deadline(second - timedelta(days=1), stage="cut-off 2", since=at),
        ]
    (letter,) = amended(begin, DAY)
    assert letter.subject.startswith("Sluitingsdatum vervroegd")
    assert written(begin, DAY, hour=10) == [], "the first cut-off did not move: it reminds no second time"


def test_what_had_passed_and_moved_into_the_past_is_no_news_and_an_old_one_that_reopens_is(
    begin: Begin,
) -> None:
    an_office(begin)
    after = DUE + timedelta(days=2)
    move(begin, DUE - timedelta(days=1), at=moment(after, 8))
    assert amended(begin, after) == []
    move(begin, DUE + timedelta(days=30), at=moment(after, 10))
    assert [one.subject for one in amended(begin, after, hour=11)] == [
        "Sluitingsdatum verlengd: Cities that stay cool"
    ]
