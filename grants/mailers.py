# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The one gateway to the outside: letters over SMTP and alerts, both through Apprise.

Apprise's own mail makes a new Message-ID on every try and tells only true or false. Our plugin carries a
letter that is already frozen, byte for byte, and reports what the server said.
"""

import re
import smtplib
import socket
import ssl
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from email.utils import parseaddr
from enum import StrEnum
from functools import cache
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import apprise
from apprise.manager_plugins import NotificationManager
from apprise.plugins.base import NotifyBase

from grants.errors import PijplijnError
from grants.refusals import for_good

SECONDS = 30.0  # a relay may think this long over one answer
# … and this long over a whole letter: well within outbox.LEASE, so that nobody else sends it too
PATIENCE = 180.0
REPLY_LENGTH = 500
# Printable ASCII without < and >: nothing that could end the command and start another
ADDRESS = re.compile(r"[!-;=?-~]+@[!-;=?-~]+")


class Outcome(StrEnum):
    """What became of one try."""

    ACCEPTED = "accepted"  # 2xx: the server has it
    DEFERRED = "deferred"  # 4xx, or no connection: certainly not sent, try later
    REFUSED = "refused"  # 5xx: never
    UNANSWERED = "unanswered"  # the letter was handed over and nobody answered: nobody knows


@dataclass(frozen=True, slots=True)
class Sent:
    """The outcome of one try and the server's words."""

    outcome: Outcome
    reply: str = ""
    gone: bool = False  # refused because the address does not exist


@dataclass(frozen=True, slots=True)
class Relay:
    """A mail server, from smtp://user:password@host:port?starttls=yes or smtps://…."""

    host: str
    port: int
    tls: bool = False
    starttls: bool = False
    user: str = ""
    password: str = field(default="", repr=False)


Mailer = Callable[[bytes, str, str], Sent]
"""Sends a frozen letter (MIME bytes) from a sender ("Name <address>") to a recipient (a bare address)."""


def mailer(smtp_url: str, *, copy_to: str = "") -> Mailer:
    """A Mailer for a relay. Raises PijplijnError when the address is none.

    `copy_to` is an archive's address: the server takes a letter for both or for nobody.
    """
    relay = relay_of(smtp_url)

    def send(mime: bytes, sender: str, recipient: str) -> Sent:
        gateway = apprise.Apprise()
        letter = _Letter(
            relay=relay, mime=mime, sender=parseaddr(sender)[1], recipient=recipient, copy_to=copy_to
        )
        gateway.add(letter)
        gateway.notify(body="letter")  # the true body is frozen already, but Apprise wants one
        return letter.sent

    return send


def alert(urls: Iterable[str], title: str, body: str) -> bool:
    """Tell the operator by every Apprise address; whether all of them took it."""
    gateway = apprise.Apprise()
    understood = [gateway.add(url) for url in urls]
    return bool(gateway.notify(title=title, body=body)) and all(understood)


def relay_of(smtp_url: str) -> Relay:
    """Read a relay's address; raises PijplijnError, which never tells the password."""
    relay = _parsed(smtp_url)
    if relay is None:
        sentence = (
            "PIJPLIJN_SMTP_URL should look like smtp://host:25, smtp://user:password@host:587?starttls=yes "
            "or smtps://user:password@host:465."
        )
        raise PijplijnError(sentence)
    return relay


def _parsed(smtp_url: str) -> Relay | None:
    try:
        parts = urlsplit(smtp_url)
        port = parts.port
    except ValueError:
        return None
    starttls = parse_qs(parts.query).get("starttls", ["no"])
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname or starttls not in (["yes"], ["no"]):
        return None
    return Relay(
        host=parts.hostname,
        port=port or (465 if parts.scheme == "smtps" else 25),
        tls=parts.scheme == "smtps",
        starttls=starttls == ["yes"],
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )


class _Letter(NotifyBase):
    """One frozen letter as an Apprise notification."""

    service_name = "Pijplijn letter"  # type: ignore[assignment]
    secure_protocol = "pijplijn"  # type: ignore[assignment]
    request_rate_per_sec = 0  # a new object for each letter: there is nothing to slow down
    templates = ("{schema}://",)  # type: ignore[assignment]

    def __init__(
        self, *, relay: Relay, mime: bytes, sender: str, recipient: str, copy_to: str = "", **words: Any
    ) -> None:
        super().__init__(**words)  # type: ignore[no-untyped-call]
        self.relay, self.mime, self.sender = relay, mime, sender
        self.recipient, self.copy_to = recipient, copy_to
        self.sent = Sent(Outcome.DEFERRED, "not tried")

    def url(self, *_: Any, **__: Any) -> str:
        """No address: it would hold the password."""
        return f"{self.secure_protocol}://"

    def send(self, *_: Any, **__: Any) -> bool:
        """Hand the letter to the relay; Apprise hears yes or no, we keep the server's words."""
        try:
            self.sent = transmit(self.relay, self.mime, self.sender, self.recipient, self.copy_to)
        except Exception as error:  # noqa: BLE001 - Apprise would swallow it, and the letter may have gone
            self.sent = Sent(Outcome.UNANSWERED, fit(f"{type(error).__name__}: {error}"))
        return self.sent.outcome == Outcome.ACCEPTED


NotificationManager().add(_Letter)  # type: ignore[no-untyped-call]


def transmit(relay: Relay, mime: bytes, sender: str, recipient: str, copy_to: str = "") -> Sent:
    """One SMTP conversation between two bare addresses and the archive's, and what it came to."""
    for address in (sender, recipient, *([copy_to] if copy_to else [])):
        if not ADDRESS.fullmatch(address):
            return Sent(Outcome.REFUSED, f"“{fit(address)}” is no address for SMTP.")
    until = time.monotonic() + PATIENCE
    try:
        server = _connect(relay)
    except smtplib.SMTPResponseException as error:
        words = error.smtp_error.decode("utf-8", "replace") if isinstance(error.smtp_error, bytes) else error
        return Sent(
            Outcome.DEFERRED, fit(f"{error.smtp_code}: the relay refuses us, not the letter: {words}")
        )
    except smtplib.SMTPNotSupportedError as error:
        return Sent(Outcome.DEFERRED, fit(f"the relay refuses us, not the letter: {error}"))
    except (OSError, smtplib.SMTPException) as error:
        return Sent(Outcome.DEFERRED, fit(f"{type(error).__name__}: {error}"))
    try:
        return _envelope(server, sender, recipient, copy_to) or _body(server, mime, until)
    finally:
        server.close()


@cache
def _trust() -> ssl.SSLContext:
    """Read once: the machine's certificates take longer than the whole conversation."""
    return ssl.create_default_context()


def _connect(relay: Relay) -> smtplib.SMTP:
    """Say hello and sign in. Raises OSError and SMTPException."""
    if relay.tls:
        server: smtplib.SMTP = smtplib.SMTP_SSL(relay.host, relay.port, timeout=SECONDS, context=_trust())
    else:
        server = smtplib.SMTP(relay.host, relay.port, timeout=SECONDS)
    try:
        if server.sock is not None:  # else the final dot waits for the server to confirm the lines before it
            server.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if relay.starttls:
            server.starttls(context=_trust())
        if relay.user:
            server.login(relay.user, relay.password)
        server.ehlo_or_helo_if_needed()
    except (OSError, smtplib.SMTPException):
        server.close()
        raise
    return server


def _envelope(server: smtplib.SMTP, sender: str, recipient: str, copy_to: str) -> Sent | None:
    """MAIL, RCPT and DATA in turn: the first answer that stops us, or None when the letter may follow."""
    steps: list[tuple[Callable[[], tuple[int, bytes]], set[int]]] = [
        (lambda: server.docmd(f"mail FROM:<{sender}>"), {250}),
        (lambda: server.docmd(f"rcpt TO:<{recipient}>"), {250, 251}),
        (lambda: server.docmd("DATA"), {354}),
    ]
    archive = (lambda: server.docmd(f"rcpt TO:<{copy_to}>"), {250, 251})
    if copy_to:
        steps.insert(2, archive)
    try:
        for step in steps:
            say, go_on = step
            code, reply = say()
            if code not in go_on and step is archive:  # never the letter's fault
                return Sent(Outcome.DEFERRED, fit(f"the archive: {_words(code, reply)}"))
            if code not in go_on:
                words = _words(code, reply)
                gone = step is steps[1] and for_good(words)
                return Sent(_meaning(code, otherwise=Outcome.DEFERRED), words, gone)
    except (OSError, smtplib.SMTPException) as error:
        return Sent(Outcome.DEFERRED, fit(f"{type(error).__name__}: {error}"))
    return None


def _body(server: smtplib.SMTP, mime: bytes, until: float) -> Sent:
    """The letter with its dots doubled (RFC 5321 §4.5.2), the final dot, and the answer to it."""
    lines = mime.replace(b"\r\n", b"\n").split(b"\n")
    stuffed = b"\r\n".join(b"." + line if line.startswith(b".") else line for line in lines)
    try:
        server.send(stuffed.removesuffix(b"\r\n"))
        if time.monotonic() > until:
            return Sent(Outcome.DEFERRED, "the relay is too slow: the letter was broken off before its end")
    except (OSError, smtplib.SMTPException) as error:  # a letter without its final dot is none
        return Sent(Outcome.DEFERRED, fit(f"{type(error).__name__}: {error}"))
    try:
        server.send(b"\r\n.\r\n")
        code, reply = server.getreply()
    except (OSError, smtplib.SMTPException) as error:
        return Sent(Outcome.UNANSWERED, fit(f"{type(error).__name__}: {error}"))
    if 200 <= code < 300:  # noqa: PLR2004 - the classes of RFC 5321 §4.2.1
        return Sent(Outcome.ACCEPTED, _words(code, reply))
    return Sent(_meaning(code, otherwise=Outcome.UNANSWERED), _words(code, reply))


def _meaning(code: int, *, otherwise: Outcome) -> Outcome:
    """What a refusal comes to by RFC 5321 §4.2.1; `otherwise` when the answer is none of its classes."""
    return {4: Outcome.DEFERRED, 5: Outcome.REFUSED}.get(code // 100, otherwise)


def _words(code: int, reply: bytes) -> str:
    return fit(f"{code} {reply.decode('utf-8', 'replace')}")


def fit(text: str) -> str:
    """Fit to be kept and shown: no control characters, not endless."""
    return re.sub(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", "\ufffd", text)[:REPLY_LENGTH]
