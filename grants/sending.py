# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Send what waits with the means of this machine: the flow does so every five minutes, staff by hand."""

from datetime import datetime

from config.settings import Settings
from grants.archive import archive
from grants.mailers import mailer
from grants.outbox import Delivery, deliver
from grants.reminders import write_amendments
from grants.undeliverable import write_undeliverable
from models.session import Begin


def send_all(begin: Begin, *, now: datetime, settings: Settings) -> Delivery:
    """Tell of moved deadlines and refused addresses, recall what is overtaken, and send what waits."""
    with begin() as session:
        write_amendments(session, now=now, settings=settings)
        write_undeliverable(session, now=now, settings=settings)
    return deliver(
        begin,
        mailer=mailer(settings.smtp_url, copy_to=settings.archive_address),
        sender=settings.mail_from,
        now=now,
        journal=settings.journal_file,
        archive=archive(settings.archive_url.get_secret_value()),
    )
