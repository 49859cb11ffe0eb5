# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The weekly digest: decided from what is in the database, written once per colleague and ISO week."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from config.settings import Settings
from grants.clock import iso_week
from grants.digest_lines import Line, Moved, closing_soon, moves, read_lines, reasoned
from grants.looks import Waiting, waiting
from grants.outbox import exists, post
from grants.queries import SourceHealth, SourceState, sources
from grants.rendering import Letter, letter
from grants.stages import ENDED
from models.application import Application
from models.call import Call
from models.colleague import Colleague
from models.message import Message
from models.obligation import Obligation
from models.office import Office

WEEK = timedelta(days=7)
MOST = 25  # Gmail cuts a letter near 100 kB


@dataclass(frozen=True, slots=True)
class Upcoming:
    """An own application and its next date."""

    application: Application
    next: tuple[date, str] | None


@dataclass(frozen=True, slots=True)
class DigestFacts:
    """Everything one colleague's digest tells."""

    week: str
    since: datetime
    new: tuple[Line, ...]
    beyond: int  # new matches that did not fit
    moved: tuple[Moved, ...]
    moved_beyond: int
    closing: tuple[Line, ...]
    closing_beyond: int
    looks: Waiting
    applications: tuple[Upcoming, ...]
    sources: tuple[SourceHealth, ...]
    closed: int  # new matches left out because they are closed
    unmatched: int  # new calls below the line


def facts(session: Session, colleague: Colleague, *, today: date, now: datetime) -> DigestFacts:
    """What this week's digest tells this colleague, in a fixed number of statements."""
    since = _since(session, colleague, today, now)
    lines = read_lines(session, colleague.office_id, today)
    fresh = [line for line in lines if since < line.first <= now]
    live = [line for line in fresh if not line.group.closed(today)]
    moved = moves(session, lines, since, now)
    closing = closing_soon(lines, {line.call.id for line in live[:MOST]}, today)
    seen = select(func.count(Call.id)).where(
        Call.folded_into_id.is_(None), Call.first_seen_at > since, Call.first_seen_at <= now
    )
    matched = {line.call.id for line in lines if since < line.call.first_seen_at <= now}
    return DigestFacts(
        week=iso_week(today),
        since=since,
        new=reasoned(session, live[:MOST]),
        beyond=max(0, len(live) - MOST),
        moved=tuple(moved[:MOST]),
        moved_beyond=max(0, len(moved) - MOST),
        closing=tuple(closing[:MOST]),
        closing_beyond=max(0, len(closing) - MOST),
        looks=waiting(session),
        applications=tuple(_applications(session, colleague, today)),
        sources=tuple(one for one in sources(session, now) if one.state != SourceState.OFF),
        closed=len(fresh) - len(live),
        unmatched=session.scalars(seen).one() - len(matched),
    )


def _since(session: Session, colleague: Colleague, today: date, now: datetime) -> datetime:
    """The colleague's previous digest, so that one a day late leaves no gap; else a week ago."""
    before = session.scalar(
        select(func.max(Message.created_at)).where(
            Message.key.startswith(_key(colleague, ""), autoescape=True),
            Message.key != _key(colleague, iso_week(today)),
            Message.created_at < now,
        )
    )
    return before or now - WEEK


def _key(colleague: Colleague, week: str) -> str:
    return f"digest:{colleague.office.slug}:{colleague.id}:{week}"


def _applications(session: Session, colleague: Colleague, today: date) -> list[Upcoming]:
    mine = session.scalars(
        select(Application)
        .where(Application.office_id == colleague.office_id, Application.stage.not_in(ENDED))
        .order_by(Application.title)
        .options(selectinload(Application.milestones), selectinload(Application.team))
    )
    owed = session.scalars(
        select(Obligation)
        .join(Obligation.application)
        .where(Application.office_id == colleague.office_id, Obligation.done_on.is_(None))
    ).all()
    told = []
    for one in mine:
        if one.seen_by(colleague):
            dates = [(step.on, step.title) for step in one.milestones if step.done_on is None]
            dates += [(duty.on, duty.title) for duty in owed if duty.application_id == one.id]
            told.append(Upcoming(one, min((date for date in dates if date[0] >= today), default=None)))
    return told


def write_digests(session: Session, *, today: date, now: datetime, settings: Settings) -> list[Message]:
    """Post this week's digest to everyone who wants one and has none yet."""
    written = []
    for colleague in _readers(session, today):
        key = _key(colleague, iso_week(today))
        if exists(session, key):
            continue
        shown = _letter(session, colleague, today=today, now=now, settings=settings)
        message = post(
            session, key=key, kind="digest", recipient=colleague.email, subject=shown.subject,
            text=shown.text, html=shown.html, now=now, sender=settings.mail_from,
            public_url=settings.public_url, office_id=colleague.office_id,
        )  # fmt: skip
        if message is not None:
            written.append(message)
    return written


def preview(
    session: Session, *, today: date, now: datetime, settings: Settings
) -> list[tuple[Colleague, Letter]]:
    """The letters of this week, whether or not they were written; posts nothing."""
    readers = _readers(session, today)
    return [(one, _letter(session, one, today=today, now=now, settings=settings)) for one in readers]


def _readers(session: Session, today: date) -> list[Colleague]:
    """Who wants a digest, at an office whose day of the week has come: a missed day is made up for."""
    people = (
        select(Colleague)
        .join(Office)
        .where(Colleague.active, Colleague.digest, Office.digest_weekday <= today.isoweekday())
        .order_by(Colleague.id)
        .options(selectinload(Colleague.office))
    )
    return list(session.scalars(people))


def _letter(
    session: Session, colleague: Colleague, *, today: date, now: datetime, settings: Settings
) -> Letter:
    told = facts(session, colleague, today=today, now=now)
    return letter(
        "digest",
        colleague.language,
        colleague=colleague,
        facts=told,
        today=today,
        public_url=settings.public_url,
    )
