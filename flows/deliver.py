# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Every five minutes: tell of moved deadlines, recall what is overtaken, and send the messages that wait."""

from dataclasses import asdict
from functools import partial

from prefect import flow
from prefect.artifacts import create_table_artifact

from config.settings import settings
from grants import clock
from grants.mailers import alert
from grants.running import noted
from grants.sending import send_all
from grants.upkeep import DEADLINES, tell
from models.session import connect, transactions


@flow(name="deliver-messages", flow_run_name=clock.stamped("deliver"), timeout_seconds=1800)
def deliver_messages() -> dict[str, int]:
    """Returns how many went, wait, were refused, or are in doubt."""
    begin = transactions(connect(settings().database_url))
    with noted(begin, "deliver-messages", clock.now):
        sent = send_all(begin, now=clock.now(), settings=settings())
        tell(begin, send=partial(alert, settings().alert_urls), now=clock.now(), watches=DEADLINES)
        create_table_artifact([asdict(sent)], key="deliver")
    return asdict(sent)
