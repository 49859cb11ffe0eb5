# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Through the door and to the pages of people, over real HTTP, with a real sign-in service beside."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import httpx
import oidc_provider_mock
import pyotp
import pytest
from oidc_provider_mock import User
from sqlalchemy import Engine, select

from config.settings import Settings
from grants.people import invite
from models.audit import AuditEntry
from models.colleague import Access, Colleague, Rhythm
from models.session import Begin, reading, transactions
from tests.browser import serving
from tests.builders import NOW, colleague, office
from tests.web.clock import Clock
from tests.web.clock import clock as clock  # noqa: PLC0414 - a fixture for every test here
from web.app import create_app

GOOD = "de kat zit op het dak"


@pytest.fixture
def people(begin: Begin) -> None:
    with begin() as session:
        session.add_all([office(), office(slug="almelo", name="Gemeente Almelo")])
        session.flush()
        session.add_all([
            colleague(access=Access.ADMINISTRATOR),
            colleague(name="Sam Otten", email="sam@enschede.example", access=Access.READER, language="en"),
            colleague(name="Joost Wolters", email="joost@almelo.example", office_id=2, access=Access.ADMINISTRATOR),
        ])  # fmt: skip


def settings(**more: str) -> Settings:
    return Settings(secret_key="hush", **more)  # type: ignore[arg-type]


@pytest.fixture
def door(engine: Engine, clock: Clock, people: None) -> Iterator[httpx.Client]:
    app = create_app(settings(), reading(engine), transactions(engine), clock)
    with serving(app) as address, httpx.Client(base_url=address) as client:
        yield client


def invited(begin: Begin, email: str = "noor@enschede.example", now: datetime = NOW) -> str:
    with begin() as session:
        one = session.scalars(select(Colleague).where(Colleague.email == email)).one()
        return f"/invitation/{invite(session, one, by='test', now=now)}"


def enter(door: httpx.Client, begin: Begin, email: str = "noor@enschede.example") -> None:
    door.cookies.clear()
    assert door.post(invited(begin, email), data={"password": GOOD}).status_code == 303


def test_without_a_sign_in_every_page_leads_to_the_door_and_back(door: httpx.Client, begin: Begin) -> None:
    answer = door.get("/me?lang=de")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=%2Fme%3Flang%3Dde")
    enter(door, begin)
    door.post("/sign-out")
    facts = {"email": "NOOR@enschede.example ", "password": GOOD, "next": "/me?lang=de"}
    answer = door.post("/sign-in", data=facts)
    assert (answer.status_code, answer.headers["location"]) == (303, "/me?lang=de")
    assert "Noor de Vries" in door.get("/me").text


def test_an_invitation_works_once_and_a_week_and_looking_changes_nothing(
    door: httpx.Client, begin: Begin, clock: Clock
) -> None:
    link = invited(begin)
    for _ in range(3):
        assert "Gemeente Enschede" in door.get(link).text
    assert door.post(link, data={"password": "kort"}).status_code == 422
    assert door.post(link, data={"password": GOOD}).status_code == 303
    assert door.get(link).status_code == 410
    assert door.post(link, data={"password": GOOD}).status_code == 410
    late, replaced = invited(begin), invited(begin)
    assert door.get(late).status_code == 410
    clock.at += timedelta(days=7)
    assert door.get(replaced).status_code == 410


@pytest.mark.parametrize(
    "next_page", ["//evil.example", "https://evil.example", "/\\evil.example", "/\tevil", ""]
)
def test_a_sign_in_leads_to_pages_of_our_own_only(door: httpx.Client, begin: Begin, next_page: str) -> None:
    enter(door, begin)
    answer = door.post(
        "/sign-in", data={"email": "noor@enschede.example", "password": GOOD, "next": next_page}
    )
    assert answer.headers["location"] == "/"


def test_a_wrong_password_says_nothing_of_who_is_known_and_guessing_is_stopped(
    door: httpx.Client, begin: Begin, clock: Clock
) -> None:
    enter(door, begin)
    said = {
        re.sub(r'value="[^"]*"', "", door.post("/sign-in", data={"email": email, "password": "x"}).text)
        for email in ("noor@enschede.example", "nobody@enschede.example", "sam@enschede.example")
    }
    assert len(said) == 1
    facts = {"email": "noor@enschede.example", "password": "x"}
    codes = [door.post("/sign-in", data=facts).status_code for _ in range(5)]
    assert codes == [422, 422, 422, 422, 429]
    assert door.post("/sign-in", data=facts | {"password": GOOD}).status_code == 429
    clock.at += timedelta(minutes=15)
    assert door.post("/sign-in", data=facts | {"password": GOOD}).status_code == 303


def test_a_code_is_asked_for_once_it_is_on(door: httpx.Client, begin: Begin, clock: Clock) -> None:
    enter(door, begin)
    shown = re.search(r'name="secret" value="(\w+)"', door.get("/me").text)
    assert shown
    app = pyotp.TOTP(shown[1])
    wrong = door.post("/me/code", data={"secret": shown[1], "code": "1"})
    assert (wrong.status_code, shown[1] in wrong.text) == (422, True)
    assert door.post("/me/code", data={"secret": shown[1], "code": app.at(NOW)}).status_code == 303
    facts = {"email": "noor@enschede.example", "password": GOOD}
    assert door.post("/sign-in", data=facts).status_code == 422
    assert door.post("/sign-in", data=facts | {"code": app.at(NOW)}).status_code == 422  # used already
    clock.at += timedelta(minutes=1)
    assert door.post("/sign-in", data=facts | {"code": app.at(clock.at)}).status_code == 303
    clock.at += timedelta(minutes=1)
    assert door.post("/me/code", data={"code": app.at(clock.at)}).status_code == 303
    assert door.post("/sign-in", data=facts).status_code == 303


def test_a_colleague_changes_their_own_settings_and_password_and_ends_a_browser(
    door: httpx.Client, begin: Begin
) -> None:
    enter(door, begin)
    other = dict(door.cookies)
    door.cookies.clear()
    door.post("/sign-in", data={"email": "noor@enschede.example", "password": GOOD})
    numbers = re.findall(r"/me/browsers/(\d+)/end", door.get("/me").text)
    assert len(numbers) == 1
    assert door.post(f"/me/browsers/{numbers[0]}/end").status_code == 303
    assert httpx.get(f"{door.base_url}/me", cookies=other).status_code == 303
    assert door.post("/me/browsers/99/end").status_code == 404
    assert door.post("/me", data={"language": "xx"}).status_code == 400
    assert door.post("/me", data={"language": "de"}).headers["location"] == "/me?lang=de"
    assert door.post("/me/password", data={"old": "x", "password": GOOD}).status_code == 422
    assert door.post("/me/password", data={"old": GOOD, "password": "kort"}).status_code == 422
    assert door.post("/me/password", data={"old": GOOD, "password": GOOD + "!"}).status_code == 303
    assert door.get("/me").status_code == 200
    with begin() as session:
        noor = session.get_one(Colleague, 1)
        assert (noor.language, noor.digest_rhythm) == ("de", Rhythm.WEEKLY)


def test_an_administrator_adds_changes_and_invites_and_others_may_not(
    door: httpx.Client, begin: Begin
) -> None:
    enter(door, begin)
    new = {"name": "Lena Brüning", "email": "lena@enschede.example", "language": "de", "access": "editor"}
    link = re.search(r"(/invitation/[\w-]+)", door.post("/people", data=new).text)
    assert link
    assert door.post("/people", data=new).status_code == 422
    for wrong in ({"name": ""}, {"email": "x"}, {"language": "fr"}, {"access": "king"}):
        page = door.post("/people", data=new | {"email": "eva@enschede.example"} | wrong)
        assert (page.status_code, "Lena" in page.text or "name" in wrong) == (422, True)
    assert door.post("/people/4", data={"access": "reader", "active": "1"}).status_code == 303
    assert door.post("/people/4", data={"access": "king"}).status_code == 400
    assert door.post("/people/1", data={"access": "reader", "active": "1"}).status_code == 409
    assert door.get("/people").status_code == 200
    assert "/invitation/" in door.post("/people/2/invitation").text
    assert door.post("/people/3", data={"access": "reader"}).status_code == 404
    assert door.post("/people/3/invitation").status_code == 404
    with begin() as session:
        acts = [
            (one.action, one.actor) for one in session.scalars(select(AuditEntry).order_by(AuditEntry.id))
        ]
    assert ("changed", "colleague:1") in acts
    assert ("added", "colleague:1") in acts
    door.cookies.clear()
    assert door.post(link[1], data={"password": GOOD}).status_code == 303
    assert door.get("/people").status_code == 403
    assert door.post("/people", data=new).status_code == 403


def test_who_may_less_or_left_is_signed_out_at_once(door: httpx.Client, begin: Begin) -> None:
    enter(door, begin, "sam@enschede.example")
    sam, me = dict(door.cookies), f"{door.base_url}/me"
    assert httpx.get(me, cookies=sam).status_code == 200
    enter(door, begin)
    door.post("/people/2", data={"access": "reader"})
    assert httpx.get(me, cookies=sam).status_code == 303
    assert door.get(invited(begin, "sam@enschede.example")).status_code == 410


def test_an_idle_sign_in_runs_out_and_use_keeps_it(door: httpx.Client, begin: Begin, clock: Clock) -> None:
    enter(door, begin)
    clock.at += timedelta(hours=7)
    assert door.get("/me").status_code == 200
    clock.at += timedelta(hours=7)
    assert door.get("/me").status_code == 200
    clock.at += timedelta(hours=8)
    assert door.get("/me").status_code == 303


def test_the_municipalitys_own_service_opens_the_door_for_whom_it_vouches(
    engine: Engine, begin: Begin, clock: Clock, people: None
) -> None:
    users = [
        User(sub="n", claims={"email": "noor@enschede.example", "oid": "o-1", "tid": "t"}),
        User(sub="x", claims={"email": "stranger@enschede.example"}),
    ]
    with oidc_provider_mock.run_server_in_thread(user_claims=users) as service:
        own = {
            "oidc_issuer": f"http://localhost:{service.server_port}",
            "oidc_client_id": "p",
            "oidc_client_secret": "s",
        }
        app = create_app(settings(**own), reading(engine), transactions(engine), clock)
        with serving(app) as address, httpx.Client(base_url=address) as door:
            app.state.desk = app.state.desk.__class__(**{
                name: getattr(app.state.desk, name) for name in app.state.desk.__dataclass_fields__
            } | {"public_url": address})  # fmt: skip

            def through(sub: str) -> httpx.Response:
                there = door.get("/sign-in/service?next=/me").headers["location"]
                back = urlsplit(httpx.post(there, data={"sub": sub}).headers["location"])
                return door.get(f"{back.path}?{back.query}")

            assert "/sign-in/service" in door.get("/sign-in").text
            answer = through("n")
            assert (answer.status_code, answer.headers["location"]) == (303, "/me")
            assert "Noor de Vries" in door.get("/me").text
            door.cookies.clear()
            assert through("x").status_code == 403
            assert door.get("/sign-in/service/back?state=x&code=y").status_code == 400
    with begin() as session:
        assert session.get_one(Colleague, 1).subject == f"{own['oidc_issuer']}|t|o-1"


def test_without_a_service_there_is_no_way_to_one_and_one_that_is_away_is_said(
    door: httpx.Client, engine: Engine, clock: Clock
) -> None:
    assert door.get("/sign-in/service").status_code == 404
    gone = settings(oidc_issuer="http://localhost:9", oidc_client_id="p", oidc_client_secret="s")
    with serving(create_app(gone, reading(engine), transactions(engine), clock)) as address:
        assert httpx.get(f"{address}/sign-in/service").status_code == 502


def test_a_cookie_is_bound_to_the_host_where_pages_are_served_over_https(
    engine: Engine, begin: Begin, clock: Clock, people: None
) -> None:
    safe = settings(public_url="https://pijplijn.enschede.example")
    with serving(create_app(safe, reading(engine), transactions(engine), clock)) as address:
        answer = httpx.post(address + invited(begin), data={"password": GOOD})
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-sid=")
    assert all(word in cookie for word in ("HttpOnly", "Secure", "SameSite=lax", "Path=/"))


def test_i_take_my_own_data_along_as_a_file_and_that_is_logged(web: httpx.Client, begin: Begin) -> None:
    answer = web.post("/me/data")
    assert answer.headers["content-disposition"] == 'attachment; filename="mijn-gegevens.json"'
    assert answer.headers["cache-control"] == "no-store"
    assert answer.json()["colleague"][0]["email"] == "noor@enschede.example"
    with begin() as session:
        last = session.scalars(select(AuditEntry)).one()
        assert (last.actor, last.action, last.subject_id) == ("colleague:1", "data exported", 1)
