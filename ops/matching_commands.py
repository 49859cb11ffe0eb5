# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Matching by hand: the calls in the database, or the texts of a file to the themes as shipped."""

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from config.catalogue import factory_themes
from grants import clock
from grants.scoring.model import Band
from grants.scoring.semantic import encoder
from grants.scoring.texts import matched, read_texts
from grants.scoring.words import Words, as_words
from ops.terminal import database, screen


def match_command(
    texts: Annotated[
        Path | None,
        typer.Option(
            exists=True, dir_okay=False, readable=True,
            help="Match texts to the shipped themes: JSON lines with id, title, text and perhaps lang.",
        ),
    ] = None,
    *,
    words_only: Annotated[bool, typer.Option(help="With --texts: without the semantic extra.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="With --texts: a JSON line a text.")] = False,
) -> None:  # fmt: skip
    """Match every call that is new or reworded to the offices' themes."""
    if texts:
        match_texts(texts, words_only=words_only, as_json=as_json)
        return
    from grants.matching import match_all  # a file of texts is matched without a database

    total = match_all(
        database(), encoder=encoder(), now=clock.now(), told=lambda count: screen.print(f"{count} calls …")
    )
    screen.print(f"{total} calls matched.")


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
        f"{theme['id']} ({theme['band']}: {', '.join(_phrases(theme)[:3])})"
        for theme in ranked
        if theme["band"] != Band.NONE
    ]
    return f"{row['id']} [{row['lang']}] {'; '.join(told) or 'no theme'}"


def _phrases(theme: dict[str, Any]) -> list[str]:
    return [one["phrase"] for one in theme["reasons"] if "resembles" not in one]
