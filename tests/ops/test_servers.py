# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""What servers are given (compose.yaml, Dockerfile, the systemd unit) says what is true of this tree.

No container is started here: docs/servers.md says what was run and what was not.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from ruamel.yaml import YAML

from config import settings as module
from config.settings import HOME, Settings
from grants.errors import PijplijnError
from ops import commands
from ops.roles import ROLES, become, prefect_environment
from ops.servers.make_secrets import make

COMPOSE: dict[str, Any] = YAML(typ="safe").load(HOME / "compose.yaml")
DOCKERFILE = (HOME / "Dockerfile").read_text()
UNIT = HOME / "ops" / "systemd" / "pijplijn.service"
OURS = {name: one for name, one in COMPOSE["services"].items() if one["image"] == "pijplijn"}
COPIED = [words.split()[:-1] for words in re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, re.MULTILINE)]
needs_systemd = pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not here")


@pytest.mark.parametrize("service", COMPOSE["services"])
def test_every_container_is_closed_and_comes_back(service: str) -> None:
    one = COMPOSE["services"][service]
    assert one["read_only"] is True
    assert (one["cap_drop"], one["security_opt"]) == (["ALL"], ["no-new-privileges:true"])
    assert one["restart"] in {"unless-stopped", "on-failure"}
    assert "privileged" not in one
    assert {*one["depends_on"]} <= COMPOSE["services"].keys() if "depends_on" in one else True


def test_only_the_proxy_is_reached_from_outside_and_databases_reach_nobody() -> None:
    services = COMPOSE["services"].items()
    assert [name for name, one in services if "ports" in one] == ["proxy"]
    closed = [name for name, one in services if one["networks"] == ["inside"]]
    assert closed == ["office-database", "prefect-database", "prefect"]
    assert COMPOSE["networks"]["inside"] == {"internal": True}


@pytest.mark.parametrize("service", OURS)
def test_every_container_of_ours_runs_a_command_there_is(service: str) -> None:
    deed, *words = OURS[service]["command"]
    assert deed in {command.name for command in commands.cli.registered_commands}
    assert words == [] or words[0] in ROLES
    test = OURS[service].get("healthcheck", {}).get("test", [])
    assert test[:4] in ([], ["CMD", "python", "-m", "ops.healthy"])


def test_every_secret_is_a_setting_or_a_password_and_is_made_by_our_own_script(tmp_path: Path) -> None:
    made = make(tmp_path / "secrets", smtp_url="smtp://relay:25")
    assert made == sorted(Path(one["file"]).name for one in COMPOSE["secrets"].values())
    assert make(tmp_path / "secrets", smtp_url="smtp://other:25") == []
    fields = {f"PIJPLIJN_{name.upper()}" for name in Settings.model_fields}
    assert [name for name in COMPOSE["secrets"] if name not in fields and "password" not in name] == []
    (tmp_path / "secrets" / "smtp_url").unlink()
    with pytest.raises(SystemExit, match="belong together"):
        make(tmp_path / "secrets", smtp_url="smtp://relay:25")


def test_every_setting_in_the_compose_file_is_one() -> None:
    fields = {f"PIJPLIJN_{name.upper()}" for name in Settings.model_fields}
    told = {name for one in OURS.values() for name in one["environment"] if name.startswith("PIJPLIJN_")}
    assert told <= fields
    assert {*re.findall(r"PIJPLIJN_[A-Z_]+(?==)", DOCKERFILE)} <= fields


def test_a_secret_is_read_from_a_file_and_the_environment_goes_before_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "PIJPLIJN_PREFECT_AUTH").write_text("pijplijn:geheim\n")
    (tmp_path / "PIJPLIJN_SMTP_URL").write_text("smtp://file:25")
    monkeypatch.setenv("PIJPLIJN_SMTP_URL", "smtp://environment:25")
    monkeypatch.setitem(module.Settings.model_config, "secrets_dir", [tmp_path])
    own = Settings()
    assert own.prefect_auth.get_secret_value() == "pijplijn:geheim"
    assert own.smtp_url == "smtp://environment:25"


def test_the_image_is_nobody_in_particular_and_holds_what_the_office_needs(tmp_path: Path) -> None:
    assert "USER 10001:10001" in DOCKERFILE
    for names in COPIED:
        for name in names:
            there = HOME / name
            copied = tmp_path / ("tools/uv.txt" if name == "tools/uv.txt" else there.name)
            copied.parent.mkdir(exist_ok=True)
            shutil.copytree(there, copied) if there.is_dir() else shutil.copy(there, copied)
    code = "import manage, web.app, ops.roles, grants.schema; from config.catalogue import load; load(ops.roles.HOME / 'config')"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False,
        env={"PATH": os.environ["PATH"], "PIJPLIJN_DATA_DIR": str(tmp_path / "data")},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert not (tmp_path / "demo").exists()


def test_what_the_image_copies_is_let_in() -> None:
    let_in = {line[1:] for line in (HOME / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    assert {name for names in COPIED for name in names} == let_in


def test_a_part_gets_the_address_and_password_of_a_prefect_elsewhere(tmp_path: Path) -> None:
    own = Settings(
        data_dir=tmp_path, prefect_url="http://prefect:4200/", prefect_auth=SecretStr("pijplijn:geheim"),
        prefect_database=SecretStr("postgresql+asyncpg://office@db/prefect"), worker_port=8080, runs_at_once=2,
    )  # fmt: skip
    environment = prefect_environment(own)
    assert environment["PREFECT_API_URL"] == "http://prefect:4200/api"
    assert environment["PREFECT_API_AUTH_STRING"] == "pijplijn:geheim"
    assert environment["PREFECT_API_DATABASE_CONNECTION_URL"] == "postgresql+asyncpg://office@db/prefect"
    assert not (tmp_path / "prefect").exists()
    assert ROLES["worker"](own)[-3:] == ["--limit", "2", "--with-healthcheck"]
    assert "0.0.0.0" in ROLES["web"](own.model_copy(update={"listen": "0.0.0.0"}))


def test_a_part_there_is_not_is_a_sentence() -> None:
    with pytest.raises(PijplijnError, match="choose one of server, worker, web, schedules, up"):
        become("cook", Settings())


def unit(tmp_path: Path) -> Path:
    """The unit as it would stand, had this checkout been put where it says."""
    copy = tmp_path / "pijplijn.service"
    python = f"ExecStart={sys.executable} "
    told = UNIT.read_text().replace("ExecStart=/opt/pijplijn/.venv/bin/python ", python)
    copy.write_text(told.replace("/opt/pijplijn", str(HOME)))
    return copy


def test_what_supervises_for_years_loads_no_more_than_it_needs() -> None:
    code = "import sys, ops.up; sys.exit(', '.join({'sqlalchemy', 'prefect', 'numpy', 'fastapi'} & {*sys.modules}))"
    done = subprocess.run([sys.executable, "-c", code], cwd=HOME, capture_output=True, text=True, check=False)
    assert done.stderr.strip() == ""


@needs_systemd
def test_systemd_takes_the_unit_without_a_word(tmp_path: Path) -> None:
    done = subprocess.run(
        ["systemd-analyze", "verify", unit(tmp_path)], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


@needs_systemd
def test_systemd_finds_the_unit_little_exposed(tmp_path: Path) -> None:
    asked = ["systemd-analyze", "security", "--offline=true", "--no-pager", "--threshold=20", unit(tmp_path)]
    done = subprocess.run(asked, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-300:]


def test_the_unit_names_settings_there_are() -> None:
    fields = {f"PIJPLIJN_{name.upper()}" for name in Settings.model_fields}
    assert {*re.findall(r"PIJPLIJN_[A-Z_]+", UNIT.read_text())} <= fields
