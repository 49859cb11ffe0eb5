# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""At start: runs that lost their process are marked crashed, so that their place is free at once.

Right on one machine only, where nothing else can still be running them; run by ops/up.py.
"""

from typing import Any

from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterState, FlowRunFilterStateType
from prefect.client.schemas.objects import State, StateType
from prefect.states import Crashed

LOST = [StateType.RUNNING, StateType.PENDING, StateType.CANCELLING]


def settle() -> int:
    """Mark every unfinished run crashed; returns how many there were."""
    unfinished = FlowRunFilter(state=FlowRunFilterState(type=FlowRunFilterStateType(any_=LOST)))
    with get_client(sync_client=True) as client:
        runs = client.read_flow_runs(flow_run_filter=unfinished)
        for run in runs:
            lost: State[Any] = Crashed(message="Its process was lost; the next run does what was left.")
            client.set_flow_run_state(run.id, lost, force=True)
    return len(runs)


if __name__ == "__main__":
    settle()
