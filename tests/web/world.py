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
from typing import Any, NamedTuple

import httpx
from fastapi import FastAPI
from pydantic import SecretStr
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from config.settings import Settings
from grants import applications
from grants.drafts import Draft
from grants.people import invite
from grants.rounds import add_call, version
from grants.sign_ins import open_sign_in
from grants.stages import ways
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
from models.base import Row
from models.call import Call
from models.colleague import Access, Colleague
from models.link import CallLink, LinkReason
from models.obligation import Obligation
from models.session import Begin, reading, transactions
from models.values import Due
from tests import builders
from tests.prefect_api import PASSWORD, PrefectApi
from tests.web.conftest import NOW, apply_for, furnish, watch_pages
from tests.web.rules import Rule
from web.app import create_app
from web.application_form import PARTS

PEOPLE = {  # in this order they are 1, 2, 3 …; insiders are in the team of Enschede's confidential application
    "Noor, administrator": (1, Access.ADMINISTRATOR),
    "editor": (1, Access.EDITOR),
    "reader": (1, Access.READER),
    "inside editor": (1, Access.EDITOR),
    "inside reader": (1, Access.READER),
    "Almelo's administrator": (2, Access.ADMINISTRATOR),
    "Almelo's editor": (2, Access.EDITOR),
    "Almelo's reader": (2, Access.READER),
}
ENSCHEDE = frozenset(name for name, (office, _) in PEOPLE.items() if office == 1)
ALMELO = frozenset(PEOPLE) - ENSCHEDE
INSIDE = frozenset({"Noor, administrator", "inside editor", "inside reader"})
EVERYONE = frozenset(PEOPLE)
OPEN, CONFIDENTIAL, ELSEWHERE = 1, 3, 7  # applications; apply_for() makes 1 to 6, of which 3 is confidential


class Subject(NamedTuple):
    """What a route is about: the words of its path and form, and who may know that it exists."""

    name: str
    words: dict[str, Any]
    known_to: frozenset[str]
    only: str = ""  # only asked of routes with this word


@dataclass
class World:
    """The site, and what is asked of it."""

    app: FastAPI
    engine: Engine
    tokens: dict[str, str] = field(default_factory=dict)
    subjects: dict[str, list[Subject]] = field(default_factory=dict)


def laid(engine: Engine, prefect: PrefectApi) -> World:
    """A world in an empty database with all tables."""
    settings = Settings(prefect_port=prefect.port, prefect_auth=SecretStr(PASSWORD))
    world = World(create_app(settings, reading(engine), _undone(engine), lambda: NOW), engine)
    with transactions(engine)() as session:
        furnish(session)
        watch_pages(session)
        _people(session, world)
        apply_for(session)
        _more_applications(session)
        _more_calls(session)
        session.flush()
        world.subjects = _subjects(session)
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


def _subjects(session: Session) -> dict[str, list[Subject]]:
    kept = session.scalars(select(Call.id).where(Call.key == "a" * 16)).one()
    twin = session.scalars(select(Call.id).where(Call.key == "twin")).one()
    none, nobody = 999, frozenset[str]()
    return {
        "shared": [Subject("", {}, EVERYONE)],
        "call": [Subject("a call", {"call_id": 1, "other": twin}, EVERYONE),
            Subject("none", {"call_id": none, "other": twin}, nobody),
        ],
        "kept": [
            Subject("a call kept by hand", {"call_id": kept, "seen": version(session, kept)}, EVERYONE),
            Subject("a call that is read", {"call_id": 1, "seen": ""}, nobody),
        ],
        "link": [Subject("a link", {"link_id": 1}, EVERYONE), Subject("none", {"link_id": none}, nobody)],
        "look": [Subject("a look", {"look_id": 2}, EVERYONE), Subject("none", {"look_id": none}, nobody)],
        "source": [
            Subject("a source", {"slug": "ebb", "payload_id": 1}, EVERYONE),
            Subject("none", {"slug": "none", "payload_id": 1}, nobody),
        ],
        "invitation": [
            Subject("an invitation", {"token": invite(session, session.get_one(Colleague, 2), by="x", now=NOW)}, EVERYONE)
        ],
        "colleague": [
            Subject("Enschede's", {"colleague_id": 3}, ENSCHEDE),
            Subject("Almelo's", {"colleague_id": 8}, ALMELO),
            Subject("none", {"colleague_id": none}, nobody),
        ],
        "sign_in": [Subject(f"of {name}", {"sign_in_id": n}, frozenset({name})) for n, name in enumerate(PEOPLE, 1)],
        "application": [
            Subject("Enschede's", _application(session, OPEN), ENSCHEDE),
            Subject("Enschede's confidential", _application(session, CONFIDENTIAL), INSIDE),
            Subject("Almelo's", _application(session, ELSEWHERE), ALMELO),
            Subject("none", _application(session, OPEN) | {"application_id": none}, nobody),
            Subject("Enschede's, with a part of Almelo's", _application(session, ELSEWHERE) | {"application_id": OPEN},
                nobody,
                only="{part_id}",
            ),
        ],
    }  # fmt: skip


def _application(session: Session, number: int) -> dict[str, Any]:
    """Its number, its version, its last step, its next stage, and each part with what a form saw of it."""
    one = session.get_one(Application, number)
    steps = select(StageChange.id).where(StageChange.application_id == number).order_by(StageChange.id.desc())
    words: dict[str, Any] = {
        "application_id": number, "version": one.version, "step": session.scalars(steps).first(),
        "onward": ways(one.stage)[0], "owner": one.owner_id or "", "confidential": "1" if one.confidential else "",
    }  # fmt: skip
    for kind, row in applications.PARTS.items():
        part: Row = session.scalars(select(row).where(row.application_id == number).order_by(row.id)).first()
        names = [one.name for one in PARTS[kind]]
        words |= {kind: part.id, f"seen_{kind}": applications.fingerprint(part, names)}
    return words


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
