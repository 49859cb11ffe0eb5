# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Rows for tests: each builder gives a sound row, a test names only what it is about."""

from datetime import UTC, date, datetime
from email.message import EmailMessage
from itertools import count
from typing import Any

from models.application import Application, Milestone, Stage
from models.call import Call, Deadline
from models.colleague import Colleague
from models.message import Attempt, Message, MessageState, Suppression
from models.office import Office
from models.source import Source
from models.theme import Theme
from models.values import Basis

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
_numbers = count(1)


def office(**facts: Any) -> Office:
    return Office(**{"slug": "enschede", "name": "Gemeente Enschede"} | facts)


def colleague(**facts: Any) -> Colleague:
    """One without a mark, as they were before there were any."""
    usual = {"name": "Noor de Vries", "email": "noor@enschede.example", "office_id": 1, "mark": ""}
    return Colleague(**usual | facts)


def source(**facts: Any) -> Source:
    return Source(
        **{"slug": "eu-portal", "name": "EU Funding & Tenders", "kind": "sedia", "url": "https://x.example/s"}
        | facts
    )


def deadline(on: date | None = date(2026, 12, 15), **facts: Any) -> Deadline:
    return Deadline(
        **{"on": on, "zone": "Europe/Brussels", "basis": Basis.STATED, "stage": "", "text": "", "since": NOW}
        | facts
    )


def call(**facts: Any) -> Call:
    deadlines = facts.pop("deadlines", [deadline()])
    return Call(
        **{
            "source_id": 1,
            "key": "1TOPICSen",
            "identifier": "LIFE-2026-CLIMA",
            "title": "Cities that stay cool",
            "url": "https://x.example/1",
            "text": "Heat stress and climate adaptation in cities.",
            "opens_on": date(2026, 10, 1),
            "first_seen_at": NOW,
            "last_seen_at": NOW,
            "all_deadlines": deadlines,
        }
        | facts
    )


def theme(**facts: Any) -> Theme:
    return Theme(
        **{
            "office_id": 1,
            "slug": "klimaat_water",
            "name": {
                "nl": "Klimaatadaptatie en water",
                "de": "Klimaanpassung und Wasser",
                "en": "Climate and water",
            },
            "description": {"nl": "", "de": "", "en": ""},
            "words": {"core": {"en": ["climate adaptation"]}, "terms": {}, "weak": {}, "not": {}},
        }
        | facts
    )


def application(**facts: Any) -> Application:
    return Application(
        **{
            "office_id": 1,
            "slug": "edl",
            "title": "Euregionale Doorlopende Leerlijn",
            "stage": Stage.RUNNING,
            "created_at": NOW,
        }
        | facts
    )


def milestone(on: date, **facts: Any) -> Milestone:
    return Milestone(**{"title": "Indienen", "on": on} | facts)


def letter(**facts: Any) -> Message:
    """A letter to Noor that is held, with one try behind it."""
    made = EmailMessage()
    made.set_content(facts.pop("text", "Tekst"))
    made.add_alternative("<p>Tekst</p>", subtype="html")
    number = next(_numbers)
    plain = {
        "key": f"digest:{number}", "kind": "digest", "office_id": 1, "recipient": "noor@enschede.example",
        "subject": "Weekoverzicht", "message_id": f"<{number}@enschede.example>", "mime": made.as_bytes(),
        "state": MessageState.HELD, "created_at": NOW, "next_attempt_at": NOW, "attempts": 1,
        "tries": [Attempt(at=NOW, outcome="unanswered", reply="the connection was lost")],
    }  # fmt: skip
    return Message(**plain | facts)


def suppression(**facts: Any) -> Suppression:
    plain = {
        "office_id": 1, "address": "weg@enschede.example", "since": NOW, "why": "550 5.1.1 no such user", "message_id": 1,
    }  # fmt: skip
    return Suppression(**plain | facts)
