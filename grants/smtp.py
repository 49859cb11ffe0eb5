# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""One letter over SMTP, and what came of it; a line to the relay is kept for the next while all goes well."""

import re
import smtplib
import socket
import ssl
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from urllib.parse import parse_qs, unquote, urlsplit

from grants.errors import PijplijnError
from grants.refusals import for_good

SECONDS = 30.0  # a relay may think this long over one answer
# … and this long over a whole letter: well within outbox.LEASE, so that nobody else sends it too
PATIENCE = 180.0
REPLY_LENGTH = 500
LETTERS = 50  # over one line: many a server hangs up on a longer talk
NO_COPY = "the archive: "  # so begin its words where they are kept
CLOSING = 421  # RFC 5321 §3.8: it hangs up
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
    no_archive: bool = False  # put off because the archive's own address is refused for good


@dataclass(frozen=True, slots=True)
class Relay:
    """A mail server, from smtp://user:password@host:port?starttls=yes or smtps://…."""

    host: str
    port: int
    tls: bool = False
    starttls: bool = False
    user: str = ""
    password: str = field(default="", repr=False)


@dataclass(slots=True)
class Line:
    """A connection to a relay: made when it is needed, and how many letters went over it."""

    relay: Relay
    server: smtplib.SMTP | None = None
    letters: int = 0

    def hang_up(self) -> None:
        """The next letter gets a new one."""
        if self.server is not None:
            self.server.close()
        self.server, self.letters = None, 0


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


def transmit(line: Line, mime: bytes, sender: str, recipient: str, copy_to: str = "") -> Sent:
    """One letter between two bare addresses and the archive's, and what it came to.

    The line is kept only after a letter that was accepted: whatever else happened, the next begins anew.
    """
    for address in (sender, recipient, *([copy_to] if copy_to else [])):
        if not ADDRESS.fullmatch(address):
            return Sent(Outcome.REFUSED, f"“{fit(address)}” is no address for SMTP.")
    sent = _spoken(line, mime, sender, recipient, copy_to)
    line.letters += 1
    if sent.outcome != Outcome.ACCEPTED or line.letters >= LETTERS:
        line.hang_up()
    return sent


def _spoken(line: Line, mime: bytes, sender: str, recipient: str, copy_to: str) -> Sent:
    until = time.monotonic() + PATIENCE
    try:
        server = _begun(line, sender)
    except smtplib.SMTPSenderRefused as error:
        return Sent(
            _meaning(error.smtp_code, otherwise=Outcome.DEFERRED), _words(error.smtp_code, _bytes(error))
        )
    except smtplib.SMTPResponseException as error:
        words = _bytes(error).decode("utf-8", "replace")
        return Sent(
            Outcome.DEFERRED, fit(f"{error.smtp_code}: the relay refuses us, not the letter: {words}")
        )
    except smtplib.SMTPNotSupportedError as error:
        return Sent(Outcome.DEFERRED, fit(f"the relay refuses us, not the letter: {error}"))
    except (OSError, smtplib.SMTPException) as error:
        return Sent(Outcome.DEFERRED, fit(f"{type(error).__name__}: {error}"))
    return _envelope(server, recipient, copy_to) or _body(server, mime, until)


def _bytes(error: smtplib.SMTPResponseException) -> bytes:
    return error.smtp_error if isinstance(error.smtp_error, bytes) else str(error.smtp_error).encode()


def _begun(line: Line, sender: str) -> smtplib.SMTP:
    """MAIL, on the line there is; a relay that hung up since the last letter is called again.

    Raises OSError and SMTPException.
    """
    if line.server is not None:
        with suppress(smtplib.SMTPServerDisconnected, ConnectionError):
            code, reply = line.server.docmd(f"mail FROM:<{sender}>")
            if code != CLOSING:
                return _taken(line.server, code, reply, sender)
        line.hang_up()
    line.server = _connect(line.relay)
    return _taken(line.server, *line.server.docmd(f"mail FROM:<{sender}>"), sender)


def _taken(server: smtplib.SMTP, code: int, reply: bytes, sender: str) -> smtplib.SMTP:
    if code != 250:  # noqa: PLR2004 - RFC 5321 §4.3.2
        raise smtplib.SMTPSenderRefused(code, reply, sender)
    return server


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


def _envelope(server: smtplib.SMTP, recipient: str, copy_to: str) -> Sent | None:
    """RCPT and DATA in turn: the first answer that stops us, or None when the letter may follow."""
    steps: list[tuple[Callable[[], tuple[int, bytes]], set[int]]] = [
        (lambda: server.docmd(f"rcpt TO:<{recipient}>"), {250, 251}),
        (lambda: server.docmd("DATA"), {354}),
    ]
    archive = (lambda: server.docmd(f"rcpt TO:<{copy_to}>"), {250, 251})
    if copy_to:
        steps.insert(1, archive)
    try:
        for step in steps:
            say, go_on = step
            code, reply = say()
            if code not in go_on and step is archive:  # never the letter's fault
                words = fit(f"{NO_COPY}{_words(code, reply)}")
                refused = _meaning(code, otherwise=Outcome.DEFERRED) == Outcome.REFUSED
                return Sent(Outcome.DEFERRED, words, no_archive=refused)
            if code not in go_on:
                words = _words(code, reply)
                gone = step is steps[0] and for_good(words)
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
