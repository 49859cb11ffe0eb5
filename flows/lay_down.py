# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""At start: the work pool, the deployments of prefect.yaml, and what Prefect does when a run goes wrong.

Twice is the same; run by ops/up.py, or as a job of its own (`manage.py start schedules`).
"""

import subprocess
import sys
from datetime import timedelta
from uuid import UUID

from prefect.client.orchestration import get_client
from prefect.client.schemas.actions import WorkPoolCreate
from prefect.client.schemas.objects import StateType
from prefect.events.actions import ChangeFlowRunState, RunDeployment
from prefect.events.schemas.automations import AutomationCore, EventTrigger, Posture

from config.settings import HOME, settings

RUN = {"prefect.resource.id": "prefect.flow-run.*"}
HEARTBEAT = "prefect.flow-run.heartbeat"
ENDED = {f"prefect.flow-run.{state}" for state in ("Completed", "Failed", "Cancelled", "Crashed", "TimedOut")}
WRONG = {f"prefect.flow-run.{state}" for state in ("Failed", "Crashed", "TimedOut")}
TELLER = "tell-operator"


def silent_runs() -> AutomationCore:
    """A run whose process is gone stops breathing: it is marked crashed, and its place is free."""
    trigger = EventTrigger(
        after={HEARTBEAT}, expect={HEARTBEAT} | ENDED, match=RUN, for_each={"prefect.resource.id"},
        posture=Posture.Proactive, threshold=1, within=timedelta(seconds=settings().silent_seconds),
    )  # fmt: skip
    lost = ChangeFlowRunState(state=StateType.CRASHED, message="Its process was lost.", force=True)
    return AutomationCore(name="A run that is silent has crashed", trigger=trigger, actions=[lost])


def told_runs(teller: UUID) -> AutomationCore:
    """A run that fails or crashes is told to the operator; the telling itself is not."""
    others = {"prefect.resource.role": "flow", "prefect.resource.name": f"!{TELLER}"}
    trigger = EventTrigger(
        expect=WRONG, match=RUN, match_related=others, posture=Posture.Reactive, threshold=1,
    )  # fmt: skip
    said = {"flow": "{{ flow.name }}", "run": "{{ flow_run.name }}", "state": "{{ flow_run.state.name }}"}
    parameters = {name: {"__prefect_kind": "jinja", "template": told} for name, told in said.items()}
    action = RunDeployment(source="selected", deployment_id=teller, parameters=parameters)
    return AutomationCore(name="A run that fails is told", trigger=trigger, actions=[action])


def lay_down() -> None:
    """All of it; raises what Prefect raises."""
    with get_client(sync_client=True) as client:
        client.create_work_pool(WorkPoolCreate(name="pijplijn", type="process"), overwrite=True)
        deploy = [sys.executable, "-m", "prefect", "--no-prompt", "deploy", "--all"]
        subprocess.run(deploy, cwd=HOME, check=True)  # noqa: S603 - our own command
        teller = client.read_deployment_by_name(f"{TELLER}/asked").id
        for automation in (silent_runs(), told_runs(teller)):
            there = client.read_automations_by_name(automation.name)
            if there:
                client.update_automation(there[0].id, automation)
            else:
                client.create_automation(automation)


if __name__ == "__main__":
    lay_down()
