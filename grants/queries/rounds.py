# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The calls that colleagues keep by hand: what comes first, in a fixed number of statements."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session, defer, joinedload, selectinload

from config.specs import BY_HAND
from grants.drafts import Draft, draft_of
from grants.timetable import Moment, Sort, moments
from models.call import Call, CallChange, Deadline
from models.source import Source

PAST = 50  # rounds that are over, the latest first


@dataclass(frozen=True, slots=True)
class RoundLine:
    """A round with its dates in order of day, and the first of them that has not passed."""

    call: Call
    moments: tuple[Moment, ...]
    next: Moment | None


@dataclass(frozen=True, slots=True)
class Rounds:
    """All calls kept by hand: rounds with dates ahead, next first; funds always open; without dates; over."""

    coming: tuple[RoundLine, ...]
    rolling: tuple[RoundLine, ...]
    undated: tuple[RoundLine, ...]
    past: tuple[RoundLine, ...]

    @property
    def empty(self) -> bool:
        """Whether nothing was ever entered."""
        return not (self.coming or self.rolling or self.undated or self.past)


@dataclass(frozen=True, slots=True)
class Kept:
    """A call as its form begins: its source's name, and its version for the one who keeps it again."""

    id: int
    source: str
    draft: Draft
    seen: str


def rounds(session: Session, *, today: date) -> Rounds:
    """The calls of sources that are kept by hand; an opening alone is no date ahead to work for."""
    wanted = select(Call).join(Call.source).where(Source.kind.in_(BY_HAND), Source.enabled).order_by(Call.id)
    loaded = wanted.options(
        joinedload(Call.source), selectinload(Call.all_deadlines), selectinload(Call.all_key_dates),
        *(defer(column, raiseload=True) for column in (Call.body, Call.text, Call.extra)),
    )  # fmt: skip
    lines = [_line(call, today) for call in session.scalars(loaded)]
    coming = [line for line in lines if line.next]
    rest = [line for line in lines if not line.next]
    over = [line for line in rest if line.moments and not line.call.rolling]
    return Rounds(
        coming=tuple(sorted(coming, key=lambda line: line.next.on if line.next else today)),
        rolling=tuple(line for line in rest if line.call.rolling),
        undated=tuple(line for line in rest if not line.moments and not line.call.rolling),
        past=tuple(sorted(over, key=lambda line: line.moments[-1].on, reverse=True)[:PAST]),
    )


def _line(call: Call, today: date) -> RoundLine:
    dates = moments(call)
    ahead = (one for one in dates if one.on >= today and one.sort != Sort.OPENS)
    return RoundLine(call, tuple(dates), next(ahead, None))


def kept(session: Session, call_id: int) -> Kept | None:
    """A call that is kept by hand, for its form; None when there is none."""
    wanted = select(Call).join(Call.source).where(Call.id == call_id, Source.kind.in_(BY_HAND))
    call = session.scalars(wanted).one_or_none()
    if call is None:
        return None
    return Kept(call.id, call.source.name, draft_of(call), version(session, call.id))


def version(session: Session, call_id: int) -> str:
    """What a form remembers of a call, to notice that someone else changed it meanwhile."""
    return str(session.scalar(select(func.max(CallChange.id)).where(CallChange.call_id == call_id)) or "")


def kept_sources(session: Session) -> list[Source]:
    """The sources in which a colleague may enter calls."""
    kept = select(Source).where(Source.kind.in_(BY_HAND), Source.enabled)
    return list(session.scalars(kept.order_by(Source.kind.desc(), Source.name)))


def without_coming_date(session: Session, sources: Sequence[Source], today: date) -> set[int]:
    """Of these sources, the numbers of those of rounds that have no submission date ahead."""
    rounds_of = {source.id for source in sources if source.kind == "rounds"}
    return rounds_of - set(_with_coming_date(session, rounds_of, today)) if rounds_of else set()


def _with_coming_date(session: Session, sources: Iterable[int], today: date) -> Iterable[int]:
    ahead = (Deadline.superseded_at.is_(None), Deadline.on >= today, Call.source_id.in_(sources))
    return session.scalars(select(Call.source_id).join(Call.all_deadlines).where(*ahead).distinct())
