# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Texts of a file matched to the themes as shipped: no database is asked."""

import json
import sys
from pathlib import Path
from typing import Any

from config.catalogue import factory_themes
from grants.scoring.model import Band
from grants.scoring.semantic import encoder
from grants.scoring.texts import matched, read_texts
from grants.scoring.words import Words, as_words
from ops.terminal import screen


def match_texts(file: Path, *, words_only: bool, as_json: bool) -> None:
    """Write one line a text, a few texts at a time."""
    meaning = None if words_only else encoder()
    with file.open("rb") as lines:
        for row in matched(read_texts(lines), shipped_themes(), meaning):
            if as_json:
                sys.stdout.write(json.dumps(row) + "\n")
            else:
                screen.print(_in_brief(row), markup=False, highlight=False, soft_wrap=True)


def shipped_themes() -> list[Words]:
    """The vocabularies of config/themes.yaml, whatever this office made of them."""
    rows = [theme.model_dump(by_alias=True) for theme in factory_themes()]
    return [as_words(row["slug"], row, name=row["name"], description=row["description"]) for row in rows]


def _in_brief(row: dict[str, Any]) -> str:
    ranked = sorted(row["themes"], key=lambda theme: -theme["probability"])
    told = [
        f"{theme['id']} ({theme['band']}: {', '.join(reason['phrase'] for reason in theme['reasons'][:3])})"
        for theme in ranked
        if theme["band"] != Band.NONE
    ]
    return f"{row['id']} [{row['lang']}] {'; '.join(told) or 'no theme'}"
