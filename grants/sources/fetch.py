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
from grants.sources.reading import Request, Response
from grants.sources.refusal import refusal
from grants.sources.transfer import Handles, Hop, Names, ask, handles

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
class Web:
    """A Fetch, and what it keeps to."""

    trusted: frozenset[str]
    limits: Limits
    large: Limits
    user_agent: str
    names: Names | None
    idle: Handles
    turns: dict[str, Lock] = field(default_factory=dict)  # by host: one request at a time

    def __call__(self, request: Request) -> Response:
        """See reading.Fetch."""
        return fetched(self, request)

    def hop(self, request: Request, took: float = 0.0) -> Hop:
        """The question, so many seconds after the first. Raises SourceError where it may not be asked."""
        url, trusted = _checked(self.trusted, request.url)
        limits = self.large if request.large else self.limits
        return Hop(request, url, trusted, limits, limits.total - took, self.names)

    def dressed(self, request: Request) -> Request:
        """The request with who we are."""
        said = {"User-Agent": self.user_agent, "Accept-Encoding": "gzip"}
        return replace(request, headers=said | {**request.headers})

    def turn(self, hop: Hop) -> Lock:
        """Held by who asks something of this host."""
        return self.turns.setdefault(hop.url.host or "", Lock())


@contextmanager
def fetching(
    *,
    trusted_hosts: frozenset[str] = frozenset(),
    limits: Limits = USUAL,
    large: Limits = BULK,
    user_agent: str = USER_AGENT,
    names: Names | None = None,
) -> Iterator[Web]:
    """A Fetch for the time of the block, for any number of threads; see reading.Fetch.

    Args:
        trusted_hosts: "host" or "host:port" that may be private and on any port.
        limits: time and size of one request.
        large: the same for a request that says it is large.
        user_agent: who we say we are.
        names: looks up names; the machine's own way when left out.
    """
    with handles() as idle:
        yield Web(trusted_hosts, limits, large, user_agent, names, idle)


def fetched(web: Web, request: Request, first: Response | SourceError | None = None) -> Response:
    """The answer at the end of the redirects; each hop waits its turn at its own host.

    Args:
        web: what to keep to.
        request: what is asked.
        first: what came of the first hop, when that was asked already.

    Raises:
        SourceError: see reading.Fetch.
    """
    if isinstance(first, Response) and first.status in GOOD:
        return first
    request, took = web.dressed(request), 0.0
    for _ in range(web.limits.redirects + 1):
        hop = web.hop(request, took)
        host = hop.url.host or ""
        answer, seconds = (first, 0.0) if first else _in_turn(web, hop)
        if isinstance(answer, SourceError):
            raise answer
        if answer.status in GOOD:
            return answer
        if answer.status not in REDIRECTS or "location" not in answer.headers:
            raise refusal(host, answer.status, answer.headers, answer.body, now=clock.now())
        first, took = None, took + seconds
        request = _redirected(request, hop.url, answer)
    sentence = f"{host} redirects more than {web.limits.redirects} times."
    raise SourceError(sentence, kind=FaultKind.UNSAFE)


def _in_turn(web: Web, hop: Hop) -> tuple[Response, float]:
    """What a host answers, and in how many seconds."""
    with web.turn(hop):
        started = time.monotonic()
        return ask(web.idle, hop), time.monotonic() - started


def _checked(trusted_hosts: frozenset[str], address: str) -> tuple[URL, bool]:
    """Where to, and whether it is trusted."""
    url = _parsed(address)
    if url.scheme not in {"http", "https"} or not url.host or LONG_LABEL.search(url.host):
        raise SourceError(f"'{address[:200]}' is not a web address.", kind=FaultKind.UNSAFE)
    if "@" in url.raw_authority:
        raise SourceError(f"An address of {url.host} holds a name or a password.", kind=FaultKind.UNSAFE)
    trusted = not trusted_hosts.isdisjoint({url.host, f"{url.host}:{url.port}"})
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
