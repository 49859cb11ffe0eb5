# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Twenty sources of every kind over real HTTP, five of which fail, each in a way of its own."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import httpx
import pytest
from bs4 import BeautifulSoup
from pydantic import SecretStr
from sqlalchemy import func, select

from config.settings import Settings
from demo.portal import Answer as Page
from demo.portal import Fault as PortalFault
from demo.portal import Portal, Search
from demo.portal import serving as portal_at
from grants.harvest import harvest_all
from grants.runs import Harvested
from grants.sign_ins import open_sign_in
from grants.sources.fetch import fetching
from grants.sources.limits import Limits
from models.call import Call
from models.session import Begin, reading, transactions
from models.source import HarvestRun, Look, Source
from models.values import Completeness
from tests.browser import serving
from tests.builders import NOW, colleague, office, source
from tests.replay import bekendmakingen, foerderdatenbank, grants_tenders, interreg, rvo
from tests.replay.server import BUSY, FORBIDDEN, Cut, Fault, Trickle, feed, page, replayed, to_private
from web.app import create_app

pytestmark = pytest.mark.slow

FEEDS = [f"feed-{number:02}" for number in range(11)]
ILL: dict[str, Fault] = {
    "feed-00": FORBIDDEN,
    "feed-01": BUSY,
    "feed-02": Cut(),
    "feed-03": Trickle(),
    "feed-04": to_private("http://169.254.169.254/latest/meta-data"),
}
JSON_FEED = {
    "version": "https://jsonfeed.org/version/1.1",
    "title": "Fonds",
    "items": [
        {"id": str(n), "url": f"https://x.example/j/{n}", "title": f"Ronde {n}", "content_text": "x"}
        for n in range(3)
    ],
}


def record(number: int) -> dict[str, Any]:
    """One open topic in the search API's envelope."""
    facts = {
        "identifier": f"LIFE-2026-{number:03}", "title": f"Topic {number}", "type": "1", "status": "31094502",
        "ccm2Id": str(number), "deadlineDate": "2027-01-14T00:00:00.000+0000", "startDate": "2026-10-01T00:00:00.000+0000",
    }  # fmt: skip
    metadata = {key: [value] for key, value in facts.items()}
    return {
        "reference": f"{number}TOPICSen",
        "url": "",
        "summary": "",
        "language": "en",
        "metadata": metadata,
    }


def losing(search: Search, answer: Page) -> Page:
    """A page that comes without its last two records, and with its first one twice."""
    if search.size > 1 and answer["results"]:
        answer["results"] = [answer["results"][0], *answer["results"][:-2]]
    return answer


class World:
    """Twenty sources, and what is wrong with them now."""

    def __init__(self, begin: Begin, stack: ExitStack) -> None:
        self.begin, self.stack = begin, stack
        self.faults: dict[str, list[Fault]] = {}
        self.portal = Portal([record(number) for number in range(40)])
        rows = [
            source(slug="eu-portal", kind="sedia", url=stack.enter_context(portal_at(self.portal)) + "/rest/search"),
            self.at("eu-bulk", "sedia_bulk", grants_tenders.Portal([grants_tenders.topic(n) for n in range(1, 41)]).answer, grants_tenders.FILE),
            self.at("interreg", "interreg", interreg.Index([interreg.hit(n, title=f"C{n}") for n in range(1, 6)]).answer, "/1/indexes/*/queries"),
            self.at("rvo", "rvo", rvo.Rvo([rvo.scheme(n) for n in range(8)]).answer, "/api/v1/opendata/subsidies"),
            self.at("overijssel", "bekendmakingen", bekendmakingen.Bekendmakingen([bekendmakingen.AMENDMENT, bekendmakingen.CEILINGS]).answer, "/rss?q=x"),
            self.at("duitsland", "foerderdatenbank", foerderdatenbank.Foerderdatenbank([foerderdatenbank.Programme("Land/NRW/klima")]).answer, "/FDB/WS/export"),
            self.at("pagina", "html_watch", page(200, "text/html", b"<html><body><main><p>Ronde 1</p></main></body></html>"), "/", rules={"region": "main"}, at_least=0),
            self.at("json", "json_feed", page(200, "application/feed+json", json.dumps(JSON_FEED).encode()), "/feed.json"),
            *[self.at(name, "rss", feed(name), "/feed.xml") for name in FEEDS],
            self.at("atom", "rss", feed("atom", 3), "/atom.xml"),
        ]  # fmt: skip
        with begin() as session:
            session.add(office())
            session.add_all(rows)
        self.slugs = [row.slug for row in rows]

    def at(self, slug: str, kind: str, answer: Any, path: str, **facts: Any) -> Source:
        address = self.stack.enter_context(replayed(answer, faults=self.faults.setdefault(slug, [])))
        return source(
            **{"slug": slug, "name": slug, "kind": kind, "url": address + path, "language": "nl"} | facts
        )

    def read(self) -> dict[str, Harvested]:
        with fetching(trusted_hosts=frozenset({"127.0.0.1"}), limits=Limits(total=3.0)) as fetch:
            keys = {"interreg": SecretStr(interreg.KEY)}
            results = harvest_all(self.begin, self.slugs, fetch=fetch, now=NOW, keys=keys)
        return {one.source: one for one in results}


@pytest.fixture
def world(begin: Begin) -> Iterator[World]:
    with ExitStack() as stack:
        yield World(begin, stack)


def test_twenty_sources_are_read_and_five_that_fail_cost_nobody_else_a_call(world: World) -> None:
    assert len(world.slugs) == 20
    for slug, fault in ILL.items():
        world.faults[slug].append(fault)
    read = world.read()
    failed = {slug for slug, one in read.items() if one.outcome == Completeness.FAILED}
    assert failed == set(ILL)
    assert {one.outcome for slug, one in read.items() if slug not in ILL} == {Completeness.COMPLETE}
    with world.begin() as session:
        brought = dict(
            session.execute(select(Source.slug, func.count(Call.id)).join(Call).group_by(Source.slug)).all()
        )
        assert len(session.scalars(select(Look)).all()) == 1
    assert brought["eu-portal"] == brought["eu-bulk"] == 40
    assert {brought[name] for name in FEEDS if name not in ILL} == {12}
    assert brought.keys() == set(world.slugs) - set(ILL) - {"pagina"}

    for faults in world.faults.values():
        faults.clear()
    again = world.read()
    assert {one.outcome for one in again.values()} <= {Completeness.COMPLETE, Completeness.UNCHANGED}
    assert sum(one.new for one in again.values()) == 12 * len(ILL)


def test_the_sources_page_tells_the_five_apart(world: World) -> None:
    for slug, fault in ILL.items():
        world.faults[slug].append(fault)
    world.read()
    with world.begin() as session:
        engine = session.get_bind()
        noor = colleague()
        session.add(noor)
        session.flush()
        token = open_sign_in(session, noor, way="password", browser="", now=NOW)
    with serving(create_app(Settings(), reading(engine), transactions(engine), lambda: NOW)) as site:
        shown = BeautifulSoup(httpx.get(f"{site}/sources", cookies={"sid": token}).text, "lxml")
    rows = {
        row.th.get_text(strip=True): row.get_text(" ", strip=True)
        for row in shown.select("tbody tr")
        if row.th
    }
    told = {slug: rows[slug] for slug in ILL}
    assert "weigerde ons" in told["feed-00"]
    assert "vroeg ons te wachten" in told["feed-01"]
    assert "cut short" in told["feed-02"]
    assert "no whole answer within 3 seconds" in told["feed-03"]
    assert "besloten adres" in told["feed-04"]
    assert len(set(told.values())) == len(ILL)
    with world.begin() as session:
        waits = dict(
            session.execute(select(Source.slug, Source.next_try_at).where(Source.slug.in_(ILL))).all()
        )
    assert (waits["feed-01"] - NOW).total_seconds() == 7200


def test_a_portal_that_loses_and_repeats_records_is_partial_and_says_so(world: World) -> None:
    world.portal.twist = losing
    one = world.read()["eu-portal"]
    assert one.outcome == Completeness.PARTIAL
    assert any("some may be missing" in warning for warning in one.warnings)
    world.portal.twist = lambda _search, answer: answer
    assert world.read()["eu-portal"].new == 40 - one.new


def test_a_portal_that_throws_at_every_search_leaves_the_calls_of_its_bulk_file(world: World) -> None:
    def throwing(_search: Search, _answer: Page) -> Page:
        raise PortalFault

    world.portal.twist = throwing
    read = world.read()
    assert (read["eu-portal"].outcome, read["eu-bulk"].new) == (Completeness.FAILED, 40)
    with world.begin() as session:
        assert (
            session.scalars(select(HarvestRun.fault).join(Source).where(Source.slug == "eu-portal")).one()
            == "broken"
        )
