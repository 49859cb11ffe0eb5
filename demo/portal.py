# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""A server that speaks the EU portal's search protocol, oddities included, and serves feeds from a folder.

The demo and the tests read it over HTTP just as the office reads the portal. `Portal.twist` lets a test bend
an answer, or raise Fault, to see what the reader makes of it.
"""

import argparse
import hashlib
import json
import re
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.parser import BytesParser
from email.policy import HTTP
from email.utils import formatdate, parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

Record = Mapping[str, Any]
Answer = dict[str, Any]
MOST = 100  # results on one page, whatever was asked
INDEX_FORM = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d{4}")
THROWABLE = {"type": "throwable", "message": "An internal error occurred"}


class Fault(Exception):  # noqa: N818 - a fault is ordered, not met
    """Answer with this status and body instead."""

    def __init__(self, status: int = 500, answer: object = THROWABLE) -> None:
        super().__init__(str(answer))
        self.status = status
        self.answer = answer


@dataclass(frozen=True, slots=True)
class Search:
    """One search as it was asked; `query` is None when the portal saw no file parts."""

    page: int
    size: int
    query: Mapping[str, Any] | None
    sort: str = ""
    descending: bool = False
    languages: tuple[str, ...] = ()

    @property
    def kinds(self) -> list[str]:
        """The types the query asks for."""
        must = (self.query or {}).get("bool", {}).get("must", [])
        return [kind for clause in must for kind in clause.get("terms", {}).get("type", [])]


def as_it_is(_search: Search, answer: Answer) -> Answer:
    """The usual twist: none."""
    return answer


@dataclass(slots=True)
class Portal:
    """What is served now: change `records` or `twist` at any time."""

    records: Sequence[Record]
    feeds: Path | None = None
    recorded: Mapping[str, tuple[str, bytes]] = field(default_factory=dict)  # path -> content type, body
    twist: Callable[[Search, Answer], Answer] = as_it_is
    searches: list[Search] = field(default_factory=list)

    def answer(self, search: Search) -> Answer:
        """One page of results, in the portal's own envelope."""
        self.searches.append(search)
        found = [record for record in self.records if _found(record, search)]
        if search.sort:
            found = [record for record in found if _texts(record, search.sort)]
            found.sort(key=lambda record: _texts(record, search.sort)[0], reverse=search.descending)
        start = (search.page - 1) * search.size
        page = {"pageNumber": search.page, "pageSize": search.size, "sort": search.sort or "relevance"}
        total = {"apiVersion": "2.151", "terms": "***", "responseTime": 1, "totalResults": len(found)}
        empty: Answer = {"bestBets": [], "warnings": []}
        results = found[start : start + search.size]
        return self.twist(search, total | page | empty | {"results": results})


def _texts(record: Record, key: str) -> list[str]:
    value = record["metadata"].get(key)
    values = value if isinstance(value, list) else [value]
    return [str(one) for one in values if one is not None]


def _found(record: Record, search: Search) -> bool:
    spoken = not search.languages or record.get("language", "en") in search.languages
    return spoken and (search.query is None or _holds(record, search.query))


def _holds(record: Record, clause: Mapping[str, Any]) -> bool:
    """Whether a record answers a clause; only bool/must, terms, term and range exist."""
    (word, said), *more = clause.items()
    if more or word not in {"bool", "terms", "term", "range"} or (word == "bool" and set(said) != {"must"}):
        raise Fault(400, {"type": "businessError", "message": "Invalid Query format"})
    if word == "bool":
        return all(_holds(record, one) for one in said["must"])
    (key, wanted), *_ = said.items()
    values = _texts(record, key)
    if word == "range":
        return any(_within(value, wanted) for value in values)
    return bool({*values} & ({*wanted} if word == "terms" else {wanted}))


def _within(value: str, bounds: Mapping[str, str]) -> bool:
    """Only the index's own form compares; any other bound lets everything through."""
    rules = {"gte": value.__ge__, "gt": value.__gt__, "lte": value.__le__, "lt": value.__lt__}
    return all(rules[word](bound) for word, bound in bounds.items() if INDEX_FORM.fullmatch(bound))


def _parts(content_type: str, body: bytes) -> dict[str, Any]:
    """The JSON of every file part; a form field that is no file is an internal error, as it really is."""
    message = BytesParser(policy=HTTP).parsebytes(f"Content-Type: {content_type}\r\n\r\n".encode() + body)
    parts: dict[str, Any] = {}
    for part in message.iter_parts():
        if not part.get_filename():
            raise Fault
        name = part.get_param("name", header="content-disposition")
        parts[str(name)] = json.loads(part.get_content())
    return parts


def _search(url: str, content_type: str, body: bytes) -> Search:
    words = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
    if "text" not in words:
        raise Fault(400, {"type": "businessError", "message": "text is required"})
    page, size = int(words.get("pageNumber", 1)), min(int(words.get("pageSize", 10)), MOST)
    if content_type.startswith("application/x-www-form-urlencoded"):
        raise Fault
    if not content_type.startswith("multipart/form-data"):
        return Search(page, size, None)  # a JSON body is not looked at: everything, in every language
    parts = _parts(content_type, body)
    sort = parts.get("sort") or {}
    order = sort[0] if isinstance(sort, list) else sort
    descending = order.get("order") == "DESC"
    languages = tuple(parts.get("languages", ()))
    return Search(page, size, parts.get("query"), order.get("field", ""), descending, languages)


class _Desk(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    portal: Portal

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if not urlsplit(self.path).path.endswith("/rest/search"):
            self._send(404, b"")
            return
        try:
            search = _search(self.path, self.headers.get("Content-Type", ""), body)
            status, answer = 200, json.dumps(self.portal.answer(search)).encode()
        except Fault as fault:
            text = fault.answer if isinstance(fault.answer, str) else json.dumps(fault.answer)
            status, answer = fault.status, text.encode()
        self._send(status, answer, {"Content-Type": "application/json"})

    def do_GET(self) -> None:
        if self.path in self.portal.recorded:
            kind, body = self.portal.recorded[self.path]
            self._send(200, body, {"Content-Type": kind})
            return
        name = re.fullmatch(r"/feeds/([\w-]+\.xml)", urlsplit(self.path).path)
        file = self.portal.feeds / name[1] if name and self.portal.feeds else None
        if file is None or not file.is_file():
            self._send(404, b"")
            return
        content, changed = file.read_bytes(), int(file.stat().st_mtime)
        etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
        said = {"ETag": etag, "Last-Modified": formatdate(changed, usegmt=True)}
        if self._known(etag, changed):
            self._send(304, b"", said)
        else:
            self._send(200, content, said | {"Content-Type": "application/rss+xml; charset=utf-8"})

    def _known(self, etag: str, changed: int) -> bool:
        """Whether the caller has this very version (RFC 9110: the ETag goes before the date)."""
        if tags := self.headers.get("If-None-Match"):
            return etag in tags
        since = self.headers.get("If-Modified-Since")
        return since is not None and parsedate_to_datetime(since).timestamp() >= changed

    def _send(self, status: int, body: bytes, headers: Mapping[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        if status != 304:  # noqa: PLR2004 - Not Modified has no body
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_words: object) -> None:
        """The demo's log is the office's, not its sources'."""


def _server(portal: Portal, port: int) -> ThreadingHTTPServer:
    return ThreadingHTTPServer(("127.0.0.1", port), type("Desk", (_Desk,), {"portal": portal}))


@contextmanager
def serving(portal: Portal, port: int = 0) -> Iterator[str]:
    """The address ("http://127.0.0.1:PORT") where a portal answers for the time of the block."""
    with _server(portal, port) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def recorded(folder: Path) -> dict[str, tuple[str, bytes]]:
    """What recordings (manage.py capture) hold of pages and feeds, by path and query: for replay."""
    pages: dict[str, tuple[str, bytes]] = {}
    for index in sorted(folder.glob("*/index.json")):
        for line in json.loads(index.read_text("utf-8")):
            said = line.get("response", {})
            if line["request"]["method"] == "GET" and "body" in said:
                parts = urlsplit(line["request"]["url"])
                path = parts.path + ("?" + parts.query if parts.query else "")
                kind = said["headers"].get("content-type", "")
                pages[path] = kind, (index.parent / said["body"]).read_bytes()
    return pages


def stocked(folder: Path) -> Portal:
    """The portal of a folder: the records of calls/*.json, the feeds of feeds/*.xml and recordings/*/."""
    files = sorted((folder / "calls").glob("*.json"))
    records = [record for file in files for record in json.loads(file.read_text("utf-8"))]
    return Portal(records, folder / "feeds", recorded(folder / "recordings"))


def main() -> None:
    """Serve a demo folder until Ctrl-C."""
    words = argparse.ArgumentParser(description=main.__doc__)
    words.add_argument("--port", type=int, default=8765)
    words.add_argument("--folder", type=Path, default=Path("demo"))
    asked = words.parse_args()
    with _server(stocked(asked.folder), asked.port) as server:
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            return


if __name__ == "__main__":
    main()
