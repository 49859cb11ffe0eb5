# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""What was learned of a theme, over real HTTP: seen by all, undone and put back by editors."""

from decimal import Decimal

import httpx
from sqlalchemy import select

from models.lesson import Lesson
from models.match import Match
from models.session import Begin
from tests import builders
from tests.web.offices import As

UNDO, RESTORE = "/themes/1/lessons/1/undo", "/themes/1/lessons/1/restore"


def learned(begin: Begin) -> None:
    with begin() as session:
        session.add(builders.lesson())


def in_force(begin: Begin) -> list[int]:
    with begin() as session:
        return list(session.scalars(select(Lesson.number).where(Lesson.ended_at.is_(None))))


def test_a_theme_of_which_nothing_was_learned_says_when_it_starts(office: None, web: httpx.Client) -> None:
    page = web.get("/themes/1").text
    assert "Nog niets. Het begint bij 10 oordelen" in page
    assert "Nu zijn er 0 relevant en 0 niet ons thema." in page


def test_the_page_says_what_was_learned_and_a_button_undoes_it(
    office: None, web: httpx.Client, begin: Begin
) -> None:
    learned(begin)
    page = web.get("/themes/1").text
    assert "Versie 1 geldt sinds dinsdag 24 november 2026 (1 oordeel: 1 relevant, 0 niet ons thema)" in page
    assert "<q>trein*</q>" in page
    assert "20 procent minder mis" in page
    assert web.post(UNDO).headers["location"] == "/themes/1#learned"
    assert in_force(begin) == []
    assert "Er wordt niets geleerd tot u een versie terugzet." in web.get("/themes/1").text
    assert web.post(RESTORE).status_code == 303
    assert in_force(begin) == [2]
    page = web.get("/themes/1").text
    assert "Teruggezet door noor@enschede.example" in page
    assert "1 eerdere versie" in page


def test_who_may_only_read_sees_it_without_a_button(office: None, as_: As, begin: Begin) -> None:
    learned(begin)
    page = as_("Rob").get("/themes/1").text
    assert "Wat van uw oordelen is geleerd" in page
    assert UNDO not in page
    assert as_("Rob").post(UNDO).status_code == 403
    assert as_("Joost").post(UNDO).status_code == 404


def test_a_call_says_because_of_which_judgement_it_moved(
    office: None, web: httpx.Client, begin: Begin
) -> None:
    why = {"field": "judged", "call": 2, "title": "Kwartieren <b>", "language": "nl", "log_odds": 1}
    with begin() as session:
        up, down = session.scalars(select(Match).where(Match.call_id == 1).order_by(Match.id))
        up.reasons = [*up.reasons, why | {"relevant": True}]
        down.reasons, down.band = [why | {"relevant": False}], "none"
        down.score, down.unlearned = Decimal("0.100"), Decimal("0.300")
    page = web.get("/calls/1").text
    assert "hoger, omdat uw gemeente dit relevant vond:" in page
    assert '<a href="/calls/2" lang="nl">Kwartieren &lt;b&gt;</a>' in page
    assert "Weggevallen door wat van uw oordelen is geleerd" in page
    assert "lager, omdat uw gemeente dit niet haar thema vond:" in page
