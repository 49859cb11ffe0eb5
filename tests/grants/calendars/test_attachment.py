# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

from datetime import date, time, timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from sqlalchemy import select

from config.settings import Settings
from grants.applications.subscribed import subscribed
from grants.calendars import attachment, make
from grants.reminders import write_reminders
from models.application import Application, Stage
from models.calendar import Scope
from models.call import Deadline
from models.colleague import Colleague
from models.message import Message
from models.obligation import Obligation
from models.session import Begin
from tests.builders import NOW, application, call, colleague, deadline, milestone, office, source
from tests.grants.calendars.rfc5545 import events, faults

DUE = date(2026, 12, 15)
HERE = "https://p.example"
SETTINGS = Settings(mail_from="Pijplijn <p@enschede.example>", public_url=HERE, data_dir=Path("/nowhere"))


@pytest.fixture
def desk(begin: Begin) -> None:
    with begin() as session:
        session.add_all([office(), source()])
        session.flush()
        session.add_all([colleague(), call(deadlines=[deadline(DUE + timedelta(days=1), at=time(17, 0))])])
        session.flush()
        facts = {"owner_id": 1, "call_id": 1, "stage": Stage.PREPARING, "milestones": [milestone(DUE)]}
        session.add(application(**facts))
        session.flush()
        session.add(Obligation(application_id=1, title="Verslag", kind="content", on=DUE))


def attached(begin: Begin, today: date) -> list[bytes]:
    with begin() as session:
        write_reminders(session, today=today, now=NOW, settings=SETTINGS)
    found = []
    with begin() as session:
        for one in session.scalars(select(Message).order_by(Message.id)):
            letter = message_from_bytes(one.mime, policy=policy.default)
            assert [part.get_content_type() for part in letter.walk()] == [
                "multipart/mixed", "multipart/alternative", "text/plain", "text/html", "text/calendar",
            ]  # fmt: skip
            (part,) = letter.iter_attachments()
            assert (part.get_filename(), part["content-type"].params["method"]) == ("deadline.ics", "PUBLISH")
            found.append(part.get_payload(decode=True))
    return found


def test_a_reminder_brings_its_date_as_it_stands_in_the_calendar(begin: Begin, desk: None) -> None:
    with begin() as session:
        secret = make(
            session, session.get_one(Colleague, 1), Scope.MINE, by=session.get_one(Colleague, 1), now=NOW
        )
    feed = events(subscribed(begin, begin, secret, address=HERE, now=NOW) or b"")
    assert len(attached(begin, DUE - timedelta(days=30))) == 2
    files = attached(begin, DUE - timedelta(days=29))
    assert [faults(one) for one in files] == [[], [], []]
    assert len(files) == len(feed) == 3
    for raw in files:
        ((uid, one),) = events(raw).items()
        assert {name: str(part) for name, part in one.contents.items()} == {
            name: str(part) for name, part in feed[uid].contents.items()
        }


def test_a_date_that_moved_replaces_the_one_of_the_reminder_before(begin: Begin, desk: None) -> None:
    (first, *_) = attached(begin, DUE - timedelta(days=30))
    with begin() as session:
        session.scalars(select(Application)).one().milestones[0].on = DUE + timedelta(days=30)
    sent = [events(raw) for raw in (first, *attached(begin, DUE))]
    told = [of for one in sent for uid, of in one.items() if uid.startswith("milestone-1_")]
    assert [(one.sequence.value, one.dtstart.value) for one in (told[0], told[-1])] == [
        ("0", DUE),
        ("1", DUE + timedelta(days=30)),
    ]


def test_who_has_no_account_gets_the_same_date_without_a_link_to_sign_in_at(begin: Begin, desk: None) -> None:
    with begin() as session:
        facts = {"language": "nl", "zone": "Europe/Amsterdam", "address": HERE, "now": NOW}
        ours = attachment(session, "milestone-1", DUE, **facts)
        theirs = attachment(session, "milestone-1", DUE, **facts, links=False)
    assert b"URL:https://p.example/applications/1" in ours
    assert b"https://" not in theirs
    assert (faults(theirs), list(events(theirs))) == ([], list(events(ours)))


def test_what_is_no_date_of_a_calendar_brings_none(begin: Begin, desk: None) -> None:
    with begin() as session:
        session.get_one(Deadline, 1).superseded_at = NOW
        session.add(deadline(later := DUE + timedelta(days=9), call_id=1))
    with begin() as session:
        for what, on, length in (
            ("call-1", DUE, 0),
            ("call-1", later, 1),
            ("digest-1", DUE, 0),
            ("", DUE, 0),
        ):
            raw = attachment(session, what, on, language="nl", zone="Europe/Amsterdam", address=HERE, now=NOW)
            assert raw.count(b"BEGIN:VEVENT") == length
