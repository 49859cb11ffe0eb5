# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""What linters cannot see: the house rules, held by reading the tree."""

import importlib.util
import re
import subprocess
import sys
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from config.settings import HOME, Settings
from grants.watch import EXPECTED

CODE = ("config", "models", "grants", "flows", "web", "ops", "demo")
FILES = [file for folder in CODE for file in sorted((HOME / folder).rglob("*.py"))] + [HOME / "manage.py"]
CAP = 270  # lines


def deployments() -> list[dict[str, object]]:
    return list(YAML(typ="safe").load(HOME / "prefect.yaml")["deployments"])


@pytest.mark.parametrize("deployment", deployments(), ids=lambda one: str(one["entrypoint"]))
def test_every_entrypoint_names_a_flow_that_exists(deployment: dict[str, object]) -> None:
    file, name = str(deployment["entrypoint"]).split(":")
    assert re.search(rf"^@flow.*\ndef {name}\(", (HOME / file).read_text(), re.MULTILINE)


@pytest.mark.parametrize("deployment", deployments(), ids=lambda one: str(one["entrypoint"]))
def test_every_schedule_is_in_amsterdam_and_outside_the_night_of_the_clock_change(
    deployment: dict[str, object],
) -> None:
    schedules = deployment["schedules"]
    assert isinstance(schedules, list)
    for schedule in schedules:
        assert schedule["timezone"] == "Europe/Amsterdam"
        assert schedule["cron"].split()[1] not in {"2", "3"}


def test_no_flow_is_named_like_a_module_it_would_hide() -> None:
    ours = {"code", "models", "config", "web", "grants", "ops", "demo"}
    names = {file.stem for file in (HOME / "flows").glob("*.py")}
    assert not names & (set(sys.stdlib_module_names) | ours)


def test_every_flow_that_runs_by_the_clock_notes_its_runs_and_is_missed_when_it_stays_away() -> None:
    timed = {str(one["entrypoint"]).split(":")[0] for one in deployments() if one["schedules"]}
    named = {file: re.search(r'@flow\(name="([^"]+)"', (HOME / file).read_text()) for file in timed}
    names = {file: found[1] for file, found in named.items() if found}
    assert names.keys() == timed
    assert [file for file in timed if f'noted(begin, "{names[file]}"' not in (HOME / file).read_text()] == []
    assert {*names.values()} == {*EXPECTED}, "say in grants/watch/runs.py how long it may stay away"


def test_flows_are_leaves_of_at_most_a_hundred_lines() -> None:
    for file in (HOME / "flows").glob("*.py"):
        text = file.read_text()
        assert not re.search(r"^(from|import) flows", text, re.MULTILINE), file
        assert len([line for line in text.splitlines() if line.strip()]) <= 100, file


def test_every_setting_is_documented() -> None:
    told = (HOME / "docs" / "operating.md").read_text()
    missing = [name for name in Settings.model_fields if f"PIJPLIJN_{name.upper()}" not in told]
    assert missing == []


def test_the_environment_is_read_in_one_place() -> None:
    readers = [file for file in FILES if re.search(r"os\.(environ|getenv)", file.read_text())]
    assert readers == [HOME / "config" / "settings.py"]


def test_commit_occurs_once() -> None:
    commits = [file for file in FILES for _ in re.findall(r"\.commit\(", file.read_text())]
    assert commits == [HOME / "models" / "session.py"]


def test_the_clock_is_asked_in_one_place() -> None:
    pattern = re.compile(r"datetime\.(now|utcnow|today)\(|date\.today\(")
    askers = [file for file in FILES if pattern.search(file.read_text())]
    assert askers == [HOME / "grants" / "clock.py"]


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(HOME)))
def test_no_file_grows_past_its_cap(file: Path) -> None:
    assert len(file.read_text().splitlines()) <= CAP


@pytest.mark.parametrize("folder", CODE)
def test_names_say_what_the_field_calls_them(folder: str) -> None:
    shunned = re.compile(
        r"^(class|def) \w*(manager|service|helper|utils|handler|processor|common)\w*",
        re.IGNORECASE | re.MULTILINE,
    )
    for file in sorted((HOME / folder).rglob("*.py")):
        assert not shunned.search(file.read_text()), file


def test_every_library_says_why_it_is_here() -> None:
    told = (HOME / "docs" / "decisions" / "0002-libraries.md").read_text()
    project = (HOME / "pyproject.toml").read_text()
    block = project[project.index("dependencies = [") : project.index("[dependency-groups]")]
    names = re.findall(r'^\s+"([a-z0-9-]+)', block, re.MULTILINE)
    assert [name for name in names if f"`{name}`" not in told] == []


@pytest.mark.parametrize("module", ["manage", "web.app"])
def test_no_entry_drags_prefect_along(module: str) -> None:
    code = f"import sys, {module}; sys.exit('prefect' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=HOME, check=False).returncode == 0
    assert importlib.util.find_spec("prefect") is not None
