# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""What our code never does, held by reading it: where the ledger of docs/security says so, one of these proves it."""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from sqlalchemy import select

from config.catalogue import load
from config.settings import HOME, Settings
from grants.credentials import Proof, keep_totp, new_totp, totp_fits
from grants.errors import PijplijnError
from grants.seed import seed
from models.colleague import Colleague
from models.session import Begin
from tests.builders import NOW, colleague

CODE = [
    file
    for folder in ("config", "models", "grants", "flows", "web", "ops")
    for file in (HOME / folder).rglob("*.py")
]
TEMPLATES = sorted((HOME / "templates").rglob("*.*"))
PAGES = sorted((HOME / "templates" / "web").glob("*.html"))
SCRIPTS = [HOME / "web" / "static" / name for name in ("board.js", "theme.js")]


def where(pattern: str, files: list[Path]) -> set[str]:
    found = re.compile(pattern)
    return {str(one.relative_to(HOME)) for one in files if found.search(one.read_text())}


@cache
def calls() -> list[tuple[Path, ast.Call]]:
    return list(_calls())


def _calls() -> Iterator[tuple[Path, ast.Call]]:
    for file in CODE:
        yield from (
            (file, node) for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.Call)
        )


def name_of(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


# Injection


def test_no_command_goes_through_a_shell() -> None:
    assert where(r"shell\s*=\s*True|os\.system\(|os\.popen\(|getoutput\(", CODE) == set()


def test_nothing_runs_text_as_code() -> None:
    assert [
        str(file)
        for file, call in calls()
        if name_of(call) in {"eval", "exec", "compile"} and isinstance(call.func, ast.Name)
    ] == []
    assert where(r"from_string\(|\.Template\(", CODE) == set()


def test_nothing_from_outside_is_unpickled() -> None:
    assert where(r"\b(pickle|marshal|shelve|dill|jsonpickle)\b|yaml\.load\(|YAML\(typ=.unsafe", CODE) == set()
    # What parses feeds is a process of our own; it answers over a pipe of our own.
    assert where(r"multiprocessing", CODE) == {
        "grants/sources/feed.py",
        "grants/sources/feed_readers.py",
    } & where(r"multiprocessing", CODE)


def test_no_value_is_pasted_into_sql() -> None:
    """Text given to text() is our own: a name of a table or a list of columns, in these places only."""
    built = {
        str(file.relative_to(HOME))
        for file, call in calls()
        if name_of(call) in {"text", "exec_driver_sql"}
        and call.args
        and isinstance(call.args[0], ast.JoinedStr | ast.BinOp)
    }
    assert built <= {
        "grants/backups/postgres.py",
        "grants/indexing.py",
        "models/search.py",
        "grants/backups/lite.py",
        "grants/watch/figures.py",
        "models/session.py",
    }


def test_no_xpath_is_built_from_text() -> None:
    asked = [
        call for _, call in calls() if name_of(call) in {"xpath", "XPath", "find", "findall"} and call.args
    ]
    assert not [one for one in asked if name_of(one) == "xpath" and not isinstance(one.args[0], ast.Constant)]


def test_text_in_a_pattern_is_escaped() -> None:
    """A pattern made of parts holds constants, in capitals, or what re.escape gave."""
    loose = []
    for file, call in calls():
        patterns = [one for one in call.args[:1] if isinstance(one, ast.JoinedStr)]
        if not (isinstance(call.func, ast.Attribute) and getattr(call.func.value, "id", "") == "re"):
            continue
        for part in (
            one for pattern in patterns for one in pattern.values if isinstance(one, ast.FormattedValue)
        ):
            said = ast.unparse(part.value)
            if not re.search(r"escape\(|[A-Z]{3}|^_\w+\('\w+'\)$", said):
                loose.append(f"{file.relative_to(HOME)}: {said}")
    known = {
        "year",
        "MONTH",
        "'|'.join(said)",
        "'|'.join(told)",
        "ways",
        "olds",
    }  # numbers, constants, escaped before
    assert [one for one in loose if one.partition(": ")[2] not in known] == []


def test_no_text_from_outside_is_a_format() -> None:
    spoken = [
        (str(file.relative_to(HOME)), ast.unparse(call.func.value))
        for file, call in calls()
        if isinstance(call.func, ast.Attribute)
        and call.func.attr == "format"
        and not isinstance(call.func.value, ast.Constant)
    ]
    known = {
        ("grants/sources/transfer.py", "words"),
        ("grants/logs.py", "super()"),
    }  # the latter is logging's own
    assert {one for one in spoken if not re.search(r"[A-Z]{3}", one[1])} == known


# Pages


def test_templates_escape_everything() -> None:
    assert where(r"\|\s*safe\b|autoescape false", TEMPLATES) == set()
    assert where(r"\bMarkup\(", CODE) == {"grants/rendering.py", "web/routes/people.py"}


def test_no_page_has_a_script_of_its_own() -> None:
    assert where(r"<script(?![^>]*\ssrc=)|\son[a-z]+\s*=\s*[\"']|javascript:", PAGES) == set()


def test_our_scripts_make_no_markup_of_text() -> None:
    shunned = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|postMessage|localStorage|sessionStorage|__proto__|Object\.assign"
    assert where(shunned, SCRIPTS) == set()


def test_pages_use_no_dead_technique() -> None:
    assert where(r"<(object|embed|applet|frameset|marquee)\b", PAGES) == set()


def test_pages_load_nothing_from_elsewhere() -> None:
    assert where(r"<(?:script|link|img|iframe)[^>]*(?:src|href)=\"(?:https?:)?//", PAGES) == set()


def test_password_fields_are_masked_and_may_be_filled_by_a_manager() -> None:
    fields = [
        field
        for file in PAGES
        for field in re.findall(r"fields\.text\([^}]*?type=.password.[^}]*?\) }}", file.read_text())
    ]
    assert len(fields) == 4
    for field in fields:
        assert 'type="password"' in field
        assert re.search(r'autocomplete="(new|current)-password"', field)
    assert where(r"onpaste|autocomplete=\"off\"", PAGES) == set()


def test_every_page_of_ours_can_be_left() -> None:
    base = (HOME / "templates" / "web" / "base.html").read_text()
    assert "{% if me %}" in base
    assert '<form method="post" action="/sign-out"><button' in base
    assert {file.name for file in PAGES if "<html" in file.read_text()} == {"base.html"}


# Secrets and cryptography


def test_secrets_come_from_the_generator_for_secrets() -> None:
    assert where(r"^\s*(import random|from random)|numpy\.random|uuid[14]\(", CODE) <= {
        "grants/scoring/semantic.py"
    }
    sizes = [int(size) for file in CODE for size in re.findall(r"token_urlsafe\((\d+)\)", file.read_text())]
    assert len(sizes) > 5  # what token_hex makes lets a form count once, and opens nothing
    assert min(sizes) * 8 >= 128
    assert len(new_totp()) * 5 >= 128


def test_no_weak_algorithm_is_used() -> None:
    assert where(r"(?i)\b(md5|sha1|des|rc4|arc4|blowfish|ecb|pkcs1v15)\b", CODE) == set()


def test_cryptography_is_by_the_libraries_in_the_inventory() -> None:
    told = (HOME / "docs" / "security" / "rules.md").read_text()
    named = {"cryptography", "argon2-cffi", "joserfc", "hashlib", "secrets"}
    assert all(f"`{one}`" in told for one in named)
    assert where(r"from Crypto|import nacl|import bcrypt|^import jwt|pycryptodome", CODE) == set()


def test_a_code_secret_that_was_changed_is_refused() -> None:
    noor, secret = colleague(), new_totp()
    from pyotp import TOTP  # noqa: PLC0415

    assert keep_totp(noor, Proof(TOTP(secret).at(NOW), "hush", secret), now=NOW)
    noor.totp = noor.totp[:-6] + ("A" if noor.totp[-6] != "A" else "B") + noor.totp[-5:]
    with pytest.raises(PijplijnError, match="cannot be read"):
        totp_fits(noor, Proof("123456", "hush"), now=NOW)


def test_no_certificate_goes_unchecked() -> None:
    unchecked = r"verify\s*=\s*False|CERT_NONE|_create_unverified|check_hostname\s*=\s*False|SSL_VERIFY(PEER|HOST), *0"
    assert where(unchecked, CODE) == set()


def test_no_token_of_the_service_is_kept() -> None:
    assert where(r"access_token|refresh_token", [one for one in CODE if one.name != "secrets.py"]) <= {
        "grants/sources/secrets.py"
    }


def test_nobody_has_a_password_after_seeding(begin: Begin) -> None:
    with begin() as session:
        seed(session, load(HOME / "demo" / "config"), now=NOW)
    with begin() as session:
        people = session.scalars(select(Colleague)).all()
        assert people
        assert {(one.password, one.totp, one.subject) for one in people} == {("", "", None)}


# Running


def test_debug_cannot_be_switched_on() -> None:
    assert where(r"debug\s*=|--reload", CODE) == set()
    assert not [name for name in Settings.model_fields if "debug" in name]


def test_the_pages_load_nothing_of_tests_or_demo() -> None:
    code = "import sys, web.app; sys.exit(any(one.partition('.')[0] in ('tests', 'demo', 'bench', 'pytest') for one in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], cwd=HOME, check=False).returncode == 0


def test_types_are_checked_strictly() -> None:
    project = tomllib.loads((HOME / "pyproject.toml").read_text())
    assert project["tool"]["mypy"]["strict"]
    assert {"web", "grants", "models", "config"} <= set(project["tool"]["mypy"]["files"])
