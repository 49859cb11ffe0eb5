# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The ledger of OWASP ASVS 5.0, levels 1 and 2: no item left out, none open, each with a proof that exists."""

import csv
import re
from collections import Counter
from typing import Final

import pytest

from config.settings import HOME
from tools.ledger import FILE, PAGE, rendered

# How many items each section has of levels 1 and 2, by their numbers; "x" is one of level 3.
SECTIONS: Final = """
1.1 22 | 1.2 111112222x | 1.3 11222222222x | 1.4 222 | 1.5 12x | 2.1 122 | 2.2 112 | 2.3 1222x | 2.4 2x | 3.2 11x | 3.3 1222x
3.4 1122 22xx | 3.5 111 22xxx | 3.7 22xxx | 4.1 122xx | 4.2 2xxxx | 4.3 22 | 4.4 1222 | 5.1 2 | 5.2 112xxx | 5.3 11x | 5.4 222
6.1 122 | 6.2 111111112222 | 6.3 1122xxxx | 6.4 1122xx | 6.5 22222xxx | 6.6 222x | 6.8 2222 | 7.1 222 | 7.2 1111 | 7.3 22
7.4 11222 | 7.5 22x | 7.6 22 | 8.1 12xx | 8.2 112x | 8.3 1xx | 8.4 2x | 9.1 111 | 9.2 1222 | 10.1 22 | 10.2 22x | 10.3 2222x
10.4 11111222222xxxxx | 10.5 22222 | 10.6 22 | 10.7 222 | 11.1 22xx | 11.2 222xx | 11.3 112xx | 11.4 1222 | 11.5 2x | 11.6 2x
12.1 122xx | 12.2 11 | 12.3 2222x | 13.1 2xxx | 13.2 22222x | 13.3 22xx | 13.4 12222xx | 14.1 22 | 14.2 1222xxxx | 14.3 122
15.1 122xx | 15.2 122xx | 15.3 1222222 | 16.1 2 | 16.2 22222 | 16.3 2222 | 16.4 222 | 16.5 222x | 17.1 2x | 17.2 2222xxxx | 17.3 22
"""
VERDICTS: Final = {"met", "n/a", "operator", "accepted"}


def wanted() -> dict[str, str]:
    found = {}
    for section in re.split(r"[|\n]", SECTIONS.strip()):
        name, _, levels = section.strip().partition(" ")
        found |= {f"V{name}.{at}": one for at, one in enumerate(levels.replace(" ", ""), 1) if one != "x"}
    return found


def ledger() -> list[dict[str, str]]:
    with FILE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_item_of_both_levels_is_there_once() -> None:
    assert len(wanted()) == 253
    assert {row["id"]: row["level"] for row in ledger()} == wanted()
    assert len(ledger()) == 253


def test_no_item_is_open() -> None:
    for row in ledger():
        assert row["verdict"] in VERDICTS, row
        assert row["about"], row
        assert row["proof"] if row["verdict"] == "met" else row["why"], row
    assert Counter(row["verdict"] for row in ledger())["met"] > 150


def anchors(text: str) -> set[str]:
    return {line.lstrip("# ").lower().replace(" ", "-") for line in text.splitlines() if line.startswith("#")}


@pytest.mark.parametrize("proof", sorted({one for row in ledger() for one in row["proof"].split()}))
def test_every_proof_exists(proof: str) -> None:
    place, _, test = proof.partition("::")
    file, _, anchor = place.partition("#")
    text = (HOME / file).read_text()
    if test:
        assert re.search(rf"^(async )?def {test}\(", text, re.MULTILINE)
    if anchor:
        assert anchor in anchors(text)


def test_what_is_only_written_down_is_what_the_standard_wants_written_down() -> None:
    """Elsewhere a sentence is no proof: a control that is met has a test."""
    on_paper = {row["id"] for row in ledger() if row["verdict"] == "met" and "::" not in row["proof"]}
    documentation = {id_ for id_ in wanted() if id_.split(".")[1] == "1" or id_ in {"V6.4.2", "V16.2.3"}}
    assert on_paper <= documentation


def test_the_page_says_what_the_ledger_says() -> None:
    assert PAGE.read_text() == rendered(), "run python -m tools.ledger"


def test_every_test_the_threat_model_names_exists() -> None:
    named = set(re.findall(r"`(test_\w+)`", (HOME / "docs" / "security" / "threats.md").read_text()))
    known = {
        test
        for file in (HOME / "tests").rglob("test_*.py")
        for test in re.findall(r"^def (test_\w+)\(", file.read_text(), re.MULTILINE)
    }
    assert len(named) > 40
    assert named - known == set()


def test_no_page_of_security_leads_nowhere() -> None:
    pages = [*(HOME / "docs" / "security").glob("*.md"), HOME / "SECURITY.md", HOME / "docs" / "privacy.md"]
    for page in pages:
        for link in re.findall(r"\]\(([^)#]+\.md)(?:#([\w-]+))?\)", page.read_text()):
            target = (page.parent / link[0]).resolve()
            assert target.exists(), (page, link)
            assert not link[1] or link[1] in anchors(target.read_text()), (page, link)
