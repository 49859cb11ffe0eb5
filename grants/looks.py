# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Watched pages: when one says something else, a colleague is asked to look (kijktaak).

Every version of a page is a row, so nothing is lost; the newest row holds what the page says now. At most one
of them is open: a page that changes again before anyone looked has one task, which tells the difference with
what was last looked at, and a page that goes back to that has none.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from grants import auditing
from grants.errors import PijplijnError
from grants.sources.reading import Page
from models.source import HarvestRun, Look

FIRST, AGAIN, BACK = "pijplijn:first", "pijplijn:again", "pijplijn:back"
OURSELVES = frozenset({FIRST, AGAIN, BACK})
"""Who was done with a look when no colleague was: it is the page's first, it changed again, it went back."""
SHRUNK = 0.5  # of the text: less than this may be a login or an error page
CONTEXT = 2  # lines
TOLD, BRIEF = 10, 4  # looks in a letter, and changed lines of each
LINES = 2000  # compared of each side: the comparison's time may grow with their square


class Sort(StrEnum):
    """What became of a line."""

    ADDED = "added"
    REMOVED = "removed"
    SAME = "same"
    GAP = "gap"  # lines that stayed and are not shown; without text


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a difference."""

    sort: Sort
    text: str = ""


@dataclass(frozen=True, slots=True)
class InBrief:
    """A look as a letter tells it: the first of the lines that changed, and how many more there are."""

    look: Look
    lines: tuple[Line, ...]
    beyond: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """The looks that wait, as a letter tells them, and how many more there are."""

    looks: tuple[InBrief, ...]
    beyond: int


def keep_pages(session: Session, run: HarvestRun, pages: Iterable[Page]) -> list[str]:
    """Compare each page with its last version; counts it as seen, and as changed when it asks for a look.

    Returns:
        Sentences about pages that may not be what they were.
    """
    told = []
    for page in pages:
        run.seen += 1
        last = session.scalars(
            select(Look)
            .where(Look.source_id == run.source_id, Look.url == page.url)
            .order_by(Look.id.desc())
            .limit(1)
        ).one_or_none()
        if last is None:
            _add(session, run, page, done_by=FIRST)
        elif last.after != page.text:
            told += _shrunk(last, page)
            _supersede(session, run, last, page)
    return told


def _shrunk(last: Look, page: Page) -> list[str]:
    if len(page.text) >= SHRUNK * len(last.after):
        return []
    went = f"{page.url} went from {len(last.after):,} to {len(page.text):,} characters"
    return [f"The watched part of {went}: it may be a login or an error page now."]


def _supersede(session: Session, run: HarvestRun, last: Look, page: Page) -> None:
    looked_at = last.after
    if last.done_at is None:
        looked_at = last.before
        last.done_at, last.done_by = run.started_at, AGAIN
    if page.text == looked_at:
        _add(session, run, page, before=last.after, done_by=BACK)
    else:
        _add(session, run, page, before=looked_at)
        run.changed += 1


def _add(session: Session, run: HarvestRun, page: Page, *, before: str = "", done_by: str = "") -> None:
    look = Look(
        source_id=run.source_id, run_id=run.id, at=run.started_at, url=page.url, title=page.title,
        before=before, after=page.text, done_by=done_by, done_at=run.started_at if done_by else None,
    )  # fmt: skip
    session.add(look)
    session.flush()


def open_looks(session: Session, *, limit: int | None = None) -> list[Look]:
    """What waits for a colleague, the newest first, with its source."""
    looks = select(Look).where(Look.done_at.is_(None)).order_by(Look.at.desc(), Look.id.desc()).limit(limit)
    return list(session.scalars(looks.options(selectinload(Look.source))))


def waiting(session: Session) -> Waiting:
    """What waits, for a letter."""
    looks = open_looks(session)
    return Waiting(tuple(map(_in_brief, looks[:TOLD])), max(0, len(looks) - TOLD))


def _in_brief(look: Look) -> InBrief:
    changed = [line for line in difference(look.before, look.after) if line.text and line.sort != Sort.SAME]
    return InBrief(look, tuple(changed[:BRIEF]), max(0, len(changed) - BRIEF))


def done_looks(session: Session, *, limit: int) -> list[Look]:
    """What colleagues looked at, the last first, with its source."""
    looks = (
        select(Look)
        .where(Look.done_at.is_not(None), Look.done_by.not_in(OURSELVES))
        .order_by(Look.done_at.desc(), Look.id.desc())
        .limit(limit)
    )
    return list(session.scalars(looks.options(selectinload(Look.source))))


def mark_looked(session: Session, look_id: int, *, by: str, now: datetime, note: str = "") -> Look:
    """A colleague has looked; the first one counts.

    One that was superseded meanwhile takes the note too: the newer one stays open.

    Raises:
        PijplijnError: there is no such look.
    """
    look = session.get(Look, look_id, with_for_update=True)
    if look is None:
        sentence = f"There is no look {look_id}."
        raise PijplijnError(sentence)
    if look.done_at is None or look.done_by in OURSELVES:
        look.done_at, look.done_by, look.note = now, by, note.strip()
        auditing.note(session, at=now, actor=by, action="looked", subject="look", subject_id=look.id)
    return look


def difference(before: str, after: str, *, context: int = CONTEXT) -> list[Line]:
    """What was removed and added, line by line, with some lines around it; a gap stands for the rest."""
    if before == after:
        return []
    old, new = before.splitlines(), after.splitlines()
    skipped = max(0, _alike(old, new) - context)
    old, new = old[skipped:], new[skipped:]
    shown = [Line(Sort.GAP)] if skipped else []
    end = 0
    for group in SequenceMatcher(None, old[:LINES], new[:LINES]).get_grouped_opcodes(context):
        if group[0][1] > end:
            shown.append(Line(Sort.GAP))
        for tag, start, stop, first, last in group:
            sort = Sort.SAME if tag == "equal" else Sort.REMOVED
            shown += [Line(sort, text) for text in old[start:stop]]
            if tag != "equal":
                shown += [Line(Sort.ADDED, text) for text in new[first:last]]
        end = group[-1][2]
    return [*shown, Line(Sort.GAP)] if end < len(old) else shown


def _alike(old: list[str], new: list[str]) -> int:
    """How many lines are the same from the start."""
    pairs = zip(old, new, strict=False)
    return next((at for at, (one, other) in enumerate(pairs) if one != other), min(len(old), len(new)))
