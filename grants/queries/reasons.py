# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The pieces of text that say why a call matches, for the lines of one page of a list."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from grants.queries.call_lines import CallLine
from grants.rendering import Passage, passages
from models.call import Call


@dataclass(frozen=True, slots=True)
class Reasons:
    """Literal pieces of the text of a call, or of a twin where the shown call has no match of its own."""

    language: str
    passages: tuple[Passage, ...]


def reasons(session: Session, lines: Sequence[CallLine], *, most: int = 2) -> dict[int, Reasons]:
    """By shown call, in one statement; a match of an older text points nowhere."""
    tellers = {line.call.id: _teller(line) for line in lines if line.matches}
    asked = select(Call.id, Call.text, Call.text_version, Call.language).where(Call.id.in_(tellers.values()))
    told = {row.id: row for row in session.execute(asked)}
    found = {}
    for line in lines:
        row = told.get(tellers.get(line.call.id, 0))
        if row is not None:
            spans = _spans(line, row.id, row.text_version)
            found[line.call.id] = Reasons(row.language, tuple(passages(row.text, spans, most=most)))
    return found


def _teller(line: CallLine) -> int:
    own = (one.call_id for one in line.matches if one.call_id == line.call.id)
    return next(own, line.matches[0].call_id)


def _spans(line: CallLine, call_id: int, version: int) -> list[tuple[int, int]]:
    """Of the words; where there are none, of the sentences that resemble a description."""
    current = [one for one in line.matches if one.call_id == call_id and one.text_version == version]
    words = [one for row in current for one in row.reasons if one["field"] == "text"]
    told = words or [row.sentence for row in current if row.sentence and row.sentence["field"] == "text"]
    return [(one["start"], one["end"]) for one in told]
