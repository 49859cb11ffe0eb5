# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""An application goes from stage to stage; every step is kept, and the last one can be taken back."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from grants.applications.deeds import MOVED, UNDONE, check_version, note
from grants.clock import local_day
from grants.errors import PijplijnError
from grants.stages import NEEDS_REASON, SUBMISSION, check_move
from models.application import Application, Stage, StageChange


class ReasonError(PijplijnError):
    """This step is kept with a reason only, and none was given."""


def move(  # noqa: PLR0913 - the parts of a step, each by name
    session: Session, application: Application, after: Stage, *, by: str, why: str, now: datetime,
    seen_version: int,
) -> StageChange | None:  # fmt: skip
    """Go to the next stage; None when it is there already, so that a form sent twice does nothing twice.

    Raises:
        StaleError: it was changed since `seen_version`.
        PijplijnError: grants.stages knows no such way.
        ReasonError: this stage asks for a reason.
    """
    if application.stage == after:
        return None
    check_version(application, seen_version)
    check_move(application.stage, after)
    if after in NEEDS_REASON and not why.strip():
        raise ReasonError(f"Say why application {application.id} goes to {after}.")
    step = StageChange(
        application_id=application.id, before=application.stage, after=after, at=now, by=by, why=why
    )
    application.stage = after
    if after == Stage.SUBMITTED:
        _submit(application, local_day(now))
    session.add(step)
    session.flush()
    note(session, application, MOVED, by=by, now=now, facts={"stage": [str(step.before), str(after)]})
    return step


def undo_move(
    session: Session, application: Application, change_id: int, *, by: str, now: datetime
) -> StageChange:
    """Take the last step back; that is a step too.

    Raises:
        PijplijnError: it is not the last step, is the first one, or takes one back itself.
    """
    last = undoable(session, application)
    if last is None or last.id != change_id:
        raise PijplijnError(
            f"Only the last step of application {application.id} can be taken back, and once."
        )
    step = StageChange(
        application_id=application.id, before=last.after, after=last.before, at=now, by=by, undoes_id=last.id
    )
    application.stage = step.after
    if last.after == Stage.SUBMITTED:
        _take_back(application, local_day(last.at))
    session.add(step)
    session.flush()
    note(session, application, UNDONE, by=by, now=now, facts={"stage": [str(step.before), str(step.after)]})
    return step


def last_step(session: Session, application: Application) -> StageChange | None:
    """The step that brought the application where it stands."""
    steps = select(StageChange).where(StageChange.application_id == application.id)
    return session.scalars(steps.order_by(StageChange.id.desc()).limit(1)).one_or_none()


def undoable(session: Session, application: Application) -> StageChange | None:
    """The last step, when it can be taken back."""
    last = last_step(session, application)
    return last if last is not None and can_undo(last) else None


def can_undo(step: StageChange) -> bool:
    """Whether this step, if it is the last one, can be taken back."""
    return step.before is not None and step.undoes_id is None


def _submit(application: Application, day: date) -> None:
    if application.submitted_on is None:
        application.submitted_on = day
    for one in application.milestones:
        if one.kind == SUBMISSION and one.done_on is None:
            one.done_on = day


def _take_back(application: Application, day: date) -> None:
    """Only what the step of that day filled in; a submission of another day was a colleague's own word."""
    if application.submitted_on == day:
        application.submitted_on = None
    for one in application.milestones:
        if one.kind == SUBMISSION and one.done_on == day:
            one.done_on = None
