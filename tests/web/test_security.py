# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""What guards every page, whoever asks for it: headers, cookies, re-authentication, and the record of it all."""

import asyncio
import json
import logging
from collections.abc import Iterator
from datetime import datetime, timedelta

import httpx
import pytest
from sqlalchemy import Engine

from config.settings import Settings
from grants.sign_ins import open_sign_in
from models.colleague import Access, Colleague
from models.session import Begin, reading, transactions
from tests.browser import serving
from tests.builders import NOW, colleague, office
from tests.web.clock import Clock
from tests.web.clock import clock as clock  # noqa: PLC0414 - a fixture for every test here
from tests.web.rules import Rule, rules
from tests.web.world import World, client_of, filled, form
from web.app import HEADERS, create_app
from web.routes.security import written

KEPT_BY_BROWSERS = {"/theme.css", "/calendar/{secret}.ics"}  # public, or with its own rule
OWN_POLICY = {"/messages/{message_id}/letter", "/sources/{slug}/payload/{payload_id}"}  # stricter still


def test_every_answer_of_every_route_carries_the_headers_whoever_asks(world: World) -> None:
    async def ask() -> list[tuple[Rule, httpx.Response]]:
        async with client_of(world) as nobody, client_of(world, "Noor, administrator") as noor:
            asked = [(one, world.subjects[one.subject][0]) for one in rules()]
            return [
                (rule, await client.request(rule.method, filled(rule, about), data=form(rule, about) or None))
                for client in (nobody, noor)
                for rule, about in asked
                if not (client is noor and rule.method == "POST")  # the door's answer tells as much
            ]

    answers = asyncio.run(ask())
    assert len(answers) > 150
    for rule, answer in answers:
        told = dict(HEADERS)
        if rule.route in KEPT_BY_BROWSERS:
            del told["Cache-Control"]
        if rule.route in OWN_POLICY:
            del told["Content-Security-Policy"]
            assert "default-src 'none'" in answer.headers["content-security-policy"]
        elif answer.is_redirect or rule.route != "/sources/{slug}/payload/{payload_id}":
            assert {name: answer.headers.get(name) for name in told} == told, rule
        assert answer.headers.get("server") is None
        if answer.content and answer.headers["content-type"].startswith("text/"):
            assert "charset=utf-8" in answer.headers["content-type"], rule


@pytest.mark.parametrize(
    "path", ["/static/", "/static/vendor/", "/.git/config", "/openapi.json", "/docs", "/metrics"]
)
def test_nothing_lies_about_that_is_no_page(world: World, path: str) -> None:
    async def ask() -> int:
        async with client_of(world, "Noor, administrator") as client:
            return (await client.get(path)).status_code

    assert asyncio.run(ask()) == 404


@pytest.mark.parametrize("method", ["TRACE", "PUT", "DELETE", "PATCH", "CONNECT", "BREW"])
def test_methods_nobody_needs_are_refused(world: World, method: str) -> None:
    async def ask() -> int:
        async with client_of(world, "Noor, administrator") as client:
            return (await client.request(method, "/calls")).status_code

    assert asyncio.run(ask()) == 405


def test_no_other_site_may_read_an_answer(world: World) -> None:
    async def ask() -> httpx.Response:
        async with client_of(world, "Noor, administrator") as client:
            return await client.get("/calls", headers={"Origin": "https://evil.example"})

    answer = asyncio.run(ask())
    assert not [name for name in answer.headers if name.startswith("access-control")]


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", ""])
def test_a_host_that_is_not_ours_is_refused(world: World, host: str) -> None:
    async def ask() -> int:
        async with client_of(world, "Noor, administrator") as client:
            return (await client.get("/sign-in", headers={"Host": host})).status_code

    assert asyncio.run(ask()) == 400


# Over HTTPS


@pytest.fixture
def secure(engine: Engine, clock: Clock) -> Iterator[httpx.Client]:
    """The site as people reach it over HTTPS, through a proxy."""
    chosen = Settings(public_url="https://pijplijn.enschede.example", secret_key="hush")  # type: ignore[arg-type]
    app = create_app(chosen, reading(engine), transactions(engine), clock)
    with serving(app) as address, httpx.Client(base_url=address) as client:
        yield client


def signed_in(begin: Begin, *, way: str = "password", now: datetime = NOW) -> str:
    with begin() as session:
        if session.get(Colleague, 1) is None:
            session.add(office())
            session.flush()
            session.add(colleague(access=Access.ADMINISTRATOR))
            session.flush()
        return open_sign_in(session, session.get_one(Colleague, 1), way=way, browser="", now=now)


def test_over_https_the_browser_is_told_to_stay_there_and_every_cookie_is_bound_to_this_host(
    secure: httpx.Client,
) -> None:
    answer = secure.get("/sign-in?lang=de")
    assert answer.headers["strict-transport-security"] == "max-age=31536000; includeSubDomains"
    (cookie,) = answer.headers.get_list("set-cookie")
    assert cookie.startswith("__Host-lang=de;")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=lax"} <= set(cookie.split("; "))
    assert "Domain" not in cookie


def test_over_https_a_password_alone_opens_nothing_but_the_page_where_a_code_is_set_up(
    secure: httpx.Client, begin: Begin
) -> None:
    def at(path: str, token: str) -> httpx.Response:
        return secure.get(path, headers={"Cookie": f"__Host-sid={token}"})

    bare = signed_in(begin)
    for path in ("/", "/people", "/calls", "/me/digest"):
        assert at(path, bare).headers["location"] == "/me?code=first#codes"
    assert "hoort een code uit een app bij" in at("/me?code=first", bare).text
    assert at("/people", signed_in(begin, way="oidc")).status_code == 200
    with begin() as session:
        session.get_one(Colleague, 1).totp = "set"
    assert at("/people", bare).status_code == 200


# What asks for a fresh sign-in

SENSITIVE = ["/me/code", "/me/data", "/me/browsers/1/end"]


@pytest.fixture
def plain(engine: Engine, clock: Clock) -> Iterator[httpx.Client]:
    app = create_app(Settings(secret_key="hush"), reading(engine), transactions(engine), clock)  # type: ignore[arg-type]
    with serving(app) as address, httpx.Client(base_url=address) as client:
        yield client


@pytest.mark.parametrize("path", SENSITIVE)
def test_what_could_keep_an_owner_out_asks_to_sign_in_again(
    plain: httpx.Client, begin: Begin, clock: Clock, path: str
) -> None:
    plain.cookies.set("sid", signed_in(begin))
    clock.at += timedelta(minutes=16)
    answer = plain.post(path)
    assert answer.headers["location"] == "/sign-in?next=%2Fme&again=1"
    assert "opnieuw aan" in plain.get(answer.headers["location"]).text
    plain.cookies.set("sid", signed_in(begin, now=clock.at))
    assert plain.post(path).headers.get("location", "") in {"", "/me"}


def test_signing_in_ends_the_sign_in_that_was_there_and_signing_out_empties_the_browser(
    plain: httpx.Client, begin: Begin, clock: Clock
) -> None:
    from grants.credentials import set_password  # noqa: PLC0415

    old = signed_in(begin)
    with begin() as session:
        set_password(session.get_one(Colleague, 1), "de kat zit op het dak")
    plain.cookies.set("sid", old)
    facts = {"email": "noor@enschede.example", "password": "de kat zit op het dak"}
    answer = plain.post("/sign-in", data=facts)
    new = answer.cookies["sid"]
    plain.cookies.clear()
    assert plain.get("/me", headers={"Cookie": f"sid={old}"}).status_code == 303
    assert plain.get("/me", headers={"Cookie": f"sid={new}"}).status_code == 200
    out = plain.post("/sign-out", headers={"Cookie": f"sid={new}"})
    assert out.headers["clear-site-data"] == '"cache", "storage"'
    assert plain.get("/me", headers={"Cookie": f"sid={new}"}).status_code == 303


def test_an_administrator_signs_a_colleague_out_everywhere(plain: httpx.Client, begin: Begin) -> None:
    mine = signed_in(begin)
    with begin() as session:
        sam = colleague(name="Sam", email="sam@enschede.example")
        session.add(sam)
        session.flush()
        theirs = open_sign_in(session, sam, way="password", browser="", now=NOW)
    assert plain.get("/me", headers={"Cookie": f"sid={theirs}"}).status_code == 200
    assert plain.post("/people/2/sign-out", headers={"Cookie": f"sid={mine}"}).status_code == 303
    assert plain.get("/me", headers={"Cookie": f"sid={theirs}"}).status_code == 303


# The record


def told(caplog: pytest.LogCaptureFixture) -> list[dict[str, object]]:
    return [json.loads(one.getMessage()) for one in caplog.records if one.name == "pijplijn.security"]


def test_what_an_investigator_needs_is_written_down_and_no_name_or_secret(
    plain: httpx.Client, begin: Begin, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "pijplijn.security")
    token = signed_in(begin)
    plain.post("/sign-in", data={"email": "noor@enschede.example\n{evil", "password": "geheim"})
    for _ in range(6):
        plain.post("/sign-in", data={"email": "x@y.example", "password": "geheim"})
    plain.post("/calls", headers={"Sec-Fetch-Site": "cross-site"})
    with begin() as session:
        session.get_one(Colleague, 1).access = Access.READER
    plain.get("/people", headers={"Cookie": f"sid={token}"})
    plain.post("/sign-out", headers={"Cookie": f"sid={token}"})
    events = told(caplog)
    assert [one["event"] for one in events] == [
        "sign-in failed", *["sign-in failed"] * 5, "too many tries", "another site", "refused", "signed out",
    ]  # fmt: skip
    assert len({one["account"] for one in events if one["event"] == "sign-in failed"}) == 2
    assert {"code": 403, "colleague": 1, "route": "/people", "method": "GET"}.items() <= events[-2].items()
    for line in caplog.messages:
        assert not [word for word in ("enschede", "geheim", "y.example", token, "\n") if word in line]


def test_a_sign_in_is_written_down_with_its_way(
    plain: httpx.Client, begin: Begin, caplog: pytest.LogCaptureFixture
) -> None:
    from grants.people import invite  # noqa: PLC0415

    caplog.set_level(logging.INFO, "pijplijn.security")
    signed_in(begin)
    with begin() as session:
        link = invite(session, session.get_one(Colleague, 1), by="test", now=NOW)
    plain.post(f"/invitation/{link}", data={"password": "de kat zit op het dak"})
    (event,) = told(caplog)
    assert (event["event"], event["way"], event["colleague"]) == ("signed in", "invitation", 1)
    assert (event["route"], link in str(event)) == ("/invitation/{token}", False)


# security.txt


def test_whom_to_tell_of_a_weakness_is_said_as_rfc_9116_asks_and_never_out_of_date(world: World) -> None:
    assert written("mailto:veilig@enschede.example", "https://p.example", NOW) == (
        "Contact: mailto:veilig@enschede.example\nExpires: 2027-05-23T00:00:00Z\nPreferred-Languages: nl, de, en\n"
        "Canonical: https://p.example/.well-known/security.txt\n"
    )


def test_without_a_contact_there_is_no_security_txt(plain: httpx.Client) -> None:
    assert plain.get("/.well-known/security.txt").status_code == 404
