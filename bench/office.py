# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""A made-up office as large as it will ever be: calls of many years, applications, colleagues."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import islice
from typing import Any

from sqlalchemy import Engine, insert
from sqlalchemy.orm import Session

import models
from bench.feeds import SEED, sentence
from grants import clock
from grants.auditing import note
from grants.indexing import take_up
from grants.sign_ins import open_sign_in
from models.application import Application, Contribution, Milestone, Participation, Stage, StageChange
from models.base import Row
from models.call import Call, Deadline
from models.colleague import Access, Colleague
from models.match import Match
from models.obligation import Obligation
from models.office import Office
from models.partner import Partner
from models.session import transactions
from models.source import Source
from models.theme import Theme

PROGRAMMES = ("LIFE", "HORIZON", "DIGITAL", "INTERREG", "ERASMUS", "CERV")
SOURCES, THEMES, OFFICES = 20, 12, 3
OPEN, MATCHED, TWINS = 0.1, 0.15, 0.05  # shares of all calls
CHUNK = 5_000


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is."""

    calls: int = 50_000
    applications: int = 2_000
    colleagues: int = 300


def filled(engine: Engine, size: Size) -> str:
    """Make the tables and fill them; returns the token of a colleague that is signed in."""
    dice, now = random.Random(SEED), clock.now()  # noqa: S311 - made-up texts, no secret
    models.Base.metadata.create_all(engine)
    with transactions(engine)() as session:
        token = _people(session, size, now)
        _many(session, Call, _calls(dice, size.calls, now))
        _many(session, Deadline, _deadlines(dice, size.calls, now))
        _many(session, Match, _matches(dice, size.calls, now))
        _applications(session, dice, size, now)
        take_up(session)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")
    return token


def _many(session: Session, row: type[Row], rows: Iterator[dict[str, Any]]) -> None:
    while chunk := list(islice(rows, CHUNK)):
        session.execute(insert(row), chunk)


def _people(session: Session, size: Size, now: datetime) -> str:
    session.add_all(Office(slug=f"office-{number}", name=f"Gemeente {number}") for number in range(OFFICES))
    session.add_all(
        Source(slug=f"s{number}", name=f"Bron {number}", kind="rss", url="https://x.example")
        for number in range(SOURCES)
    )
    session.add_all(
        Partner(slug=f"p{number}", name=f"Partner {number}", country="DE") for number in range(100)
    )
    session.flush()
    for office in range(1, OFFICES + 1):
        session.add_all(
            Theme(
                office_id=office, slug=f"thema-{number}", words={}, description={},
                name=dict.fromkeys(("nl", "de", "en"), f"Thema {number}"),
            )
            for number in range(THEMES)
        )  # fmt: skip
    everyone = [
        Colleague(office_id=1, name=f"Collega {number}", email=f"c{number}@x.example", access=Access.EDITOR)
        for number in range(size.colleagues)
    ]
    session.add_all(everyone)
    session.flush()
    return open_sign_in(session, everyone[0], way="password", browser="bench", now=now)


def _calls(dice: random.Random, count: int, now: datetime) -> Iterator[dict[str, Any]]:
    for number in range(1, count + 1):
        programme, twin = dice.choice(PROGRAMMES), dice.random() < TWINS and number > SOURCES
        text = " ".join(sentence(dice) for _ in range(dice.randint(4, 16)))
        yield {
            "source_id": number % SOURCES + 1, "key": f"k{number}", "title": sentence(dice)[:-1],
            "identifier": f"{programme}-{2020 + number % 8}-{number}", "url": f"https://x.example/{number}",
            "programme": programme, "organisation": "Fonds", "text": text, "body": f"<p>{text}</p>",
            "language": dice.choice(("nl", "de", "en")), "opens_on": now.date() - timedelta(days=60),
            "budget": Decimal(number * 1000), "first_seen_at": now, "last_seen_at": now, "extra": {},
            "folded_into_id": number - dice.randint(1, SOURCES - 1) if twin else None,
        }  # fmt: skip


def _deadlines(dice: random.Random, count: int, now: datetime) -> Iterator[dict[str, Any]]:
    for number in range(1, count + 1):
        away = dice.randint(0, 300) if dice.random() < OPEN else -dice.randint(1, 2500)
        yield {
            "call_id": number, "on": now.date() + timedelta(days=away), "zone": "Europe/Brussels",
            "basis": "stated", "since": now,
        }  # fmt: skip


def _matches(dice: random.Random, count: int, now: datetime) -> Iterator[dict[str, Any]]:
    reasons = [{"field": "title", "start": 0, "end": 6, "phrase": "klimaat", "term": "klimaat"}] * 3
    for call in range(1, count + 1):
        for office in range(OFFICES):
            if dice.random() > MATCHED:
                continue
            for theme in dice.sample(range(1, THEMES + 1), dice.choice((1, 1, 2))):
                yield {
                    "call_id": call, "theme_id": office * THEMES + theme, "text_version": 1,
                    "score": Decimal(dice.randint(100, 999)) / 1000, "theme_version": 1, "reasons": reasons,
                    "band": dice.choice(("strong", "likely", "possible")), "first_matched_at": now,
                    "matched_at": now,
                }  # fmt: skip


def _applications(session: Session, dice: random.Random, size: Size, now: datetime) -> None:
    stages, people = list(Stage), range(1, size.colleagues + 1)
    for number in range(1, size.applications + 1):
        one = Application(
            office_id=1, slug=f"a{number}", title=sentence(dice)[:120], stage=dice.choice(stages),
            summary=sentence(dice), programme=dice.choice(PROGRAMMES), reference=f"INT-{number}",
            owner_id=dice.choice(people), confidential=number % 50 == 0, created_at=now, total=Decimal(90000),
            call_id=dice.randint(1, size.calls), requested=Decimal(number * 10),
        )  # fmt: skip
        one.milestones = [
            Milestone(title=sentence(dice, 6)[:90], on=now.date() + timedelta(days=dice.randint(-400, 400)))
            for _ in range(4)
        ]
        one.participations = [
            Participation(partner_id=partner, role="partner") for partner in dice.sample(range(1, 101), 4)
        ]
        session.add(one)
    session.flush()
    for number in range(1, size.applications + 1):
        facts = {"application_id": number}
        for step in range(3):
            on = now.date() + timedelta(days=dice.randint(0, 700))
            session.add(Obligation(title="Voortgangsrapport", kind="content", on=on, **facts))
            session.add(StageChange(before=None, after=stages[step], at=now, by="c1@x.example", **facts))
            session.add(Contribution(party="Provincie", kind="cash", amount=Decimal(1000 * step), **facts))
            note(
                session, at=now, actor="c1@x.example", action="changed", subject="application",
                subject_id=number, office_id=1, application_id=number, facts={"title": ["a", "b"]},
            )  # fmt: skip
