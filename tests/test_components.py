# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The list of components (CycloneDX): all that the lock pins, where it comes from, and what it must hash to."""

import json
import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest

from config.settings import HOME

UV = HOME / ".uv" / "bin" / "uv"


@pytest.fixture(scope="module")
def listed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """As `make sbom` writes it, but of all groups."""
    if not UV.exists():
        pytest.skip("uv is fetched by make; without it there is no list")
    file: Path = tmp_path_factory.mktemp("sbom") / "sbom.json"
    words = [
        "export",
        "--quiet",
        "--frozen",
        "--offline",
        "--format",
        "cyclonedx1.5",
        "--all-groups",
        "--all-extras",
    ]
    subprocess.run([str(UV), *words, "-o", str(file)], cwd=HOME, check=True, stdout=subprocess.DEVNULL)
    found: dict[str, Any] = json.loads(file.read_text())
    return found


def test_the_list_is_cyclonedx(listed: dict[str, Any]) -> None:
    assert (listed["bomFormat"], listed["specVersion"]) == ("CycloneDX", "1.5")
    assert re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", listed["serialNumber"])
    assert listed["metadata"]["component"]["name"] == "pijplijn"
    refs = {one["bom-ref"] for one in listed["components"]} | {listed["metadata"]["component"]["bom-ref"]}
    assert len(refs) == len(listed["components"]) + 1
    assert {one["ref"] for one in listed["dependencies"]} <= refs
    assert {ref for one in listed["dependencies"] for ref in one.get("dependsOn", [])} <= refs


def test_the_list_names_every_component_of_the_lock_with_its_hash(listed: dict[str, Any]) -> None:
    lock = tomllib.loads((HOME / "uv.lock").read_text())["package"]
    pinned = {(one["name"], one["version"]) for one in lock if one["name"] != "pijplijn"}
    assert {(one["name"], one["version"]) for one in listed["components"]} == pinned
    for one in listed["components"]:
        assert one["purl"].startswith(f"pkg:pypi/{one['name']}@"), one
        files = one["externalReferences"]
        assert files, one
        assert all(hashed["alg"] == "SHA-256" for file in files for hashed in file["hashes"])


def test_every_component_comes_from_the_one_registry() -> None:
    lock = tomllib.loads((HOME / "uv.lock").read_text())["package"]
    sources = {one["source"].get("registry", "") for one in lock if one["name"] != "pijplijn"}
    assert sources == {"https://pypi.org/simple"}


def test_an_audit_that_was_not_made_is_said_to_be_skipped() -> None:
    steps = (HOME / ".ci" / "run").read_text()
    assert "make sbom" in steps
    assert "pip-audit" in steps or "SKIPPED, no advisory database" in steps
