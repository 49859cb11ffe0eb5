# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""An office with calls and sources of every kind, and its pages on a real server."""

import zlib
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from shutil import copy
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from pydantic import SecretStr
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from config.settings import Settings
from grants.auditing import note
from grants.indexing import take_up
from grants.looks import FIRST
from grants.sign_ins import open_sign_in
from models.application import (
    Application,
    ChecklistItem,
    Comment,
    Contribution,
    ContributionKind,
    Document,
    Participation,
    Role,
    Stage,
    StageChange,
)
from models.call import CallChange, ChangeKind, Significance
from models.colleague import Access, Colleague
from models.decision import Decision
from models.match import Match
from models.obligation import Obligation
from models.office import Office
from models.partner import Partner
from models.session import Begin, reading, transactions
from models.source import HarvestRun, Look, Payload, RunPayload, Source
from models.theme import Theme, Threshold
from models.values import Basis, CallStatus, Completeness
from tests import builders
from tests.browser import FLAGS, chromium, serving
from tests.prefect_api import PASSWORD, PrefectApi, answering
from tests.web.offices import as_ as as_  # noqa: PLC0414 - a fixture for every test here
from web.app import create_app

NOW = builders.NOW
EVIL = "<script>alert(1)</script>"
RAW = f"<html>{EVIL}</html>".encode() * 20_000  # some pieces long
TEXT = (
    "Heat stress and climate adaptation in cities.\n\nProposals make districts of mid-sized cities ready for "
    "longer heat waves and heavier rain, with green roofs, shade and room for water. Partners from at least "
    f"two regions take part. Read the programme manual first. {EVIL}"
)


@pytest.fixture
def engine(empty_sqlite: Path, tmp_path: Path) -> Iterator[Engine]:
    """SQLite will do: the queries have their own tests on both databases."""
    from models.session import connect  # noqa: PLC0415

    copy(empty_sqlite, tmp_path / "web.db")
    engine = connect(f"sqlite:///{tmp_path / 'web.db'}")
    yield engine
    engine.dispose()


@pytest.fixture
def office(begin: Begin) -> None:
    """Enschede with themes, five calls and a source in every state."""
    with begin() as session:
        furnish(session)


def furnish(session: Session) -> None:
    """What the fixture `office` lays down."""
    session.add(builders.office())
    session.flush()
    session.add_all(
        [
            builders.theme(threshold=Threshold.WIDE),
            builders.theme(
                threshold=Threshold.WIDE,
                slug="wonen",
                name={"nl": "Wonen en wijken", "de": "Wohnen und Quartiere", "en": "Housing"},
            ),
        ]
    )
    session.add_all(_sources())
    session.flush()
    session.add_all(_runs())
    session.add_all(_ebb())
    session.add_all(_payloads())
    session.flush()
    last = session.scalars(select(HarvestRun.id).order_by(HarvestRun.id.desc()).limit(1)).one()
    session.add(RunPayload(run_id=last, payload_id=1, url="https://gelderland.example/subsidies.rss"))
    session.add(RunPayload(run_id=1, payload_id=2, url="https://x.example/s"))
    session.add_all(_calls())
    session.flush()
    session.add_all(_matches())
    session.add_all(_changes())
    take_up(session)


def _sources() -> list[Any]:
    good = {"last_success_at": NOW - timedelta(hours=3), "next_try_at": NOW + timedelta(hours=21)}
    return [
        builders.source(**good),
        builders.source(slug="rvo", name="RVO subsidies", **good),
        builders.source(
            slug="busy",
            name="Interreg Deutschland–Nederland",
            failures=3,
            last_success_at=NOW - timedelta(days=5),
        ),
        builders.source(slug="gone", name="Provincie Overijssel", failures=1),
        builders.source(slug="shut", name="Fonds met sleutel", failures=1),
        builders.source(slug="held", name="Staatscourant", last_success_at=NOW - timedelta(days=1)),
        builders.source(slug="late", name="Nationaal Groeifonds", last_success_at=NOW - timedelta(days=9)),
        builders.source(slug="never", name="NRW.BANK"),
        builders.source(slug="off", name="Oude bron", enabled=False),
        builders.source(
            slug="ebb",
            name="Provincie Gelderland",
            url="https://gelderland.example/subsidies.rss",
            at_least=5,
            news_every_days=4,
            filled={"deadlines": 0.8},
            last_news_at=NOW - timedelta(days=2),
            **good,
        ),
    ]


def a_run(source_id: int, **facts: Any) -> HarvestRun:
    at = NOW - timedelta(hours=3)
    return HarvestRun(
        **{
            "source_id": source_id,
            "started_at": at,
            "finished_at": at,
            "outcome": Completeness.COMPLETE,
            "seen": 812,
            "new": 4,
            "changed": 9,
            "warnings": [],
        }
        | facts
    )


def _runs() -> list[HarvestRun]:
    failed = {"outcome": Completeness.FAILED, "seen": 0, "new": 0, "changed": 0}
    return [
        a_run(1),
        a_run(
            2, outcome=Completeness.PARTIAL, seen=61, warnings=["3 of 64 entries have no readable deadline."]
        ),
        a_run(3, **failed, fault="network", error="No answer from www.example.eu within 30 seconds."),
        a_run(4, **failed, fault="missing", error="https://x.example/rss answered 404."),
        a_run(5, **failed, fault="refused", error="https://x.example/api answered 403."),
        a_run(
            6, held=True, seen=12, new=0, changed=0, warnings=["This reading has 12 calls, the last had 96."]
        ),
        a_run(7),
    ]


COUNTS = (96, 97, 97, 98, None, 97, 96, 0, 98, 97, 96, 38, 37)  # one that failed, one unchanged, then the ebb


def _ebb() -> list[HarvestRun]:
    """A source that slowly gave less, with the runs that show it."""
    runs = []
    for number, seen in enumerate(COUNTS):
        at = NOW - timedelta(hours=3, days=len(COUNTS) - 1 - number)
        facts: dict[str, Any] = {
            "started_at": at,
            "finished_at": at,
            "seen": seen or 0,
            "new": 1,
            "changed": 2,
        }
        if seen is None:
            facts |= {
                "outcome": Completeness.FAILED,
                "error": f"x.example answered 502 {EVIL}.",
                "fault": "broken",
            }
        elif seen == 0:
            facts |= {"outcome": Completeness.UNCHANGED, "new": 0, "changed": 0}
        elif number == 5:
            facts |= {"warnings": [f"2 entries have no link: {EVIL}.", "1 entry has no title."]}
        runs.append(a_run(10, **facts, filled={"deadlines": (seen or 0) * 9 // 10, "title": seen or 0}))
    return runs


def _payloads() -> list[Payload]:
    facts = {"content_type": "text/html", "size": len(RAW), "body": zlib.compress(RAW), "first_seen_at": NOW}
    return [Payload(sha256=letter * 64, **facts) for letter in "ab"]


def _calls() -> list[Any]:
    moved = [
        builders.deadline(date(2026, 12, 8), superseded_at=NOW),
        builders.deadline(date(2026, 12, 15), at=None),
    ]
    german = [builders.deadline(None, basis=Basis.UNKNOWN, text="im Frühjahr 2027", zone="Europe/Berlin")]
    stages = [
        builders.deadline(date(2026, 11, 1), stage="stage 1"),
        builders.deadline(date(2027, 4, 8), stage="stage 2", basis=Basis.ASSUMED),
    ]
    return [
        builders.call(
            key="a", deadlines=moved, text=TEXT, programme="LIFE", organisation="European Commission",
            budget=Decimal(12500000), budget_shared_by=4, minimum=Decimal(500000), maximum=Decimal(2500000),
            expected_grants=6,
        ),
        builders.call(
            key="b", title=f"Quartiere von morgen {EVIL} & “Wohnen”", language="de", deadlines=german,
            identifier="NRW-7", programme="Städtebauförderung", not_seen_since=NOW,
        ),
        builders.call(
            key="c", title="Energiehubs op bedrijventerreinen", language="nl", deadlines=stages, text="",
        ),
        builders.call(key="d", title="Closed long ago", deadlines=[builders.deadline(date(2026, 9, 1))]),
        builders.call(
            key="e", title="Regiodeal, zesde ronde", language="nl", opens_on=date(2027, 1, 11), deadlines=[],
            stated_status=CallStatus.FORTHCOMING, url="javascript:alert(1)", rolling=True,
        ),
    ]  # fmt: skip


def _match(call_id: int, theme_id: int, score: str, band: str, *reasons: tuple[str, int, int, str]) -> Match:
    return Match(
        call_id=call_id, theme_id=theme_id, score=Decimal(score), band=band, text_version=1, theme_version=1,
        first_matched_at=NOW, matched_at=NOW,
        reasons=[
            {"field": field, "start": start, "end": end, "phrase": phrase, "term": phrase}
            for field, start, end, phrase in reasons
        ],
    )  # fmt: skip


def _matches() -> list[Match]:
    return [
        _match(
            1, 1, "0.910", "strong", ("text", 16, 34, "climate adaptation"), ("text", 0, 11, "Heat stress")
        ),
        _match(1, 2, "0.200", "possible", ("title", 0, 6, "Cities")),
        _match(2, 2, "0.500", "likely", ("title", 0, 9, "Quartiere")),
        _match(3, 1, "0.310", "likely", ("title", 0, 11, "Energiehubs")),
        _match(4, 1, "0.700", "strong", ("title", 0, 6, "Closed")),
    ]


def _changes() -> list[CallChange]:
    major = Significance.MAJOR
    return [
        CallChange(call_id=1, at=NOW - timedelta(days=9), kind=ChangeKind.NEW, significance=major),
        CallChange(
            call_id=1, at=NOW - timedelta(days=1), kind=ChangeKind.DEADLINE_MOVED, significance=major,
            before="2026-12-08", after="2026-12-15",
        ),
        CallChange(call_id=2, at=NOW, kind=ChangeKind.TITLE, significance=major, before=EVIL, after="Wijk"),
        CallChange(call_id=2, at=NOW, kind=ChangeKind.OTHER, significance=Significance.COSMETIC, after="url"),
    ]  # fmt: skip


@pytest.fixture
def prefect() -> Iterator[PrefectApi]:
    """What is asked of Prefect, in place of Prefect."""
    with answering() as api:
        yield api


@pytest.fixture
def looks(office: None, begin: Begin) -> None:
    """A page that is as it was first, one that changed, and one with nasty words."""
    with begin() as session:
        watch_pages(session)


def watch_pages(session: Session) -> None:
    """What the fixture `looks` lays down."""
    lines = [f"regel {number}" for number in range(7)]
    before = "\n".join([*lines[:5], "Indienen tot 1 mei", *lines[5:]])
    facts = {"source_id": 3, "url": "https://x.example/agenda", "title": "Interreg agenda"}
    evil = {"source_id": 4, "url": "javascript:alert(1)", "title": f"Agenda {EVIL}", "after": EVIL}
    session.get_one(Source, 3).language = "de"
    session.add_all(
        [
            Look(at=NOW - timedelta(days=9), after=before, done_at=NOW, done_by=FIRST, **facts),
            Look(at=NOW, before=before, after=before.replace("1 mei", "15 mei"), **facts),
            Look(at=NOW - timedelta(days=1), before="weg", **evil),
        ]
    )


@pytest.fixture
def portfolio(office: None, token: str, begin: Begin) -> None:
    """Applications in several stages; the first has a part of every kind, and its budget does not add up."""
    with begin() as session:
        apply_for(session)


def apply_for(session: Session) -> None:
    """What the fixture `portfolio` lays down."""
    noor = session.scalars(select(Colleague)).first()
    assert noor is not None
    for number, (title, stage) in enumerate(STAGES):
        facts = {"slug": f"a{number}", "title": title, "stage": stage, "owner_id": noor.id}
        session.add(builders.application(**facts, confidential=stage == Stage.SUBMITTED))
        session.flush()
        session.add(StageChange(application_id=number + 1, after=stage, at=NOW, by="seed"))
    first = session.get_one(Application, 1)
    first.summary, first.total, first.granted = TEXT, Decimal(1_250_000), Decimal(625_000)
    first.themes = list(session.scalars(select(Theme)))
    session.add(Partner(slug="gronau", name="Stadt Gronau", country="DE"))
    session.flush()
    session.add_all(
        [
            builders.milestone(date(2026, 11, 2), title="Stuurgroep", application_id=1),
            builders.milestone(date(2026, 12, 8), title="Partneroverleg", kind="meeting", application_id=1),
            Obligation(application_id=1, title="Rapport", kind="finance", on=date(2026, 12, 15), note=EVIL),
            Participation(
                application_id=1,
                partner_id=1,
                role=Role.LEAD,
                share=Decimal("37.5"),
                contact="a@gronau.example",
            ),
            Contribution(
                application_id=1, partner_id=1, kind=ContributionKind.IN_KIND, amount=Decimal(125_000)
            ),
            Contribution(application_id=1, party="Provincie", kind=ContributionKind.CASH, amount=Decimal(1)),
            Decision(
                application_id=1,
                on=date(2026, 11, 3),
                awarded=True,
                amount=Decimal(625_000),
                reference="B-7",
                conditions=f"Twee verslagen. {EVIL}",
                url="https://dms.example/8",
            ),
            Document(application_id=1, title="Begroting", url="https://dms.example/7", at=NOW, by="noor"),
            ChecklistItem(application_id=1, title="De-minimisverklaring van alle partners"),
            Comment(application_id=1, colleague_id=noor.id, text=f"@noor {EVIL}", mentions=[noor.id], at=NOW),
        ]
    )


STAGES = [
    ("EDL", Stage.RUNNING),
    ("Euregiorail Zwolle–Twente–Münster", Stage.IDEA),
    ("Ondermijning", Stage.SUBMITTED),
    (f"Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen {EVIL}", Stage.PREPARING),
    ("Versnelling woningbouwopgave", Stage.AWARDED),
    ("Oude aanvraag", Stage.REJECTED),
]


@pytest.fixture
def site(engine: Engine, prefect: PrefectApi) -> Iterator[str]:
    """The address of the running pages."""
    secret = SecretStr("hush")
    settings = Settings(prefect_port=prefect.port, prefect_auth=SecretStr(PASSWORD), secret_key=secret)
    with serving(create_app(settings, reading(engine), transactions(engine), lambda: NOW)) as address:
        yield address


@pytest.fixture
def token(begin: Begin) -> str:
    """Noor, administrator at Enschede, is signed in with this token."""
    with begin() as session:
        if session.scalars(select(Office)).first() is None:
            session.add(builders.office())
            session.flush()
        noor = builders.colleague(access=Access.ADMINISTRATOR)
        session.add(noor)
        session.flush()
        return open_sign_in(session, noor, way="password", browser="", now=NOW)


def note_deeds(begin: Begin, *deeds: dict[str, Any]) -> None:
    with begin() as session:
        for one in deeds:
            usual = {
                "at": NOW,
                "actor": "noor@enschede.example",
                "action": "changed",
                "subject": "source",
                "subject_id": 1,
            }
            note(session, **usual | one)


@pytest.fixture
def log(token: str, begin: Begin) -> None:
    """Deeds of Enschede, of a confidential application there, of Almelo, and one that all share."""
    with begin() as session:
        session.add(builders.office(slug="almelo", name="Gemeente Almelo"))
        session.add(builders.application(confidential=True))
        session.flush()
    note_deeds(
        begin,
        {"subject": "colleague", "subject_id": 7, "office_id": 1, "facts": {"access": ["reader", "editor"], "active": [True, False]}},
        {"subject": "application", "action": "lifted", "office_id": 1, "application_id": 1, "actor": "lena@enschede.example"},
        {"subject": "colleague", "subject_id": 8, "office_id": 2, "actor": "joost@almelo.example"},
        {"at": NOW - timedelta(days=2), "actor": f"=cmd|{EVIL}", "facts": {"at_most": [None, 9], "why": EVIL, "list": [1, 2, {"a": 1}]}},
    )  # fmt: skip


@pytest.fixture
def web(site: str, token: str) -> Iterator[httpx.Client]:
    """Noor's client."""
    with httpx.Client(base_url=site, cookies={"sid": token}) as client:
        yield client


@pytest.fixture
def opened(browser: Browser, site: str, token: str) -> Iterator[Callable[..., Page]]:
    """Opens a page in Noor's browser, in a language and a look."""
    contexts = []

    def page(language: str = "nl", **look: Any) -> Page:
        context = browser.new_context(locale=language, **look)
        contexts.append(context)
        cookies = {"sid": token, "lang": language}
        context.add_cookies([{"name": name, "value": value, "url": site} for name, value in cookies.items()])
        return context.new_page()

    yield page
    for context in contexts:
        context.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Two offices with people of every role and things of each; what a request changes is undone."""
    import models  # noqa: PLC0415
    from models.session import connect  # noqa: PLC0415
    from tests.web.world import laid  # noqa: PLC0415 - it takes what is above

    engine = connect(f"sqlite:///{tmp_path_factory.mktemp('world') / 'world.db'}")
    models.Base.metadata.create_all(engine)
    with answering() as prefect:
        yield laid(engine, prefect)
    engine.dispose()
