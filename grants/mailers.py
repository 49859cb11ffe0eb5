# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The one gateway to the outside: letters over SMTP and alerts, both through Apprise.

Apprise's own mail makes a new Message-ID on every try and tells only true or false. Our plugin carries a
letter that is already frozen, byte for byte, and reports what the server said.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from email.utils import parseaddr
from typing import Any

import apprise
from apprise.manager_plugins import NotificationManager
from apprise.plugins.base import NotifyBase

from grants.smtp import Line, Outcome, Sent, fit, relay_of, transmit

Mailer = Callable[[bytes, str, str], Sent]
"""Sends a frozen letter (MIME bytes) from a sender ("Name <address>") to a recipient (a bare address)."""


@contextmanager
def connected(smtp_url: str, *, copy_to: str = "") -> Iterator[Mailer]:
    """A Mailer for a relay, with one line for a round of letters. Raises PijplijnError when it is none.

    `copy_to` is an archive's address: the server takes a letter for both or for nobody.
    """
    line = Line(relay_of(smtp_url))
    try:
        yield lambda mime, sender, recipient: _handed_over(line, mime, sender, recipient, copy_to)
    finally:
        line.hang_up()


def _handed_over(line: Line, mime: bytes, sender: str, recipient: str, copy_to: str) -> Sent:
    gateway = apprise.Apprise()
    bare = parseaddr(sender)[1]
    letter = _Letter(line=line, mime=mime, sender=bare, recipient=recipient, copy_to=copy_to)
    gateway.add(letter)
    gateway.notify(body="letter")  # the true body is frozen already, but Apprise wants one
    return letter.sent


def alert(urls: Iterable[str], title: str, body: str) -> bool:
    """Tell the operator by every Apprise address; whether all of them took it."""
    gateway = apprise.Apprise()
    understood = [gateway.add(url) for url in urls]
    return bool(gateway.notify(title=title, body=body)) and all(understood)


class _Letter(NotifyBase):
    """One frozen letter as an Apprise notification."""

    service_name = "Pijplijn letter"  # type: ignore[assignment]
    secure_protocol = "pijplijn"  # type: ignore[assignment]
    request_rate_per_sec = 0  # a new object for each letter: there is nothing to slow down
    templates = ("{schema}://",)  # type: ignore[assignment]

    def __init__(
        self, *, line: Line, mime: bytes, sender: str, recipient: str, copy_to: str = "", **words: Any
    ) -> None:
        super().__init__(**words)  # type: ignore[no-untyped-call]
        self.line, self.mime, self.sender = line, mime, sender
        self.recipient, self.copy_to = recipient, copy_to
        self.sent = Sent(Outcome.DEFERRED, "not tried")

    def url(self, *_: Any, **__: Any) -> str:
        """No address: it would hold the password."""
        return f"{self.secure_protocol}://"

    def send(self, *_: Any, **__: Any) -> bool:
        """Hand the letter to the relay; Apprise hears yes or no, we keep the server's words."""
        try:
            self.sent = transmit(self.line, self.mime, self.sender, self.recipient, self.copy_to)
        except Exception as error:  # noqa: BLE001 - Apprise would swallow it, and the letter may have gone
            self.sent = Sent(Outcome.UNANSWERED, fit(f"{type(error).__name__}: {error}"))
        return self.sent.outcome == Outcome.ACCEPTED


NotificationManager().add(_Letter)  # type: ignore[no-untyped-call]
