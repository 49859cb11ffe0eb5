# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""What a colleague chose for their digest, as a form says it, and back."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from grants.digest import Choice
from grants.rendering import UNFIT
from models.colleague import Colleague, Rhythm

CHOSEN: Final = ("rhythm", "weekday", "hour", "language")
THEME: Final = re.compile(r"theme-([1-9][0-9]{0,8})")


@dataclass(frozen=True, slots=True)
class Form:
    """The fields as they are typed; programmes are one a line."""

    rhythm: str
    weekday: str
    hour: str
    language: str
    themes: tuple[int, ...]
    programmes: str


def filled_in(me: Colleague) -> Form:
    """The form as it opens."""
    weekday, lines = str(me.digest_weekday or ""), "\n".join(me.digest_programmes)
    return Form(me.digest_rhythm, weekday, str(me.digest_hour), me.language, tuple(me.digest_themes), lines)


def posted(fields: Mapping[str, str]) -> Form:
    """The form as it was sent."""
    chosen = [found for name in fields if (found := THEME.fullmatch(name))]
    rhythm, weekday, hour, language = (fields.get(name, "") for name in CHOSEN)
    themes = tuple(int(found[1]) for found in chosen)
    return Form(rhythm, weekday, hour, language, themes, UNFIT.sub("", fields.get("programmes", "")))


def choice(form: Form) -> Choice | None:
    """What a form says; None when it cannot have come from our page."""
    digits = re.fullmatch(r"[1-7]?", form.weekday) and re.fullmatch(r"[0-9]{1,2}", form.hour)
    if not digits or form.rhythm not in list(Rhythm):
        return None
    lines = (" ".join(line.split()) for line in form.programmes.splitlines())
    return Choice(
        rhythm=Rhythm(form.rhythm),
        weekday=int(form.weekday) if form.weekday else None,
        hour=int(form.hour),
        themes=form.themes,
        programmes=tuple({line.casefold(): line for line in lines if line}.values()),
        language=form.language,
    )
