# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The weekly digest: decided from what is in the database, written once per colleague and ISO week."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from config.settings import Settings
from grants.clock import iso_week
from grants.outbox import exists, post
from grants.rendering import Letter, letter, snippet
from grants.scoring.score import Band
from grants.stages import ENDED
from models.application import Application
from models.call import Call, CallChange, ChangeKind, Deadline, Significance
from models.colleague import Colleague
from models.match import Match
from models.message import Message
from models.obligation import Obligation
from models.office import Office
from models.source import HarvestRun, Source
from models.theme import Theme
from models.values import CallStatus, Completeness

WEEK = timedelta(days=7)
MOST = 25  # Gmail cuts a letter near 100 kB
CLOSING = 30  # days ahead that count as closing soon
SHOWN = (Band.STRONG, Band.LIKELY, Band.POSSIBLE)


@dataclass(frozen=True, slots=True)
class Line:
    """One call in the digest: its themes, best first, and the words that say so."""

    call: Call
    matches: tuple[Match, ...]
    deadline: Deadline | None

    @property
    def reasons(self) -> list[tuple[str, str]]:
        """Up to three phrases, each literally as it stands, with the words around it."""
        texts = {"title": self.call.title, "text": self.call.text}
        found = {
            one["phrase"].lower(): (one["phrase"], snippet(texts[one["field"]], one["start"], one["end"]))
            for match in self.matches
            for one in match.reasons
        }
        return list(found.values())[:3]


@dataclass(frozen=True, slots=True)
class Moved:
    """A deadline that moved this week."""

    line: Line
    change: CallChange


@dataclass(frozen=True, slots=True)
class Upcoming:
    """An own application and its next date."""

    application: Application
    next: tuple[date, str] | None


@dataclass(frozen=True, slots=True)
class SourceNews:
    """One source in the statement of completeness."""

    source: Source
    overdue: bool
    held: bool
    partial: bool


@dataclass(frozen=True, slots=True)
class DigestFacts:
    """Everything one colleague's digest tells."""

    week: str
    new: tuple[Line, ...]
    beyond: int  # new matches that did not fit
    moved: tuple[Moved, ...]
    closing: tuple[Line, ...]
    applications: tuple[Upcoming, ...]
    sources: tuple[SourceNews, ...]
    closed: int  # new matches left out because they are closed
    unmatched: int  # new calls of the week below the line


def facts(session: Session, colleague: Colleague, *, today: date, now: datetime) -> DigestFacts:
    """What this week's digest tells this colleague."""
    lines = _lines(session, colleague.office_id, today)
    fresh = [line for line in lines if _first(line) > now - WEEK]
    live = [line for line in fresh if line.call.status_on(today) != CallStatus.CLOSED]
    new_calls = (
        session.scalar(select(func.count()).select_from(Call).where(Call.first_seen_at > now - WEEK)) or 0
    )
    matched = {line.call.id for line in lines if line.call.first_seen_at > now - WEEK}
    return DigestFacts(
        week=iso_week(today),
        new=tuple(live[:MOST]),
        beyond=max(0, len(live) - MOST),
        moved=tuple(_moved(session, lines, now))[:MOST],
        closing=tuple(_closing(lines, {line.call.id for line in live[:MOST]}, today))[:MOST],
        applications=tuple(_applications(session, colleague, today)),
        sources=tuple(_sources(session, now)),
        closed=len(fresh) - len(live),
        unmatched=new_calls - len(matched),
    )


def _lines(session: Session, office_id: int, today: date) -> list[Line]:
    """Every matched call of an office, best first."""
    rows = session.scalars(
        select(Match)
        .join(Theme)
        .where(Theme.office_id == office_id, Theme.enabled, Match.band.in_(SHOWN))
        .order_by(Match.score.desc(), Match.call_id, Match.id)
        .options(
            selectinload(Match.call).selectinload(Call.all_deadlines),
            selectinload(Match.call).selectinload(Call.source),
            selectinload(Match.theme),
        )
    )
    by_call: dict[int, list[Match]] = {}
    for row in rows:
        by_call.setdefault(row.call_id, []).append(row)
    return [
        Line(found[0].call, tuple(found), found[0].call.next_deadline(today)) for found in by_call.values()
    ]


def _first(line: Line) -> datetime:
    return min(match.first_matched_at for match in line.matches)


def _moved(session: Session, lines: list[Line], now: datetime) -> Iterable[Moved]:
    by_id = {line.call.id: line for line in lines}
    changes = session.scalars(
        select(CallChange)
        .where(CallChange.kind == ChangeKind.DEADLINE_MOVED, CallChange.significance == Significance.MAJOR)
        .where(CallChange.at > now - WEEK)
        .order_by(CallChange.id)
    )
    return [Moved(by_id[change.call_id], change) for change in changes if change.call_id in by_id]


def _closing(lines: list[Line], told: set[int], today: date) -> list[Line]:
    """What closes within thirty days and is not told of as new already, soonest first."""
    soon = [
        (line.deadline.on, line)
        for line in lines
        if line.deadline and line.deadline.on and line.deadline.on <= today + timedelta(days=CLOSING)
    ]
    return [line for _, line in sorted(soon, key=lambda pair: pair[0]) if line.call.id not in told]


def _applications(session: Session, colleague: Colleague, today: date) -> list[Upcoming]:
    mine = session.scalars(
        select(Application)
        .where(Application.office_id == colleague.office_id, Application.stage.not_in(ENDED))
        .order_by(Application.title)
        .options(selectinload(Application.milestones), selectinload(Application.team))
    )
    owed = session.scalars(select(Obligation).where(Obligation.done_on.is_(None))).all()
    told = []
    for one in mine:
        if one.seen_by(colleague):
            dates = [(step.on, step.title) for step in one.milestones if step.done_on is None]
            dates += [(duty.on, duty.title) for duty in owed if duty.application_id == one.id]
            told.append(Upcoming(one, min((date for date in dates if date[0] >= today), default=None)))
    return told


def _sources(session: Session, now: datetime) -> list[SourceNews]:
    latest = select(func.max(HarvestRun.id)).group_by(HarvestRun.source_id)
    runs = {
        run.source_id: run for run in session.scalars(select(HarvestRun).where(HarvestRun.id.in_(latest)))
    }
    told = []
    for one in session.scalars(select(Source).where(Source.enabled).order_by(Source.name)):
        run = runs.get(one.id)
        partial = run is not None and run.outcome in {Completeness.PARTIAL, Completeness.FAILED}
        told.append(SourceNews(one, one.overdue(now), run is not None and run.held, partial))
    return told


def write_digests(session: Session, *, today: date, now: datetime, settings: Settings) -> list[Message]:
    """Post this week's digest to everyone who wants one and has none yet."""
    written = []
    for colleague in _readers(session, today):
        key = f"digest:{colleague.office.slug}:{colleague.id}:{iso_week(today)}"
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
