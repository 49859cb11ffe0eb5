# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""What nobody should send, to every route there is: refused with a sentence or taken, and never an error of ours."""

import asyncio
import re
from collections.abc import Iterable, Iterator
from http import HTTPStatus
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine, text

import models
from tests.prefect_api import answering
from tests.web.rules import Rule, queries_of, rules
from tests.web.subjects import Subject
from tests.web.world import World, client_of, filled, form, laid

NOOR = "Noor, administrator"
POSTS = [rule for rule in rules() if rule.method == "POST"]
BAD = {
    "control characters": "\x00\x01\x1b[31m\x7f\u202e\u0085\ufffe",
    "a hundred thousand letters": "x" * 100_000,
    "a number of nothing": "999999999",
    "a number beyond all": "9" * 40,
    "a day that never was": "2026-02-30",
    "half a letter": "\ud83d",
    "nothing": "",
}


@pytest.fixture(scope="module")
def strict(postgres_engine: Engine) -> Iterator[World]:
    """The world in PostgreSQL, which minds what is too long for a column."""
    with answering() as prefect:
        yield laid(postgres_engine, prefect)
    names = ", ".join(f'"{name}"' for name in models.Base.metadata.tables)
    with postgres_engine.begin() as connection:
        connection.execute(text(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))


async def answers(world: World, asked: Iterable[tuple[str, Rule, str, dict[str, Any]]]) -> dict[str, int]:
    """By what was asked: the answer of each."""
    found = {}
    async with client_of(world, NOOR) as client:
        for told, rule, path, more in asked:
            answer = await client.request(rule.method, path, **more)
            found[f"{rule.method} {rule.path}: {told}"] = answer.status_code
    return found


def first(world: World, rule: Rule) -> Subject:
    return world.subjects[rule.subject][0]


def wrong(found: dict[str, int]) -> dict[str, int]:
    return {told: code for told, code in found.items() if code >= HTTPStatus.INTERNAL_SERVER_ERROR}


@pytest.mark.slow  # a thousand forms, some of which hash a password
def test_nothing_a_form_can_hold_breaks_a_page(strict: World) -> None:
    found = asyncio.run(answers(strict, list(spoilt(strict))))
    assert len(found) > 1000
    assert wrong(found) == {}
    assert HTTPStatus.FORBIDDEN not in found.values()


def spoilt(world: World) -> Iterator[tuple[str, Rule, str, dict[str, Any]]]:
    """Each form as often as it has fields, one of them filled in badly."""
    for rule in POSTS:
        subject = first(world, rule)
        good = form(rule, subject)
        for name in good:
            for told, bad in BAD.items():
                body = httpx.QueryParams(good | {name: "?"})
                encoded = str(body).replace(f"{name}=%3F", f"{name}={_encoded(bad)}")
                more = {"content": encoded, "headers": {"Content-Type": "application/x-www-form-urlencoded"}}
                yield f"{told} in {name}", rule, filled(rule, subject), more


def _encoded(value: str) -> str:
    return "".join(f"%{one:02X}" for one in value.encode("utf-8", "surrogatepass"))


def test_nothing_asked_in_an_address_breaks_a_page(strict: World) -> None:
    asked = [
        (f"{told} in {name}", rule, f"{filled(rule, first(strict, rule))}?{name}={_encoded(bad[:5000])}", {})
        for rule in rules()
        if rule.method == "GET"
        for name in queries_of(strict.app, rule.route)
        for told, bad in BAD.items()
    ]
    assert len(asked) > 100
    assert wrong(asyncio.run(answers(strict, asked))) == {}


ODD = [
    "0",
    "-1",
    "1e9",
    "9" * 30,
    "%00",
    "..%2f..",
    "%F0%9F%98%80",
    "x" * 3000,
    "'%20OR%201=1--",
    "%ED%A0%BD",
]


@pytest.mark.slow
def test_no_odd_address_breaks_a_page(strict: World) -> None:
    asked = [
        (f"{name} is {odd[:20]}", rule, path.replace(marked, odd), {})
        for rule in rules()
        for name in re.findall(r"\{(\w+)\}", rule.path)
        for marked in ["odd-one"]
        for path in [
            filled(rule._replace(path=rule.path.replace(f"{{{name}}}", marked)), first(strict, rule))
        ]
        for odd in ODD
    ]
    assert len(asked) > 300
    found = asyncio.run(answers(strict, asked))
    assert wrong(found) == {}
    assert set(found.values()) <= {400, 404, 405, 410}


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
    ],
    ids=lambda headers: " ".join(headers.values()),
)
def test_no_form_is_taken_from_another_site(world: World, headers: dict[str, str]) -> None:
    asked = [
        (
            "",
            rule,
            filled(rule, first(world, rule)),
            {"headers": headers, "data": form(rule, first(world, rule))},
        )
        for rule in POSTS
    ]
    found = asyncio.run(answers(world, asked))
    assert {told: code for told, code in found.items() if code != HTTPStatus.FORBIDDEN} == {}
