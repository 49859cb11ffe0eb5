# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""A former colleague is made nameless: what they did stays, by a number (GDPR article 17).

The audit log is sealed and stays as it is: it has had only numbers since it was made so (grants/nameless.py).
"""

from collections import Counter
from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import Column, ColumnElement, func, select, update
from sqlalchemy.orm import Session

from grants.auditing import note
from grants.errors import PijplijnError
from grants.privacy.places import address_in, texts
from models.audit import AuditEntry
from models.colleague import Colleague, Invitation, Rhythm, SavedView, SignIn
from models.message import Message, MessageState

WAITS: Final = (MessageState.QUEUED, MessageState.HELD, MessageState.IN_DOUBT, MessageState.SUPPRESSED)
WORKS_HERE: Final = "Who works here is not erased: an administrator first says on /people that they left."
ELSEWHERE: Final = "This address works at another office as well: it is not erased before it left there too."
ON_ITS_WAY: Final = "A letter to this colleague is being sent at this moment: try again in ten minutes."


class Erased(NamedTuple):
    """What became of it.

    Args:
        number: the colleague's, which stays.
        changed: rows by table in which the address stood.
        named: texts of others in which the full name still stands: a person must read those.
        sealed: entries of the log from before it was nameless, which cannot be changed.
    """

    number: int
    changed: dict[str, int]
    named: int
    sealed: int


def erase(session: Session, colleague: Colleague, *, by: str, now: datetime) -> Erased:
    """Take name and address out of everything but the sealed log; letters lose their text.

    Raises:
        PijplijnError: they still work here or elsewhere, or a letter to them is on its way at this moment.
    """
    _check(session, colleague)
    name, address = colleague.name, colleague.email
    changed = Counter(letters=_letters(session, colleague))
    changed.update(_forget_address(session, colleague, address))
    _forget_person(session, colleague, now)
    note(
        session, at=now, actor=by, action="erased", subject="colleague", subject_id=colleague.id,
        office_id=colleague.office_id, facts=changed,
    )  # fmt: skip
    named = sum(
        len(session.scalars(select(table.c.id).where(_holds(one, name))).all()) for table, one in texts()
    )
    sealed = session.scalar(select(func.count()).where(AuditEntry.actor == address)) or 0
    return Erased(colleague.id, dict(+changed), named, sealed)


def nobodys_address(number: int) -> str:
    """What stands where the address stood; .invalid belongs to nobody for ever (RFC 2606)."""
    return f"oud-medewerker-{number}@erased.invalid"


def _check(session: Session, colleague: Colleague) -> None:
    same = (func.lower(Colleague.email) == colleague.email.lower(), Colleague.active)
    if colleague.active:
        raise PijplijnError(WORKS_HERE)
    if session.scalar(select(Colleague.id).where(*same).limit(1)):
        raise PijplijnError(ELSEWHERE)
    sending = (_to(colleague), Message.state == MessageState.SENDING)
    if session.scalar(select(Message.id).where(*sending).limit(1)):
        raise PijplijnError(ON_ITS_WAY)


def _to(colleague: Colleague) -> ColumnElement[bool]:
    return func.lower(Message.recipient) == colleague.email.lower()


def _letters(session: Session, colleague: Colleague) -> int:
    """Those to them lose their text; those that wait are not sent any more."""
    waits = (_to(colleague), Message.state.in_(WAITS))
    session.execute(update(Message).where(*waits).values(state=MessageState.SUPERSEDED))
    return len(
        session.scalars(update(Message).where(_to(colleague)).values(mime=b"").returning(Message.id)).all()
    )


def _forget_address(session: Session, colleague: Colleague, address: str) -> Counter[str]:
    """In every text that is ours; the address of another that only ends in the same letters stays."""
    found, changed = address_in(address), Counter[str]()
    for table, column in texts():
        for number, text in session.execute(select(table.c.id, column).where(_holds(column, address))).all():
            alone = text.lower() == address.lower()
            stand_in = nobodys_address(colleague.id) if alone else nameless(colleague.id)
            told = found.sub(stand_in, text)
            if told != text:
                session.execute(update(table).where(table.c.id == number).values({column.name: told}))
                changed[table.name] += 1
    session.expire_all()
    return changed


def nameless(number: int) -> str:
    """What stands where the name stood."""
    return f"oud-medewerker {number}"


def _forget_person(session: Session, colleague: Colleague, now: datetime) -> None:
    for browser in session.scalars(select(SignIn).where(SignIn.colleague_id == colleague.id)):
        browser.browser, browser.revoked_at = "", browser.revoked_at or now
    for link in session.scalars(select(Invitation).where(Invitation.colleague_id == colleague.id)):
        link.until = min(link.until, now)
    own = (SavedView.colleague_id == colleague.id, ~SavedView.shared, SavedView.removed_at.is_(None))
    session.execute(update(SavedView).where(*own).values(removed_at=now))
    colleague.name, colleague.email = nameless(colleague.id), nobodys_address(colleague.id)
    colleague.subject, colleague.password, colleague.totp, colleague.last_seen_at = None, "", "", None
    colleague.digest_rhythm, colleague.digest_themes, colleague.digest_programmes = Rhythm.NEVER, [], []
    session.flush()


def _holds(column: Column[str], words: str) -> ColumnElement[bool]:
    return func.lower(column).contains(words.lower(), autoescape=True)
