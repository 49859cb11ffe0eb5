# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""A replayed source on a real HTTP server of the loopback, with faults to order."""

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.replay.direct import Answer, Said

THROWABLE = json.dumps({"type": "throwable", "message": "An internal error occurred"}).encode()
TRICKLE = 0.2  # seconds between two bytes of a source that is slow


@dataclass(frozen=True)
class Cut:
    """An answer whose body ends before its Content-Length says."""

    keeps: int = 40


class Trickle:
    """An answer that comes byte by byte."""


Fault = Said | Cut | Trickle | Callable[[Said], Said]
"""What a source does instead of answering, or with its answer."""

THROWN: Fault = (500, {"Content-Type": "application/json"}, THROWABLE)
FORBIDDEN: Fault = (403, {}, b"Forbidden")
BUSY: Fault = (429, {"Retry-After": "7200"}, b"")


def to_private(address: str) -> Fault:
    """A redirect to where nobody outside should get."""
    return (302, {"Location": address}, b"")


def _routed(answer: Answer, faults: list[Fault]) -> type[BaseHTTPRequestHandler]:
    class Source(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            fault = faults[0] if faults else None
            said = fault if isinstance(fault, tuple) else answer(self.command, self.path, headers, body)
            if callable(fault):
                said = fault(said)
            status, heads, content = said
            self.send_response(status)
            for name, value in heads.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self._write(
                content[: fault.keeps] if isinstance(fault, Cut) else content, slow=isinstance(fault, Trickle)
            )

        do_POST = do_GET  # noqa: N815 - http.server's names

        def _write(self, content: bytes, *, slow: bool) -> None:
            try:
                for number in range(0, len(content), 1 if slow else len(content) or 1):
                    self.wfile.write(content[number : number + 1] if slow else content)
                    time.sleep(TRICKLE if slow else 0)
            except OSError:
                self.close_connection = True  # the reader gave up, as it should

        def log_message(self, *_words: object) -> None:
            """Keep quiet."""

    return Source


@contextmanager
def replayed(answer: Answer, *, faults: list[Fault] | None = None) -> Iterator[str]:
    """The address of a source; while `faults` holds one, that is what it does."""
    with ThreadingHTTPServer(
        ("127.0.0.1", 0), _routed(answer, faults if faults is not None else [])
    ) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def feed(name: str, count: int = 12) -> Answer:
    """A source that serves one RSS feed."""
    items = "".join(
        f"<item><guid>{name}-{n}</guid><link>https://x.example/{name}/{n}</link><title>Call {name} {n}</title></item>"
        for n in range(count)
    )
    body = f"<?xml version='1.0'?><rss version='2.0'><channel><title>{name}</title>{items}</channel></rss>".encode()

    def answer(_method: str, _path: str, _headers: Mapping[str, str], _body: bytes) -> Said:
        return 200, {"Content-Type": "application/rss+xml"}, body

    return answer


def page(status: int, content_type: str, body: bytes) -> Answer:
    """A source that always says the same."""
    return lambda _method, _path, _headers, _body: (status, {"Content-Type": content_type}, body)
