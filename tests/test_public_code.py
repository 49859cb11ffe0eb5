# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""publiccode.yml as its standard asks (v0), so that catalogues can read it."""

import re
from typing import Any
from urllib.parse import urlsplit

from ruamel.yaml import YAML

from config.settings import HOME
from grants.wording import LANGUAGES

REQUIRED = {
    "publiccodeYmlVersion", "name", "url", "platforms", "developmentStatus", "softwareType", "description", "legal",
    "maintenance", "localisation",
}  # fmt: skip
STATUSES = {"concept", "development", "beta", "stable", "obsolete"}
TYPES = {
    "standalone/mobile",
    "standalone/iot",
    "standalone/desktop",
    "standalone/web",
    "standalone/backend",
    "standalone/other",
    "addon",
    "library",
    "configurationFiles",
}


def told() -> dict[str, Any]:
    return dict(YAML(typ="safe").load((HOME / "publiccode.yml").read_text()))


def test_every_key_the_standard_requires_is_there_with_a_word_it_knows() -> None:
    said = told()
    assert set(said) >= REQUIRED
    assert (said["developmentStatus"] in STATUSES, said["softwareType"] in TYPES) == (True, True)
    assert urlsplit(said["url"]).scheme == "https"
    assert said["legal"]["license"] == "EUPL-1.2"
    assert said["platforms"]
    assert said["maintenance"]["type"] == "community"
    assert said["maintenance"]["contacts"][0]["name"]
    assert said["localisation"]["localisationReady"] is True
    assert set(said["localisation"]["availableLanguages"]) == set(LANGUAGES)


def test_every_description_keeps_to_the_lengths_of_the_standard() -> None:
    for language, one in told()["description"].items():
        assert language in LANGUAGES
        assert 0 < len(one["shortDescription"]) <= 150
        assert 150 <= len(one["longDescription"]) <= 10_000
        assert one["features"]


def test_the_self_assessment_judges_every_criterion() -> None:
    page = (HOME / "docs" / "public-code.md").read_text()
    judged = re.findall(r"^\| ([A-Z][^|]+) \| (yes|partly|no) \|", page, re.MULTILINE)
    assert len(judged) == 16
