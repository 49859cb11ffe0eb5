# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

import json
import re

from config.settings import HOME
from tools.vendor import ASKED, VENDOR, digest

STATIC = HOME / "web" / "static"
FACTS = json.loads((VENDOR / "manifest.json").read_text())


def test_every_file_from_elsewhere_is_in_the_manifest_unaltered() -> None:
    there = {file.name for file in VENDOR.iterdir()} - {"manifest.json"}
    assert {one["file"]: one["sha256"] for one in FACTS} == {name: digest(VENDOR / name) for name in there}


def test_every_version_is_the_one_that_npm_locked() -> None:
    locked = json.loads((HOME / "tools" / "frontend" / "package-lock.json").read_text())["packages"]
    assert {one["package"]: one["version"] for one in FACTS} == {
        name.removeprefix("node_modules/"): facts["version"] for name, facts in locked.items() if name
    }


def test_every_variable_a_page_asks_for_is_set_somewhere() -> None:
    sheets = [STATIC / "pijplijn.css", VENDOR / "theme.css"]
    asked = {name for sheet in sheets for name in ASKED.findall(sheet.read_text())}
    given = {name for sheet in sheets for name in re.findall(r"(--[\w-]+):", sheet.read_text())}
    assert asked - given == set()


def test_our_own_sheet_says_nothing_of_a_selector_twice() -> None:
    sheet = (STATIC / "pijplijn.css").read_text()
    selectors = re.findall(r"^(\S[^{}@\n]*?)\s*\{", sheet, re.MULTILINE)
    assert [one for one in selectors if selectors.count(one) > 1] == []
