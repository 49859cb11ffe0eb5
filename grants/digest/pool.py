# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""What the digests of one office have in common at one moment: read once, put in words once a language."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import CompoundSelect, select, union
from sqlalchemy.orm import Session

from grants.clock import local_day
from grants.digest.lines import Line, Mark, read_lines
from grants.looks import Waiting, waiting
from grants.queries import SourceHealth, SourceState, sources
from grants.queries.criteria import shown
from models.call import Call
from models.interest import Assignment, GoDecision
from models.match import Verdict
from models.theme import Theme


@dataclass(frozen=True, slots=True)
class Pool:
    """What the digests of one office have in common at one moment.

    Args:
        lines: every matched call, best first.
        looks: watched pages that changed.
        sources: how each that is on is doing.
        themes: by number, those that are off too.
        touched: the shown calls the office ever judged, decided on or gave to somebody.
        reasoned: lines some reader was told of, with the words that say why.
        pieces: what was put in words already, by language, name and mark.
    """

    lines: tuple[Line, ...]
    looks: Waiting
    sources: tuple[SourceHealth, ...]
    themes: dict[int, Theme]
    touched: frozenset[int] = frozenset()
    reasoned: dict[Mark, Line] = field(default_factory=dict)
    pieces: dict[tuple[Any, ...], str] = field(default_factory=dict)

    def keeping(self, language: str) -> Callable[..., str]:
        """For templates: `keep(name, mark, macro, one)` gives macro(one), made once for all readers."""

        def keep(name: str, mark: Mark, macro: Callable[..., str], *told: Any) -> str:
            key = (language, name, mark)
            if key not in self.pieces:
                self.pieces[key] = macro(*told)
            return self.pieces[key]

        return keep


def pool(session: Session, office_id: int, *, now: datetime) -> Pool:
    """What the digests of an office have in common, in a fixed number of statements."""
    return Pool(
        tuple(read_lines(session, office_id, local_day(now))),
        waiting(session),
        tuple(one for one in sources(session, now) if one.state != SourceState.OFF),
        {one.id: one for one in session.scalars(select(Theme).where(Theme.office_id == office_id))},
        frozenset(session.scalars(_touched(office_id))),
    )


def _touched(office_id: int) -> CompoundSelect[int]:
    kinds = (Verdict, GoDecision, Assignment)
    of = (
        select(shown()).join(row, row.call_id == Call.id).where(row.office_id == office_id) for row in kinds
    )
    return union(*of)
