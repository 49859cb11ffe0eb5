# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Every route × every role × what is one's own, another office's or confidential: none is left out."""

import asyncio
import re
from collections.abc import Iterable, Iterator
from http import HTTPStatus

import httpx
import pytest
from bs4 import BeautifulSoup

from models.application import Application
from models.session import transactions
from tests.web.rules import Rule, routes, rules
from tests.web.subjects import CONFIDENTIAL, EVERYONE, INSIDE, PEOPLE, Subject
from tests.web.world import World, client_of, filled, form

NOBODY = "nobody"
LEVELS = ["anyone", "reader", "editor", "administrator"]
DOOR = "303 to the door"


def test_every_route_has_a_rule_and_every_rule_a_route(world: World) -> None:
    ruled = {(rule.method, rule.route) for rule in rules()}
    site = routes(world.app)
    assert site - ruled == set(), (
        "add a line to RULES in tests/web/rules.py that says who may, and what is answered"
    )
    assert ruled - site == set(), "these are routes no more: take their lines out of tests/web/rules.py"


def expected(rule: Rule, asker: str, subject: Subject) -> int | str:
    """What the rules say."""
    if rule.who != "anyone":
        if asker == NOBODY:
            return DOOR
        if LEVELS.index(PEOPLE[asker][1]) < LEVELS.index(rule.who):
            return HTTPStatus.FORBIDDEN
        if asker not in subject.known_to:
            return HTTPStatus.NOT_FOUND
    return rule.answer


async def ask(
    world: World, asked: Iterable[tuple[Rule, str, Subject]]
) -> list[tuple[str, int | str, int | str]]:
    """What differs from the rules: who asked what, the rule, and the answer."""
    found = []
    async with client_of(world) as client:
        for rule, asker, subject in asked:
            client.cookies = httpx.Cookies({"sid": world.tokens[asker]} if asker != NOBODY else {})
            answer = await client.request(rule.method, filled(rule, subject), data=form(rule, subject))
            to_door = answer.headers.get("location", "").startswith("/sign-in")
            got = DOOR if to_door and rule.path != "/sign-out" else answer.status_code
            if got != expected(rule, asker, subject):
                told = f"{asker}: {rule.method} {rule.path} – {subject.name}"
                found.append((told, expected(rule, asker, subject), got))
    return found


def test_each_role_gets_what_the_rules_say_of_every_route_and_subject(world: World) -> None:
    asked = [
        (rule, asker, subject)
        for rule in rules()
        for subject in world.subjects[rule.subject]
        for asker in (NOBODY, *PEOPLE)
        if subject.only in rule.path and (asker == NOBODY or asker in subject.of)
    ]
    assert len(asked) > 1000
    assert asyncio.run(ask(world, asked)) == []


CHANCE = re.compile(
    r'name="(key|secret)" value="\w+"|<svg.*?</svg>|otpauth[^<"]*|<code>\w+</code>|[\d.,]+ GB', re.DOTALL
)
"""What is another each time: secrets, and what is free on the disk."""


@pytest.mark.slow
def test_a_confidential_application_changes_no_page_of_who_may_not_know_of_it(world: World) -> None:
    pages = [rule for rule in rules() if rule.method == "GET"]
    strangers = sorted(EVERYONE - INSIDE)
    before = asyncio.run(read(world, strangers, pages))
    with transactions(world.engine)() as session:  # as if it had always been Hengelo's
        session.get_one(Application, CONFIDENTIAL).office_id = 3
    after = asyncio.run(read(world, strangers, pages))
    with transactions(world.engine)() as session:
        session.get_one(Application, CONFIDENTIAL).office_id = 1
    assert [one for one, text in before.items() if text != after[one]] == []
    assert [one for one, text in before.items() if "Ondermijning" in text] == []


async def read(world: World, askers: Iterable[str], pages: Iterable[Rule]) -> dict[tuple[str, str], str]:
    """What each of these people reads on each page, without what differs each time by chance."""
    found = {}
    for asker in askers:
        async with client_of(world, asker) as client:
            for rule in pages:
                for subject in world.subjects[rule.subject]:
                    text = (await client.get(filled(rule, subject))).text
                    found[asker, f"{rule.path} {subject.name}"] = CHANCE.sub("", text)
    return found


def test_a_method_that_no_route_knows_is_refused(world: World) -> None:
    known = {(rule.method, rule.path) for rule in rules()}
    others = [
        (
            rule._replace(method=method, form={}, who="anyone", answer=0),
            asker,
            world.subjects[rule.subject][0],
        )
        for rule in {rule.path: rule for rule in rules()}.values()
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE")
        for asker in (NOBODY, "Noor, administrator")
        if (method, rule.path) not in known
    ]
    answers = {got for _, _, got in asyncio.run(ask(world, others))}
    # Some addresses look like the part of an application to the router, and have the wrong word in them.
    assert answers == {HTTPStatus.METHOD_NOT_ALLOWED, HTTPStatus.BAD_REQUEST, DOOR}


def test_no_page_offers_a_reader_what_would_be_refused(world: World) -> None:
    pages = [rule for rule in rules() if rule.method == "GET" and rule.answer == HTTPStatus.OK]
    seen = [rule for rule in pages if rule.who in {"anyone", "reader"}]
    assert asyncio.run(offered(world, "inside reader", seen)) == []


async def offered(world: World, asker: str, pages: Iterable[Rule]) -> list[str]:
    """What the pages hold out to somebody who may not take it."""
    found = []
    async with client_of(world, asker) as client:
        for rule in pages:
            for subject in world.subjects[rule.subject]:
                if asker in subject.known_to:
                    here = filled(rule, subject)
                    page = BeautifulSoup((await client.get(here)).text, "lxml")
                    found += [f"{rule.path}: {what}" for what in _beyond(page, here, asker)]
    return found


def _beyond(page: BeautifulSoup, here: str, asker: str) -> Iterator[str]:
    forms = [("POST", str(one.get("action", here))) for one in page.select("form[method=post]")]
    links = [("GET", str(one["href"])) for one in page.select("a[href^='/']")]
    for method, address in forms + links:
        rule = ruling(method, address.partition("?")[0])
        if rule and rule.who != "anyone" and LEVELS.index(PEOPLE[asker][1]) < LEVELS.index(rule.who):
            yield f"{method} {address}"


def ruling(method: str, path: str) -> Rule | None:
    """The rule of an address; words before placeholders, as the router takes them."""
    found = [
        rule
        for rule in rules()
        if rule.method == method and re.fullmatch(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(rule.path)), path)
    ]
    return min(found, key=lambda rule: rule.path.count("{"), default=None)
