# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""When a run failed or crashed: tell the operator, by the automation that flows/lay_down.py lays down."""

from prefect import flow

from config.settings import settings
from grants.mailers import alert


@flow(name="tell-operator", flow_run_name="tell of {run}", timeout_seconds=120, retries=3)
def tell_operator(flow: str, run: str, state: str) -> None:
    """Names the run and how it ended; why is in Prefect, behind its password."""
    text = (
        f"The run '{run}' of {flow} ended as {state}; the next one does what was left. Prefect has its log."
    )
    alert(settings().alert_urls, f"{flow}: {state}", text)
