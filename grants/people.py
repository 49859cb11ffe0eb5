# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Who is signed in: a random token in the browser, its hash in the database, ended by time or by hand.

Limits after ASVS 5.0 V7: eight hours without use, seven days in all; a token has 256 random bits.
"""

import hashlib
import re
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from grants.credentials import Proof, keep_totp, password_fits, set_password, totp_fits
from grants.errors import PijplijnError
from grants.openid import Person
from grants.wording import LANGUAGES
from models.audit import AuditEntry
from models.colleague import Access, Colleague, Invitation, SignIn
from models.office import Office

IDLE = timedelta(hours=8)
LONGEST = timedelta(days=7)
INVITED = timedelta(days=7)
LONGEST_NAME = 200
ADDRESS = re.compile(r"[^@\s<>\x00-\x1f]{1,64}@[^@\s<>\x00-\x1f]+\.[a-zA-Z]{2,}")
NOTED = timedelta(minutes=5)  # how exactly the last use is kept: not every page is a write


class NewColleague(NamedTuple):
    """A colleague as an administrator typed them in."""

    name: str
    email: str
    language: str
    access: str


def hashed(token: str) -> str:
    """What the database keeps of a token; the token itself is random enough to need no salt."""
    return hashlib.sha256(token.encode()).hexdigest()


def open_sign_in(session: Session, colleague: Colleague, *, way: str, browser: str, now: datetime) -> str:
    """Sign a colleague in; returns the token for the cookie, which is nowhere else.

    Args:
        session: the transaction.
        colleague: who proved to be who they are.
        way: "oidc", "password" or "invitation".
        browser: what it calls itself, for the colleague's own list.
        now: the moment.
    """
    token = secrets.token_urlsafe(32)
    session.add(
        SignIn(
            colleague_id=colleague.id, token_hash=hashed(token), way=way, browser=browser[:300],
            at=now, last_used_at=now,
        )
    )  # fmt: skip
    colleague.last_seen_at = now
    return token


def signed_in(session: Session, token: str, *, now: datetime) -> SignIn | None:
    """The sign-in a token stands for, with its colleague and office; None when there is none any more."""
    found = session.scalars(
        select(SignIn)
        .where(SignIn.token_hash == hashed(token), SignIn.revoked_at.is_(None))
        .where(SignIn.at > now - LONGEST, SignIn.last_used_at > now - IDLE)
        .options(joinedload(SignIn.colleague).joinedload(Colleague.office))
    ).one_or_none()
    return found if found and found.colleague.active else None


def note_use(session: Session, sign_in_id: int, *, now: datetime) -> None:
    """Keep that a sign-in is in use."""
    found = session.get(SignIn, sign_in_id)
    if found is not None:
        found.last_used_at = now
        found.colleague.last_seen_at = now


def end_sign_in(session: Session, token: str, *, now: datetime) -> None:
    """Sign this browser out; without a sign-in nothing happens."""
    found = session.scalars(select(SignIn).where(SignIn.token_hash == hashed(token))).one_or_none()
    if found is not None and found.revoked_at is None:
        found.revoked_at = now


def end_all(session: Session, colleague_id: int, *, now: datetime) -> int:
    """Sign a colleague out everywhere; returns how many browsers that were."""
    open_ones = session.scalars(
        select(SignIn).where(SignIn.colleague_id == colleague_id, SignIn.revoked_at.is_(None))
    ).all()
    for one in open_ones:
        one.revoked_at = now
    return len(open_ones)


def end_one(session: Session, colleague_id: int, sign_in_id: int, *, now: datetime) -> bool:
    """Sign one of a colleague's browsers out; whether it was theirs."""
    found = session.get(SignIn, sign_in_id)
    if found is None or found.colleague_id != colleague_id:
        return False
    found.revoked_at = found.revoked_at or now
    return True


def browsers(session: Session, colleague_id: int, *, now: datetime) -> list[SignIn]:
    """Where a colleague is signed in, the last used first."""
    return list(
        session.scalars(
            select(SignIn)
            .where(SignIn.colleague_id == colleague_id, SignIn.revoked_at.is_(None))
            .where(SignIn.at > now - LONGEST, SignIn.last_used_at > now - IDLE)
            .order_by(SignIn.last_used_at.desc(), SignIn.id.desc())
        )
    )


def change_password(
    session: Session, colleague: Colleague, password: str, *, keep: str, now: datetime
) -> None:
    """A new password; every browser but the one with the hash `keep` is signed out. Raises PasswordError."""
    set_password(colleague, password)
    for one in browsers(session, colleague.id, now=now):
        if one.token_hash != keep:
            one.revoked_at = now
    _note(session, colleague, "password set", by=colleague.email, now=now)


def code_on(session: Session, colleague: Colleague, proof: Proof, *, now: datetime) -> bool:
    """Ask for codes from now on; whether the first one was right."""
    right = keep_totp(colleague, proof, now=now)
    if right:
        _note(session, colleague, "code on", by=colleague.email, now=now)
    return right


def code_off(session: Session, colleague: Colleague, proof: Proof, *, now: datetime) -> bool:
    """Ask for codes no more; whether the last one was right."""
    right = totp_fits(colleague, proof, now=now)
    if right:
        colleague.totp = ""
        _note(session, colleague, "code off", by=colleague.email, now=now)
    return right


def add(session: Session, new: NewColleague, *, by: Colleague, now: datetime) -> Colleague:
    """A new colleague at the office of the administrator who adds them.

    Raises:
        PijplijnError: a name or address that is none, an unknown language or right, or somebody known.
    """
    name, email = " ".join(new.name.split()), new.email.strip()
    if not name or len(name) > LONGEST_NAME or not ADDRESS.fullmatch(email):
        raise PijplijnError("A colleague needs a name, and an e-mail address such as noor@enschede.nl.")
    if new.language not in LANGUAGES or new.access not in list(Access):
        raise PijplijnError("A colleague needs a language (nl, de, en) and a right (reader, editor, …).")
    same = func.lower(Colleague.email) == email.lower()
    if session.scalar(select(Colleague.id).where(Colleague.office_id == by.office_id, same)) is not None:
        raise PijplijnError(f"{email} is a colleague already.")
    one = Colleague(
        office_id=by.office_id, name=name, email=email, language=new.language, access=Access(new.access)
    )
    session.add(one)
    session.flush()
    _note(session, one, "added", by=by.email, now=now)
    return one


def find(session: Session, email: str, *, office_slug: str = "") -> Colleague:
    """The one colleague with this address, at this office when one is named.

    Raises:
        PijplijnError: nobody has it, or several offices know it.
    """
    wanted = select(Colleague).join(Colleague.office).where(Colleague.active)
    wanted = wanted.where(func.lower(Colleague.email) == email.strip().lower())
    found = session.scalars(wanted.where(Office.slug == office_slug) if office_slug else wanted).all()
    if not found:
        raise PijplijnError(f"Nobody with the address {email} works here: see offices.yaml or the web.")
    if len(found) > 1:
        places = ", ".join(one.office.slug for one in found)
        raise PijplijnError(f"{email} is known at {places}: say which with --office.")
    return found[0]


def invite(session: Session, colleague: Colleague, *, by: str, now: datetime) -> str:
    """A link's token with which a colleague sets a password; earlier links end."""
    for one in session.scalars(
        select(Invitation).where(Invitation.colleague_id == colleague.id, Invitation.used_at.is_(None))
    ):
        one.until = min(one.until, now)
    token = secrets.token_urlsafe(32)
    session.add(
        Invitation(
            colleague_id=colleague.id, token_hash=hashed(token), at=now, until=now + INVITED, by=by[:200]
        )
    )
    _note(session, colleague, "invited", by=by, now=now)
    return token


def invited(session: Session, token: str, *, now: datetime) -> Invitation | None:
    """The invitation of a link; None when it is none, was used or has run out."""
    found = session.scalars(
        select(Invitation)
        .where(Invitation.token_hash == hashed(token), Invitation.used_at.is_(None), Invitation.until > now)
        .options(joinedload(Invitation.colleague).joinedload(Colleague.office))
    ).one_or_none()
    return found if found and found.colleague.active else None


def accept(session: Session, invitation: Invitation, password: str, *, now: datetime) -> None:
    """Set the password of an invitation; signs the colleague out elsewhere. Raises PasswordError."""
    set_password(invitation.colleague, password)
    invitation.used_at = now
    invitation.colleague.totp = ""  # who lost a phone is invited again
    end_all(session, invitation.colleague_id, now=now)
    _note(session, invitation.colleague, "password set", by=invitation.colleague.email, now=now)


def by_password(session: Session, email: str, password: str) -> Colleague | None:
    """The colleague with this address and password, whatever their office."""
    known = session.scalars(
        select(Colleague)
        .where(func.lower(Colleague.email) == email.strip().lower(), Colleague.active)
        .order_by(Colleague.id)
    ).all()
    if not known:
        password_fits(None, password)  # takes its time all the same
    return next((one for one in known if password_fits(one, password)), None)


def by_openid(session: Session, person: Person, *, now: datetime) -> Colleague | None:
    """The colleague a provider vouches for; the first time, the one with that address and no subject yet."""
    known = session.scalars(select(Colleague).where(Colleague.subject == person.subject)).one_or_none()
    if known is None and person.email:
        known = session.scalars(
            select(Colleague)
            .where(func.lower(Colleague.email) == person.email, Colleague.subject.is_(None))
            .order_by(Colleague.id)
        ).first()
        if known is not None:
            known.subject = person.subject
            _note(session, known, "linked to a sign-in service", by=known.email, now=now)
    return known if known is not None and known.active else None


def change(session: Session, colleague: Colleague, *, by: Colleague, now: datetime, **facts: object) -> None:
    """Change what a colleague may do or gets; who did it is kept. Who may less is signed out.

    Raises:
        PijplijnError: it would leave the office without an administrator.
    """
    before = {name: getattr(colleague, name) for name in facts}
    changed = {name: value for name, value in facts.items() if before[name] != value}
    if not changed:
        return
    for name, value in changed.items():
        setattr(colleague, name, value)
    if {"access", "active"} & changed.keys():
        _check_administrators(session, colleague.office_id)
        end_all(session, colleague.id, now=now)
    said = {name: [str(before[name]), str(value)] for name, value in changed.items()}
    _note(session, colleague, "changed", by=by.email, now=now, said=said)


def _check_administrators(session: Session, office_id: int) -> None:
    session.flush()
    left = session.scalar(
        select(func.count())
        .select_from(Colleague)
        .where(Colleague.office_id == office_id, Colleague.active, Colleague.access == Access.ADMINISTRATOR)
    )
    if not left:
        raise PijplijnError("An office needs an administrator: make somebody else one first.")


def _note(  # noqa: PLR0913 - the parts of a deed, each by name
    session: Session, colleague: Colleague, action: str, *, by: str, now: datetime,
    said: Mapping[str, object] | None = None,
) -> None:  # fmt: skip
    session.add(
        AuditEntry(
            at=now, actor=by, action=action, subject="colleague", subject_id=colleague.id,
            office_id=colleague.office_id, facts=dict(said or {}),
        )
    )  # fmt: skip
