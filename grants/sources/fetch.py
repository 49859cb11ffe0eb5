# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Fetch one address, politely and safely: one thing at a time of a host, redirects by our own rules."""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from threading import Lock

from yarl import URL

from grants import clock
from grants.errors import FaultKind, SourceError
from grants.sources.incoming import GOOD
from grants.sources.limits import BULK, USUAL, Limits
from grants.sources.reading import Fetch, Request, Response
from grants.sources.refusal import refusal
from grants.sources.transfer import Handles, Names, ask, handles

USER_AGENT = "Pijplijn/0.1 (+https://github.com/gemeente-enschede/pijplijn)"
PORTS = {80, 443}
REDIRECTS = {301, 302, 303, 307, 308}
LONG_LABEL = re.compile(r"[^.]{64}")  # RFC 1035 §2.3.4
HARMLESS = {
    "accept",
    "accept-encoding",
    "accept-language",
    "user-agent",
    "if-none-match",
    "if-modified-since",
}


@dataclass(frozen=True, slots=True)
class _Web:
    trusted: frozenset[str]
    limits: Limits
    large: Limits
    user_agent: str
    names: Names | None
    idle: Handles
    turns: dict[str, Lock] = field(default_factory=dict)  # by host: one request at a time


@contextmanager
def fetching(
    *,
    trusted_hosts: frozenset[str] = frozenset(),
    limits: Limits = USUAL,
    large: Limits = BULK,
    user_agent: str = USER_AGENT,
    names: Names | None = None,
) -> Iterator[Fetch]:
    """A Fetch for the time of the block, for any number of threads; see reading.Fetch.

    Args:
        trusted_hosts: "host" or "host:port" that may be private and on any port.
        limits: time and size of one request.
        large: the same for a request that says it is large.
        user_agent: who we say we are.
        names: looks up names; the machine's own way when left out.
    """
    with handles() as idle:
        web = _Web(trusted_hosts, limits, large, user_agent, names, idle)
        yield lambda request: _fetch(web, request)


def _fetch(web: _Web, request: Request) -> Response:
    """The answer at the end of the redirects; each hop waits its turn at its own host."""
    limits = web.large if request.large else web.limits
    said = {"User-Agent": web.user_agent, "Accept-Encoding": "gzip"}
    request = replace(request, headers=said | {**request.headers})
    seconds = limits.total
    for _ in range(limits.redirects + 1):
        url, trusted = _checked(web, request.url)
        with web.turns.setdefault(url.host or "", Lock()):
            started = time.monotonic()
            answer = ask(
                web.idle, request, url, limits=limits, seconds=seconds, trusted=trusted, names=web.names
            )
        if answer.status in GOOD:
            return answer
        if answer.status not in REDIRECTS or "location" not in answer.headers:
            raise refusal(url.host or "", answer.status, answer.headers, answer.body, now=clock.now())
        seconds -= time.monotonic() - started
        request = _redirected(request, url, answer)
    sentence = f"{url.host} redirects more than {limits.redirects} times."
    raise SourceError(sentence, kind=FaultKind.UNSAFE)


def _checked(web: _Web, address: str) -> tuple[URL, bool]:
    """Where to, and whether it is trusted."""
    url = _parsed(address)
    if url.scheme not in {"http", "https"} or not url.host or LONG_LABEL.search(url.host):
        raise SourceError(f"'{address[:200]}' is not a web address.", kind=FaultKind.UNSAFE)
    if "@" in url.raw_authority:
        raise SourceError(f"An address of {url.host} holds a name or a password.", kind=FaultKind.UNSAFE)
    trusted = not web.trusted.isdisjoint({url.host, f"{url.host}:{url.port}"})
    if not trusted and url.port not in PORTS:
        sentence = f"{url.host} is asked on port {url.port}; only 80 and 443 are."
        raise SourceError(sentence, kind=FaultKind.UNSAFE)
    return url, trusted


def _parsed(address: str) -> URL:
    try:
        return URL(address)
    except ValueError as error:
        raise SourceError(f"'{address[:200]}' is no address.", kind=FaultKind.UNSAFE) from error


def _redirected(request: Request, url: URL, answer: Response) -> Request:
    target = url.join(_parsed(answer.headers["location"]))
    headers = request.headers
    if (target.scheme, target.raw_authority) != (url.scheme, url.raw_authority):
        # A key in a header is for the host it was given for.
        headers = {name: value for name, value in headers.items() if name.lower() in HARMLESS}
    if answer.status in {307, 308} or request.method == "GET":
        return replace(request, url=str(target), headers=headers)
    return Request(str(target), headers=headers, large=request.large)  # a GET
