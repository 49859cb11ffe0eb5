# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from config.settings import Settings
from grants.errors import PijplijnError
from ops.roles import prefect_environment
from ops.supervisor import supervised

SLEEP = [sys.executable, "-c", "import time; time.sleep(600)"]
PARENT = """
import sys, time
from pathlib import Path
from ops.supervisor import supervised
import os
with supervised(Path(sys.argv[1]), dict(os.environ)) as group:
    group.start("sleeper", [sys.executable, "-c", "import signal, time; signal.signal(15, signal.SIG_IGN); time.sleep(600)"])
    print(group.children["sleeper"].pid, flush=True)
    group.watch()
"""


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def gone(pid: int, seconds: float = 10) -> bool:
    end = time.monotonic() + seconds
    while alive(pid) and time.monotonic() < end:
        time.sleep(0.05)
    return not alive(pid)


def test_children_are_gone_when_the_group_ends(tmp_path: Path) -> None:
    with supervised(tmp_path, dict(os.environ)) as group:
        group.start("sleeper", SLEEP)
        pid = group.children["sleeper"].pid
        assert alive(pid)
    assert gone(pid)


def test_a_second_group_in_the_same_folder_is_refused(tmp_path: Path) -> None:
    with (
        supervised(tmp_path, {}),
        pytest.raises(PijplijnError, match="already runs"),
        supervised(tmp_path, {}),
    ):
        pass


def test_a_child_that_ends_by_itself_is_told_with_its_last_words(tmp_path: Path) -> None:
    with supervised(tmp_path, dict(os.environ)) as group:
        group.start("liar", [sys.executable, "-c", "import sys; sys.exit('no database')"])
        with pytest.raises(PijplijnError, match=r"(?s)liar process ended.*no database"):
            group.wait_for("http://127.0.0.1:9/", seconds=20)


def test_a_command_that_fails_is_told_with_its_last_words(tmp_path: Path) -> None:
    with supervised(tmp_path, dict(os.environ)) as group, pytest.raises(PijplijnError, match="no such thing"):
        group.run([sys.executable, "-c", "import sys; sys.exit('no such thing')"])


def test_an_address_that_never_answers_is_a_sentence(tmp_path: Path) -> None:
    with supervised(tmp_path, {}) as group, pytest.raises(PijplijnError, match="gave no answer in 0 seconds"):
        group.wait_for("http://127.0.0.1:9/", seconds=0)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_the_group_and_leaves_no_process(tmp_path: Path, number: signal.Signals) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", PARENT, tmp_path], stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        parent.send_signal(number)
        assert parent.wait(30) == 0
    assert gone(pid)


def test_what_a_killed_group_left_is_reaped_by_the_next(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", PARENT, tmp_path], stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        time.sleep(0.5)  # let the child set its signals
        parent.kill()
        parent.wait(10)
    assert alive(pid)
    with supervised(tmp_path, {}):
        assert gone(pid)


def test_prefect_is_bound_to_loopback_with_a_password_and_no_telemetry(tmp_path: Path) -> None:
    environment = prefect_environment(Settings(data_dir=tmp_path))
    assert environment["PREFECT_API_URL"] == "http://127.0.0.1:4200/api"
    assert environment["PREFECT_SERVER_ANALYTICS_ENABLED"] == "false"
    assert environment["PREFECT_SERVER_API_AUTH_STRING"] == environment["PREFECT_API_AUTH_STRING"]
    assert (tmp_path / "prefect" / "password").stat().st_mode & 0o777 == 0o600
    assert prefect_environment(Settings(data_dir=tmp_path)) == environment
