# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""What a colleague may decide about a source; each deed is in the audit log."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from grants.auditing import note
from grants.errors import PijplijnError
from grants.queries import ASKED
from models.source import Source

SUBJECT = Source.__tablename__
CHANGED, NORMAL = "changed", "called normal"


@dataclass(frozen=True, slots=True)
class SourceSettings:
    """The settings of a source that staff may change in the web; models.source says what each means."""

    enabled: bool
    every_hours: int
    at_least: int
    at_most: int | None
    news_every_days: int | None


class OvertakenError(PijplijnError):
    """Somebody else changed the settings since this colleague saw them."""


def seen(source: Source) -> str:
    """A few letters that change when the settings do."""
    told = [getattr(source, name) for name in SourceSettings.__dataclass_fields__]
    return sha256(repr(told).encode()).hexdigest()[:16]


def change_source(  # noqa: PLR0913 - the parts of a deed
    session: Session, slug: str, chosen: SourceSettings, *, actor: str, now: datetime, over: str
) -> None:
    """Take over these settings, twice is once; the next reading comes no later than they say.

    Raises:
        OvertakenError: they are not what the colleague saw, by what `seen` gave (`over`).
    """
    source = _source(session, slug)
    after = asdict(chosen)
    before = {name: getattr(source, name) for name in after}
    changed = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
    if changed and seen(source) != over:
        raise OvertakenError(f"Somebody changed the settings of '{slug}' meanwhile.")
    for name in changed:
        setattr(source, name, after[name])
    if source.next_try_at is not None:
        source.next_try_at = min(source.next_try_at, now + timedelta(hours=source.every_hours))
    if changed:
        _note(session, source, CHANGED, changed, actor=actor, now=now)


def call_normal(session: Session, slug: str, *, actor: str, now: datetime) -> None:
    """What the source gives now is normal: what was learnt of it before is held against it no more."""
    source = _source(session, slug)
    source.normal_since = now
    _note(session, source, NORMAL, {}, actor=actor, now=now)


def note_asked(session: Session, slug: str, *, accept_size: bool, actor: str, now: datetime) -> None:
    """A colleague asked to read the source now."""
    source = _source(session, slug)
    _note(session, source, ASKED, {"accept_size": accept_size}, actor=actor, now=now)


def _source(session: Session, slug: str) -> Source:
    found = session.scalars(select(Source).where(Source.slug == slug).with_for_update()).one_or_none()
    if found is None:
        sentence = f"There is no source called '{slug}'; manage.py sources lists them."
        raise PijplijnError(sentence)
    return found


def _note(  # noqa: PLR0913 - the parts of a deed
    session: Session, source: Source, action: str, facts: dict[str, Any], *, actor: str, now: datetime
) -> None:
    note(session, at=now, actor=actor, action=action, subject=SUBJECT, subject_id=source.id, facts=facts)
