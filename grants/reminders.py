# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Reminders: state, not tick. What is due and was not written is written, whatever was missed, once."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, defer, selectinload

from config.settings import Settings
from grants.calendars import attachment
from grants.outbox import post
from grants.rendering import Letter, letter
from grants.stages import BEFORE_SUBMISSION, ENDED, SUBMISSION
from models.application import Application, TeamMember
from models.call import Call
from models.colleague import Colleague
from models.message import Message
from models.obligation import Obligation
from models.values import Due

TOLD_AFTER = 30  # days after a date in which "it has passed" is still said


@dataclass(frozen=True, slots=True)
class Dated:
    """One date of an application: what must be done, and when."""

    what: str  # "milestone-3": part of the key, so that it must never change
    title: str
    due: Due
    call_id: int | None = None
    language: str = ""  # of the title, where a source wrote it


@dataclass(frozen=True, slots=True)
class Reminder:
    """One letter that is due: to whom, about what, at which step (days before; -1 once it has passed)."""

    application: Application
    colleague: Colleague
    dated: Dated
    on: date
    step: int

    @property
    def key(self) -> str:
        """A moved date has another key, and so rightly reminds again."""
        return f"reminder:{self.application.id}:{self.dated.what}:{self.on}:{self.step}:{self.colleague.id}"


def plan(session: Session, *, today: date) -> list[Reminder]:
    """Every reminder that is due today, sent or not."""
    active = (
        select(Application)
        .where(Application.stage.not_in(ENDED))
        .order_by(Application.id)
        .options(
            selectinload(Application.office),
            selectinload(Application.owner),
            selectinload(Application.backup),
            selectinload(Application.milestones),
            selectinload(Application.team).selectinload(TeamMember.colleague),
        )
    )
    duties, calls = _duties(session), _calls(session)
    return [
        reminder
        for application in session.scalars(active)
        for dated in _dates(application, duties.get(application.id, []), calls.get(application.call_id))
        for reminder in _due(application, dated, today)
    ]


def _duties(session: Session) -> dict[int, list[Obligation]]:
    """What is owed, by application."""
    rows = session.scalars(select(Obligation).where(Obligation.done_on.is_(None)).order_by(Obligation.id))
    duties: dict[int, list[Obligation]] = {}
    for row in rows:
        duties.setdefault(row.application_id, []).append(row)
    return duties


def _calls(session: Session) -> dict[int | None, Call]:
    """The calls that some application aims at, by number."""
    aimed = select(Application.call_id).where(Application.stage.in_(BEFORE_SUBMISSION))
    rows = session.scalars(
        select(Call).where(Call.id.in_(aimed)).options(selectinload(Call.all_deadlines), defer(Call.body))
    )
    return {row.id: row for row in rows}


def _dates(application: Application, duties: list[Obligation], call: Call | None) -> Iterator[Dated]:
    """What this application must still do, and when; a call's deadline counts until it is submitted."""
    for step in application.milestones:
        if step.done_on is None:
            due = Due(step.on, step.at, step.zone if step.at else "")
            yield Dated(f"milestone-{step.id}", step.title, due)
    for duty in duties:
        yield Dated(f"obligation-{duty.id}", duty.title, Due(duty.on, zone=""))
    if call is not None and application.stage in BEFORE_SUBMISSION:
        taken_over = {step.on for step in application.milestones if step.kind == SUBMISSION}
        for deadline in (one for one in call.deadlines if one.on not in taken_over):
            yield Dated(f"deadline-{deadline.id}", call.title, deadline.due, call.id, call.language)


def _due(application: Application, dated: Dated, today: date) -> Iterator[Reminder]:
    on = dated.due.on
    step = _step(on, application.office.reminder_days, today) if on else None
    if on is None or step is None:
        return
    people = [application.owner, application.backup, *(member.colleague for member in application.team)]
    for colleague in dict.fromkeys(one for one in people if one is not None and one.active):
        if application.seen_by(colleague):
            yield Reminder(application, colleague, dated, on, step)


def _step(on: date, steps: list[int], today: date) -> int | None:
    """The most urgent step reached; -1 when the date has passed; None when nothing is due."""
    away = (on - today).days
    if away < 0:
        return -1 if away >= -TOLD_AFTER else None
    return min((step for step in steps if away <= step), default=None)


def write_reminders(session: Session, *, today: date, now: datetime, settings: Settings) -> list[Message]:
    """Post every reminder that is due and not yet written."""
    written = []
    for one in _unwritten(session, today):
        shown = _letter(one, today, settings)
        message = post(
            session, key=one.key, kind="reminder", recipient=one.colleague.email, subject=shown.subject,
            text=shown.text, html=shown.html, now=now, sender=settings.mail_from,
            public_url=settings.public_url, office_id=one.application.office_id,
            application_id=one.application.id,
            calendar=attachment(session, one.dated.what, one.colleague, address=settings.public_url, now=now),
        )  # fmt: skip
        if message is not None:
            written.append(message)
    return written


def preview(
    session: Session, *, today: date, now: datetime, settings: Settings
) -> list[tuple[Colleague, Letter]]:
    """The letters write_reminders would post; `now` is not used, and there for the likeness."""
    del now
    return [(one.colleague, _letter(one, today, settings)) for one in _unwritten(session, today)]


def _unwritten(session: Session, today: date) -> list[Reminder]:
    due = plan(session, today=today)
    told = set(session.scalars(select(Message.key).where(Message.key.in_([one.key for one in due]))))
    return [one for one in due if one.key not in told]


def _letter(one: Reminder, today: date, settings: Settings) -> Letter:
    return letter(
        "reminder", one.colleague.language, reminder=one, today=today, public_url=settings.public_url
    )
