# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""A digest and a reminder as they are sent, of an office where there is something of everything to tell."""

import email
import email.policy
from datetime import date, timedelta
from decimal import Decimal
from email.message import EmailMessage

from pydantic import SecretStr
from sqlalchemy import select

from config.settings import Settings
from grants.digest import write_digests
from grants.following import assign, follow
from grants.judging import judge
from grants.reminders import write_reminders
from models.application import Application, Stage
from models.call import CallChange, ChangeKind, Significance
from models.colleague import Colleague
from models.match import Match
from models.message import Message
from models.session import Begin
from tests.builders import NOW, application, call, deadline, milestone

LONG_AGO, LATER = NOW - timedelta(days=60), NOW + timedelta(minutes=5)
SECRET = "hush"
TITLES = [
    ("en", "Cities that stay cool: heat, water and health in mid-sized municipalities"),
    ("de", "Förderung von Donaudampfschifffahrtsgesellschaftskapitänsmützen in grenznahen Quartieren"),
    ("nl", "Subsidie energiehubs op bedrijventerreinen"),
]


def more_to_tell(begin: Begin) -> None:
    """Adds to the fixtures `office` and `portfolio` what moved, waits, was followed, and just missed."""
    with begin() as session:
        noor = session.get_one(Colleague, 1)
        for number in range(9):
            language, title = TITLES[number % 3]
            facts = {"title": title, "language": language, "programme": "LIFE"}
            closes = [deadline(date(2026, 12, 4) + timedelta(days=number * 20))]
            one = call(
                key=f"more {number}", **facts, first_seen_at=LONG_AGO if number % 2 else NOW, deadlines=closes
            )
            session.add(one)
            session.flush()
            low = number == 8
            reasons = [
                {
                    "field": "text",
                    "start": 16,
                    "end": 34,
                    "phrase": "climate adaptation",
                    "term": "climate adaptation",
                }
            ]
            session.add(Match(
                call_id=one.id, theme_id=1, score=Decimal("0.1") if low else Decimal("0.7"), band="none" if low else "strong",
                reasons=reasons, text_version=1, theme_version=1, first_matched_at=one.first_seen_at, matched_at=NOW,
            ))  # fmt: skip
            session.flush()
            if number in {1, 3}:
                session.add(CallChange(
                    call_id=one.id, at=LATER, kind=ChangeKind.DEADLINE_MOVED, significance=Significance.MAJOR,
                    before="2026-12-01", after="2026-12-15 17:00 Europe/Brussels",
                ))  # fmt: skip
            if number == 1:
                follow(session, one.id, by=noor, now=NOW)
            if number == 5:
                assign(session, one.id, noor.id, by=noor, now=NOW, over=0)
            if number == 7:
                judge(session, one.id, relevant=True, reason=None, note="", by=noor, now=NOW, over=0)
            if number == 4:
                judge(session, one.id, relevant=False, reason=None, note="", by=noor, now=NOW, over=0)
        session.add(application(slug="go", title="Groene schoolpleinen", stage=Stage.DECIDING))
        edl = session.scalars(select(Application).order_by(Application.id)).first()
        assert edl is not None
        session.add(
            milestone(NOW.date() + timedelta(days=7), title="Voortgangsgesprek", application_id=edl.id)
        )


def sent(
    begin: Begin, kind: str, language: str, public_url: str = "https://pijplijn.enschede.example"
) -> EmailMessage:
    """Noor's letter of a kind in a language, as it goes over the wire; nothing is kept."""
    settings = Settings(
        mail_from="Pijplijn <pijplijn@enschede.example>", public_url=public_url, secret_key=SecretStr(SECRET)
    )
    with begin() as session:
        noor = session.get_one(Colleague, 1)
        was, noor.language = noor.language, language
        if kind == "digest":
            written = write_digests(session, now=LATER, settings=settings)
        else:
            written = write_reminders(session, today=LATER.date(), now=LATER, settings=settings)
        mine = next(one for one in written if one.recipient == noor.email)
        raw = session.scalars(select(Message.mime).where(Message.id == mine.id)).one()
        for one in written:
            session.delete(one)
        noor.language = was
    return email.message_from_bytes(raw, policy=email.policy.default)  # type: ignore[return-value]


def part(letter: EmailMessage, kind: str) -> str:
    body = letter.get_body((kind,))
    assert body is not None
    return str(body.get_content())
