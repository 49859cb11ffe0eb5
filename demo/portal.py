# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The demo's sources over real HTTP: the EU portal's search API in its own protocol, and a folder of feeds.

It is as particular as the real one: a query that is no FILE part answers 500, a JSON body is ignored, sorting
by a field drops the records that lack it, and a page has at most 100. Tests order faults from it.
"""

import argparse
import hashlib
import json
import signal
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.parser import BytesParser
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

Record = dict[str, Any]
MOST = 100


@dataclass
class Fault:
    """Something to go wrong on one page of one type, `times` times.

    Args:
        what: "throwable", "no json", "lost" (the first record is missing) or "twice" (it stands twice).
        kind: the type of record whose page it is.
        page: the page's number.
        times: how often it happens.
    """

    what: str
    kind: str = "1"
    page: int = 1
    times: int = 1


@dataclass
class Portal:
    """What is served: records of the search index, a folder with feeds, and the faults ordered."""

    records: list[Record] = field(default_factory=list)
    feeds: Path | None = None
    faults: list[Fault] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)  # every path, in order

    def fault(self, kind: str, page: int) -> str:
        """The fault due on this page, used up once more; "" when there is none."""
        for one in self.faults:
            if one.times and (one.kind, one.page) == (kind, page):
                one.times -= 1
                return one.what
        return ""


@contextmanager
def serving(portal: Portal, port: int = 0) -> Iterator[str]:
    """Serve on loopback for the time of the block; gives the base address."""

    class Answers(_Answers):
        served = portal

    with ThreadingHTTPServer(("127.0.0.1", port), Answers) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


class _Answers(BaseHTTPRequestHandler):
    served: Portal
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        self.served.asked.append(path)
        file = (self.served.feeds or Path("/nowhere")) / Path(path).name
        if not path.startswith("/feeds/") or not file.is_file():
            self._say(404, b"Not here.", "text/plain")
            return
        body = file.read_bytes()
        etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        if self.headers["If-None-Match"] == etag:
            self._say(304, b"", "", etag)
            return
        self._say(200, body, "application/rss+xml; charset=utf-8", etag)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.served.asked.append(self.path)
        try:
            parts = file_parts(self.headers["Content-Type"] or "", body)
        except ValueError:
            self._json(500, {"type": "throwable"})
            return
        words = {name: found[0] for name, found in parse_qs(urlsplit(self.path).query).items()}
        number, size = int(words.get("pageNumber", 1)), min(int(words.get("pageSize", 50)), MOST)
        self._page(search(self.served.records, parts), parts, number, size)

    def _page(self, found: list[Record], parts: Mapping[str, Any], number: int, size: int) -> None:
        results = found[(number - 1) * size : number * size]
        fault = self.served.fault(_kind(parts), number)
        if fault == "throwable":
            self._json(500, {"type": "throwable"})
        elif fault == "no json":
            self._say(200, b"<html>maintenance</html>", "text/html")
        else:
            results = (
                results[1:] if fault == "lost" else results[:1] + results if fault == "twice" else results
            )
            facts = {
                "apiVersion": "2.151",
                "totalResults": len(found),
                "pageNumber": number,
                "pageSize": size,
            }
            self._json(200, {**facts, "results": results})

    def _json(self, status: int, answer: object) -> None:
        self._say(status, json.dumps(answer).encode(), "application/json")

    def _say(self, status: int, body: bytes, kind: str, etag: str = "") -> None:
        self.send_response(status)
        for name, value in (("Content-Type", kind), ("ETag", etag)):
            if value:
                self.send_header(name, value)
        if status != 304:  # noqa: PLR2004 - not modified has no body
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *words: Any) -> None:  # noqa: A002 - the base class's name
        """Say nothing: the office's own log tells what was read."""


def file_parts(content_type: str, body: bytes) -> dict[str, Any]:
    """The JSON of each multipart FILE part; raises ValueError on an ordinary form field."""
    if not content_type.startswith("multipart/form-data"):
        return {}
    head = f"Content-Type: {content_type}\r\n\r\n".encode()
    parts: dict[str, Any] = {}
    for part in BytesParser(policy=HTTP).parsebytes(head + body).iter_parts():
        name = part.get_param("name", header="content-disposition")
        if part.get_filename() is None:
            sentence = f"The part '{name}' is no file."
            raise ValueError(sentence)
        parts[str(name)] = json.loads(part.get_payload(decode=True))
    return parts


def search(records: list[Record], parts: Mapping[str, Any]) -> list[Record]:
    """The records a query asks for, in its order; all of them without a query."""
    wanted = parts.get("query", {}).get("bool", {}).get("must", [])
    found = [record for record in records if all(_fits(record, one) for one in wanted)]
    by = parts.get("sort", {}).get("field")
    if by is None:
        return found
    return sorted(
        (one for one in found if one["metadata"].get(by)), key=lambda one: str(one["metadata"][by][0])
    )


def _fits(record: Record, condition: Mapping[str, Any]) -> bool:
    terms: Mapping[str, Any] = condition.get("terms") or condition.get("term") or {}
    for name, allowed in terms.items():
        many = allowed if isinstance(allowed, list) else [allowed]
        if not set(record["metadata"].get(name, [])) & set(many):
            return False
    return True


def _kind(parts: Mapping[str, Any]) -> str:
    for one in parts.get("query", {}).get("bool", {}).get("must", []):
        if "type" in one.get("terms", {}):
            return str(one["terms"]["type"][0])
    return ""


def main() -> None:
    """Serve the demo's records and feeds until told to stop."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--port", type=int, required=True)
    words.add_argument("--folder", type=Path, required=True)
    said = words.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    records = json.loads((said.folder / "calls" / "sedia.json").read_text())
    with serving(Portal(records, feeds=said.folder / "feeds"), said.port):
        signal.pause()


if __name__ == "__main__":
    main()
