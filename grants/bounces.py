# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Letters that came back: reports in the mailbox of the sender, each read once ever and left where it is.

Anyone can write to that mailbox. A report is believed only when it quotes the seal of the very letter it is
about, which stands in that letter's headers and nowhere else; of any other the letter's page tells, no more.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime
from email.parser import BytesHeaderParser
from functools import partial
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from grants.bounce_reports import SEAL, Became, Fate, Report, UnreadableError, report_of
from grants.mailboxes import Mail, newer, place_of
from grants.rows import INSERTS
from grants.smtp import fit
from grants.suppressing import suppress
from models.message import Attempt, Bounce, Finding, Message, MessageState
from models.session import Begin

WENT: Final = {MessageState.SENT, MessageState.IN_DOUBT, MessageState.HELD}
"""The states of a letter that may have gone, and so can come back."""
ReturnBox = Callable[[Callable[[str], int]], Iterator[Mail]]
"""Gives the letters after the last one that was read, whose number it asks for. Raises MailboxError."""


def return_box(url: str) -> ReturnBox | None:
    """The mailbox of the return path; None without an address. Raises PijplijnError on one that is none."""
    return partial(newer, place_of(url, "PIJPLIJN_BOUNCE_URL")) if url else None


def read_bounces(begin: Begin, *, box: ReturnBox, now: datetime) -> Counter[Finding]:
    """Read what came since the last time, a letter a transaction; returns how many there were of what.

    Raises:
        MailboxError: the mailbox cannot be asked; what was read so far is kept.
    """

    def last(mailbox: str) -> int:
        with begin() as session:
            return session.scalar(select(func.max(Bounce.number)).where(Bounce.mailbox == mailbox)) or 0

    found = Counter[Finding]()
    with closing(box(last)) as letters:  # type: ignore[type-var]
        for mail in letters:
            with begin() as session:
                finding = _kept(session, mail, now)
            if finding is not None:
                found[finding] += 1
    return found


def latest(session: Session, *, limit: int = 100) -> list[Bounce]:
    """What was read last, the newest first."""
    return list(session.scalars(select(Bounce).order_by(Bounce.id.desc()).limit(limit)))


def _kept(session: Session, mail: Mail, now: datetime) -> Finding | None:
    """Note that it was read and do what it says; None when another reader was first."""
    print_of = hashlib.sha256(mail.content).hexdigest()
    known = session.scalar(select(Bounce.id).where(Bounce.fingerprint == print_of).limit(1))
    insert = INSERTS[session.get_bind().dialect.name](Bounce)
    facts = {"mailbox": mail.mailbox, "number": mail.number, "fingerprint": print_of, "at": now}
    row = insert.values(finding=Finding.AGAIN, said="", **facts).on_conflict_do_nothing()
    new = session.scalar(row.returning(Bounce.id))
    if new is None:
        return None
    bounce = session.get_one(Bounce, new)
    if known is None:  # else a mailbox that is counted anew gives it a second time
        _read(session, bounce, mail.content, now)
    return bounce.finding


def _read(session: Session, bounce: Bounce, content: bytes, now: datetime) -> None:
    try:
        report = report_of(content)
    except UnreadableError as error:
        bounce.finding, bounce.said = Finding.UNREADABLE, str(error)
        return
    if report is None:
        bounce.finding = Finding.NO_REPORT
        return
    letter = _letter(session, report)
    if letter is None:
        bounce.finding, bounce.said = Finding.STRANGER, fit(" ".join(report.numbers[:3]))
        return
    bounce.message_id = letter.id
    fate = next((one for one in report.fates if letter.recipient.lower() in one.addresses), None)
    bounce.finding = _finding(letter, report, fate)
    bounce.said = fit(fate.words if fate else "; ".join(one.words for one in report.fates))
    if fate is not None and bounce.finding != Finding.DELIVERED:
        session.add(Attempt(message_id=letter.id, at=now, outcome=str(bounce.finding), reply=bounce.said))
    if fate is not None and bounce.finding == Finding.BOUNCED:
        if letter.state in WENT:
            letter.state, letter.last_error = MessageState.BOUNCED, bounce.said
        if fate.gone:
            suppress(session, letter, bounce.said, now=now)


def _letter(session: Session, report: Report) -> Message | None:
    """The letter of ours it is about."""
    wanted = select(Message).where(Message.message_id.in_(report.numbers[:20])).order_by(Message.id)
    return session.scalars(wanted.limit(1).with_for_update()).one_or_none()


def _finding(letter: Message, report: Report, fate: Fate | None) -> Finding:
    if fate is None:
        return Finding.ELSEWHERE
    if fate.became == Became.DELIVERED:
        return Finding.DELIVERED
    if not report.seal or report.seal != seal_of(letter):
        return Finding.UNPROVEN
    return Finding.BOUNCED if fate.became == Became.FAILED else Finding.DELAYED


def seal_of(letter: Message) -> str:
    """The seal in a letter's headers; letters of before there were any have none."""
    return str(BytesHeaderParser().parsebytes(letter.mime).get(SEAL, ""))
