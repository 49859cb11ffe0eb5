# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The page of messages over real HTTP: what went and what waits, held and sent again by hand."""

from datetime import timedelta

import httpx
import pytest
from sqlalchemy import event, func, select
from sqlalchemy.engine import Engine

from grants.reconciling import notice
from models.application import Application
from models.audit import AuditEntry
from models.message import Message, MessageState
from models.restoration import Restoration
from models.session import Begin
from models.snag import Snag
from tests import builders
from tests.builders import NOW, letter

EVIL = "<script>alert(1)</script>"


@pytest.fixture
def box(office: None, token: str, begin: Begin) -> None:
    """A held letter, one that waits, one that went, and one of another office."""
    with begin() as session:
        session.add(builders.office(slug="almelo", name="Gemeente Almelo"))
        session.flush()
        session.add_all(
            [
                letter(subject=f"Weekoverzicht {EVIL}", text=f"Regel een\n{EVIL}"),
                letter(state=MessageState.QUEUED, subject="Herinnering", tries=[], due_at=NOW + timedelta(1)),
                letter(state=MessageState.SENT, subject="Verstuurd vorige week", sent_at=NOW),
                letter(office_id=2, subject="Van Almelo"),
            ]
        )


def state(begin: Begin, number: int) -> str:
    with begin() as session:
        return session.get_one(Message, number).state


@pytest.mark.usefixtures("box")
def test_the_office_sees_its_own_letters_and_nobody_elses(web: httpx.Client) -> None:
    page = web.get("/messages").text
    assert all(
        words in page for words in ("3 berichten", "Herinnering", "Verstuurd vorige week", "vastgehouden (1)")
    )
    assert "Van Almelo" not in page
    assert EVIL not in page
    assert web.get("/messages/4").status_code == 404
    held = web.get("/messages?state=held").text
    assert "1 bericht" in held
    assert "Verstuurd vorige week" not in held
    assert "Geen bericht is in deze stand." in web.get("/messages?state=dead").text
    assert "Deze bladzijde bestaat niet." in web.get("/messages?page=9").text
    assert web.get("/messages?state=lost").status_code == 400


@pytest.mark.usefixtures("office", "token")
def test_an_empty_box_says_what_will_come(web: httpx.Client) -> None:
    assert "verschijnen hier vanzelf" in web.get("/messages").text


@pytest.mark.usefixtures("box")
def test_what_could_not_be_written_is_shown_with_its_error_until_it_is(
    web: httpx.Client, begin: Begin
) -> None:
    same = {
        "kind": "reminder",
        "since": NOW,
        "last_at": NOW,
        "recipient": "noor@enschede.example",
        "tries": 2,
    }
    with begin() as session:
        session.add_all(
            [
                Snag(key="a", office_id=1, about=f"Indienen {EVIL}", error=f"KeyError: {EVIL}", **same),
                Snag(key="b", office_id=1, about="Opgelost", error="x", over_at=NOW, **same),
                Snag(key="c", office_id=2, about="Van Almelo", error="x", **same),
            ]
        )
    page = web.get("/messages").text
    assert all(words in page for words in ("niet geschreven konden worden", "Indienen", "2 keer geprobeerd"))
    assert not any(words in page for words in (EVIL, "Opgelost", "Van Almelo"))


@pytest.mark.usefixtures("box")
def test_a_letter_shows_its_words_and_what_the_mail_server_said(web: httpx.Client) -> None:
    page = web.get("/messages/1").text
    assert all(words in page for words in ("Regel een", "the connection was lost", "Verstuur opnieuw"))
    assert EVIL not in page
    waits = web.get("/messages/2").text
    assert all(words in waits for words in ("Nog geen poging.", "Houd vast", "Heeft zin tot"))
    assert '<form method="post" action="/messages' not in web.get("/messages/3").text


@pytest.mark.usefixtures("box")
def test_a_letter_is_also_shown_as_a_mail_program_would_and_nothing_in_it_runs(web: httpx.Client) -> None:
    page = web.get("/messages/1").text
    assert page.index('<iframe class="letter" src="/messages/1/letter" sandbox ') < page.index("Regel een")
    shown = web.get("/messages/1/letter")
    assert "<p>Tekst</p>" in shown.text
    policy = shown.headers["content-security-policy"]
    assert all(words in policy for words in ("default-src 'none'", "sandbox", "frame-ancestors 'self'"))
    assert "script-src" not in policy
    assert web.get("/messages/4/letter").status_code == 404


@pytest.mark.usefixtures("box")
def test_a_letter_is_held_and_sent_again_by_hand_and_that_is_kept(web: httpx.Client, begin: Begin) -> None:
    assert web.post("/messages/1/release").status_code == 303
    assert web.post("/messages/2/hold").status_code == 303
    assert (state(begin, 1), state(begin, 2)) == ("queued", "held")
    with begin() as session:
        deeds = session.execute(select(AuditEntry.action, AuditEntry.subject_id, AuditEntry.actor)).all()
    assert [tuple(one) for one in deeds[-2:]] == [
        ("released", 1, "colleague:1"),
        ("held", 2, "colleague:1"),
    ]


@pytest.mark.usefixtures("box")
def test_what_went_meanwhile_is_shown_and_not_sent_twice(web: httpx.Client, begin: Begin) -> None:
    for address in ("/messages/3/release", "/messages/3/hold", "/messages/2/release"):
        answer = web.post(address)
        assert answer.status_code == 409
        assert "het bericht is intussen verder" in answer.text
    assert (state(begin, 2), state(begin, 3)) == ("queued", "sent")
    assert web.post("/messages/4/release").status_code == 404
    assert web.post("/messages/1/burn").status_code == 404


@pytest.mark.usefixtures("box")
def test_after_an_old_backup_the_page_says_why_nothing_goes_and_goes_on_when_told(
    web: httpx.Client, begin: Begin
) -> None:
    assert "De verzending staat stil" not in web.get("/messages").text
    with begin() as session:
        number = session.get_one(Message, 2).message_id
        notice(session, {number: NOW}, now=NOW)
    assert "De verzending staat stil" in web.get("/messages").text
    assert web.post("/messages/reconcile").status_code == 303
    assert "De verzending staat stil" not in web.get("/messages").text
    assert state(begin, 2) == "sent"


@pytest.mark.usefixtures("box")
def test_a_refused_address_is_shown_with_its_reason_and_let_in_again_once(
    web: httpx.Client, begin: Begin
) -> None:
    assert "Adressen die geweigerd zijn" not in web.get("/messages").text
    with begin() as session:
        facts = {"address": "noor@enschede.example", "why": f"550 5.1.1 {EVIL}"}
        session.add(builders.suppression(**facts))
        session.flush()
        session.add(builders.suppression(office_id=2, address="geheim@almelo.example", message_id=4))
        two = session.get_one(Message, 2)
        two.state, two.kind = MessageState.SUPPRESSED, "reminder"
    page = web.get("/messages").text
    assert all(
        words in page
        for words in ("Adressen die geweigerd zijn", "550 5.1.1", "niet verstuurd: adres geweigerd (1)")
    )
    assert EVIL not in page
    assert "geheim@almelo.example" not in page
    shown = web.get("/messages/2").text
    assert "tot een beheerder het weer toelaat" in shown
    assert "Verstuur opnieuw" not in shown
    assert web.post("/messages/2/release").status_code == 409
    assert web.post("/messages/suppressed/2/lift").status_code == 404
    assert web.post("/messages/suppressed/1/lift").status_code == 303
    assert "Adressen die geweigerd zijn" not in web.get("/messages").text
    assert state(begin, 2) == "queued"
    again = web.post("/messages/suppressed/1/lift")
    assert (again.status_code, "intussen al toegelaten" in again.text) == (409, True)


@pytest.mark.usefixtures("box")
def test_after_a_restore_the_page_says_of_when_the_backup_is(web: httpx.Client, begin: Begin) -> None:
    with begin() as session:
        session.add(Restoration(at=NOW, actor="noor", file="x.sqlite", made_at=NOW))
    assert "De reservekopie van dinsdag 24 november 2026, 09:00 is teruggezet." in web.get("/messages").text
    web.post("/messages/reconcile")
    assert "De verzending staat stil" not in web.get("/messages").text


@pytest.mark.usefixtures("box")
def test_a_look_at_the_letter_of_a_confidential_application_is_kept(web: httpx.Client, begin: Begin) -> None:
    with begin() as session:
        session.add(builders.application(confidential=True, slug="geheim", title="Geheim"))
        session.flush()
        session.get_one(Message, 1).application_id = session.scalars(select(Application.id)).one()
    assert web.get("/messages/1").status_code == 200
    assert web.get("/messages/1/letter").status_code == 200
    with begin() as session:
        looked = select(func.count()).select_from(AuditEntry).where(AuditEntry.action == "looked")
        assert session.scalar(looked) == 1


@pytest.mark.usefixtures("box")
def test_a_hundred_letters_ask_no_more_of_the_database_than_three(
    web: httpx.Client, begin: Begin, engine: Engine
) -> None:
    asked: list[str] = []
    web.get("/me")  # and with it what is looked up once a minute
    event.listen(engine, "before_cursor_execute", lambda _c, _u, said, *_: asked.append(said))
    web.get("/messages")
    few = len(asked)
    with begin() as session:
        session.add_all(letter() for _ in range(100))
    asked.clear()
    assert "103 berichten" in web.get("/messages").text
    assert len(asked) == few
