# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Send what waits and read what came back, with the means of this machine: flows do so, and staff by hand."""

from collections.abc import Mapping
from datetime import datetime

from config.settings import Settings
from grants.archive import any_of, archive
from grants.bounces import read_bounces, return_box
from grants.mailboxes import MailboxError
from grants.mailers import connected
from grants.outbox import Delivery, deliver
from grants.relay_log import relay_log
from grants.reminders import write_amendments
from grants.undeliverable import write_undeliverable
from grants.upkeep import Send, tell
from models.message import Finding
from models.session import Begin


def send_all(begin: Begin, *, now: datetime, settings: Settings) -> Delivery:
    """Tell of moved deadlines and refused addresses, recall what is overtaken, and send what waits."""
    with begin() as session:
        write_amendments(session, now=now, settings=settings)
        write_undeliverable(session, now=now, settings=settings)
    asked = any_of(archive(settings.archive_url.get_secret_value()), relay_log(settings.relay_log))
    url, copy_to = settings.smtp_url, settings.archive_address
    with connected(url, copy_to=copy_to) as by, connected(url) as uncopied:
        return deliver(
            begin,
            mailer=by,
            uncopied=uncopied,
            sender=settings.envelope_sender,
            now=now,
            journal=settings.journal_file,
            archive=asked,
        )


def read_all_bounces(begin: Begin, *, now: datetime, settings: Settings, send: Send) -> Mapping[Finding, int]:
    """Read what came back, where there is a mailbox for it; that it cannot be asked is told by `send`."""
    box = return_box(settings.bounce_url.get_secret_value())
    if box is None:
        return {}
    found: Mapping[Finding, int] = {}
    trouble = {}
    try:
        found = read_bounces(begin, box=box, now=now)
    except MailboxError as error:
        trouble["bounces:mailbox"] = f"What came back is not read. {error}"
    tell(begin, send=send, now=now, watches={"bounces:": lambda *_: trouble.items()})
    return found
