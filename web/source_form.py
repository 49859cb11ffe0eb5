# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The settings of a source as a form says them, and back."""

from collections.abc import Mapping
from typing import Final

from grants.source_settings import SourceSettings
from models.source import Source

LEAST: Final = {"every_hours": 1, "at_least": 0, "at_most": 1, "news_every_days": 1}
MOST: Final = {"every_hours": 8760, "at_least": 100_000, "at_most": 100_000, "news_every_days": 3650}
OPTIONAL: Final = {"at_most", "news_every_days"}


def filled_in(source: Source) -> dict[str, str]:
    """The form as it opens."""
    numbers = {name: getattr(source, name) for name in LEAST}
    said = {name: "" if number is None else str(number) for name, number in numbers.items()}
    return said | {"enabled": "1" if source.enabled else ""}


def posted(fields: Mapping[str, str]) -> dict[str, str]:
    """The form as it was sent; a box that is not ticked sends nothing."""
    return {name: fields.get(name, "").strip() for name in (*LEAST, "enabled")}


def wrong(form: Mapping[str, str]) -> set[str]:
    """The names of the fields that cannot be taken over."""
    found = {name for name in LEAST if not _fits(name, form[name])}
    crossed = not found and form["at_most"] and int(form["at_most"]) < int(form["at_least"])
    return {"at_most"} if crossed else found


def settings_of(form: Mapping[str, str]) -> SourceSettings:
    """What a form without a wrong field asks for."""
    number = {name: int(form[name]) if form[name] else None for name in OPTIONAL}
    return SourceSettings(
        enabled=bool(form["enabled"]),
        every_hours=int(form["every_hours"]),
        at_least=int(form["at_least"]),
        at_most=number["at_most"],
        news_every_days=number["news_every_days"],
    )


def _fits(name: str, text: str) -> bool:
    if not text:
        return name in OPTIONAL
    digits = text.isascii() and text.isdecimal() and len(text) <= len(str(MOST[name]))
    return digits and LEAST[name] <= int(text) <= MOST[name]
