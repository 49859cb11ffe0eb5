# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from config.settings import Settings
from grants import outbox, privacy
from grants.auditing import verify
from models.audit import AuditEntry
from models.colleague import Invitation, SignIn, SignInFailure
from models.message import Attempt, Bounce, Finding, Message, MessageState, Suppression
from models.session import Begin
from tests import builders
from tests.builders import NOW

DAY = timedelta(days=1)


@pytest.fixture
def old_and_new(begin: Begin) -> None:
    """Of each kind one whose time is over and one whose time is not."""
    with begin() as session:
        session.add(builders.office())
        session.flush()
        session.add_all(
            [builders.colleague(), builders.colleague(name="Sam", email="sam@enschede.example", active=False)]
        )
        session.flush()
        for number, age in enumerate((800, 1)):
            at = NOW - DAY * age
            token = {"colleague_id": 1, "token_hash": str(number), "at": at}
            session.add(SignIn(**token, way="password", browser="Firefox", last_used_at=at))
            session.add(Invitation(**token, until=at, by="noor"))
            session.add(SignInFailure(counted="a", at=NOW - DAY * (8 - 2 * number)))
            session.add(
                Bounce(mailbox="in", number=number, fingerprint="f", at=at, finding=Finding.BOUNCED, said="x")
            )
            for to in ("noor@enschede.example", "sam@enschede.example"):
                told = {"recipient": to, "created_at": at, "state": MessageState.SENT, "last_error": "421"}
                session.add(builders.letter(**told, tries=[Attempt(at=at, outcome="accepted", reply="250")]))
        session.flush()
        session.add(builders.suppression(lifted_at=NOW - DAY * 800))
        session.add(builders.letter(created_at=NOW - DAY * 800, state=MessageState.HELD, tries=[]))


@pytest.mark.usefixtures("old_and_new")
def test_what_has_had_its_time_is_let_go_and_how_much_is_logged(begin: Begin) -> None:
    told = {
        "sign_in": 1, "invitation": 1, "sign_in_failure": 1, "bounce": 1, "attempt": 2, "message": 2, "recipient": 1,
        "suppression": 1,
    }  # fmt: skip
    assert privacy.let_go(begin, settings=Settings(), now=NOW) == told
    assert privacy.let_go(begin, settings=Settings(), now=NOW) == dict.fromkeys(told, 0)
    with begin() as session:
        assert verify(session).why == ""
        logged = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
        assert [one.facts for one in logged] == [{name: count} for name, count in told.items()]
        assert {(one.actor, one.action, one.subject) for one in logged} == {
            ("retention", "let go", "retention")
        }


@pytest.mark.usefixtures("old_and_new")
def test_that_a_letter_went_stays_and_who_works_here_is_still_known_by_it(begin: Begin) -> None:
    privacy.let_go(begin, settings=Settings(), now=NOW)
    with begin() as session:
        rows = session.execute(
            select(Message.recipient, Message.subject, func.length(Message.mime), Message.state).order_by(
                Message.id
            )
        ).all()
        assert [(who, bool(size)) for who, _, size, _ in rows] == [
            ("noor@enschede.example", False), ("", False), ("noor@enschede.example", True),
            ("sam@enschede.example", True), ("noor@enschede.example", True),
        ]  # fmt: skip
        assert {subject for _, subject, _, _ in rows} == {"Weekoverzicht"}
        assert session.scalars(select(Suppression.address)).all() == [""]


@pytest.mark.usefixtures("old_and_new")
def test_a_term_is_a_setting(begin: Begin) -> None:
    longer = Settings(
        keep_letters_days=900, keep_sign_ins_days=900, keep_bounces_days=900, keep_failures_days=900
    )
    assert not any(privacy.let_go(begin, settings=longer, now=NOW).values())
    with pytest.raises(ValueError, match="greater than or equal to 90"):
        Settings(keep_letters_days=1)


@pytest.mark.usefixtures("old_and_new")
def test_a_letter_without_its_text_is_never_sent_again(begin: Begin) -> None:
    with begin() as session:
        session.get_one(Message, 1).state = MessageState.DEAD
    privacy.let_go(begin, settings=Settings(), now=NOW)
    with begin() as session, pytest.raises(outbox.OutboxError, match="lost its text"):
        outbox.release(session, 1, actor="noor", now=NOW)
