# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""A small real web server on 127.0.0.1 whose answers a test scripts."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True)
class Seen:
    """One request as the server got it."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


class Conversation(BaseHTTPRequestHandler):
    """One connection; `script` answers by path."""

    server: "Loopback"
    asked: Seen

    def answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.asked = Seen(self.command, self.path, headers, body)
        self.server.seen.append(self.asked)
        self.server.script(self)

    do_GET = do_POST = answer  # noqa: N815 - http.server's names

    def say(self, status: int = 200, body: bytes = b"", **headers: str) -> None:
        """A whole answer; header names with _ for -."""
        self.send_response(status)
        said = {"Content-Length": str(len(body))} | {
            name.replace("_", "-"): value for name, value in headers.items()
        }
        for name, value in said.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's name
        """Keep quiet."""


class Loopback(ThreadingHTTPServer):
    """Counts connections too: a guard that stops after connecting stops too late."""

    daemon_threads = True

    def __init__(self, script: Callable[[Conversation], None]) -> None:
        super().__init__(("127.0.0.1", 0), Conversation)
        self.script = script
        self.seen: list[Seen] = []
        self.connections = 0

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.server_port}"

    @property
    def url(self) -> str:
        return f"http://{self.host}/"

    def verify_request(self, request: object, client_address: object) -> bool:
        self.connections += 1
        return True

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is what some tests are about."""


@contextmanager
def serving(script: Callable[[Conversation], None]) -> Iterator[Loopback]:
    server = Loopback(script)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def speaking(
    answer: Callable[[str, str, Mapping[str, str], bytes], tuple[int, Mapping[str, str], bytes]],
) -> Callable[[Conversation], None]:
    """The script of a replayed source (tests/replay): it answers (method, path, headers, body)."""

    def script(talk: Conversation) -> None:
        status, headers, body = answer(
            talk.asked.method, talk.asked.path, talk.asked.headers, talk.asked.body
        )
        talk.say(status, body, **headers)

    return script
