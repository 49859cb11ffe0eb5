# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The colleagues of an office: invited, known by password or sign-in service, changed by administrators."""

import re
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import func, literal, select
from sqlalchemy.orm import Session, joinedload

from grants import calendars
from grants.auditing import note
from grants.credentials import Proof, keep_totp, password_fits, set_password, totp_fits
from grants.errors import PijplijnError
from grants.openid import Person
from grants.sign_ins import browsers, end_all, hashed
from grants.wording import LANGUAGES
from models.colleague import Access, Colleague, Invitation
from models.office import Office

INVITED = timedelta(days=7)
LONGEST_NAME = 200
ADDRESS = re.compile(r"[^@\s<>\x00-\x1f]{1,64}@[^@\s<>\x00-\x1f]+\.[a-zA-Z]{2,}")


class NewColleague(NamedTuple):
    """A colleague as an administrator typed them in."""

    name: str
    email: str
    language: str
    access: str


def change_password(
    session: Session, colleague: Colleague, password: str, *, keep: str, now: datetime
) -> None:
    """A new password; every browser but the one with the hash `keep` is signed out. Raises PasswordError."""
    set_password(colleague, password)
    _end_others(session, colleague, keep=keep, now=now)
    _note(session, colleague, "password set", by=colleague.email, now=now)


def sign_out_everywhere(session: Session, colleague: Colleague, *, by: Colleague, now: datetime) -> None:
    """An administrator ends every sign-in of a colleague."""
    end_all(session, colleague.id, now=now)
    _note(session, colleague, "signed out everywhere", by=by.email, now=now)


def _end_others(session: Session, colleague: Colleague, *, keep: str, now: datetime) -> None:
    for one in browsers(session, colleague.id, now=now):
        if one.token_hash != keep:
            one.revoked_at = now


def code_on(session: Session, colleague: Colleague, proof: Proof, *, keep: str, now: datetime) -> bool:
    """Ask for codes from now on; whether the first one was right. Other browsers are signed out."""
    right = keep_totp(colleague, proof, now=now)
    if right:
        _end_others(session, colleague, keep=keep, now=now)
        _note(session, colleague, "code on", by=colleague.email, now=now)
    return right


def code_off(session: Session, colleague: Colleague, proof: Proof, *, keep: str, now: datetime) -> bool:
    """Ask for codes no more; whether the last one was right. Other browsers are signed out."""
    right = totp_fits(colleague, proof, now=now)
    if right:
        _end_others(session, colleague, keep=keep, now=now)
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


def find(session: Session, email: str, *, office_slug: str = "", or_left: bool = False) -> Colleague:
    """The one colleague with this address, at this office when one is named.

    Args:
        session: the transaction.
        email: in any case.
        office_slug: where; needed when several offices know the address.
        or_left: who left is found as well.

    Raises:
        PijplijnError: nobody has it, or several offices know it.
    """
    wanted = select(Colleague).join(Colleague.office).where(Colleague.active | literal(or_left))
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
    if not colleague.active:
        calendars.revoke(session, colleague, by=by.email, now=now)
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
    note(
        session, at=now, actor=by, action=action, subject="colleague", subject_id=colleague.id,
        office_id=colleague.office_id, facts=said,
    )  # fmt: skip
