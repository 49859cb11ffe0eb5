# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""An alert tells the operator, or says that nobody heard."""

import json
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from grants.mailers import alert


@contextmanager
def operator() -> Iterator[tuple[str, list[dict[str, str]]]]:
    """Something that listens to json:// alerts, on loopback."""
    told: list[dict[str, str]] = []

    class Listens(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            told.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Listens)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"127.0.0.1:{server.server_port}", told
    server.shutdown()
    thread.join()
    server.server_close()


def test_an_alert_reaches_the_operator() -> None:
    with operator() as (address, told):
        assert (
            alert([f"json://{address}/"], title="Pijplijn needs a look", body="One source is silent.") is True
        )
    assert [(one["title"], one["message"]) for one in told] == [
        ("Pijplijn needs a look", "One source is silent.")
    ]


def test_an_alert_that_reached_only_some_says_so() -> None:
    with operator() as (address, told):
        assert alert([f"json://{address}/", "nonsense://x"], title="x", body="y") is False
    assert len(told) == 1


@pytest.mark.parametrize(
    "urls", [[], ["json://u:s3cret@127.0.0.1:9/"], ["mailto://u:s3cret@"], ["nonsense://u:s3cret@x"], [""]]
)
@pytest.mark.parametrize("body", ["y", ""])
def test_an_alert_nobody_heard_says_so_without_a_secret(
    urls: list[str], body: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    assert alert(urls, title=body, body=body) is False
    assert "s3cret" not in caplog.text
