# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Every five minutes: send the messages that wait."""

from dataclasses import asdict

from prefect import flow

from config.settings import settings
from grants import clock
from grants.archive import archive
from grants.mailers import mailer
from grants.outbox import deliver
from models.session import connect, transactions


@flow(name="deliver-messages", timeout_seconds=1800)
def deliver_messages() -> dict[str, int]:
    """Returns how many went, wait, were refused, or are in doubt."""
    begin = transactions(connect(settings().database_url))
    return asdict(
        deliver(
            begin,
            mailer=mailer(settings().smtp_url, copy_to=settings().archive_address),
            sender=settings().mail_from,
            now=clock.now(),
            journal=settings().journal_file,
            archive=archive(settings().archive_url.get_secret_value()),
        )
    )
