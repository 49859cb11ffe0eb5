# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Lessons are made by the flows, replaced, undone and put back; each stays as a row with its end.

Whatever is in force from then on raises the theme's version, so that every call is matched to it again.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from grants import auditing
from grants.errors import MissingError
from grants.lessons.judgements import judgements, newer
from grants.scoring.feedback import FEWEST, Judged, Learned, learn
from grants.scoring.semantic import Encoder
from grants.scoring.traits import TERM
from models.colleague import Colleague
from models.lesson import LEARNING, Lesson
from models.match import Verdict
from models.session import Begin
from models.theme import Theme


def learn_all(begin: Begin, *, now: datetime, after: int = 1, encoder: Encoder | None = None) -> int:
    """Learn anew of every theme whose verdicts changed, `after` or more of them; returns how many lessons."""
    with begin() as session:
        judging = select(Verdict.office_id).distinct()
        wanted = select(Theme.id).where(Theme.enabled, Theme.office_id.in_(judging)).order_by(Theme.id)
        numbers = list(session.scalars(wanted))
    made = 0
    for number in numbers:
        with begin() as session:
            theme = session.get_one(Theme, number, with_for_update=True)
            told = learn_theme(session, theme, now=now, after=after, encoder=encoder)
            made += told is not None
    return made


def learn_theme(
    session: Session, theme: Theme, *, now: datetime, after: int = 1, encoder: Encoder | None = None
) -> Lesson | None:
    """What the verdicts teach of a theme now, in force at once; None when what was in force stays so.

    A theme whose lesson a colleague undid is left alone until they put one back, and one that they put back
    until there are ten new verdicts. Where new verdicts teach nothing that helps the old lesson stays, unless
    a verdict it was taught by was taken back.
    """
    last = _last(session, theme)
    if last is not None and last.undone:
        return None
    kept = last if last is not None and last.ended_at is None else None
    if kept is not None and kept.restores_id and newer(session, theme, kept.made_at) < FEWEST:
        return None
    name = encoder.name if encoder else ""
    told = judgements(session, theme, encoder=name)
    before, present = _said(kept), {(one.id, one.relevant) for one in told}
    reworded = kept is not None and after == 1 and _other(kept, theme, name)
    if len(before ^ present) < after and not reworded:
        return None
    learned = learn(told)
    if learned is None:
        if kept is not None and before - present:
            _end(kept, LEARNING, now)
            _rematch(session, theme, "unlearned", kept, by=LEARNING, now=now)
        return None
    facts = _facts(learned, told) | {"encoder": name}
    if kept is not None and all(facts[name] == getattr(kept, name) for name in ("weights", "encoder")):
        return None  # its line was drawn elsewhere, which teaches nothing
    return _put(session, theme, facts, kept, last, by=LEARNING, now=now)


def undo(session: Session, me: Colleague, theme: Theme, number: int, *, now: datetime) -> None:
    """Let a theme be as if nothing was learned of it; twice is once.

    Raises:
        MissingError: the theme has no such lesson.
    """
    lesson = _find(session, theme, number)
    if lesson.ended_at is None:
        _end(lesson, me.email, now)
        _rematch(session, theme, "undone", lesson, by=me.email, now=now)


def restore(session: Session, me: Colleague, theme: Theme, number: int, *, now: datetime) -> None:
    """Put a lesson that ended in force again, as a new version; one that is in force stays.

    Raises:
        MissingError: the theme has no such lesson.
    """
    lesson = _find(session, theme, number)
    if lesson.ended_at is None:
        return
    last = _last(session, theme)
    kept = last if last is not None and last.ended_at is None else None
    if kept is not None and kept.restores_id == lesson.id:
        return  # the same form, sent twice
    copied = ("weights", "meaning", "encoder", "judged", "loss_before", "loss_after")
    facts = {name: getattr(lesson, name) for name in copied} | {"restores_id": lesson.id}
    _put(session, theme, facts, kept, last, by=me.email, now=now)


def _other(lesson: Lesson, theme: Theme, encoder: str) -> bool:
    """Whether the model saw calls otherwise when it was made."""
    return (lesson.theme_version, lesson.encoder) != (theme.version, encoder)


def _last(session: Session, theme: Theme) -> Lesson | None:
    wanted = select(Lesson).where(Lesson.theme_id == theme.id)
    return session.scalars(wanted.order_by(Lesson.number.desc()).limit(1)).one_or_none()


def _find(session: Session, theme: Theme, number: int) -> Lesson:
    wanted = select(Lesson).where(Lesson.theme_id == theme.id, Lesson.number == number)
    lesson = session.scalars(wanted).one_or_none()
    if lesson is None:
        raise MissingError(f"Theme {theme.id} has no lesson {number}.")
    return lesson


def _said(lesson: Lesson | None) -> set[tuple[int, bool]]:
    return {(one["call"], one["relevant"]) for one in lesson.judged} if lesson else set()


def _facts(learned: Learned, told: Collection[Judged]) -> dict[str, Any]:
    spoken = {stem: word for one in told for stem, word in one.traits.spoken.items()}
    return {
        "weights": [
            {"trait": name, "word": name[1:] if name.startswith(TERM) else spoken[name], "weight": weight}
            for name, weight in learned.weights.items()
        ],
        "meaning": None if learned.meaning is None else [round(float(one), 4) for one in learned.meaning],
        "judged": [{"call": one.id, "relevant": one.relevant, "pull": learned.pulls[one.id]} for one in told],
        "loss_before": round(Decimal(learned.before), 5),
        "loss_after": round(Decimal(learned.after), 5),
    }


def _put(  # noqa: PLR0913 - what is put, and over what
    session: Session, theme: Theme, facts: Mapping[str, Any], kept: Lesson | None, last: Lesson | None, *,
    by: str, now: datetime,
) -> Lesson:  # fmt: skip
    if kept is not None:
        _end(kept, by, now)
        session.flush()  # of a theme one lesson at a time is in force
    number = last.number + 1 if last is not None else 1
    lesson = Lesson(theme_id=theme.id, number=number, made_at=now, made_by=by, theme_version=0, **facts)
    session.add(lesson)
    session.flush()
    _rematch(session, theme, "restored" if lesson.restores_id else "learned", lesson, by=by, now=now)
    lesson.theme_version = theme.version
    return lesson


def _end(lesson: Lesson, by: str, now: datetime) -> None:
    lesson.ended_at, lesson.ended_by = now, by


def _rematch(  # noqa: PLR0913 - the parts of a deed
    session: Session, theme: Theme, action: str, lesson: Lesson, *, by: str, now: datetime
) -> None:
    """Have every call matched again, and write the deed down."""
    theme.version += 1
    auditing.note(
        session, at=now, actor=by, action=action, subject="lesson", subject_id=lesson.id,
        office_id=theme.office_id,
        facts={
            "theme": theme.id, "version": lesson.number, "verdicts": len(lesson.judged),
            "words": [one["word"] for one in lesson.weights[:5]],
        },
    )  # fmt: skip
