# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Three days of a soak pass, and its verdict knows each thing that can be wrong; `make soak` has thirty."""

import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from config.settings import HOME
from tests.soak.orders import Trouble
from tests.soak.report import Run, faults

DAY = date(2026, 10, 25)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_three_days_with_a_kill_a_locked_database_and_a_full_disk_end_well() -> None:
    command = [sys.executable, "-m", "tests.soak", "--days", "3", "--only", "SQLite"]
    done = subprocess.run(command, cwd=HOME, capture_output=True, text=True, check=False)
    print(done.stdout)
    assert (done.returncode, done.stderr) == (0, "")


def well() -> tuple[Run, dict[str, Any]]:
    run = Run(
        taken=Counter({"<1>": 1}), everyone={"a"}, moved=Counter({"a": 1}), memory=[9, 9, 100, 101, 102],
        pages=Counter({"200": 3}),
    )  # fmt: skip
    found = {
        "sent": {"<1>": "sent"}, "gaps": [], "calls": ["a"], "new": {"a": 1}, "moved": {"a": 1},
        "weeks": ["2026-W43", "2026-W44"], "digests": ["digest:x:1:2026-W44"], "readers": 1, "broken": False,
        "audit": "The audit log is broken.",
    }  # fmt: skip
    return run, found


def test_a_soak_in_which_all_is_well_has_no_faults() -> None:
    assert [*faults(*well(), {DAY: Trouble.FULL_DISK})] == []


def fail(run: Run, _found: dict[str, Any]) -> None:
    run.failed[date(2026, 10, 7)]["deliver: it broke"] += 1


WRONGS: dict[str, Callable[[Run, dict[str, Any]], object]] = {
    "1 letters were lost": lambda run, _: run.taken.clear(),
    "1 letters went twice": lambda run, _: run.taken.update(["<1>"]),
    "does not know": lambda run, _: run.taken.update(["<2>"]),
    "names 1 gaps": lambda _, found: found["gaps"].append("a gap"),
    "never kept": lambda run, _: run.everyone.add("b"),
    "new more than once": lambda _, found: found["new"].update(a=2),
    "Deadlines moved": lambda run, _: run.moved.update("a"),
    "0 digests of 2026-W44": lambda _, found: found["digests"].clear(),
    "audit log is broken": lambda _, found: found.update(broken=True),
    "The memory of the flows grew by 11%": lambda run, _: run.memory.append(111),
    "Pages answered {'500'}": lambda run, _: run.pages.update(["500"]),
    "nothing was wrong outside": fail,
}


@pytest.mark.parametrize("sentence", WRONGS)
def test_each_wrong_is_told(sentence: str) -> None:
    run, found = well()
    WRONGS[sentence](run, found)
    (told,) = faults(run, found, {DAY: Trouble.FULL_DISK})
    assert sentence in told
