# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""What machines ask of the web: does it live, can it work, what does it count; and what is logged of a request."""

import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr
from sqlalchemy import Engine

from config.settings import HOME, Settings
from grants.schema import migrate
from models.session import connect, reading, transactions
from tests.browser import serving
from tests.prefect_api import PASSWORD, PrefectApi
from tests.web.conftest import NOW
from web.app import create_app

TOKEN = {"Authorization": "Bearer een-lang-geheim"}


@pytest.fixture
def watched(engine: Engine, prefect: PrefectApi, tmp_path: Path) -> Iterator[httpx.Client]:
    """A site that lets Prometheus in."""
    settings = Settings(
        prefect_port=prefect.port, prefect_auth=SecretStr(PASSWORD), data_dir=tmp_path,
        database_url=str(engine.url), metrics_token=SecretStr("een-lang-geheim"),
    )  # fmt: skip
    with (
        serving(create_app(settings, reading(engine), transactions(engine), lambda: NOW)) as address,
        httpx.Client(base_url=address) as client,
    ):
        yield client


def samples(text: str) -> dict[tuple[str, str], float]:
    """By name and the values of its labels."""
    told = (one for family in text_string_to_metric_families(text) for one in family.samples)
    return {(one.name, " ".join(one.labels.values())): one.value for one in told}


def test_health_is_that_the_process_lives(web: httpx.Client) -> None:
    answer = web.get("/health")
    assert (answer.status_code, answer.json(), answer.headers["cache-control"]) == (
        200,
        {"ok": True},
        "no-store",
    )


def test_ready_tells_in_a_sentence_why_not(watched: httpx.Client) -> None:
    answer = watched.get("/ready")
    told = answer.json()
    assert (answer.status_code, told["ready"], told["database"], told["disk"]) == (
        503,
        False,
        "reachable",
        "writable",
    )
    assert told["sentence"].startswith("The database has schema none, this program wants 00")


def test_a_migrated_office_is_ready(prefect: PrefectApi, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'made.db'}"
    migrate(url)
    engine = connect(url)
    settings = Settings(prefect_port=prefect.port, data_dir=tmp_path, database_url=url)
    with serving(create_app(settings, reading(engine), transactions(engine))) as address:
        answer = httpx.get(f"{address}/ready")
    assert (answer.status_code, answer.json()["ready"], answer.json()["sentence"]) == (200, True, "")
    engine.dispose()


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer x"},
        {"Authorization": "Basic een-lang-geheim"},
        {"Authorization": "Bearer é".encode()},
    ],
)
def test_who_has_no_token_finds_no_metrics(watched: httpx.Client, headers: dict[str, str]) -> None:
    assert watched.get("/metrics", headers=headers).status_code == 404


def test_without_a_token_of_its_own_a_site_has_no_metrics(web: httpx.Client) -> None:
    assert web.get("/metrics", headers={"Authorization": "Bearer"}).status_code == 404


def test_metrics_count_requests_by_route_and_the_office_by_state(office: None, watched: httpx.Client) -> None:
    before = samples(watched.get("/metrics", headers=TOKEN).text)
    for path in ("/calls/1", "/calls/2?q=noor@x.example", "/wp-login.php", "/static/pijplijn.css"):
        watched.get(path)
    watched.request("PROPFIND", "/noor@x.example")
    answer = watched.get("/metrics", headers=TOKEN)
    found = samples(answer.text)
    gained = {
        name: value - before.get(name, 0)
        for name, value in found.items()
        if name[0] == "pijplijn_requests_total"
    }
    assert gained[("pijplijn_requests_total", "GET /calls/{call_id} 303")] == 2
    assert gained[("pijplijn_requests_total", "GET none 404")] == 1
    assert gained[("pijplijn_requests_total", "GET /static 200")] == 1
    assert any(labels.startswith("other none") for _, labels in gained)
    assert found[("pijplijn_request_seconds_count", "GET /calls/{call_id}")] >= 2
    assert (found[("pijplijn_calls", "")], found[("pijplijn_sources", "failing")]) == (5, 3)
    assert found[("pijplijn_messages", "queued")] == 0
    assert found[("pijplijn_red", "")] > 0
    assert ("pijplijn_backup_age_seconds", "") not in found or found[("pijplijn_backup_age_seconds", "")] > 0
    assert "noor" not in answer.text
    assert answer.headers["content-type"].startswith("text/plain; version=1.0.0")


COUNTING = """
import sys
from web import metrics
metrics.count("GET", "/calls", 200, 0.01)
if sys.argv[1:]:
    from prometheus_client import CollectorRegistry, generate_latest
    from grants.watch import Figures
    empty = {name: {} for name in ("sources", "messages", "oldest", "flows_started", "flows_succeeded", "flows_failed", "troubles", "disk_free")}
    ages = dict.fromkeys(("backup_age", "drill_age", "audit_age", "audit_holds"))
    sys.stdout.write(metrics.exposition(Figures(calls=7, database_bytes=1, suppressed=0, red=0, **empty, **ages)).decode())
"""


def test_several_processes_are_counted_together(tmp_path: Path) -> None:
    environment = {**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}
    said = ""
    for words in ([], [], ["tell"]):
        command = [sys.executable, "-c", COUNTING, *words]
        said = subprocess.run(
            command, cwd=HOME, env=environment, check=True, capture_output=True, text=True
        ).stdout
    found = samples(said)
    assert found[("pijplijn_requests_total", "GET /calls 200")] == 3
    assert (found[("pijplijn_calls", "")], ("pijplijn_backup_age_seconds", "") in found) == (7, False)


def test_a_request_is_one_line_without_address_title_or_question(
    office: None, token: str, site: str, web: httpx.Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "pijplijn.web")
    web.get("/calls/1?q=noor@x.example")
    web.get("/calendar/hush.ics")
    web.get("/calls?from=%00")
    httpx.get(f"{site}/people?x=hush")
    web.get("/health")
    lines = [one for one in caplog.records if one.name == "pijplijn.web"]
    told = [
        (vars(one)["method"], vars(one)["route"], vars(one)["status"], vars(one)["office"]) for one in lines
    ]
    assert told == [
        ("GET", "/calls/{call_id}", 200, 1), ("GET", "/calendar/{secret}.ics", 404, None),
        ("GET", "/calls", 200, 1), ("GET", "/people", 303, None),
    ]  # fmt: skip
    assert all(vars(one)["ms"] > 0 for one in lines)
    assert "hush" not in caplog.text
    assert "noor" not in caplog.text
