# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""docs/adding-a-source.md, followed to the letter: its files are written, its commands are run."""

import importlib
import json
import re
import shlex
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

import manage
from config.settings import HOME, settings
from grants.sources import adapters
from tests.grants.sources.loopback import Conversation, Loopback, serving

GUIDE = (HOME / "docs" / "adding-a-source.md").read_text()
FEED = {
    "version": "https://jsonfeed.org/version/1.1",
    "items": [
        {
            "id": "7",
            "url": "https://fonds.example/7",
            "title": "Klimaatadaptatie in de stad",
            "content_text": "Hittestress en wateroverlast.\nDeadline: 26 februari 2027 17:00",
        }
    ],
}
LIST = """name;address;closes
Klimaatadaptatie in dorpen;https://provincie.example/1;15 januari 2027
Duurzame mobiliteit;https://provincie.example/2;
Zonder adres;;
"""


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", GUIDE, re.MULTILINE | re.DOTALL)


def answer(said: Conversation) -> None:
    pages = {"/feed.json": json.dumps(FEED), "/regelingen.csv": LIST}
    said.say(200, pages[said.path].encode(), Content_Type="text/plain")


@pytest.fixture
def server() -> Iterator[Loopback]:
    with serving(answer) as server:
        yield server


@pytest.fixture
def office(server: Loopback, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """A new office with a configuration folder of its own, at work in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    for name, value in {
        "DATABASE_URL": f"sqlite:///{tmp_path / 'office.db'}",
        "CONFIG_DIR": str(tmp_path / "config"),
        "TRUSTED_HOSTS": server.host,
    }.items():
        monkeypatch.setenv(f"PIJPLIJN_{name}", value)
    (tmp_path / "config").mkdir()
    settings.cache_clear()
    yield tmp_path
    settings.cache_clear()


class Typed:
    """A command as the guide words it, typed by someone who adds `slug`."""

    def __init__(self, patch: pytest.MonkeyPatch, capture: pytest.CaptureFixture[str], slug: str) -> None:
        self.patch, self.capture, self.slug = patch, capture, slug

    def __call__(self, line: str, *more: str) -> str:
        program, *words = shlex.split(line.replace("fonds-oost", self.slug))[1:]
        assert program == "manage.py"
        self.patch.setattr(sys, "argv", [program, *words, *more])
        with suppress(SystemExit):
            manage.main()
        shown = self.capture.readouterr()
        assert shown.err == ""
        return shown.out


def follow(
    typed: Typed, office: Path, server: Loopback, described: str
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Steps 2, 4 and 5; the health of the source, and the calls of the office."""
    (office / "config" / "sources.yaml").write_text(re.sub(r"https://\w+\.example/", server.url, described))
    typed("python manage.py migrate")
    do, see = blocks("sh")
    for line in do.splitlines():
        typed(line)
    sources, calls = (typed(line, "--json") for line in see.splitlines())
    (health,) = (one for one in json.loads(sources) if one["slug"] == typed.slug)
    assert json.loads((office / "data" / "recordings" / typed.slug / "expected.json").read_text())["seen"] > 0
    return health, json.loads(calls)


def test_a_source_of_a_kind_there_is_takes_a_few_lines_of_configuration(
    office: Path, server: Loopback, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    described, _ = blocks("yaml")
    health, calls = follow(Typed(monkeypatch, capsys, "fonds-oost"), office, server, described)
    assert (health["state"], health["seen"], health["new"]) == ("good", 1, 1)
    assert [call["title"] for call in calls] == ["Klimaatadaptatie in de stad"]
    assert "2027-02-26" in json.dumps(calls)


def test_a_source_of_a_new_kind_takes_one_file_more(
    office: Path, server: Loopback, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    adapter, line = blocks("python")
    (office / "csv_list.py").write_text(adapter)
    monkeypatch.syspath_prepend(office)
    csv_list = importlib.import_module("csv_list")
    (named,) = eval(f"{{{line}}}", {"csv_list": csv_list}).items()  # noqa: S307 - our own guide
    monkeypatch.setitem(adapters.ADAPTERS, *named)
    _, described = blocks("yaml")
    health, calls = follow(Typed(monkeypatch, capsys, "regelingen"), office, server, described)
    assert (health["state"], health["seen"], health["new"]) == ("warning", 2, 2)
    assert health["warnings"] == ["1 rows have no address."]
    assert "Klimaatadaptatie in dorpen" in {call["title"] for call in calls}
    assert "2027-01-15" in json.dumps(calls)


def test_every_kind_the_guide_names_has_a_page_of_its_own() -> None:
    pages = re.findall(r"\]\((sources/\w+\.md)\)", GUIDE)
    assert [page for page in pages if not (HOME / "docs" / page).exists()] == []
    assert len(pages) == 3
