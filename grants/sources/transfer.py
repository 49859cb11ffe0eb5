# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Questions to hosts by libcurl, one or many at once: the only module that speaks HTTP.

libcurl asks us for a socket to the address it found, so that redirects and rebinding names cannot get past
our look at it; and while it waits, other threads have Python to themselves.
"""

import socket
import ssl
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from tempfile import TemporaryFile
from typing import Any, Self

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

PATIENCE = 0.01  # seconds between looks whether something may start

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


@dataclass(frozen=True, slots=True, eq=False)
class Hop:
    """One question to one host.

    Args:
        request: what is asked.
        url: where, checked.
        trusted: whether the host may have a private address.
        limits: of time and size.
        seconds: how many are left for this.
        names: looks up names; the machine's own way when left out.
    """

    request: Request
    url: URL
    trusted: bool
    limits: Limits
    seconds: float
    names: Names | None = None


Handles = deque[pycurl.Curl]
"""Those no thread uses at this moment; each keeps what it learnt of certificates."""


@contextmanager
def handles() -> Iterator[Handles]:
    """What transfers are made with, closed at the end of the block."""
    idle: Handles = deque()
    yield idle
    for curl in idle:
        curl.close()


def ask(idle: Handles, hop: Hop) -> Response:
    """What one host answers, whatever its status; only a success has a whole body.

    Raises:
        SourceError: there is no answer, or a success is not whole.
    """
    with _Transfer(idle, hop) as transfer:
        try:
            transfer.curl.perform()
        except pycurl.error as error:
            return transfer.answer(error.args[0])
        return transfer.answer()


def ask_many(
    idle: Handles, ready: Callable[[], Hop | None], more: Callable[[], bool]
) -> Iterator[tuple[Hop, Response | SourceError]]:
    """The same for many, all from this thread: a tenth of what a thread for each costs.

    Args:
        idle: handles to take from.
        ready: the next to start now; None when there is none, or no room.
        more: whether some have not been started.
    """
    with ExitStack() as started, closing(pycurl.CurlMulti()) as multi:
        going: dict[pycurl.Curl, _Transfer] = {}
        while True:
            while hop := ready():
                transfer = started.enter_context(_Transfer(idle, hop))
                going[transfer.curl] = transfer
                multi.add_handle(transfer.curl)
            if not going and not more():
                return
            multi.perform()
            ended = _ended(multi)
            for curl, code in ended:
                multi.remove_handle(curl)
                with going.pop(curl) as transfer:
                    yield transfer.hop, transfer.outcome(code)
            if not ended and any(multi.fdset()):
                multi.select(PATIENCE)
            elif not ended:  # names are looked up, or there is no room
                time.sleep(PATIENCE)


def _ended(multi: pycurl.CurlMulti) -> list[tuple[pycurl.Curl, int]]:
    _, good, bad = multi.info_read(10_000)
    return [(curl, pycurl.E_OK) for curl in good] + [(curl, code) for curl, code, _ in bad]


class _Transfer:
    """One hop on its way; closed when it is left, except for the file of a large success."""

    def __init__(self, idle: Handles, hop: Hop) -> None:
        self.idle, self.hop = idle, hop
        self.curl = idle.pop() if idle else pycurl.Curl()
        self.sockets, self.pieces = ExitStack(), list[bytes]()
        self.door = _Door(hop.trusted, self.sockets)
        self.file = TemporaryFile() if hop.request.large else None  # noqa: SIM115 - whoever reads it closes it
        keep = self.file.write if self.file else self.pieces.append
        self.incoming = Incoming(hop.url.host or "", hop.limits.body, keep)
        _prepare(self.curl, hop)
        self.curl.setopt(pycurl.OPENSOCKETFUNCTION, self.door.open)
        self.curl.setopt(pycurl.HEADERFUNCTION, self.incoming.line)
        self.curl.setopt(pycurl.WRITEFUNCTION, self.incoming.piece)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.sockets.close()
        if self.file:
            self.file.close()
        self.curl.reset()
        self.idle.append(self.curl)

    def outcome(self, code: int) -> Response | SourceError:
        """The answer, or why there is none."""
        try:
            return self.answer(code)
        except SourceError as fault:
            return fault

    def answer(self, code: int = pycurl.E_OK) -> Response:
        """What came, now that libcurl ended with this code. Raises SourceError."""
        incoming, url = self.incoming, str(self.hop.url)
        if code != pycurl.E_OK and not incoming.refuses:
            raise incoming.fault or self._fault(code)
        if incoming.cut and not incoming.refuses:
            raise SourceError(f"{incoming.host} {CUT[1]}.", kind=CUT[0])
        file, self.file = (self.file, None) if incoming.status == HTTPStatus.OK else (None, self.file)
        if file:
            file.seek(0)
        return Response(url, incoming.status, incoming.headers, b"".join(self.pieces), file)

    def _fault(self, code: int) -> SourceError:
        kind, words = FAULTS.get(code, OTHER)
        if self.door.refused and code == pycurl.E_COULDNT_CONNECT:
            kind, words = BARRED
        elif code == pycurl.E_OPERATION_TIMEDOUT and not self.curl.getinfo(pycurl.CONNECT_TIME):
            kind, words = OUT_OF_REACH
        elif code == pycurl.E_RECV_ERROR and self.curl.getinfo(pycurl.RESPONSE_CODE):
            kind, words = CUT
        return SourceError(f"{self.incoming.host} {words.format(self.hop.limits)}.", kind=kind)


def _prepare(curl: pycurl.Curl, hop: Hop) -> None:
    """Every request opens its own connection: a kept one would skip the look at its address."""
    for option, value in ALWAYS:
        curl.setopt(option, value)
    url = hop.url
    curl.setopt(pycurl.URL, str(url))
    curl.setopt(pycurl.TIMEOUT_MS, max(1, int(hop.seconds * 1000)))
    curl.setopt(pycurl.CONNECTTIMEOUT_MS, max(1, int(hop.limits.connect * 1000)))
    if hop.names:
        curl.setopt(pycurl.RESOLVE, [f"{url.host}:{url.port}:{','.join(hop.names(url.host or ''))}"])
    headers = {**hop.request.headers, "Expect": ""}  # no waiting for leave to send
    curl.setopt(pycurl.HTTPHEADER, [f"{name}: {value}".encode() for name, value in headers.items()])
    _send(curl, hop.request)


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
