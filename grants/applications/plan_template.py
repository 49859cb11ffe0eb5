# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""An office's template for back-planning: its steps, and the days on which it is shut. Nothing is deleted."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from grants import auditing
from grants.applications.deeds import ADDED, CHANGED, MOVED, REMOVED, RETURNED, StaleError, take_over
from grants.applications.parts import fingerprint
from models.colleague import Colleague
from models.office import Closure, Office, PlanStep

FACTS: Final = ("name", "working_days", "german_too")
MOST_STEPS: Final = 30
MOST_WORKING_DAYS: Final = 400


def plan_steps(session: Session, office_id: int, *, removed: bool = False) -> list[PlanStep]:
    """The steps in the office's order; or those that were removed, the last one first."""
    ours = select(PlanStep).where(PlanStep.office_id == office_id)
    if removed:
        gone = ours.where(PlanStep.removed_at.is_not(None))
        return list(session.scalars(gone.order_by(PlanStep.removed_at.desc(), PlanStep.id)))
    there = ours.where(PlanStep.removed_at.is_(None))
    return list(session.scalars(there.order_by(PlanStep.position, PlanStep.id)))


def closures(session: Session, office_id: int) -> list[Closure]:
    """The days on which the office is shut, the first one first."""
    ours = select(Closure).where(Closure.office_id == office_id, Closure.removed_at.is_(None))
    return list(session.scalars(ours.order_by(Closure.on)))


def closed_days(session: Session, office_id: int) -> set[date]:
    """The same as days."""
    return {row.on for row in closures(session, office_id)}


def find_step(session: Session, me: Colleague, step_id: int) -> PlanStep | None:
    """A step of the colleague's office, locked to be changed."""
    step = session.get(PlanStep, step_id, with_for_update=True)
    return step if step is not None and step.office_id == me.office_id else None


def step_seen(step: PlanStep) -> str:
    """A few letters that change when the step does."""
    return fingerprint(step, FACTS)


def add_step(session: Session, me: Colleague, facts: Mapping[str, Any], *, now: datetime) -> PlanStep | None:
    """A new last step; the same one sent twice is one; None when there are as many as there may be."""
    steps = _locked(session, me.office_id)
    same = next((one for one in steps if all(getattr(one, key) == facts[key] for key in FACTS)), None)
    if same is not None or len(steps) >= MOST_STEPS:
        return same
    step = PlanStep(office_id=me.office_id, position=_end(steps), **facts)
    session.add(step)
    session.flush()
    _note(session, me, ADDED, step, now, {name: [None, _told(facts[name])] for name in FACTS})
    return step


def change_step(  # noqa: PLR0913 - the parts of a deed, each by name
    session: Session, me: Colleague, step: PlanStep, facts: Mapping[str, Any], *, seen: str, now: datetime
) -> None:
    """Change a step; what is planned already stays as it is until it is planned again.

    Raises:
        StaleError: it is not what the colleague saw.
    """
    if all(getattr(step, name) == facts[name] for name in FACTS):
        return
    if step_seen(step) != seen:
        raise StaleError(f"Somebody changed step {step.id} meanwhile.")
    changed = {name: [_told(getattr(step, name)), _told(facts[name])] for name in FACTS}
    take_over(step, facts)
    changed = {name: pair for name, pair in changed.items() if pair[0] != pair[1]}
    _note(session, me, CHANGED, step, now, changed)


def move_step(session: Session, me: Colleague, step: PlanStep, *, by: int, now: datetime) -> None:
    """Put a step one place up (-1) or down (1)."""
    steps = _locked(session, me.office_id)
    here = next((place for place, one in enumerate(steps) if one.id == step.id), None)
    if here is None or not 0 <= here + by < len(steps):
        return
    steps[here], steps[here + by] = steps[here + by], steps[here]
    for place, one in enumerate(steps):
        one.position = place
    _note(session, me, MOVED, step, now, {"position": [here, here + by]})


def end_step(session: Session, me: Colleague, step: PlanStep, *, over: bool, now: datetime) -> None:
    """Take a step out of the template, or put it back as the last one; its row stays."""
    steps = _locked(session, me.office_id)
    if over == (step.removed_at is not None) or (not over and len(steps) >= MOST_STEPS):
        return
    step.removed_at = now if over else None
    step.position = step.position if over else _end(steps)
    _note(session, me, REMOVED if over else RETURNED, step, now, {"name": _told(step.name)})


def close(session: Session, me: Colleague, on: date, name: str, *, now: datetime) -> None:
    """The office is shut on a day; a day that is there already gets the new name."""
    _locked(session, me.office_id)
    found = session.scalars(select(Closure).filter_by(office_id=me.office_id, on=on)).one_or_none()
    if found is not None and found.removed_at is None and found.name == name:
        return
    row = found or Closure(office_id=me.office_id, on=on)
    before = [None, None] if found is None or found.removed_at else [str(on), found.name]
    row.name, row.removed_at = name, None
    session.add(row)
    session.flush()
    facts = {"on": [before[0], str(on)], "name": [before[1], name]}
    _note(session, me, ADDED if before[0] is None else CHANGED, row, now, facts)


def open_again(session: Session, me: Colleague, closure_id: int, *, now: datetime) -> bool:
    """The office is open on that day after all; False when the day is no closure of this office."""
    row = session.get(Closure, closure_id, with_for_update=True)
    if row is None or row.office_id != me.office_id:
        return False
    if row.removed_at is None:
        row.removed_at = now
        _note(session, me, REMOVED, row, now, {"on": [str(row.on), None], "name": [row.name, None]})
    return True


def _end(steps: Sequence[PlanStep]) -> int:
    return max((one.position for one in steps), default=-1) + 1


def _told(value: Any) -> Any:
    return " / ".join(value.values()) if isinstance(value, dict) else value


def _locked(session: Session, office_id: int) -> list[PlanStep]:
    """The office's steps, while nobody else changes the template."""
    session.scalars(select(Office.id).where(Office.id == office_id).with_for_update()).one()
    return plan_steps(session, office_id)


def _note(  # noqa: PLR0913, PLR0917 - the parts of a deed
    session: Session, me: Colleague, action: str, row: PlanStep | Closure, now: datetime,
    facts: Mapping[str, Any],
) -> None:  # fmt: skip
    auditing.note(
        session, at=now, actor=me.email, action=action, subject=row.__tablename__, subject_id=row.id,
        office_id=me.office_id, facts=facts,
    )  # fmt: skip
