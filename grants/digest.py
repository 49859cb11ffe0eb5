# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The weekly digest: decided from what is in the database, written once per colleague and ISO week."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session, defer, selectinload

from config.settings import Settings
from grants.clock import iso_week
from grants.looks import Waiting, waiting
from grants.outbox import exists, post
from grants.queries import SourceHealth, SourceState, sources
from grants.rendering import Letter, Passage, letter, passages
from grants.scoring.score import Band
from grants.stages import ENDED
from models.application import Application
from models.call import Call, CallChange, ChangeKind, Deadline, Significance
from models.colleague import Colleague
from models.match import Match
from models.message import Message
from models.obligation import Obligation
from models.office import Office
from models.theme import Theme
from models.values import CallStatus

WEEK = timedelta(days=7)
MOST = 25  # Gmail cuts a letter near 100 kB
REASONS = 3
CLOSING = 30  # days ahead that count as closing soon
SHOWN = (Band.STRONG, Band.LIKELY, Band.POSSIBLE)


@dataclass(frozen=True, slots=True)
class Line:
    """One call in the digest: its themes, best first, and the words that say so."""

    call: Call
    matches: tuple[Match, ...]
    deadline: Deadline | None
    title_spans: tuple[tuple[int, int], ...] = ()  # where the phrases stand in the title
    reasons: tuple[Passage, ...] = ()  # and in the text


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
    lines = _lines(session, colleague.office_id, today)
    fresh = [line for line in lines if since < _first(line) <= now]
    live = [line for line in fresh if line.call.status_on(today) != CallStatus.CLOSED]
    moved = _moved(session, lines, since, now)
    closing = _closing(lines, {line.call.id for line in live[:MOST]}, today)
    seen = select(func.count(Call.id)).where(Call.first_seen_at > since, Call.first_seen_at <= now)
    matched = {line.call.id for line in lines if since < line.call.first_seen_at <= now}
    return DigestFacts(
        week=iso_week(today),
        since=since,
        new=_reasoned(session, live[:MOST]),
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


def _lines(session: Session, office_id: int, today: date) -> list[Line]:
    """Every matched call of an office, best first."""
    rows = session.scalars(
        select(Match)
        .join(Theme)
        .where(Theme.office_id == office_id, Theme.enabled, Match.band.in_(SHOWN))
        .order_by(Match.score.desc(), Match.call_id, Match.id)
        .options(
            selectinload(Match.call).options(
                selectinload(Call.all_deadlines),
                selectinload(Call.source),
                *(defer(column) for column in (Call.body, Call.text, Call.extra)),
            ),
            selectinload(Match.theme),
        )
    )
    by_call: dict[int, list[Match]] = {}
    for row in rows:
        by_call.setdefault(row.call_id, []).append(row)
    return [
        Line(found[0].call, tuple(found), found[0].call.next_deadline(today)) for found in by_call.values()
    ]


def _reasoned(session: Session, lines: list[Line]) -> tuple[Line, ...]:
    """The lines with their phrases, literally as they stand; a text is read for these alone."""
    rows = session.execute(select(Call.id, Call.text).where(Call.id.in_([line.call.id for line in lines])))
    texts = {row.id: row.text for row in rows}
    return tuple(
        replace(
            line,
            title_spans=tuple(_spans(line, "title")),
            reasons=tuple(passages(texts[line.call.id], _spans(line, "text"), most=REASONS)),
        )
        for line in lines
    )


def _spans(line: Line, field: str) -> list[tuple[int, int]]:
    """Where the phrases stand; a match of an older text points nowhere."""
    current = [match for match in line.matches if match.text_version == line.call.text_version]
    return [(one["start"], one["end"]) for match in current for one in match.reasons if one["field"] == field]


def _first(line: Line) -> datetime:
    return min(match.first_matched_at for match in line.matches)


def _moved(session: Session, lines: list[Line], since: datetime, now: datetime) -> list[Moved]:
    by_id = {line.call.id: line for line in lines}
    changes = session.scalars(
        select(CallChange)
        .where(CallChange.kind == ChangeKind.DEADLINE_MOVED, CallChange.significance == Significance.MAJOR)
        .where(CallChange.at > since, CallChange.at <= now)
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
