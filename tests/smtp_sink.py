# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""A real SMTP server that keeps what it takes, with faults to order."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from grants.mailers import Mailer, connected
from grants.smtp import Sent


def mailer(url: str, *, copy_to: str = "") -> Mailer:
    """The one of deliveries, with a line of its own for each letter."""

    def send(mime: bytes, sender: str, recipient: str) -> Sent:
        with connected(url, copy_to=copy_to) as by:
            return by(mime, sender, recipient)

    return send


@dataclass
class Sink:
    """What was taken, and the answers still to give at RCPT and at the final dot ("drop" and "lose" hang up).

    "drop" has taken the letter by then, "lose" has not.
    """

    taken: list[tuple[str, bytes]] = field(default_factory=list)
    envelopes: list[list[str]] = field(default_factory=list)
    at_mail: list[str] = field(default_factory=list)
    at_rcpt: list[str] = field(default_factory=list)
    at_dot: list[str] = field(default_factory=list)
    lines: int = 0
    url: str = ""

    async def handle_EHLO(  # noqa: N802 - aiosmtpd calls it so
        self, _server: SMTP, session: Session, _envelope: Envelope, name: str, said: list[str]
    ) -> list[str]:
        self.lines += 1
        session.host_name = name
        return said

    async def handle_MAIL(  # noqa: N802 - as above
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, _o: list[str]
    ) -> str:
        answer = self.at_mail.pop(0) if self.at_mail else "250 OK"
        if answer.startswith("250"):
            envelope.mail_from = address
        if answer == "drop":
            server.transport.abort()
        return answer

    async def handle_RCPT(  # noqa: N802 - aiosmtpd calls it so
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _o: list[str]
    ) -> str:
        answer = self.at_rcpt.pop(0) if self.at_rcpt else "250 OK"
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - as above
        answer = self.at_dot.pop(0) if self.at_dot else "250 Taken"
        if answer.startswith("250") or answer == "drop":
            self.taken.append((envelope.rcpt_tos[0], envelope.original_content or b""))
            self.envelopes.append(envelope.rcpt_tos)
        if answer in {"drop", "lose"}:
            server.transport.abort()
        return answer


@contextmanager
def smtp_sink(sink: Sink | None = None) -> Iterator[Sink]:
    sink = sink or Sink()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(sink, hostname="127.0.0.1", port=port)
    controller.start()
    sink.url = f"smtp://127.0.0.1:{port}"
    yield sink
    controller.stop()
