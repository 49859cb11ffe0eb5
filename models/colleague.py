# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""A colleague (medewerker): who reads, decides and is reminded; how they sign in, and what they follow."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import MarkedRow, Row, Words
from models.office import Office


class Access(StrEnum):
    """What a colleague may do at their office; each includes the one before."""

    READER = "reader"
    EDITOR = "editor"
    ADMINISTRATOR = "administrator"


class Rhythm(StrEnum):
    """How often a colleague gets the digest."""

    WEEKLY = "weekly"
    DAILY = "daily"
    NEVER = "never"


class Colleague(MarkedRow):
    """One person at one office."""

    __tablename__ = "colleague"
    __table_args__ = (UniqueConstraint("office_id", "email"), Index(None, "subject", unique=True))

    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(254))
    language: Mapped[str] = mapped_column(String(2), default="nl")
    access: Mapped[Access] = mapped_column(Words(Access), default=Access.EDITOR)
    # When the digest comes and what of: said outright for everybody, so that nobody goes without by accident.
    digest_rhythm: Mapped[Rhythm] = mapped_column(Words(Rhythm), default=Rhythm.WEEKLY)
    digest_weekday: Mapped[int | None]  # ISO: 1 is Monday; none: the office's
    digest_hour: Mapped[int] = mapped_column(default=7)  # in Amsterdam
    digest_themes: Mapped[list[Any]] = mapped_column(default=list)  # numbers; empty: all of the office
    digest_programmes: Mapped[list[Any]] = mapped_column(default=list)  # words in their names; empty: all
    active: Mapped[bool] = mapped_column(default=True)
    subject: Mapped[str | None] = mapped_column(String(300))  # "issuer|tenant|object" of OpenID Connect
    password: Mapped[str] = mapped_column(String(300), default="")  # argon2id; empty: none set
    totp: Mapped[str] = mapped_column(String(300), default="")  # secret, encrypted; empty: none set
    totp_used: Mapped[int] = mapped_column(default=0)  # the last time step used: a code counts once
    last_seen_at: Mapped[datetime | None]

    office: Mapped[Office] = relationship()

    @property
    def administrator(self) -> bool:
        """Whether they administer their office."""
        return self.access == Access.ADMINISTRATOR

    @property
    def editor(self) -> bool:
        """Whether they may change what their office does."""
        return self.access != Access.READER


class SignIn(Row):
    """One signed-in browser; revoked or run out, the row stays for a while as a record."""

    __tablename__ = "sign_in"

    colleague_id: Mapped[int] = mapped_column(ForeignKey("colleague.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)  # SHA-256 of the cookie
    way: Mapped[str] = mapped_column(String(20))  # "oidc", "password", "invitation"
    browser: Mapped[str] = mapped_column(String(300), default="")
    at: Mapped[datetime]
    last_used_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]

    colleague: Mapped[Colleague] = relationship()


class Invitation(Row):
    """A link by which a colleague sets a password; works once."""

    __tablename__ = "invitation"

    colleague_id: Mapped[int] = mapped_column(ForeignKey("colleague.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    at: Mapped[datetime]
    until: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(200))
    used_at: Mapped[datetime | None]

    colleague: Mapped[Colleague] = relationship()


class SignInFailure(Row):
    """A sign-in that failed, counted against the account and the address it came from."""

    __tablename__ = "sign_in_failure"
    __table_args__ = (Index(None, "counted", "at"),)

    counted: Mapped[str] = mapped_column(String(64))  # SHA-256 of "account:…" or "address:…"
    at: Mapped[datetime]


class SavedView(Row):
    """A list with its filters under a name; shared, the colleague's office sees it and can open its link."""

    __tablename__ = "saved_view"
    __table_args__ = (UniqueConstraint("office_id", "slug"),)

    office_id: Mapped[int] = mapped_column(ForeignKey("office.id"))
    colleague_id: Mapped[int] = mapped_column(ForeignKey("colleague.id"))
    slug: Mapped[str] = mapped_column(String(80))
    name: Mapped[str] = mapped_column(String(120))
    page: Mapped[str] = mapped_column(String(40))  # "inbox", "calls", "applications"
    query: Mapped[str] = mapped_column(String(2000))  # the query string, without "?"
    shared: Mapped[bool] = mapped_column(default=False)
    at: Mapped[datetime]
    removed_at: Mapped[datetime | None]

    colleague: Mapped[Colleague] = relationship()
