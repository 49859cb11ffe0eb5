# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""What a file of themes would change at an office, and taking it in; no theme is removed by it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from grants.scoring.text import LANGUAGES
from grants.themes.deeds import change, create, draw_line, seen
from grants.themes.file import FileError, Sheet, sheet
from grants.themes.vocabulary import KINDS
from models.colleague import Colleague
from models.theme import Theme, Threshold


@dataclass(frozen=True, slots=True)
class Difference:
    """What taking in a file changes of one theme: (where, what goes, what comes) for each list or text."""

    slug: str
    new: bool
    parts: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...]


def sheets(session: Session, office_id: int) -> list[Sheet]:
    """The themes of an office, in order of their id."""
    themes = session.scalars(select(Theme).where(Theme.office_id == office_id).order_by(Theme.slug))
    return [
        sheet(one.slug, one.name, one.description, one.words, threshold=one.threshold, tooi=one.tooi)
        for one in themes
    ]


def differences(session: Session, office_id: int, file: Iterable[Sheet]) -> list[Difference]:
    """What taking the file in would change, theme by theme; those that stay the same are left out."""
    have = {one.slug: one for one in sheets(session, office_id)}
    told = [Difference(one.slug, one.slug not in have, _parts(have.get(one.slug), one)) for one in file]
    return [one for one in told if one.new or one.parts]


def take_in(session: Session, me: Colleague, file: Iterable[Sheet], *, now: datetime) -> list[Difference]:
    """Make and change the office's themes as the file has them; returns what changed.

    Raises:
        FileError: a new theme has the Dutch name of another one.
    """
    file = list(file)
    told = differences(session, me.office_id, file)
    changing = {one.slug for one in told}
    rows = select(Theme).where(Theme.office_id == me.office_id).order_by(Theme.id).with_for_update()
    have = {one.slug: one for one in session.scalars(rows)}
    for one in (each for each in file if each.slug in changing):
        row = have.get(one.slug)
        if row is not None:
            change(session, me, row, one.facts, seen_as=seen(row), now=now)
        else:
            row = create(session, me, one.facts | {"task_id": None}, now=now, slug=one.slug)
        if row is None or row.slug != one.slug:
            raise FileError("taken", name=one.name["nl"])
        if one.threshold:
            draw_line(session, me, row, Threshold(one.threshold), seen_as=row.threshold, now=now)
    return told


def _parts(have: Sheet | None, file: Sheet) -> tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...]:
    old, new = _flat(have) if have else {}, _flat(file)
    found = []
    for where, terms in new.items():
        before = old.get(where, ())
        gone, come = (tuple(one for one in a if one not in b) for a, b in ((before, terms), (terms, before)))
        if gone or come:
            found.append((where, gone, come))
    return tuple(found)


def _flat(told: Sheet) -> dict[str, tuple[str, ...]]:
    texts = {"name": told.name, "describe": told.description}
    flat = {
        f"{key}.{code}": (text,) * bool(text) for key, each in texts.items() for code, text in each.items()
    }
    lists = {f"{kind}.{code}": tuple(told.words[kind][code]) for kind in KINDS for code in LANGUAGES}
    line = {"threshold": (told.threshold,)} if told.threshold else {}
    return flat | line | {"tooi": told.tooi} | lists
