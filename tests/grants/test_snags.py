# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""A letter that cannot be written stops no other: it is kept, told once, tried again, and over once it is written."""

from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError

from grants.digest import write_all
from grants.reminders import Fault, check, urgent
from grants.snags import Draft, in_force, write_each
from grants.undeliverable import write_undeliverable
from grants.upkeep import DEADLINES, tell
from models.application import Milestone, Stage
from models.colleague import Access, Colleague
from models.message import Message
from models.session import Begin
from models.snag import Snag
from tests import builders
from tests.builders import NOW
from tests.grants.reminders.desk import DUE, SETTINGS, amended, follow, furnish, moment, move, written

BAD = "lena@enschede.example\r\nBcc: all@enschede.example"  # no header takes it
GOOD = "lena@enschede.example"
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def desk(begin: Begin) -> None:
    """Noor and Lena work on one date, Lena under an address that no letter can carry."""
    with begin() as session:
        furnish(session)
        application = builders.application(owner_id=1, backup_id=2, stage=Stage.PREPARING)
        application.milestones = [builders.milestone(DUE, at=time(17))]
        session.add(application)
    set_address(begin, BAD)


def set_address(begin: Begin, address: str, number: int = 2) -> None:
    with begin() as session:
        session.execute(update(Colleague).where(Colleague.id == number).values(email=address))


def snags(begin: Begin) -> list[Snag]:
    with begin() as session:
        return list(session.scalars(select(Snag).order_by(Snag.id)))


def recipients(letters: list[Message]) -> list[str]:
    return [one.recipient for one in letters]


def told(begin: Begin, now: datetime) -> list[str]:
    heard: list[str] = []
    tell(begin, send=lambda _title, text: bool(heard.append(text)) or True, now=now, watches=DEADLINES)
    return heard


def test_the_other_reminders_of_the_round_are_written(begin: Begin) -> None:
    assert recipients(written(begin, DUE)) == ["noor@enschede.example"]
    (snag,) = snags(begin)
    assert (snag.kind, snag.office_id, snag.application_id, snag.about) == ("reminder", 1, 1, "Indienen")
    assert (snag.key, snag.tries, snag.over_at) == (f"reminder:1:milestone-1:{DUE}:0:2", 1, None)
    assert snag.error.startswith("ValueError: Header values may not contain linefeed")


def test_it_is_tried_again_with_each_round_and_over_once_it_is_written(begin: Begin) -> None:
    written(begin, DUE, hour=9)
    assert written(begin, DUE, hour=10) == []
    assert [(one.tries, one.over_at) for one in snags(begin)] == [(2, None)]
    set_address(begin, GOOD)
    assert recipients(written(begin, DUE, hour=11)) == [GOOD]
    assert [(one.tries, one.over_at) for one in snags(begin)] == [(2, moment(DUE, 11))]


def test_it_is_over_when_the_letter_is_due_no_more(begin: Begin) -> None:
    written(begin, DUE, hour=9)
    with begin() as session:
        session.get_one(Milestone, 1).done_on = DUE
    written(begin, DUE, hour=10)
    assert [one.over_at for one in snags(begin)] == [moment(DUE, 10)]


def test_what_fails_again_after_it_was_over_is_another_snag(begin: Begin) -> None:
    for hour, address in ((9, BAD), (10, GOOD)):
        set_address(begin, address)
        written(begin, DUE - timedelta(days=7), hour=hour)
    set_address(begin, BAD)
    written(begin, DUE)
    assert [one.over_at is None for one in snags(begin)] == [False, True]


def test_two_rounds_at_one_moment_are_one(begin: Begin) -> None:
    written(begin, DUE)
    written(begin, DUE)
    assert [one.tries for one in snags(begin)] == [1]


def test_the_operator_hears_once_that_it_started_and_once_that_it_is_over(begin: Begin) -> None:
    written(begin, DUE, hour=9)
    (first,) = told(begin, moment(DUE, 9, 1))
    assert first == "A reminder of office 1 cannot be written. It is tried again; see /messages."
    written(begin, DUE, hour=10)
    assert told(begin, moment(DUE, 10, 1)) == []
    set_address(begin, GOOD)
    written(begin, DUE, hour=11)
    assert told(begin, moment(DUE, 11, 1)) == [f"No longer so: {first}"]


def test_the_self_check_names_it(begin: Begin) -> None:
    written(begin, DUE)
    with begin() as session:
        (gap,) = check(session, now=moment(DUE, 10)).gaps
    assert (gap.fault, gap.title, gap.who) == (Fault.FAILED, "Indienen", "Lena")


def test_near_its_deadline_every_page_and_the_operator_say_so(begin: Begin) -> None:
    written(begin, DUE)
    near = moment(DUE, 15, 30)
    with begin() as session:
        (one,) = urgent(session, session.get_one(Colleague, 1), now=near)
        assert urgent(session, session.get_one(Colleague, 1), now=moment(DUE, 14)) == []
    assert (one.subject, one.due_at, one.application_id) == ("Indienen", moment(DUE, 17), 1)
    (text,) = told(begin, near)
    assert "Message snag-1, a reminder, is not written and its deadline strikes at" in text


def test_the_other_digests_are_written_over_all_batches(begin: Begin) -> None:
    with begin() as session:
        session.add_all(
            builders.colleague(name=f"R{number}", email=f"r{number}@enschede.example") for number in range(45)
        )
    assert write_all(begin, now=NOW, settings=SETTINGS) == 47  # Noor, Adel and those
    assert [(one.kind, one.recipient, one.tries) for one in snags(begin)] == [("digest", BAD, 1)]
    set_address(begin, GOOD)
    assert write_all(begin, now=NOW + HOUR, settings=SETTINGS) == 1
    assert [one.over_at for one in snags(begin)] == [NOW + HOUR]


def test_a_digest_that_does_not_render_leaves_the_next_one_whole(begin: Begin) -> None:
    with begin() as session:
        session.execute(update(Colleague).where(Colleague.id == 2).values(email=GOOD, language="xx"))
    assert write_all(begin, now=NOW, settings=SETTINGS) == 2
    assert [one.recipient for one in snags(begin)] == [GOOD]


def test_moved_deadlines_are_told_to_everybody_else(begin: Begin) -> None:
    with begin() as session:
        follow(session, 1)
        follow(session, 2)
    move(begin, date(2026, 12, 8), at=moment(date(2026, 11, 25)))
    assert recipients(amended(begin, date(2026, 11, 25), hour=10)) == ["noor@enschede.example"]
    assert [(one.kind, one.about) for one in snags(begin)] == [("amended", "Cities that stay cool")]


def test_an_administrator_who_could_not_be_told_of_a_refused_address_is_told_later(begin: Begin) -> None:
    with begin() as session:
        session.get_one(Colleague, 2).access = Access.ADMINISTRATOR
        session.add(builders.letter())
        session.flush()
        session.add(builders.suppression())
    for hours, expected in ((0, ["adel@enschede.example"]), (1, []), (2, [GOOD]), (3, [])):
        set_address(begin, GOOD if hours == 2 else BAD)
        with begin() as session:
            letters = write_undeliverable(session, now=NOW + hours * HOUR, settings=SETTINGS)
        assert recipients(letters) == expected
    assert [(one.about, one.tries) for one in snags(begin)] == [("weg@enschede.example", 2)]


def test_another_round_may_note_the_same_first(begin: Begin) -> None:
    with begin() as session:
        same = {"key": "k", "kind": "digest", "recipient": "r", "about": "", "error": "e"}
        session.add(Snag(**same, since=NOW, last_at=NOW))
    with begin() as session:
        drafts = [Draft("other", "r", lambda: None), Draft("k", "r", lambda: 1 // 0)]
        assert write_each(session, "reminder", drafts, now=NOW) == []
        assert [one.error for one in in_force(session)] == ["e"]
        assert in_force(session, 1) == []  # it is of no office


def test_a_database_that_is_gone_is_no_letters_fault(begin: Begin) -> None:
    def gone() -> None:
        raise OperationalError("SELECT 1", {}, OSError("the disk is full"))

    with pytest.raises(OperationalError), begin() as session:
        write_each(session, "digest", [Draft("k", "r", gone)], now=NOW)
    assert snags(begin) == []
