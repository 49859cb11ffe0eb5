# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The page of reminders, the days of one application, and the banner on every page."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from grants.reminders import write_reminders
from models.application import Application
from models.message import Message, MessageState
from models.office import Office
from models.session import Begin
from tests import builders
from tests.grants.reminders.desk import SETTINGS
from tests.web.conftest import NOW

FORM = {"days": "14 7,2;0", "milestone": "", "obligation": "21", "call": "", "partners": "1"}


@pytest.fixture
def planned(office: None, token: str, begin: Begin) -> None:
    with begin() as session:
        session.add(builders.application(owner_id=1, milestones=[builders.milestone(NOW.date())]))
        session.flush()
        for message in write_reminders(session, today=NOW.date(), now=NOW, settings=SETTINGS):
            message.state = MessageState.SENT


def saved(web: httpx.Client, **other: str) -> httpx.Response:
    page = web.get("/reminders").text
    seen = page.partition('name="seen" value="')[2].partition('"')[0]
    return web.post("/reminders", data={"seen": seen} | FORM | other)


@pytest.mark.usefixtures("planned")
def test_the_page_says_that_nothing_was_missed_and_counts_by_state(web: httpx.Client) -> None:
    page = web.get("/reminders").text
    assert "Niets gemist." in page
    assert "<dt>verstuurd</dt><dd>1</dd>" in page


@pytest.mark.usefixtures("office")
def test_before_the_first_round_it_says_when_there_will_be_one(web: httpx.Client) -> None:
    assert "Dat gebeurt elk uur" in web.get("/reminders").text


@pytest.mark.usefixtures("planned")
def test_what_is_missing_is_named_in_plain_words(web: httpx.Client, begin: Begin) -> None:
    with begin() as session:
        session.get_one(Message, 1).key = "reminder:1:milestone-1:2026-01-01:0:1"
    page = web.get("/reminders").text
    assert '<strong>niet geschreven</strong>: <a href="/applications/1">Indienen</a>' in page


@pytest.mark.usefixtures("planned")
def test_steps_are_saved_with_commas_or_spaces_and_of_two_administrators_the_second_sees_both(
    web: httpx.Client, begin: Begin
) -> None:
    assert saved(web).headers["location"] == "/reminders?saved=1"
    with begin() as session:
        one = session.get_one(Office, 1)
        assert (one.reminder_days, one.reminder_steps, one.remind_partners) == (
            [14, 7, 2, 0],
            {"obligation": [21]},
            True,
        )
    stale = saved(web, seen="old", call="5")
    assert stale.status_code == 409
    assert "Iemand anders was u voor" in stale.text
    assert "<td>–</td><td>5</td>" in stale.text


@pytest.mark.usefixtures("planned")
@pytest.mark.parametrize("typed", ["", "x", "366", "-1", "1,2,3,4,5,6,7,8,9,10,11", "1" * 100_000, "7.5"])
def test_days_that_are_none_are_refused_and_what_was_typed_stays(
    web: httpx.Client, typed: str, begin: Begin
) -> None:
    answer = saved(web, days=typed, call="9")
    assert answer.status_code == 422
    assert "Vul hoogstens tien getallen" in answer.text
    assert 'name="call" type="text" value="9"' in answer.text
    with begin() as session:
        assert session.get_one(Office, 1).reminder_days == [30, 14, 7, 2, 0]


@pytest.mark.usefixtures("planned")
def test_an_application_has_days_of_its_own(web: httpx.Client, begin: Begin) -> None:
    form: dict[str, Any] = {"title": "EDL", "version": "1", "owner_id": "1", "reminder_days": "7, 21"}
    assert web.post("/applications/1/edit", data=form).status_code == 303
    with begin() as session:
        assert session.get_one(Application, 1).reminder_days == [21, 7]
    assert "<dt>Eigen dagen voor herinneringen</dt><dd>21, 7</dd>" in web.get("/applications/1").text
    refused = web.post("/applications/1/edit", data=form | {"version": "2", "reminder_days": "often"})
    assert (refused.status_code, "Vul hoogstens tien getallen" in refused.text) == (422, True)


@pytest.mark.usefixtures("planned")
def test_a_reminder_that_did_not_go_is_on_every_page(web: httpx.Client, begin: Begin) -> None:
    assert "Een herinnering is niet verstuurd" not in web.get("/calls").text
    with begin() as session:
        letter = session.get_one(Message, 1)
        letter.state, letter.due_at = MessageState.HELD, NOW + timedelta(hours=1)
    for path in ("/", "/inbox", "/calls", "/applications/1", "/themes", "/reminders"):
        page = web.get(path).text
        assert "Een herinnering is niet verstuurd, en om 10:00 is het te laat:" in page
        assert (
            '<a href="/applications/1">Herinnering: Indienen (Euregionale Doorlopende Leerlijn)</a>' in page
        )
