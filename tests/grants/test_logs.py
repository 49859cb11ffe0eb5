# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""What is logged says nothing of anybody: known secrets and addresses are poured through, and none comes out."""

import io
import json
import logging
import time
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from config.settings import Settings, settings
from grants import logs
from models.session import Begin
from tests import builders

SECRETS = {
    "PIJPLIJN_SMTP_URL": "smtp://bode:post%2Fgeheim@relay.example:587",
    "PIJPLIJN_DATABASE_URL": "postgresql+psycopg://pijplijn:db-geheim@db.example/pijplijn",
    "PIJPLIJN_ARCHIVE_URL": "imaps://archief:imap-geheim@imap.example/INBOX",
    "PIJPLIJN_ARCHIVE_ADDRESS": "archief@enschede.example",
    "PIJPLIJN_BOUNCE_URL": "imaps://terug:bounce-geheim@imap.example/INBOX",
    "PIJPLIJN_ALERT_URLS": "ntfys://x.example/alarmgeheim",
    "PIJPLIJN_SOURCE_KEYS": "rvo=sleutel-van-rvo",
    "PIJPLIJN_SECRET_KEY": "sleutel der sleutels",
    "PIJPLIJN_OIDC_CLIENT_SECRET": "client-geheim",
    "PIJPLIJN_PREFECT_AUTH": "pijplijn:prefect-geheim",
    "PIJPLIJN_METRICS_TOKEN": "metriek-geheim",
}
HIDDEN = (
    "post/geheim", "post%2Fgeheim", "db-geheim", "imap-geheim", "bounce-geheim", "alarmgeheim", "sleutel-van-rvo",
    "sleutel der sleutels", "client-geheim", "prefect-geheim", "metriek-geheim", "noor@enschede.example", "noor",
    "jürgen.weiß@gronau.example", "Klimaatplan geheim", "tKx3vZ9qLmP2wRs8yBn4cDf6gHj7", "zoekwoord",
)  # fmt: skip
LINES = (
    "550 5.1.1 <noor@enschede.example> no such user; mailto:jürgen.weiß@gronau.example,noor@enschede.example",
    "connect to smtp://bode:post%2Fgeheim@relay.example:587 failed: password post/geheim refused",
    "sqlalchemy.exc: postgresql+psycopg://pijplijn:db-geheim@db.example/pijplijn, ntfys://x.example/alarmgeheim",
    "GET https://api.rvo.example/v1?key=sleutel-van-rvo&q=zoekwoord answered 403",
    "sleutel der sleutels; client-geheim; Authorization: Basic cGlqcGxpam46cHJlZmVjdC1nZWhlaW0=; pijplijn:prefect-geheim",
    "/calendar/tKx3vZ9qLmP2wRs8yBn4cDf6gHj7.ics and /invitation/tKx3 and Cookie: sid=tKx3vZ9qLmP2wRs8yBn4cDf6gHj7",
    "a token tKx3vZ9qLmP2wRs8yBn4cDf6gHj7 somewhere, Bearer metriek-geheim, imap-geheim, bounce-geheim",
    "DETAIL:  Failing row contains (4, Klimaatplan geheim).\nHINT:  look",
    "[SQL: INSERT]\n[parameters: ('Klimaatplan geheim', 'noor')]\n(Background on this error at: https://x)",
)  # fmt: skip


@pytest.fixture
def own(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """The machine has secrets, and its log is what it was afterwards."""
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    settings.cache_clear()
    root = logging.getLogger()
    before, level = [*root.handlers], root.level
    yield monkeypatch
    root.handlers[:] = before
    root.setLevel(level)
    for name in logs.OTHERS:
        logging.getLogger(name).propagate = True
    settings.cache_clear()


def failed(words: str) -> Any:
    """An error with a traceback, as logging takes it."""
    try:
        int(words)
    except ValueError as error:
        return type(error), ValueError(words), error.__traceback__


def poured(kind: str, own: pytest.MonkeyPatch) -> str:
    """Everything secret, as a message, as arguments, as facts beside it and in a traceback."""
    own.setenv("PIJPLIJN_LOG", kind)
    settings.cache_clear()
    heard = io.StringIO()
    logs.set_up(stream=heard)
    log = logging.getLogger("x")
    for one in LINES:
        log.warning(one)
        log.warning("said %s", one, extra={"answer": one, "several": [one]})
        log.error("failed", exc_info=failed(one))
    return heard.getvalue()


@pytest.mark.parametrize("kind", ["json", "text"])
def test_no_secret_and_no_address_comes_out_of_any_line_nor_traceback(
    own: pytest.MonkeyPatch, kind: str
) -> None:
    said = poured(kind, own)
    assert [one for one in HIDDEN if one in said] == []
    assert "Traceback" in said
    assert "HINT" in said


def test_a_line_of_json_holds_the_facts_beside_the_message(own: pytest.MonkeyPatch) -> None:
    own.setenv("PIJPLIJN_LOG", "json")
    settings.cache_clear()
    heard = io.StringIO()
    logs.set_up(stream=heard)
    logging.getLogger("pijplijn.web").info(
        "asked", extra={"status": 200, "ms": 1.5, "office": None, "é": True}
    )
    told = json.loads(heard.getvalue())
    assert told.pop("at").endswith("Z")
    facts = {"status": 200, "ms": 1.5, "office": None, "é": True}
    assert told == {"level": "INFO", "logger": "pijplijn.web", "message": "asked"} | facts


def test_who_keeps_records_gets_them_clean(own: pytest.MonkeyPatch) -> None:
    facts = {"msg": "said %s", "args": (LINES[0],), "exc_info": failed(LINES[0])}
    record = logging.makeLogRecord(facts)
    assert logs.scrub(record)
    assert "noor" not in record.getMessage() + str(record.exc_text)
    assert logs.scrub(record)
    assert logs.scrub(logging.makeLogRecord({"msg": "plain"}))


def test_without_a_stream_it_goes_to_standard_error(
    own: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.set_up()
    logs.set_up()
    logging.getLogger("x").info("once, for noor@x.example")
    assert capsys.readouterr().err.endswith(" INFO x: once, for …\n")
    assert logs.cleaner() is logs.scrub


def test_ordinary_words_numbers_and_places_stay(own: pytest.MonkeyPatch) -> None:
    for words in (
        "harvest eu-portal: 812 seen, 4 new (https://ec.europa.eu/info/funding/calls)",
        "grants/sources/sedia_programmes.py line 39 in call_of_the_source_that_was_read_last_night",
        "run 6a9fd0f8-3c55-4f0e-8f2c-6f4f0a6d2b11 took 12 s @ night",
    ):
        assert logs.scrubbed(words) == words


def test_secrets_too_short_to_tell_from_words_are_left() -> None:
    assert "key" not in logs.known_secrets(Settings(source_keys="rvo=key"))  # type: ignore[arg-type]


def test_a_very_long_line_is_scrubbed_in_no_time() -> None:
    started = time.perf_counter()
    for letters in ("a" * 100_000, "a.a" * 33_000, "a@" * 50_000, "https://" * 12_000):
        logs.scrubbed(letters)
    assert time.perf_counter() - started < 5


def test_an_error_of_the_database_does_not_quote_the_row(begin: Begin, engine: Engine) -> None:
    with begin() as session:
        session.add(builders.office())
        session.flush()
        session.add(builders.colleague())
        session.flush()
    with pytest.raises(DBAPIError) as failed, engine.begin() as connection:
        connection.execute(text("INSERT INTO office (slug) VALUES (:slug)"), {"slug": "Klimaatplan geheim"})
    assert "Klimaatplan geheim" not in logs.scrubbed(str(failed.value))
