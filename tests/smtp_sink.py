# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""A real SMTP server that keeps what it takes, with faults to order."""

import asyncio
import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from grants.mailers import Mailer, connected
from grants.smtp import Sent

LINGER = 0.03  # seconds
NUMBER = re.compile(rb"^Message-ID: (\S+)", re.MULTILINE)


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


@dataclass
class Faulty(Sink):
    """A server that now and then is busy, breaks off, or takes a letter and does not say so.

    It lingers before it takes a letter and before it says so: the moments in which a kill decides.
    """

    dice: Random = field(default_factory=Random)
    log: Path | None = None  # as Postfix keeps one

    async def handle_RCPT(self, *said: object) -> str:  # noqa: N802 - aiosmtpd calls it so
        self.at_rcpt = ["451 busy"] if self.dice.random() < 0.03 else []
        return await super().handle_RCPT(*said)  # type: ignore[arg-type]

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - as above
        (fault,) = self.dice.choices(["250 Taken", "451 busy", "lose", "drop"], [80, 4, 8, 8])
        before, after = self.dice.uniform(0, LINGER), self.dice.uniform(0, LINGER)
        await asyncio.sleep(before)
        self.at_dot = [fault]
        already = len(self.taken)
        answer = await super().handle_DATA(server, session, envelope)
        if self.log is not None:
            write_log(self.log, envelope.original_content or b"", taken=len(self.taken) > already)
        await asyncio.sleep(after)
        return answer


def write_log(log: Path, content: bytes, *, taken: bool) -> None:
    """The header is told of whatever becomes of the letter; the queue, only of one that was taken."""
    lines = [b"cleanup[2]: 4Bxq1: message-id=%s" % NUMBER.findall(content)[0]]
    if taken:
        lines += [b"qmgr[1]: 4Bxq1: from=<p@enschede.example>, size=1, nrcpt=1 (queue active)"]
    with log.open("ab") as file:
        file.write(b"".join(b"Nov 25 09:00:01 mail postfix/%s\n" % line for line in lines))


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
