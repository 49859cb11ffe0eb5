# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""One question to one host by libcurl: the only module that speaks HTTP.

libcurl asks us for a socket to the address it found, so that redirects and rebinding names cannot get past
our look at it; and while it waits, other threads have Python to themselves.
"""

import socket
import ssl
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from tempfile import TemporaryFile
from typing import Any

import certifi
import pycurl
from yarl import URL

from grants.errors import FaultKind, SourceError
from grants.sources.guard import is_public
from grants.sources.incoming import Incoming
from grants.sources.limits import Limits
from grants.sources.reading import Request, Response

CUT = (FaultKind.NETWORK, "sent an answer that was cut short")
BARRED = (FaultKind.UNSAFE, "leads to a private address, which is never read")
OUT_OF_REACH = (FaultKind.NETWORK, "could not be reached within {0.connect:g} seconds")
NO_HTTP = (FaultKind.BROKEN, "answered something that is not proper HTTP")
INSECURE = (FaultKind.NETWORK, "offered no secure connection that can be trusted")
OTHER = (FaultKind.NETWORK, "could not be reached or broke off the connection")
FAULTS = {
    pycurl.E_COULDNT_RESOLVE_HOST: (FaultKind.NETWORK, "is a name that cannot be found"),
    pycurl.E_URL_MALFORMAT: (FaultKind.UNSAFE, "is no proper address"),
    pycurl.E_OPERATION_TIMEDOUT: (FaultKind.NETWORK, "gave no whole answer within {0.total:g} seconds"),
    pycurl.E_PARTIAL_FILE: CUT,
    pycurl.E_UNSUPPORTED_PROTOCOL: NO_HTTP,
    pycurl.E_FTP_WEIRD_SERVER_REPLY: NO_HTTP,
    pycurl.E_SSL_CONNECT_ERROR: INSECURE,
    pycurl.E_PEER_FAILED_VERIFICATION: INSECURE,
}
ALWAYS = (
    (pycurl.PROTOCOLS, pycurl.PROTO_HTTP | pycurl.PROTO_HTTPS), (pycurl.PROXY, ""), (pycurl.NOSIGNAL, 1),
    (pycurl.FORBID_REUSE, 1), (pycurl.DNS_CACHE_TIMEOUT, 0),
    (pycurl.BUFFERSIZE, 128 * 1024),  # bytes it hands over at a time
    (pycurl.CAINFO, certifi.where()),
    (pycurl.CAPATH, ssl.get_default_verify_paths().capath or ""),  # the machine's own, beside them
)  # fmt: skip

Names = Callable[[str], Sequence[str]]
"""The addresses a name leads to."""


@dataclass(slots=True)
class _Door:
    """Opens sockets to addresses that may be reached; knows whether one was refused."""

    trusting: bool
    sockets: ExitStack
    refused: bool = False

    def open(self, _purpose: int, address: Any) -> "socket.socket | int":
        family, kind, protocol, place = address
        if self.trusting or is_public(place[0]):
            # libcurl takes a copy of it, and leaves this one to us.
            opened: socket.socket = self.sockets.enter_context(socket.socket(family, kind, protocol))
            return opened
        self.refused = True
        return int(pycurl.SOCKET_BAD)


Handles = deque[pycurl.Curl]
"""Those no thread uses at this moment; each keeps what it learnt of certificates."""


@contextmanager
def handles() -> Iterator[Handles]:
    """What transfers are made with, closed at the end of the block."""
    idle: Handles = deque()
    yield idle
    for curl in idle:
        curl.close()


@contextmanager
def _one_of(idle: Handles) -> Iterator[pycurl.Curl]:
    curl = idle.pop() if idle else pycurl.Curl()
    try:
        yield curl
    finally:
        curl.reset()
        idle.append(curl)


def ask(  # noqa: PLR0913 - with what, what, where, and within which bounds
    idle: Handles,
    request: Request,
    url: URL,
    *,
    limits: Limits,
    seconds: float,
    trusted: bool,
    names: Names | None = None,
) -> Response:
    """What one host answers, whatever its status; only a success has a whole body.

    Args:
        idle: handles to take one from.
        request: what is asked.
        url: where, checked.
        limits: of time and size.
        seconds: how many are left for this.
        trusted: whether the host may have a private address.
        names: looks up names; the machine's own way when left out.

    Raises:
        SourceError: there is no answer, or a success is not whole.
    """
    host = url.host or ""
    with ExitStack() as unless_whole, ExitStack() as sockets, _one_of(idle) as curl:
        door = _Door(trusted, sockets)
        file = unless_whole.enter_context(TemporaryFile()) if request.large else None
        pieces: list[bytes] = []
        incoming = Incoming(host, limits.body, pieces.append if file is None else file.write)
        _prepare(curl, request, url, names)
        curl.setopt(pycurl.TIMEOUT_MS, max(1, int(seconds * 1000)))
        curl.setopt(pycurl.CONNECTTIMEOUT_MS, max(1, int(limits.connect * 1000)))
        curl.setopt(pycurl.OPENSOCKETFUNCTION, door.open)
        curl.setopt(pycurl.HEADERFUNCTION, incoming.line)
        curl.setopt(pycurl.WRITEFUNCTION, incoming.piece)
        try:
            curl.perform()
        except pycurl.error as error:
            if not incoming.refuses:
                raise incoming.fault or _fault(host, error, curl, door, limits) from error
        if incoming.cut and not incoming.refuses:
            raise SourceError(f"{host} {CUT[1]}.", kind=CUT[0])
        if file is None or incoming.status != HTTPStatus.OK:
            return Response(str(url), incoming.status, incoming.headers, b"".join(pieces))
        file.seek(0)
        unless_whole.pop_all()
    return Response(str(url), incoming.status, incoming.headers, b"", file)


def _prepare(curl: pycurl.Curl, request: Request, url: URL, names: Names | None) -> None:
    """Every request opens its own connection: a kept one would skip the look at its address."""
    for option, value in ALWAYS:
        curl.setopt(option, value)
    curl.setopt(pycurl.URL, str(url))
    if names:
        curl.setopt(pycurl.RESOLVE, [f"{url.host}:{url.port}:{','.join(names(url.host or ''))}"])
    headers = {**request.headers, "Expect": ""}  # no waiting for leave to send
    curl.setopt(pycurl.HTTPHEADER, [f"{name}: {value}".encode() for name, value in headers.items()])
    _send(curl, request)


def _send(curl: pycurl.Curl, request: Request) -> None:
    if request.files:
        form = pycurl.CurlMime(curl)
        for name, (filename, content, kind) in request.files.items():
            form.add(name, content, filename=filename, content_type=kind)
        curl.setopt(pycurl.MIMEPOST, form)
    elif request.method == "POST":
        curl.setopt(pycurl.POST, 1)
        curl.setopt(pycurl.POSTFIELDS, request.body or b"")
    else:
        curl.setopt(pycurl.HTTPGET, 1)  # a form stays in a handle that is reset


def _fault(host: str, error: pycurl.error, curl: pycurl.Curl, door: _Door, limits: Limits) -> SourceError:
    code = error.args[0]
    kind, words = FAULTS.get(code, OTHER)
    if door.refused and code == pycurl.E_COULDNT_CONNECT:
        kind, words = BARRED
    elif code == pycurl.E_OPERATION_TIMEDOUT and not curl.getinfo(pycurl.CONNECT_TIME):
        kind, words = OUT_OF_REACH
    elif code == pycurl.E_RECV_ERROR and curl.getinfo(pycurl.RESPONSE_CODE):
        kind, words = CUT
    return SourceError(f"{host} {words.format(limits)}.", kind=kind)
