# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""A letter whose ground is gone before it went is taken back: never sent, never deleted, with the reason."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from grants.following import follow as follow_again
from grants.following import unfollow
from grants.outbox import OutboxError, deliver, release
from grants.reminders.outstanding import Recalled, recall
from grants.smtp import Outcome, Sent
from models.application import Application, Milestone, Stage, TeamMember
from models.colleague import Colleague
from models.message import Attempt, Message, MessageState
from models.session import Begin
from tests import builders
from tests.grants.reminders.desk import (
    DUE,
    amended,
    follow,
    furnish,
    moment,
    move,
    send,
    states,
    written,
)

SOON = DUE - timedelta(days=2)


def an_application(begin: Begin, **facts: object) -> None:
    with begin() as session:
        furnish(session)
        kept = {"owner_id": 1, "team": [TeamMember(colleague_id=2)], "milestones": [builders.milestone(DUE)]}
        session.add(builders.application(**kept | {"stage": Stage.PREPARING} | facts))


def of_noor(session: Session) -> Message:
    return session.scalars(select(Message).where(Message.recipient == "noor@enschede.example")).one()


GONE: dict[str, Callable[[Session], object]] = {
    "done": lambda session: setattr(session.get_one(Milestone, 1), "done_on", SOON),
    "removed": lambda session: setattr(session.get_one(Milestone, 1), "removed_at", builders.NOW),
    "moved": lambda session: setattr(session.get_one(Milestone, 1), "on", DUE + timedelta(days=90)),
    "withdrawn": lambda session: setattr(session.get_one(Application, 1), "stage", Stage.WITHDRAWN),
    "rejected": lambda session: setattr(session.get_one(Application, 1), "stage", Stage.REJECTED),
    "off the team": lambda session: setattr(session.get_one(Application, 1), "owner_id", None),
    "gone": lambda session: setattr(session.get_one(Colleague, 1), "active", False),
    "another address": lambda session: setattr(session.get_one(Colleague, 1), "email", "n@enschede.example"),
}


@pytest.mark.parametrize("what", GONE)
def test_a_letter_whose_ground_is_gone_is_never_sent_and_stays(begin: Begin, what: str) -> None:
    an_application(begin)
    written(begin, SOON, sent=False)
    with begin() as session:
        GONE[what](session)
    amended(begin, SOON, sent=False)
    with begin() as session:
        letter = of_noor(session)
        assert (letter.state, letter.last_error) == (MessageState.SUPERSEDED, Recalled.GONE)
        tries = session.scalars(select(Attempt).where(Attempt.message_id == letter.id)).all()
        assert [(one.outcome, one.reply) for one in tries] == [("superseded", Recalled.GONE)]
        with pytest.raises(OutboxError, match="superseded"):
            release(session, letter.id, actor="noor", now=builders.NOW)
    sent: list[str] = []
    deliver(
        begin, mailer=lambda _mime, _from, to: (sent.append(to), Sent(Outcome.ACCEPTED))[1],
        sender="p@x.example", now=builders.NOW + timedelta(days=90),
    )  # fmt: skip
    assert "noor@enschede.example" not in sent


def test_a_submitted_application_recalls_the_calls_deadline_and_not_its_other_dates(begin: Begin) -> None:
    an_application(begin, call_id=1, team=[], milestones=[builders.milestone(DUE + timedelta(days=1))])
    written(begin, SOON, sent=False)
    with begin() as session:
        session.get_one(Application, 1).stage = Stage.SUBMITTED
    amended(begin, SOON, sent=False)
    assert states(begin) == [
        ("reminder:1:milestone-1:2026-12-16:7:1", "queued"),
        ("reminder:call:call-1:2026-12-15:2:1", "superseded"),
    ]


def test_unfollowed_is_recalled_and_followed_again_is_written_again_once(begin: Begin) -> None:
    with begin() as session:
        furnish(session)
        follow(session)
    written(begin, SOON, sent=False)
    with begin() as session:
        unfollow(session, 1, by=session.get_one(Colleague, 1), now=builders.NOW)
    amended(begin, SOON, sent=False)
    with begin() as session:
        follow_again(session, 1, by=session.get_one(Colleague, 1), now=builders.NOW)
    (again,) = written(begin, SOON)
    assert again.subject == "Herinnering: Cities that stay cool"
    key = "reminder:call:call-1:2026-12-15:2:1"
    assert states(begin) == [(key, "superseded"), (f"{key}#2", "sent")]
    assert written(begin, SOON) == []


def test_a_more_urgent_step_replaces_one_that_still_waits_for_somebody(begin: Begin) -> None:
    an_application(begin, team=[])
    written(begin, SOON - timedelta(days=3), sent=False)
    with begin() as session:
        of_noor(session).state = MessageState.HELD
    written(begin, SOON)
    with begin() as session:
        first = session.get_one(Message, 1)
        assert (first.state, first.last_error) == (MessageState.SUPERSEDED, Recalled.REPLACED)


def test_what_was_sent_or_travels_is_never_recalled(begin: Begin) -> None:
    an_application(begin)
    written(begin, SOON, sent=False)
    with begin() as session:
        session.get_one(Message, 1).state = MessageState.SENDING
        session.get_one(Message, 2).state = MessageState.SENT
        GONE["done"](session)
    amended(begin, SOON, sent=False)
    assert [state for _, state in states(begin)] == ["sending", "sent"]


def test_a_deliverer_that_was_first_keeps_the_letter(begin: Begin) -> None:
    an_application(begin, team=[])
    written(begin, SOON, sent=False)
    with begin() as session:
        session.scalars(select(Message)).all()  # as it was seen, waiting
        with_another = update(Message).values(state=MessageState.SENDING)
        session.execute(with_another, execution_options={"synchronize_session": False})
        assert recall(session, "reminder", [], today=SOON, now=builders.NOW) == 0


def test_a_letter_that_a_server_may_have_is_not_written_anew(begin: Begin) -> None:
    an_application(begin, team=[])
    written(begin, DUE - timedelta(days=7), sent=False)
    with begin() as session:
        session.add(Attempt(message_id=1, at=builders.NOW, outcome=str(Outcome.UNANSWERED)))
    assert written(begin, DUE - timedelta(days=6), sent=False) == []
    assert [state for _, state in states(begin)] == ["queued"]


def test_a_deadline_that_moved_away_and_back_reminds_again(begin: Begin) -> None:
    with begin() as session:
        furnish(session)
        follow(session)
    written(begin, SOON, sent=False)
    move(begin, DUE + timedelta(days=60), at=moment(SOON, 10))
    amended(begin, SOON, hour=11, sent=False)
    move(begin, DUE, at=moment(SOON, 12))
    amended(begin, SOON, hour=13, sent=False)
    written(begin, SOON, hour=14)
    key = "reminder:call:call-1:2026-12-15:2:1"
    assert [pair for pair in states(begin) if pair[0].startswith("reminder")] == [
        (key, "superseded"),
        (f"{key}#2", "sent"),
    ]
    told = [state for key, state in states(begin) if key.startswith("later")]
    assert told == ["superseded"], "the letter about the first move never went: there is nothing to tell"
    send(begin)
