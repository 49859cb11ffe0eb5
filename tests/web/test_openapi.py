# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""What nobody thought of: Schemathesis asks of every route by its own description, which the site itself hides."""

import asyncio
import json
import logging
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any, Final

import httpx
import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given, settings
from sqlalchemy import Engine, event, select

from config.settings import Settings
from grants.sign_ins import open_sign_in
from models.audit import AuditEntry
from models.colleague import Access, Colleague
from models.session import Begin, reading
from tests import builders
from tests.conftest import NOW
from tests.web.rules import FORMS, rules
from tests.web.world import World, client_of, filled
from web.app import create_app

pytestmark = pytest.mark.filterwarnings("ignore:Duplicate Operation ID")
SECONDS: Final = 30.0  # in all
EXAMPLES: Final = 6  # of each operation
NOOR: Final = "Noor, administrator"
CHECKS: Final = list(HealthCheck)


def described(app: FastAPI) -> dict[str, Any]:
    """Its description by FastAPI, with the forms that it reads by itself."""
    told = app.openapi()
    for route, form in FORMS.items():
        body = {"type": "object", "properties": {name: {"type": "string"} for name in form}}
        content = {"application/x-www-form-urlencoded": {"schema": body}}
        told["paths"][route]["post"]["requestBody"] = {"content": content}
    return told


def asked_of(
    world: World, runner: asyncio.Runner, who: str, counts: Counter[tuple[str, int]]
) -> Iterator[None]:
    schema = schemathesis.openapi.from_dict(described(world.app))
    client = client_of(world, who)
    for one in schema.get_all_operations():
        asking(one.ok(), client, runner, counts)()
        yield


def asking(
    operation: Any, client: httpx.AsyncClient, runner: asyncio.Runner, counts: Counter[tuple[str, int]]
) -> Callable[[], None]:
    """Asks one operation as often as EXAMPLES, each time otherwise."""

    @settings(
        max_examples=EXAMPLES, deadline=None, database=None, derandomize=True, phases=[Phase.generate],
        suppress_health_check=CHECKS,
    )  # fmt: skip
    @given(case=operation.as_strategy())
    def ask(case: Any) -> None:
        body = case.body if isinstance(case.body, dict) else None
        sent = client.request(case.method, case.formatted_path, params=case.query or None, data=body)
        counts[operation.label, runner.run(sent).status_code] += 1

    return ask


NOT_READY = "GET /ready"  # and rightly says 503: no migration made the tables of a test


@pytest.mark.slow
@pytest.mark.parametrize("who", [NOOR, ""], ids=["an administrator", "nobody"])
def test_nothing_that_can_be_asked_breaks_a_page(world: World, who: str) -> None:
    counts: Counter[tuple[str, int]] = Counter()
    begun = time.monotonic()
    with asyncio.Runner() as runner:
        for _ in asked_of(world, runner, who, counts):
            if time.monotonic() - begun > SECONDS / 2:
                break
    assert [label for label, code in counts if code >= 500 and label != NOT_READY] == []
    assert counts  # hundreds on a quiet machine; what was not asked when the time was up is not asked


def test_every_route_that_changes_something_is_shut_to_who_is_not_signed_in(world: World) -> None:
    open_to_anyone = {rule.route for rule in rules() if rule.who == "anyone"}
    unsafe = [
        (method.upper(), path)
        for path, told in world.app.openapi()["paths"].items()
        for method in told
        if method not in {"get", "head"}
    ]
    assert len(unsafe) > 50

    async def ask() -> dict[str, str]:
        async with client_of(world) as client:
            answers = {
                path: await client.request(method, path.replace("{", "").replace("}", ""))
                for method, path in unsafe
            }
        return {path: one.headers.get("location", str(one.status_code)) for path, one in answers.items()}

    found = asyncio.run(ask())
    let_in = {
        path
        for path, told in found.items()
        if not told.startswith("/sign-in") and told not in {"400", "404", "405"}
    }
    assert let_in <= open_to_anyone


NOTED: Final = {"audit_entry", "calendar_event", "seen"}  # that a colleague or a calendar program looked


@pytest.mark.slow
def test_nothing_that_is_only_looked_at_changes_a_row(world: World) -> None:
    """But that somebody looked."""
    written: set[str] = set()

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        written.update(re.findall(r"^\s*(?:INSERT INTO|UPDATE|DELETE FROM) \"?(\w+)", statement))

    async def ask() -> None:
        async with client_of(world, NOOR) as client:
            for rule in rules():
                if rule.method == "GET":
                    await client.get(filled(rule, world.subjects[rule.subject][0]))
            await client.post("/me", data={"language": "de"})

    event.listen(world.engine, "before_cursor_execute", note)
    asyncio.run(ask())
    event.remove(world.engine, "before_cursor_execute", note)
    assert written - NOTED == {"colleague"}  # by the one form at the end, which shows that a change is seen


FOREIGN: Final = {
    "office_id": "2",
    "by": "kim@x.example",
    "id": "1",
    "access": "administrator",
    "administrator": "1",
    "email": "x@y.example",
}


def test_a_field_that_a_form_does_not_have_changes_nothing(engine: Engine, begin: Begin) -> None:
    """Mass assignment: rights, office and who did it never come from a form."""
    with begin() as session:
        session.add_all([builders.office(), builders.office(slug="almelo", name="Gemeente Almelo")])
        session.flush()
        sam = builders.colleague(name="Sam", access=Access.READER)
        session.add(sam)
        session.flush()
        token = open_sign_in(session, sam, way="password", browser="", now=NOW)
    app = create_app(Settings(secret_key="hush"), reading(engine), begin, lambda: NOW)  # type: ignore[arg-type]

    async def ask() -> int:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(
            transport=transport, base_url="http://localhost", cookies={"sid": token}
        ) as client:
            return (await client.post("/me", data={"language": "de", **FOREIGN})).status_code

    assert asyncio.run(ask()) == 303
    with begin() as session:
        sam = session.get_one(Colleague, 1)
        assert (sam.office_id, sam.email, sam.access, sam.language) == (
            1,
            "noor@enschede.example",
            Access.READER,
            "de",
        )
        assert session.scalars(select(AuditEntry.actor)).all() == ["colleague:1"]


def test_of_a_field_given_twice_the_last_counts_and_nothing_breaks(world: World) -> None:
    async def ask() -> list[int]:
        async with client_of(world, NOOR) as client:
            headers = {"Content-Type": "application/x-www-form-urlencoded"}
            posts = [
                await client.post("/me", content=text, headers=headers)
                for text in ("language=xx&language=de", "language=de&language=xx")
            ]
            pages = [
                await client.get(f"/calls?{asked}")
                for asked in ("page=1&page=2", "q=a&q=b", "theme=a&theme=b")
            ]
            return [one.status_code for one in (*posts, *pages)]

    assert asyncio.run(ask()) == [303, 400, 200, 200, 200]


def test_what_breaks_is_written_down_and_told_in_a_sentence(caplog: pytest.LogCaptureFixture) -> None:
    def broken() -> Any:
        raise RuntimeError("secret /srv/pijplijn SELECT password FROM colleague")

    app = create_app(Settings(secret_key="hush"), broken, broken, lambda: NOW)  # type: ignore[arg-type]
    caplog.set_level(logging.INFO, "pijplijn.security")

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(
            transport=transport, base_url="http://localhost", cookies={"sid": "x"}
        ) as client:
            return await client.get("/calls")

    answer = asyncio.run(ask())
    assert answer.status_code == 500
    assert "Er ging iets mis bij ons" in answer.text
    assert not [
        word for word in ("secret", "SELECT", "Traceback", "RuntimeError", "/srv") if word in answer.text
    ]
    (told,) = [json.loads(one.getMessage()) for one in caplog.records if one.name == "pijplijn.security"]
    assert (told["event"], told["error"]) == ("broken", "RuntimeError")
