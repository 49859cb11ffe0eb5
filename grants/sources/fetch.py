# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Fetch one address, politely and safely: the only module that speaks HTTP.

aiohttp because its socket factory sees the address really connected to: redirects and rebinding names cannot
get past it. It runs in one background loop; the face is synchronous and may be called from several threads.
"""

import asyncio
import errno
import socket
import zlib
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass, replace
from http import HTTPStatus
from tempfile import TemporaryFile
from typing import IO, Any

import aiohttp
from aiohttp.abc import AbstractResolver
from anyio.from_thread import start_blocking_portal
from yarl import URL

from grants import clock
from grants.errors import FaultKind, SourceError
from grants.sources.guard import is_public
from grants.sources.limits import BULK, USUAL, Limits
from grants.sources.reading import Fetch, Request, Response
from grants.sources.refusal import KINDS, refusal
from grants.sources.unpack import is_packed, unpack, unpacker

USER_AGENT = "Pijplijn/0.1 (+https://github.com/gemeente-enschede/pijplijn)"
PORTS = {80, 443}
GOOD = {200, 304}
REDIRECTS = {301, 302, 303, 307, 308}
FAULTS: tuple[tuple[type[Exception], FaultKind, str], ...] = (  # the first that fits
    (aiohttp.ConnectionTimeoutError, FaultKind.NETWORK, "could not be reached within {0.connect:g} seconds"),
    (TimeoutError, FaultKind.NETWORK, "gave no whole answer within {0.total:g} seconds"),
    (aiohttp.ClientPayloadError, FaultKind.NETWORK, "sent an answer that was cut short"),
    (aiohttp.ClientConnectorDNSError, FaultKind.NETWORK, "is a name that cannot be found"),
    (aiohttp.ClientSSLError, FaultKind.NETWORK, "offered no secure connection that can be trusted"),
    (aiohttp.InvalidURL, FaultKind.UNSAFE, "is no proper address"),
    (UnicodeError, FaultKind.UNSAFE, "is no proper address"),  # what a label over 63 letters raises
    (zlib.error, FaultKind.BROKEN, "packed its answer in a way that cannot be undone"),
    (aiohttp.ClientResponseError, FaultKind.BROKEN, "answered something that is not proper HTTP"),
    (Exception, FaultKind.NETWORK, "could not be reached or broke off the connection"),
)
PIECE = 4096  # bytes unpacked at a time: small, for every gzip member copies what follows it
HARMLESS = {"accept", "accept-language", "if-none-match", "if-modified-since"}


class _BarredError(OSError):
    """The address a name led to is not public."""


_trusting: ContextVar[bool] = ContextVar("trusting", default=False)  # of the hop this task is at


@dataclass(frozen=True, slots=True)
class _Web:
    session: aiohttp.ClientSession
    trusted: frozenset[str]
    limits: Limits
    large: Limits
    turns: defaultdict[str, asyncio.Lock]  # by host: one request at a time


@contextmanager
def fetching(
    *,
    trusted_hosts: frozenset[str] = frozenset(),
    limits: Limits = USUAL,
    large: Limits = BULK,
    user_agent: str = USER_AGENT,
    resolver: AbstractResolver | None = None,
) -> Iterator[Fetch]:
    """A Fetch for the time of the block, for any number of threads; see reading.Fetch.

    Args:
        trusted_hosts: "host" or "host:port" that may be private and on any port.
        limits: time and size of one request.
        large: the same for a request that says it is large.
        user_agent: who we say we are.
        resolver: looks up names; aiohttp's own when left out.
    """
    with start_blocking_portal() as portal:
        web = portal.call(_open, trusted_hosts, (limits, large), user_agent, resolver)
        try:
            yield lambda request: portal.call(_fetch, web, request)
        finally:
            portal.call(web.session.close)


async def _open(
    trusted: frozenset[str],
    limits: tuple[Limits, Limits],
    user_agent: str,
    resolver: AbstractResolver | None,
) -> _Web:
    # Every request opens its own connection: a kept one would skip the look at its address.
    connector = aiohttp.TCPConnector(
        socket_factory=_guarded_socket, resolver=resolver, force_close=True, use_dns_cache=False, limit=0
    )
    session = aiohttp.ClientSession(
        connector=connector, trust_env=False, cookie_jar=aiohttp.DummyCookieJar(), auto_decompress=False,
        headers={"User-Agent": user_agent, "Accept-Encoding": "gzip"},
        timeout=aiohttp.ClientTimeout(total=None, connect=limits[0].connect),
        max_field_size=65536,  # security policies of portals outgrow aiohttp's 8190
    )  # fmt: skip
    return _Web(session, trusted, *limits, defaultdict(asyncio.Lock))


def _guarded_socket(info: tuple[Any, ...]) -> socket.socket:
    family, kind, protocol, _, address = info
    if not _trusting.get() and not is_public(address[0]):
        raise _BarredError(errno.EACCES, "not a public address")
    return socket.socket(family=family, type=kind, proto=protocol)


async def _fetch(web: _Web, request: Request) -> Response:
    """The answer at the end of the redirects; each hop waits its turn at its own host."""
    seconds = _limits(web, request).total
    for _ in range(web.limits.redirects + 1):
        url = _checked(web, request.url)
        async with web.turns[url.host or ""]:
            started = asyncio.get_running_loop().time()
            answer = await _hop(web, request, url, seconds)
        if answer.status in GOOD:
            return answer
        seconds -= asyncio.get_running_loop().time() - started
        request = _redirected(request, url, answer)
    sentence = f"{url.host} redirects more than {web.limits.redirects} times."
    raise SourceError(sentence, kind=FaultKind.UNSAFE)


def _checked(web: _Web, address: str) -> URL:
    url = _parsed(address)
    if url.scheme not in {"http", "https"} or not url.host:
        raise SourceError(f"'{address[:200]}' is not a web address.", kind=FaultKind.UNSAFE)
    if "@" in url.raw_authority:
        raise SourceError(f"An address of {url.host} holds a name or a password.", kind=FaultKind.UNSAFE)
    trusted = not web.trusted.isdisjoint({url.host, f"{url.host}:{url.port}"})
    if not trusted and url.port not in PORTS:
        sentence = f"{url.host} is asked on port {url.port}; only 80 and 443 are."
        raise SourceError(sentence, kind=FaultKind.UNSAFE)
    _trusting.set(trusted)
    return url


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
    return Request(str(target), headers=headers, large=request.large)


async def _hop(web: _Web, request: Request, url: URL, seconds: float) -> Response:
    try:
        async with asyncio.timeout(seconds):
            return await _ask(web, request, url)
    except (aiohttp.ClientError, OSError, UnicodeError, zlib.error) as error:  # a TimeoutError is an OSError
        if isinstance(getattr(error, "os_error", None), _BarredError):
            sentence = f"{url.host} leads to a private address, which is never read."
            raise SourceError(sentence, kind=FaultKind.UNSAFE) from error
        kind, words = next((kind, words) for fits, kind, words in FAULTS if isinstance(error, fits))
        raise SourceError(f"{url.host} {words.format(_limits(web, request))}.", kind=kind) from error


async def _ask(web: _Web, request: Request, url: URL) -> Response:
    sent = _multipart(request) if request.files else request.body
    async with web.session.request(
        request.method, url, headers=request.headers, data=sent, allow_redirects=False
    ) as answer:
        # Bytes no codec knows would fail in every database.
        headers = {name.lower(): _legible(value) for name, value in answer.headers.items()}
        if answer.status in REDIRECTS and "location" in headers:
            return Response(str(url), answer.status, headers, b"")
        if answer.status in GOOD:
            body, file = await _content(answer, request, _limits(web, request).body)
            return Response(str(url), answer.status, headers, body, file)
        content = b"" if answer.status in KINDS else await _opening(answer, web.limits.body)
        raise refusal(url.host or "", answer.status, headers, content, now=clock.now())


def _legible(value: str) -> str:
    return value.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _multipart(request: Request) -> aiohttp.FormData:
    form = aiohttp.FormData()
    for name, (filename, content, kind) in request.files.items():
        form.add_field(name, content, filename=filename, content_type=kind)
    return form


def _limits(web: _Web, request: Request) -> Limits:
    return web.large if request.large else web.limits


async def _content(
    answer: aiohttp.ClientResponse, request: Request, cap: int
) -> tuple[bytes, IO[bytes] | None]:
    """The whole answer: in memory, or of a large request in a temporary file at its start."""
    if not request.large or answer.status != HTTPStatus.OK:
        return await _body(answer, cap), None
    with ExitStack() as unless_whole:
        file = unless_whole.enter_context(TemporaryFile())
        async for piece in _pieces(answer, cap):
            file.write(piece)
        file.seek(0)
        unless_whole.pop_all()
    return b"", file


async def _body(answer: aiohttp.ClientResponse, cap: int) -> bytes:
    return b"".join([piece async for piece in _pieces(answer, cap)])


async def _pieces(answer: aiohttp.ClientResponse, cap: int) -> AsyncIterator[bytes]:
    """The body, unpacked; aiohttp itself raises ClientPayloadError on one shorter than it announced."""
    packed = is_packed(answer.headers.get("content-encoding", ""), host=answer.url.host or "")
    tool, size, arrived = unpacker(), 0, False
    async for piece in answer.content.iter_chunked(PIECE):
        arrived, found = True, bytearray()
        if packed:
            tool = unpack(tool, piece, found, cap - size)
        else:
            found += piece
        size += len(found)
        if size > cap:
            sentence = f"The answer of {answer.url.host} is larger than {cap / 1024 / 1024:g} MB."
            raise SourceError(sentence, kind=FaultKind.UNSAFE)
        yield bytes(found)
    if packed and arrived and not tool.eof:
        raise aiohttp.ClientPayloadError


async def _opening(answer: aiohttp.ClientResponse, cap: int) -> bytes:
    """The body of an answer we cannot use; empty when even that does not come through."""
    with suppress(SourceError, aiohttp.ClientError, zlib.error):
        return await _body(answer, cap)
    return b""
