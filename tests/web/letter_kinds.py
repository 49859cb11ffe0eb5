# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""One letter of every kind there is, written by those who write them in earnest."""

import email
import email.policy
from datetime import time, timedelta
from email.message import EmailMessage
from pathlib import Path

from pydantic import SecretStr
from sqlalchemy.orm import Session

from config.settings import Settings
from grants.digest import write_digests
from grants.reminders import write_amendments, write_reminders
from grants.undeliverable import write_undeliverable
from models.application import Participation, Role, Stage
from models.interest import Follow
from models.message import Message
from models.partner import Partner
from models.reminder import ReminderDay
from models.session import Begin
from tests import builders
from tests.builders import NOW

TODAY, DAY = NOW.date(), timedelta(days=1)
SINCE = NOW - 30 * DAY
NOOR, LENA, PARTNER = "noor@enschede.example", "lena@enschede.example", "projekte@muenster.example"
SETTINGS = Settings(
    mail_from="Pijplijn <pijplijn@enschede.example>", public_url="https://pijplijn.enschede.example",
    secret_key=SecretStr("hush"), data_dir=Path("/nowhere"),
)  # fmt: skip
TITLES = {
    "nl": "Projectplan en begroting laten vaststellen door het college",
    "de": "Projektplan und Kostenaufstellung vom Gemeindevorstand beschließen lassen",
    "en": "Have the project plan and budget approved by the municipal executive",
}
KINDS = {  # by the beginning of its key and to whom
    ("digest:", LENA): "heartbeat",
    ("reminder:1:milestone-1:", NOOR): "reminder-in-time",
    ("reminder:1:milestone-1:", PARTNER): "reminder-of-a-partner",
    ("reminder:1:milestone-2:", NOOR): "reminder-late",
    ("reminder:1:milestone-3:", NOOR): "reminder-today",
    ("reminder:1:milestone-4:", NOOR): "reminder-passed",
    ("reminder:call:call-1:", NOOR): "reminder-of-a-call",
    ("earlier:2:", NOOR): "moved-earlier",
    ("later:3:", NOOR): "extended",
    ("undeliverable:", NOOR): "undeliverable",
}


def every_kind(begin: Begin, language: str) -> dict[str, EmailMessage]:
    """By kind: one letter in that language."""
    with begin() as session:
        _furnish(session, language)
        written = [
            *write_digests(session, now=NOW, settings=SETTINGS),
            *write_reminders(session, today=TODAY, now=NOW, settings=SETTINGS),
            *write_amendments(session, now=NOW, settings=SETTINGS),
            *write_undeliverable(session, now=NOW, settings=SETTINGS),
        ]
        raw = {kind: one.mime for one in written if (kind := _kind(one))}
    parse = email.message_from_bytes
    return {kind: parse(mime, policy=email.policy.default) for kind, mime in raw.items()}  # type: ignore[misc]


def _kind(letter: Message) -> str | None:
    named = (
        name for (key, to), name in KINDS.items() if letter.key.startswith(key) and letter.recipient == to
    )
    return next(named, None)


def _furnish(session: Session, language: str) -> None:
    """Noor, who works on an application and follows three calls, and administers; Lena, who has nothing."""
    land = {"nl": "NL", "de": "DE", "en": "SE"}[language]
    session.add_all([builders.office(remind_partners=True), builders.source()])
    session.add(Partner(slug="muenster", name="Stadt Münster, Amt für Wirtschaftsförderung", country=land))
    session.flush()
    session.add(builders.colleague(language=language, access="administrator"))
    session.flush()
    session.add(builders.colleague(name="Lena Wiedemann", email=LENA, language=language))
    application = builders.application(owner_id=1, stage=Stage.PREPARING)
    session.add(application)
    session.flush()
    session.add(Participation(application_id=1, partner_id=1, role=Role.PARTNER, contact=PARTNER))
    for days in (7, 6, 0, -1):
        at = {"at": time(17)} if days == 7 else {}
        session.add(
            builders.milestone(
                TODAY + days * DAY, title=TITLES[language], application_id=1, kind="submission", **at
            )
        )
        session.flush()
    session.add(ReminderDay(day=TODAY - 3 * DAY, first_at=NOW - 3 * DAY, last_at=NOW - 3 * DAY))
    _calls(session)
    session.add(builders.letter(recipient="weg@enschede.example"))
    session.flush()
    session.add(builders.suppression())


def _calls(session: Session) -> None:
    """One that closes in a fortnight, one that was moved earlier and one that was extended."""
    moved = NOW - timedelta(hours=1)
    for number, (before, after) in enumerate([(14, 14), (60, 21), (10, 45)]):
        first = builders.deadline(TODAY + before * DAY, at=time(17), since=SINCE)
        versions = [first]
        if before != after:
            first.superseded_at = moved
            versions.append(builders.deadline(TODAY + after * DAY, at=time(17), since=moved))
        title = (
            "Cities that stay cool: heat, water and health in mid-sized municipalities",
            "Subsidie energiehubs op bedrijventerreinen",
            "Förderung von Donaudampfschifffahrtsgesellschaftskapitänsmützen in grenznahen Quartieren",
        )[number]
        session.add(
            builders.call(
                key=f"{number}",
                title=title,
                language=("en", "nl", "de")[number],
                deadlines=versions,
                first_seen_at=SINCE,
            )
        )
        session.flush()
        session.add(Follow(colleague_id=1, call_id=number + 1, since=SINCE))
