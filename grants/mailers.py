# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The one gateway to the outside: letters over SMTP and alerts, both through Apprise.

Apprise's own mail makes a new Message-ID on every try and tells only true or false. Our plugin carries a
letter that is already frozen, byte for byte, and reports what the server said.
"""

import smtplib
import ssl
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from email.utils import parseaddr
from enum import StrEnum
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import apprise
from apprise.manager_plugins import NotificationManager
from apprise.plugins.base import NotifyBase

from grants.errors import PijplijnError

SECONDS = 30.0


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


@dataclass(frozen=True, slots=True)
class Relay:
    """A mail server, from smtp://user:password@host:port?starttls=yes or smtps://…."""

    host: str
    port: int
    tls: bool = False
    starttls: bool = False
    user: str = ""
    password: str = ""


Mailer = Callable[[bytes, str, str], Sent]
"""Sends a frozen letter (MIME bytes) from a sender to a recipient."""


def mailer(smtp_url: str) -> Mailer:
    """A Mailer for a relay. Raises PijplijnError when the address is none."""
    relay = relay_of(smtp_url)

    def send(mime: bytes, sender: str, recipient: str) -> Sent:
        gateway = apprise.Apprise()
        letter = _Letter(relay=relay, mime=mime, sender=parseaddr(sender)[1], recipient=recipient)
        gateway.add(letter)
        gateway.notify(body=recipient)  # the body is frozen already: Apprise wants one all the same
        return letter.sent

    return send


def alert(urls: Iterable[str], *, title: str, body: str) -> bool:
    """Tell the operator by every Apprise address; whether all of them took it."""
    gateway = apprise.Apprise()
    for url in urls:
        gateway.add(url)
    return bool(gateway.notify(title=title, body=body))


def relay_of(smtp_url: str) -> Relay:
    """Read a relay's address; raises PijplijnError, which never tells the password."""
    parts = urlsplit(smtp_url)
    try:
        port = parts.port
    except ValueError:
        port = -1
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname or port == -1:
        sentence = "PIJPLIJN_SMTP_URL should look like smtp://host:25 or smtps://user:password@host:465."
        raise PijplijnError(sentence)
    return Relay(
        host=parts.hostname,
        port=port or (465 if parts.scheme == "smtps" else 25),
        tls=parts.scheme == "smtps",
        starttls=parse_qs(parts.query).get("starttls") == ["yes"],
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )


class _Letter(NotifyBase):
    """One frozen letter as an Apprise notification."""

    service_name = "Pijplijn letter"  # type: ignore[assignment]
    secure_protocol = "pijplijn"  # type: ignore[assignment]
    request_rate_per_sec = 0  # a new object for each letter: there is nothing to slow down
    templates = ("{schema}://",)  # type: ignore[assignment]

    def __init__(self, *, relay: Relay, mime: bytes, sender: str, recipient: str, **words: Any) -> None:
        super().__init__(**words)  # type: ignore[no-untyped-call]
        self.relay, self.mime, self.sender, self.recipient = relay, mime, sender, recipient
        self.sent = Sent(Outcome.DEFERRED, "not tried")

    def url(self, *_: Any, **__: Any) -> str:
        """No address: it would hold the password."""
        return f"{self.secure_protocol}://"

    def send(self, *_: Any, **__: Any) -> bool:
        """Hand the letter to the relay; Apprise hears yes or no, we keep the server's words."""
        self.sent = transmit(self.relay, self.mime, self.sender, self.recipient)
        return self.sent.outcome == Outcome.ACCEPTED


NotificationManager().add(_Letter)  # type: ignore[no-untyped-call]


def transmit(relay: Relay, mime: bytes, sender: str, recipient: str) -> Sent:
    """One SMTP conversation, and what it came to."""
    try:
        server = _connect(relay)
    except (OSError, smtplib.SMTPException) as error:
        return _before_data(error)
    try:
        return _hand_over(server, mime, sender, recipient)
    finally:
        server.close()


def _connect(relay: Relay) -> smtplib.SMTP:
    trust = ssl.create_default_context()
    if relay.tls:
        server: smtplib.SMTP = smtplib.SMTP_SSL(relay.host, relay.port, timeout=SECONDS, context=trust)
    else:
        server = smtplib.SMTP(relay.host, relay.port, timeout=SECONDS)
    try:
        if relay.starttls:
            server.starttls(context=trust)
        if relay.user:
            server.login(relay.user, relay.password)
    except (OSError, smtplib.SMTPException):
        server.close()
        raise
    return server


def _hand_over(server: smtplib.SMTP, mime: bytes, sender: str, recipient: str) -> Sent:
    try:
        server.ehlo_or_helo_if_needed()
        for code, reply in (server.mail(sender), server.rcpt(recipient), server.docmd("DATA")):
            if code not in {250, 251, 354}:
                return _said(code, reply)
    except (OSError, smtplib.SMTPException) as error:
        return _before_data(error)
    try:
        return _said(*_body(server, mime))
    except (OSError, smtplib.SMTPException) as error:
        return Sent(Outcome.UNANSWERED, f"{type(error).__name__}: {error}")


def _body(server: smtplib.SMTP, mime: bytes) -> tuple[int, bytes]:
    """The letter with its dots doubled (RFC 5321 §4.5.2), the final dot, and the answer to it."""
    lines = mime.replace(b"\r\n", b"\n").split(b"\n")
    stuffed = b"\r\n".join(b"." + line if line.startswith(b".") else line for line in lines)
    server.send(stuffed.removesuffix(b"\r\n") + b"\r\n.\r\n")
    return server.getreply()


def _said(code: int, reply: bytes) -> Sent:
    words = f"{code} {reply.decode('utf-8', 'replace')}"
    if 200 <= code < 300:  # noqa: PLR2004 - the classes of RFC 5321 §4.2.1
        return Sent(Outcome.ACCEPTED, words)
    return Sent(Outcome.DEFERRED if 400 <= code < 500 else Outcome.REFUSED, words)  # noqa: PLR2004


def _before_data(error: Exception) -> Sent:
    """Nothing was handed over yet: whatever went wrong, the letter is not sent."""
    if isinstance(error, smtplib.SMTPResponseException) and error.smtp_code >= 500:  # noqa: PLR2004
        return Sent(Outcome.DEFERRED, f"{error.smtp_code}: the relay refuses us, not the letter: {error}")
    return Sent(Outcome.DEFERRED, f"{type(error).__name__}: {error}")
