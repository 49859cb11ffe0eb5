# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The calls of Prefect's HTTP API that start and count runs, answered on loopback as Prefect 3.9 answers them.

tests/flows/test_deployments.py presses the same button against the real one.
"""

import base64
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

PASSWORD = "pijplijn:geheim"
KEY = "Basic " + base64.b64encode(PASSWORD.encode()).decode()
ID = "6a9fd0f8-3c55-4f0e-8f2c-6f4f0a6d2b11"


@dataclass
class PrefectApi:
    """What was started; `broken` makes it answer 503."""

    port: int = 0
    started: list[dict[str, Any]] = field(default_factory=list)
    tokens: dict[str, str] = field(default_factory=dict)
    broken: bool = False
    counts: dict[str, int] = field(default_factory=dict)

    def get(self, path: str) -> tuple[int, Any]:
        asked = urlsplit(path)
        if asked.path == "/api/csrf-token":
            (client,) = parse_qs(asked.query)["client"]
            self.tokens[client] = f"token of {client}"
            return 200, {"token": self.tokens[client], "client": client, "expiration": "2026-11-24T09:00:00Z"}
        if asked.path in {f"/api/deployments/name/{flow}/asked" for flow in ("harvest-calls", "match-calls")}:
            return 200, {"id": ID, "name": "asked"}
        return 404, {"detail": "Not Found"}

    def post(self, path: str, token: str, client: str, body: dict[str, Any]) -> tuple[int, Any]:
        if not token or self.tokens.get(client) != token:
            return 403, {"detail": "Invalid CSRF token or client identifier."}
        if path == "/api/flow_runs/count":
            (asked,) = [one["any_"][0] for one in body["flow_runs"]["state"].values()]
            return 200, self.counts.get(asked, 0)
        if path != f"/api/deployments/{ID}/create_flow_run":
            return 404, {"detail": "Not Found"}
        self.started.append(body["parameters"])
        return 201, {"id": "run", "state_type": "SCHEDULED"}


@contextmanager
def answering() -> Iterator[PrefectApi]:
    """The API on a free port of the loopback."""
    api = PrefectApi()

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.say(*api.get(self.path))

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            names = ("Prefect-Csrf-Token", "Prefect-Csrf-Client")
            self.say(*api.post(self.path, *(self.headers.get(name, "") for name in names), body))

        def say(self, code: int, answer: Any) -> None:
            if api.broken or self.headers.get("Authorization") != KEY:
                code, answer = 503 if api.broken else 401, {"exception_message": "Unauthorized"}
            said = json.dumps(answer).encode()
            self.send_response(code)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *_: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        api.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        yield api
        server.shutdown()
