# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""What a search found, with the words that were typed marked in identifier, title and text."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from grants.queries.call_lines import CallLine
from grants.queries.lists import calls
from grants.rendering import Passage, passages
from grants.searching import spans
from models.call import Call
from models.search import LONGEST

Line = TypeVar("Line")
PASSAGES = 2  # pieces of the text that are shown


@dataclass(frozen=True, slots=True)
class Hit(Generic[Line]):
    """A line of a list, and where the words stand that were typed."""

    line: Line
    mark: list[tuple[int, int]]
    title: list[tuple[int, int]]
    passages: list[Passage]


def hit(line: Line, typed: str, *, mark: str, title: str, text: str) -> Hit[Line]:
    """A line with its words marked: in what the thing calls itself, in its title, and pieces of its text."""
    pieces = passages(text, spans(text, typed), most=PASSAGES)
    return Hit(line, spans(mark, typed), spans(title, typed), pieces)


def found_calls(
    session: Session, typed: str, *, office_slug: str, today: date, size: int
) -> tuple[list[Hit[CallLine]], int]:
    """The first calls of all that were ever read, and how many there are."""
    page = calls(session, office_slug=office_slug, today=today, search=typed, matched=False, size=size)
    texts = _texts(session, [line.call.id for line in page.lines])
    hits = [
        hit(line, typed, mark=line.call.identifier, title=line.call.title, text=texts[line.call.id])
        for line in page.lines
    ]
    return hits, page.total


def _texts(session: Session, call_ids: Collection[int]) -> dict[int, str]:
    text = func.substr(Call.text, 1, LONGEST)
    return {row[0]: row[1] for row in session.execute(select(Call.id, text).where(Call.id.in_(call_ids)))}
