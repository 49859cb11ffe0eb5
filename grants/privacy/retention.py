# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""What personal data is let go of in time: security records are removed, letters lose their text.

What came in and what a colleague did is never among it. Each term is a setting, with its reason in
docs/privacy.md.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import and_, delete, func, or_, select, update
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningDelete, ReturningUpdate

from config.settings import Settings
from grants.auditing import note
from grants.sign_ins import LONGEST
from models.colleague import Colleague, Invitation, SignIn, SignInFailure
from models.message import Attempt, Bounce, Message, MessageState, Suppression
from models.session import Begin

OVER: Final = (MessageState.SENT, MessageState.DEAD, MessageState.BOUNCED, MessageState.SUPERSEDED)
Gone = ReturningDelete[int] | ReturningUpdate[int]
Step = Callable[[datetime], Gone]


def let_go(begin: Begin, *, settings: Settings, now: datetime) -> dict[str, int]:
    """Let go of what has had its time, and say in the audit log how much; returns the counts.

    Args:
        begin: opens a transaction; each kind has its own.
        settings: the terms, in days.
        now: the moment.
    """
    counts: dict[str, int] = {}
    for what, days, step in _steps(settings):
        with begin() as session:
            done = len(session.scalars(step(now - timedelta(days=days))).all())
            _say(session, {what: done}, now)
        counts[what] = done
    return counts


def _steps(terms: Settings) -> list[tuple[str, int, Step]]:
    return [
        ("sign_in", terms.keep_sign_ins_days, _sign_ins),
        ("invitation", terms.keep_sign_ins_days, _invitations),
        ("sign_in_failure", terms.keep_failures_days, _failures),
        ("bounce", terms.keep_bounces_days, _bounces),
        ("attempt", terms.keep_letters_days, _replies),
        ("message", terms.keep_letters_days, _letters),
        ("recipient", terms.keep_letters_days, _recipients),
        ("suppression", terms.keep_letters_days, _lifted),
    ]


def _say(session: Session, counts: Mapping[str, int], now: datetime) -> None:
    told = {what: count for what, count in counts.items() if count}
    if told:
        note(
            session, at=now, actor="retention", action="let go", subject="retention", subject_id=0, facts=told
        )  # fmt: skip


def _sign_ins(before: datetime) -> Gone:
    ended = or_(SignIn.revoked_at < before, SignIn.at < before - LONGEST)
    return delete(SignIn).where(ended).returning(SignIn.id)


def _invitations(before: datetime) -> Gone:
    ended = or_(Invitation.used_at < before, Invitation.until < before)
    return delete(Invitation).where(ended).returning(Invitation.id)


def _failures(before: datetime) -> Gone:
    return delete(SignInFailure).where(SignInFailure.at < before).returning(SignInFailure.id)


def _bounces(before: datetime) -> Gone:
    """That it was read stays, so that it is never read twice; what it said goes."""
    return update(Bounce).where(Bounce.at < before, Bounce.said != "").values(said="").returning(Bounce.id)


def _replies(before: datetime) -> Gone:
    return (
        update(Attempt).where(Attempt.at < before, Attempt.reply != "").values(reply="").returning(Attempt.id)
    )


def _letters(before: datetime) -> Gone:
    """That a letter went, what about and when stays; its text goes."""
    done = (Message.created_at < before, Message.state.in_(OVER), func.length(Message.mime) > 0)
    return update(Message).where(*done).values(mime=b"", last_error="").returning(Message.id)


def _recipients(before: datetime) -> Gone:
    """Of who works here the address stays: by it we know what a digest told them already."""
    still = select(Colleague.id).where(
        and_(Colleague.office_id == Message.office_id, Colleague.email == Message.recipient, Colleague.active)
    )
    done = (Message.created_at < before, Message.state.in_(OVER), Message.recipient != "")
    return update(Message).where(*done, ~still.exists()).values(recipient="").returning(Message.id)


def _lifted(before: datetime) -> Gone:
    lifted = (Suppression.lifted_at < before, Suppression.address != "")
    return update(Suppression).where(*lifted).values(address="", why="").returning(Suppression.id)
