# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""A theme as a form says it, and back: names, descriptions, and lists of words, one a line."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from grants.rendering import UNFIT
from grants.themes import KINDS, MOST_ADDRESSES, Typed, is_address, read_words
from models.theme import Theme
from web.deps import LANGUAGES

LONGEST: Final = {"name": 120, "description": 2000}
LISTS: Final = tuple((kind, language) for kind in KINDS for language in LANGUAGES)
FIELDS: Final = (
    *(f"{name}_{language}" for name in LONGEST for language in LANGUAGES),
    "task_id",
    "tooi",
    *(f"{kind}_{language}" for kind, language in LISTS),
)


@dataclass(frozen=True, slots=True)
class Filled:
    """A form as filled in.

    Args:
        form: as typed, to be shown again.
        facts: as the database takes it.
        wrong: by field: "required", "long", "taken", "number", "address".
        words: the lists as read, with what is wrong with them.
    """

    form: dict[str, str]
    facts: dict[str, Any]
    words: Typed
    wrong: dict[str, str] = field(default_factory=dict)

    @property
    def right(self) -> bool:
        """Whether it can be kept."""
        return not self.wrong and not self.words.faults


def filled_in(theme: Theme | None) -> dict[str, str]:
    """The form of a theme as it opens; of a new one nothing is filled in."""
    if theme is None:
        return dict.fromkeys(FIELDS, "")
    told = {
        f"{name}_{language}": str(getattr(theme, name).get(language, ""))
        for name in LONGEST
        for language in LANGUAGES
    }
    lists = {f"{k}_{language}": "\n".join(theme.words.get(k, {}).get(language, ())) for k, language in LISTS}
    return told | {"task_id": str(theme.task_id or ""), "tooi": "\n".join(theme.tooi)} | lists


def read(fields: Mapping[str, str], tasks: Collection[int]) -> Filled:
    """The form as it was sent; `tasks` are the numbers that can be chosen."""
    form = {name: UNFIT.sub("", fields.get(name, "")).strip() for name in FIELDS}
    typed = read_words({(kind, language): form[f"{kind}_{language}"] for kind, language in LISTS})
    told = {
        name: {language: " ".join(form[f"{name}_{language}"].split()) for language in LANGUAGES}
        for name in LONGEST
    }
    task = int(form["task_id"]) if re.fullmatch(r"[0-9]{1,9}", form["task_id"]) else None
    wrong = {
        f"{name}_{language}": fault
        for name, texts in told.items()
        for language, text in texts.items()
        if (fault := _fault(name, text))
    }
    if form["task_id"] and task not in tasks:
        wrong["task_id"] = "number"
    tooi = list(dict.fromkeys(form["tooi"].split()))
    if len(tooi) > MOST_ADDRESSES or not all(is_address(one) for one in tooi):
        wrong["tooi"] = "address"
    return Filled(form, told | {"words": typed.words, "task_id": task, "tooi": tooi}, typed, wrong)


def _fault(name: str, text: str) -> str:
    if name == "name" and not text:
        return "required"
    return "long" if len(text) > LONGEST[name] else ""
