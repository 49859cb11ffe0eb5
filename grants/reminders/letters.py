# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Write what is due and was not written: reminders once a day, moved deadlines at once."""

from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from config.settings import Settings
from grants.calendars import attachment
from grants.clock import local_day
from grants.outbox import post
from grants.reminders.amended import KIND, Amendment, amendments
from grants.reminders.due import Reminder, plan
from grants.reminders.outstanding import Unwritten, recall, unwritten
from grants.reminders.people import Person
from grants.reminders.steps import PASSED
from grants.rendering import Letter, letter
from grants.rows import add_rows
from grants.snags import Draft, write_each
from models.message import Message
from models.reminder import ReminderDay


def write_reminders(session: Session, *, today: date, now: datetime, settings: Settings) -> list[Message]:
    """Post every reminder that is due and not yet written, and take back those that wait and are not."""
    due = plan(session, today=today, now=now)
    recall(session, "reminder", due, today=today, now=now)
    last = session.scalar(select(func.max(ReminderDay.day)).where(ReminderDay.day <= today))
    drafts = [
        _draft(one, one.notice.office.id, one.notice.dated.title, partial(
            _post_reminder, session, one, last=last, today=today, now=now, settings=settings
        ))
        for one in unwritten(session, due)
    ]  # fmt: skip
    written = write_each(session, "reminder", drafts, now=now)
    _note_day(session, today, now)
    return written


def _draft(
    one: Unwritten[Any], office_id: int, about: str, write: Callable[[], Message | None]
) -> Draft:  # fmt: skip
    notice = one.notice
    application_id = notice.application.id if notice.application else None
    return Draft(one.key, notice.person.email, write, office_id, application_id, about, notice.strikes)


def _post_reminder(  # noqa: PLR0913 - a letter and the day it is of
    session: Session, one: Unwritten[Reminder], *, last: date | None, today: date, now: datetime,
    settings: Settings,
) -> Message | None:  # fmt: skip
    reminder = one.notice
    shown = _reminder(one, last, today, settings)
    return post(
        session, key=one.key, kind="reminder", recipient=reminder.person.email, subject=shown.subject,
        text=shown.text, html=shown.html, now=now, sender=settings.mail_from,
        public_url=settings.public_url if reminder.person.account else "", due_at=reminder.strikes,
        marks=reminder.marks, office_id=reminder.office.id,
        application_id=reminder.application.id if reminder.application else None,
        calendar=attachment(
            session, reminder.dated.place, reminder.on, language=reminder.person.language,
            zone=reminder.office.zone, address=settings.public_url, now=now,
            links=reminder.person.account,
        ),
    )  # fmt: skip


def _note_day(session: Session, today: date, now: datetime) -> None:
    """Two rounds at the same moment are one."""
    names = ("day", "first_at", "last_at")
    add_rows(session, ReminderDay, names, [(today, now, now)], same={}, known_by=("day",), once=("first_at",))


def preview(
    session: Session, *, today: date, now: datetime, settings: Settings
) -> list[tuple[Person, Letter]]:
    """The letters write_reminders would post."""
    last = session.scalar(select(func.max(ReminderDay.day)).where(ReminderDay.day <= today))
    due = unwritten(session, plan(session, today=today, now=now))
    return [(one.notice.person, _reminder(one, last, today, settings)) for one in due]


def _reminder(one: Unwritten[Reminder], last: date | None, today: date, settings: Settings) -> Letter:
    """Late is what nobody planned on its day, or was planned and never went; not what became due since."""
    reminder = one.notice
    missed = one.anew or (last is not None and reminder.went > last)
    late = reminder.went if missed and reminder.went < today and reminder.step != PASSED else None
    return letter(
        "reminder", reminder.person.language, reminder=reminder, today=today, late=late,
        public_url=settings.public_url,
    )  # fmt: skip


def write_amendments(session: Session, *, now: datetime, settings: Settings) -> list[Message]:
    """Tell at once of deadlines that moved, and take back what is overtaken: run just before delivery."""
    today = local_day(now)
    recall(session, "reminder", plan(session, today=today, now=now), today=today, now=now)
    moved = amendments(session, today=today, now=now)
    recall(session, KIND, moved, today=today, now=now)
    drafts = [
        _draft(one, one.notice.ground.office.id, one.notice.call.title, partial(
            _post_amendment, session, one, today=today, now=now, settings=settings
        ))
        for one in unwritten(session, moved)
    ]  # fmt: skip
    return write_each(session, KIND, drafts, now=now)


def _post_amendment(
    session: Session, one: Unwritten[Amendment], *, today: date, now: datetime, settings: Settings
) -> Message | None:
    told = one.notice
    shown = letter(KIND, told.person.language, told=told, today=today, public_url=settings.public_url)
    return post(
        session, key=one.key, kind=KIND, recipient=told.person.email, subject=shown.subject,
        text=shown.text, html=shown.html, now=now, sender=settings.mail_from,
        public_url=settings.public_url if told.person.account else "", due_at=told.strikes,
        marks=told.marks, office_id=told.ground.office.id,
        application_id=told.application.id if told.application else None,
    )  # fmt: skip
