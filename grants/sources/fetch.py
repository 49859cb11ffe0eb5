# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Fetch one address, politely and safely: the only module that speaks HTTP.

aiohttp because its socket factory sees the address really connected to: redirects and rebinding names cannot
get past it. It runs in one background loop; the face is synchronous and may be called from several threads.
"""

import asyncio
import hashlib
import socket
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp
from aiohttp.abc import AbstractResolver
from anyio.from_thread import start_blocking_portal
from yarl import URL

from grants import clock
from grants.errors import FaultKind, SourceError
from grants.sources.guard import is_public
from grants.sources.reading import Fetch, Request, Response, Validator

USER_AGENT = "Pijplijn/0.1 (funding calls for municipalities; +https://github.com/gemeente-enschede/pijplijn)"
PORTS = {80, 443}
REDIRECTS = {301, 302, 303, 307, 308}
KINDS = {
    401: FaultKind.REFUSED, 403: FaultKind.REFUSED, 404: FaultKind.MISSING, 410: FaultKind.MISSING,
    429: FaultKind.BUSY, 503: FaultKind.BUSY,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one request may cost.

    Args:
        total: seconds for the whole request, redirects and body included.
        body: bytes after decompression.
        redirects: how many are followed.
    """

    total: float = 30.0
    body: int = 15 * 1024 * 1024
    redirects: int = 5


class _BarredError(OSError):
    """The address a name led to is not public."""


_trusting: ContextVar[bool] = ContextVar("trusting", default=False)


@dataclass(frozen=True, slots=True)
class _Web:
    session: aiohttp.ClientSession
    trusted: frozenset[str]
    limits: Limits
    turns: defaultdict[str, asyncio.Lock]  # by host: one request at a time


@contextmanager
def fetching(
    *,
    trusted_hosts: frozenset[str] = frozenset(),
    limits: Limits | None = None,
    resolver: AbstractResolver | None = None,
) -> Iterator[Fetch]:
    """A Fetch for the time of the block.

    Args:
        trusted_hosts: "host" or "host:port" that may be private and on any port.
        limits: time and size of one request.
        resolver: looks up names; aiohttp's own when left out.
    """
    with start_blocking_portal() as portal:
        web = portal.call(_open, trusted_hosts, limits or Limits(), resolver)
        try:
            yield lambda request: portal.call(_fetch, web, request)
        finally:
            portal.call(web.session.close)


async def _open(trusted: frozenset[str], limits: Limits, resolver: AbstractResolver | None) -> _Web:
    # Every request opens its own connection: a kept one would skip the look at its address.
    connector = aiohttp.TCPConnector(
        socket_factory=_guarded_socket, resolver=resolver, force_close=True, use_dns_cache=False
    )
    session = aiohttp.ClientSession(
        connector=connector, trust_env=False, cookie_jar=aiohttp.DummyCookieJar(),
        headers={"User-Agent": USER_AGENT}, timeout=aiohttp.ClientTimeout(total=None),
    )  # fmt: skip
    return _Web(session, trusted, limits, defaultdict(asyncio.Lock))


def _guarded_socket(info: tuple[Any, ...]) -> socket.socket:
    family, kind, protocol, _, address = info
    if not _trusting.get() and not is_public(address[0]):
        raise _BarredError(address[0])
    return socket.socket(family=family, type=kind, proto=protocol)


async def _fetch(web: _Web, request: Request) -> Response:
    host = URL(request.url).host or request.url[:80]
    try:
        async with asyncio.timeout(web.limits.total):
            return await _follow(web, request)
    except TimeoutError as error:
        sentence = f"{host} gave no whole answer in {web.limits.total:g} seconds."
        raise SourceError(sentence, kind=FaultKind.NETWORK) from error
    except aiohttp.ClientPayloadError as error:
        sentence = f"The answer of {host} was cut short."
        raise SourceError(sentence, kind=FaultKind.NETWORK) from error
    except (aiohttp.ClientError, OSError) as error:
        raise _unreached(host, error) from error


def _unreached(host: str, error: BaseException) -> SourceError:
    causes = [error, getattr(error, "os_error", None), error.__cause__]
    if any(isinstance(cause, _BarredError) for cause in causes):
        return SourceError(f"{host} leads to a private address, which is never read.", kind=FaultKind.UNSAFE)
    return SourceError(f"{host} could not be reached: {error}.", kind=FaultKind.NETWORK)


async def _follow(web: _Web, request: Request) -> Response:
    """The answer at the end of the redirects."""
    for _ in range(web.limits.redirects + 1):
        url = _checked(web, request.url)
        async with web.turns[url.host or ""]:
            answer = await _once(web, request, url)
        if answer.status not in REDIRECTS or "location" not in answer.headers:
            return _accepted(answer, url.host or "")
        request = _redirected(request, url, answer)
    sentence = f"{url.host} redirects more than {web.limits.redirects} times."
    raise SourceError(sentence, kind=FaultKind.UNSAFE)


def _redirected(request: Request, url: URL, answer: Response) -> Request:
    target = url.join(URL(answer.headers["location"]))
    kept = answer.status in {307, 308} or request.method == "GET"
    elsewhere = target.origin() != url.origin() if target.is_absolute() and target.host else True
    headers = {} if elsewhere else request.headers  # a key in a header is for the host it was given for
    if kept:
        return replace(request, url=str(target), headers=headers)
    return Request(str(target), headers=headers)


def _checked(web: _Web, address: str) -> URL:
    try:
        url = URL(address)
        port = url.port
    except ValueError as error:
        raise SourceError(f"'{address[:200]}' is no address.", kind=FaultKind.UNSAFE) from error
    if url.scheme not in {"http", "https"} or not url.host:
        raise SourceError(f"'{address[:200]}' is not a web address.", kind=FaultKind.UNSAFE)
    if url.user or url.password:
        raise SourceError(f"An address of {url.host} holds a name or a password.", kind=FaultKind.UNSAFE)
    trusted = not web.trusted.isdisjoint({url.host, f"{url.host}:{port}"})
    if not trusted and port not in PORTS:
        raise SourceError(f"{url.host} is asked on port {port}; only 80 and 443 are.", kind=FaultKind.UNSAFE)
    _trusting.set(trusted)
    return url


async def _once(web: _Web, request: Request, url: URL) -> Response:
    body = _multipart(request) if request.files else request.body
    async with web.session.request(
        request.method, url, headers=request.headers, data=body, allow_redirects=False
    ) as answer:
        headers = {name.lower(): value for name, value in answer.headers.items()}
        return Response(str(url), answer.status, headers, await _body(web, answer, url.host or ""))


def _multipart(request: Request) -> aiohttp.FormData:
    form = aiohttp.FormData()
    for name, (filename, content, kind) in request.files.items():
        form.add_field(name, content, filename=filename, content_type=kind)
    return form


async def _body(web: _Web, answer: aiohttp.ClientResponse, host: str) -> bytes:
    """The whole body; aiohttp itself raises ClientPayloadError on one shorter than it announced."""
    whole = bytearray()
    async for piece in answer.content.iter_chunked(65536):
        whole += piece
        if len(whole) > web.limits.body:
            size = f"{web.limits.body / 1024 / 1024:g} MB"
            raise SourceError(f"The answer of {host} is larger than {size}.", kind=FaultKind.UNSAFE)
    return bytes(whole)


def _accepted(answer: Response, host: str) -> Response:
    if answer.status in {200, 304}:
        return answer
    words = " ".join(answer.body[:600].decode("utf-8", "replace").split())[:200]
    sentence = f"{host} answered {answer.status}" + (f": {words}" if words else ".")
    kind = KINDS.get(answer.status, FaultKind.BROKEN)
    raise SourceError(sentence, kind=kind, retry_after=_patience(answer.headers.get("retry-after", "")))


def _patience(words: str) -> float | None:
    """Seconds to wait, from Retry-After: a number of seconds or a moment (RFC 9110 §10.2.3)."""
    if words.strip().isdigit():
        return float(words)
    try:
        moment = parsedate_to_datetime(words)
    except ValueError:
        return None
    if moment.tzinfo is None:
        return None
    return max(0.0, (moment - clock.now()).total_seconds())


def with_validator(request: Request, validator: Validator | None) -> Request:
    """The same request, made conditional on what the last answer said of itself."""
    if validator is None:
        return request
    said = {"If-None-Match": validator.etag, "If-Modified-Since": validator.last_modified}
    return replace(
        request, headers={**request.headers, **{name: value for name, value in said.items() if value}}
    )


def validator_of(answer: Response) -> Validator:
    """What this answer says of itself, for the next request."""
    digest = hashlib.sha256(answer.body).hexdigest()
    return Validator(answer.headers.get("etag", ""), answer.headers.get("last-modified", ""), digest)
