# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""What a soak came to: what must be so and is not, and the report."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from rich.console import Console
from rich.table import Table

from tests.soak.orders import Trouble

GROWTH = 1.10  # of the memory of a process that is let live
SETTLED = 2  # days after a restart before memory is compared
UNSENT = {"superseded", "suppressed"}
GOOD = {"200", "503"}  # what pages may answer: 503 only while there is trouble


@dataclass
class Run:
    """What was seen from outside."""

    ran: Counter[str] = field(default_factory=Counter)
    failed: defaultdict[date | None, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    memory: list[int] = field(default_factory=list)  # of the flows' process, by day, since its last start; KB
    web: list[int] = field(default_factory=list)  # of the web's processes
    restarts: int = 0
    taken: Counter[str] = field(default_factory=Counter)  # how often the relay took each letter
    pages: Counter[str] = field(default_factory=Counter)
    everyone: set[str] = field(default_factory=set)  # calls that were ever on the portal
    moved: Counter[str] = field(default_factory=Counter)
    alerts: list[str] = field(default_factory=list)  # what the operator was told
    seconds: float = 0.0

    def heard(self, alert: bytes) -> bytes:
        """The operator reads an alert, and says nothing back."""
        self.alerts.append(json.loads(alert)["message"])
        return b""


def growth(memory: list[int]) -> float:
    """The last day's memory over that of the first settled one; 1 when there were too few days."""
    settled = memory[SETTLED:]
    return settled[-1] / settled[0] if len(settled) > SETTLED else 1.0


def lost(run: Run, found: Mapping[str, Any]) -> set[str]:
    """Letters that should have gone and did not."""
    return {one for one, state in found["sent"].items() if state not in UNSENT and not run.taken[one]}


def doubled(run: Run) -> set[str]:
    """Letters that went more than once."""
    return {one for one, times in run.taken.items() if times > 1}


Troubles = Mapping[date, Trouble]


def faults(run: Run, found: Mapping[str, Any], troubles: Troubles) -> Iterator[str]:
    """Each thing that is not as it should be, in a sentence."""
    yield from _letters(run, found)
    yield from _digests(found)
    yield from _calls(run, found)
    yield from _machine(run, troubles)
    if found["broken"]:
        yield found["audit"]


def _letters(run: Run, found: Mapping[str, Any]) -> Iterator[str]:
    if one := lost(run, found):
        yield f"{len(one)} letters were lost: {sorted(one)[:3]}"
    if one := doubled(run):
        yield f"{len(one)} letters went twice: {sorted(one)[:3]}"
    if set(run.taken) - set(found["sent"]):
        yield "The relay took letters that the database does not know."
    if found["gaps"]:
        yield f"The self-check names {len(found['gaps'])} gaps: {found['gaps'][:3]}"


def _digests(found: Mapping[str, Any]) -> Iterator[str]:
    """Each reader has one digest for each week that began in these days."""
    told = Counter(key.rpartition(":")[2] for key in found["digests"])
    for week in found["weeks"][1:]:
        if told[week] != found["readers"]:
            yield f"{told[week]} digests of {week} for {found['readers']} readers."


def _calls(run: Run, found: Mapping[str, Any]) -> Iterator[str]:
    if missing := run.everyone - set(found["calls"]):
        yield f"{len(missing)} calls were never kept: {sorted(missing)[:3]}"
    if wrong := {key: times for key, times in found["new"].items() if times != 1}:
        yield f"{len(wrong)} calls are new more than once: {wrong}"
    off = Counter(run.moved)
    off.subtract(found["moved"])
    if wrong := {key: by for key, by in off.items() if by}:
        yield f"Deadlines moved otherwise than they did: {wrong}"


def _machine(run: Run, troubles: Troubles) -> Iterator[str]:
    for day, failed in run.failed.items():
        if failed and day not in troubles:
            yield f"On {day} nothing was wrong outside, and yet: {_told(failed)}"
    for name, memory in (("flows", run.memory), ("pages", run.web)):
        if growth(memory) > GROWTH:
            yield f"The memory of the {name} grew by {growth(memory) - 1:.0%}: {memory} KB"
    if bad := run.pages.keys() - GOOD:
        yield f"Pages answered {bad}."


def report(run: Run, found: Mapping[str, Any], troubles: Troubles, title: str) -> None:
    """Print it."""
    table = Table(title=title, show_header=False)
    rows = {
        "runs": _told(run.ran),
        **{
            f"failed on {day}": _why(troubles.get(day), failed)
            for day, failed in run.failed.items()
            if failed
        },
        "restarts": str(run.restarts),
        "readings of sources": _told(found["readings"]),
        "calls": f"{len(found['calls'])}; changes: {_told(found['changes'])}",
        "mails": f"{sum(run.taken.values())}: {_told(found['kinds'])}",
        "lost, doubled": f"{len(lost(run, found))}, {len(doubled(run))}",
        "self-check": f"{len(found['gaps'])} gaps",
        "audit log": found["audit"],
        "operator's alerts": "\n".join(run.alerts) or "none",
        "backups proved": str(found["backups"]),
        "pages": _told(run.pages),
        "memory, flows": _memory(run.memory),
        "memory, pages": _memory(run.web),
        "took": f"{run.seconds:.0f} s",
    }
    for name, said in rows.items():
        table.add_row(name, said)
    Console(width=120).print(table)


def _why(trouble: Trouble | None, failed: Mapping[str, int]) -> str:
    flows = Counter[str]()
    for sentence, times in failed.items():
        flows[sentence.partition(":")[0]] += times
    return f"{trouble}: {_told(flows)}"


def _told(counted: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {times}" for name, times in sorted(counted.items()))


def _memory(memory: list[int]) -> str:
    middle = f"{memory[SETTLED] // 1024} MB" if len(memory) > SETTLED else "too few days"
    return f"{middle}, at the end {memory[-1] // 1024} MB: {growth(memory) - 1:+.1%}"
