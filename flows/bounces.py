# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Every ten minutes: read what came back to the sender's mailbox, where there is one."""

from functools import partial

from prefect import flow
from prefect.artifacts import create_table_artifact

from config.settings import settings
from grants import clock
from grants.mailers import alert
from grants.running import noted
from grants.sending import read_all_bounces
from models.session import connect, transactions


@flow(name="read-bounces", flow_run_name=clock.stamped("bounces"), timeout_seconds=600)
def read_bounces() -> dict[str, int]:
    """Returns how many letters were read, by what they were."""
    begin = transactions(connect(settings().database_url))
    tell = partial(alert, settings().alert_urls)
    with noted(begin, "read-bounces", clock.now):
        found = read_all_bounces(begin, now=clock.now(), settings=settings(), send=tell)
        told = {str(finding): count for finding, count in found.items()}
        create_table_artifact([told], key="bounces")
    return told
