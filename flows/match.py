# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""When a colleague changed a theme: match every call that waits for it, at once."""

from prefect import flow, get_run_logger
from prefect.artifacts import create_table_artifact

from config.settings import settings
from grants import clock
from grants.matching import match_all
from grants.scoring.semantic import encoder
from models.session import connect, transactions


@flow(name="match-calls", flow_run_name=clock.stamped("match"), timeout_seconds=1800)
def match_calls() -> int:
    """Returns how many calls were matched."""
    log = get_run_logger()
    matched = match_all(
        transactions(connect(settings().database_url)), encoder=encoder(), now=clock.now(),
        told=lambda count: log.info("%s calls matched", count),
    )  # fmt: skip
    create_table_artifact([{"matched": matched}], key="match")
    return matched
