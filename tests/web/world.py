# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Two offices with people of every role, and things of each: laid once, and never changed by a request.

Every request is answered in full and then undone, so that thousands can be asked of one database in any order.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

import httpx
from fastapi import FastAPI
from pydantic import SecretStr
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from config.settings import HOME, Settings
from grants import applications
from grants.drafts import Draft
from grants.rounds import add_call
from grants.sign_ins import open_sign_in
from models.application import (
    Application,
    ChecklistItem,
    Comment,
    Contribution,
    ContributionKind,
    Document,
    Milestone,
    Participation,
    Role,
    Stage,
    StageChange,
    TeamMember,
)
from models.call import Call
from models.colleague import SavedView
from models.decision import Decision
from models.interest import Assignment, Choice, GoDecision
from models.link import CallLink, LinkReason
from models.match import Verdict
from models.message import MessageState
from models.obligation import Obligation
from models.office import Closure, PlanStep
from models.session import Begin, reading, transactions
from models.values import Due
from tests import builders
from tests.prefect_api import PASSWORD, PrefectApi
from tests.web.conftest import NOW, apply_for, furnish, watch_pages
from tests.web.rules import Rule
from tests.web.subjects import (
    CONFIDENTIAL,
    ELSEWHERE,
    OPEN,
    PEOPLE,
    SECRET,
    SUBMISSION_ON,
    VIEWS,
    Subject,
    subjects,
)
from web.app import create_app


@dataclass
class World:
    """The site, and what is asked of it."""

    app: FastAPI
    engine: Engine
    tokens: dict[str, str] = field(default_factory=dict)
    subjects: dict[str, list[Subject]] = field(default_factory=dict)


def laid(engine: Engine, prefect: PrefectApi) -> World:
    """A world in an empty database with all tables."""
    theme = HOME / "web" / "static" / "vendor" / "theme.css"
    settings = Settings(
        prefect_port=prefect.port,
        prefect_auth=SecretStr(PASSWORD),
        theme_file=theme,
        secret_key=SecretStr(SECRET),
        security_contact="mailto:veilig@enschede.example",
    )
    world = World(create_app(settings, reading(engine), _undone(engine), lambda: NOW), engine)
    with transactions(engine)() as session:
        furnish(session)
        watch_pages(session)
        _people(session, world)
        apply_for(session)
        _more_applications(session)
        _more_calls(session)
        _plans(session)
        _judgements(session)
        _letters(session)
        session.flush()
        world.subjects = subjects(session)
    return world


def _undone(engine: Engine) -> Begin:
    @contextmanager
    def begin() -> Iterator[Session]:
        with Session(engine, expire_on_commit=False) as session:
            yield session
            session.flush()

    return begin


def _people(session: Session, world: World) -> None:
    session.add(builders.office(slug="almelo", name="Gemeente Almelo"))
    session.flush()
    session.add(builders.office(slug="hengelo", name="Gemeente Hengelo"))  # where nobody is
    session.flush()
    for name, (office_id, access) in PEOPLE.items():
        email = f"{name.lower().replace(' ', '.').replace(',', '').replace(chr(39), '')}@x.example"
        one = builders.colleague(name=name, email=email, office_id=office_id, access=access)
        session.add(one)
        session.flush()
        world.tokens[name] = open_sign_in(session, one, way="password", browser="Firefox", now=NOW)


def _more_applications(session: Session) -> None:
    """One of Almelo, the parts that are wanting, and a step that can be taken back."""
    session.add(builders.application(office_id=2, slug="almelo", title="Almelo", stage=Stage.RUNNING))
    session.flush()
    session.add_all(TeamMember(application_id=CONFIDENTIAL, colleague_id=one) for one in (4, 5))
    for number in (OPEN, CONFIDENTIAL, ELSEWHERE):
        after = session.get_one(Application, number).stage
        session.add(StageChange(application_id=number, before=Stage.IDEA, after=after, at=NOW, by="noor"))
    day = date(2026, 12, 1)
    for number in (CONFIDENTIAL, ELSEWHERE):
        session.add_all(
            [
                Milestone(application_id=number, title="Stuurgroep", on=day),
                Obligation(application_id=number, title="Rapport", kind="content", on=day),
                Participation(application_id=number, partner_id=1, role=Role.LEAD),
                Contribution(
                    application_id=number,
                    party="Rijk",
                    kind=ContributionKind.CASH,
                    amount=Decimal(1),
                ),
                Decision(application_id=number, on=day, awarded=False),
                Document(
                    application_id=number, title="Brief", url="https://dms.example/9", at=NOW, by="noor"
                ),
                ChecklistItem(application_id=number, title="Handtekening"),
                Comment(application_id=number, colleague_id=1, text="Geheim", mentions=[], at=NOW),
            ]
        )


def _more_calls(session: Session) -> None:
    """A call kept by hand, and one that is linked with the first."""
    session.add(builders.source(slug="dnl", name="Rondes", kind="rounds"))
    session.flush()
    session.add(builders.call(source_id=2, key="twin", title="Cities that stay cool"))
    session.flush()
    twin = session.scalars(select(Call.id).where(Call.key == "twin")).one()
    facts = {"reason": LinkReason.BY_HAND, "confidence": 1, "at": NOW, "by": "noor"}
    session.add(CallLink(call_id=1, other_id=twin, **facts))
    add_call(
        session,
        "dnl",
        "a" * 16,
        Draft("Ronde 2026", deadlines=(Due(date(2026, 12, 17)),)),
        now=NOW,
        actor="noor",
    )


def _plans(session: Session) -> None:
    """Of both offices a theme and its lesson, a day shut, steps (one out, one not planned), and plannings to undo."""
    session.add(builders.theme(office_id=2, slug="energie"))
    session.flush()
    session.add_all(builders.lesson(theme_id=number) for number in (1, 3))
    session.add_all(Closure(office_id=office, on=date(2026, 12, 24), name="Kerst") for office in (1, 2))
    names = {"nl": "Stap", "de": "Schritt", "en": "Step"}
    steps = [
        PlanStep(office_id=office, name=names, working_days=9, position=at)
        for at in (0, 1)
        for office in (1, 2)
    ]
    session.add_all(steps)
    for number in (OPEN, CONFIDENTIAL, ELSEWHERE):
        session.add(builders.milestone(SUBMISSION_ON, kind="submission", application_id=number))
    session.flush()
    for step in steps[2:]:
        step.removed_at = NOW
    for number in (OPEN, CONFIDENTIAL, ELSEWHERE):
        one = session.get_one(Application, number)
        seen = applications.preview(session, one, on=SUBMISSION_ON, today=NOW.date()).seen
        told = {"seen": seen, "by": "noor", "now": NOW, "today": NOW.date()}
        applications.confirm(session, one, on=SUBMISSION_ON, **told)
    session.add_all(PlanStep(office_id=office, name=names, working_days=4, position=2) for office in (1, 2))


def _judgements(session: Session) -> None:
    """Of both offices what they made of a call, and views of theirs."""
    for office, colleague in ((1, 3), (2, 8)):
        facts = {"office_id": office, "colleague_id": colleague, "call_id": 2, "at": NOW}
        session.add(Verdict(relevant=True, **facts))
        session.add(GoDecision(choice=Choice.GO, why="Past bij ons", **facts))
        session.add(Assignment(by="noor", **facts))
        session.flush()
    owners = ((1, 1, True), (1, 2, False), (2, 7, True))
    session.add_all(
        SavedView(
            office_id=office, colleague_id=colleague, slug=slug, name="Wonen", page="calls", query="theme=wonen",
            shared=shared, at=NOW,
        )
        for slug, (office, colleague, shared) in zip(VIEWS, owners, strict=True)
    )  # fmt: skip


def _letters(session: Session) -> None:
    """One that is held for each office, and one that waits; the address of the first was refused."""
    for state in (MessageState.HELD, MessageState.QUEUED):
        for office_id in (1, 2):
            session.add(builders.letter(office_id=office_id, state=state))
            session.flush()
    for number in (1, 2):
        session.add(builders.suppression(office_id=number, message_id=number))
        session.flush()


def filled(rule: Rule, subject: Subject) -> str:
    """The path with its words; the part of an application is of the kind in the path."""
    kind = re.search(r"/(\w+)/\{part_id\}", rule.path)
    words = subject.words | ({"part_id": subject.words[kind[1]]} if kind else {})
    return rule.path.format(**words)


def form(rule: Rule, subject: Subject) -> dict[str, str]:
    """The form with its words."""
    return {name: value.format(**subject.words) for name, value in rule.form.items()}


def client_of(world: World, asker: str = "") -> httpx.AsyncClient:
    """Asks the site itself, without a server between: an error in it is an answer of 500."""
    transport = httpx.ASGITransport(world.app, raise_app_exceptions=False)
    cookies = {"sid": world.tokens[asker]} if asker else {}
    return httpx.AsyncClient(transport=transport, base_url="http://localhost", cookies=cookies)
