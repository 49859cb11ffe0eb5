# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""What is done to an application is kept: who, when, and each fact before and after."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from sqlalchemy.orm import Session

from grants import auditing
from grants.errors import PijplijnError
from models.application import Application
from models.base import Row

SUBJECT: Final = Application.__tablename__
LOOKED, CREATED, CHANGED, MOVED, UNDONE = "looked", "created", "changed", "moved", "undone"
ADDED, REMOVED, DONE, REOPENED = "added", "removed", "done", "reopened"
PLANNED, UNPLANNED, RETURNED = "planned", "unplanned", "returned"


class StaleError(PijplijnError):
    """Somebody else changed it since this colleague saw it; nothing of theirs was taken over."""


def check_version(application: Application, seen_version: int) -> None:
    """Raise StaleError unless the colleague saw the application as it is now."""
    if application.version != seen_version:
        seen = f"version {seen_version}, and it is at {application.version} by now"
        raise StaleError(f"Somebody changed application {application.id} meanwhile: you saw {seen}.")


def take_over(row: Row, facts: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Set the facts that differ; returns them as [before, after], in what JSON can hold."""
    changed = {name: [getattr(row, name), value] for name, value in facts.items()}
    changed = {name: pair for name, pair in changed.items() if pair[0] != pair[1]}
    for name, (_, value) in changed.items():
        setattr(row, name, value)
    return {name: [plain(value) for value in pair] for name, pair in changed.items()}


def plain(value: object) -> object:
    """As JSON can hold it: numbers, truths and nothing stay, all else becomes text."""
    if isinstance(value, Decimal):
        return f"{value:.2f}"  # as the database gives it back, however it was written
    return value if value is None or isinstance(value, bool | int) else str(value)


def note(  # noqa: PLR0913 - the parts of a deed, each by name
    session: Session, application: Application, action: str, *, by: str, now: datetime,
    subject: Row | None = None, facts: Mapping[str, Any] | None = None,
) -> None:  # fmt: skip
    """Keep one deed in the audit log; `subject` is the part of the application it is about."""
    about = application if subject is None else subject
    auditing.note(
        session, at=now, actor=by, action=action, subject=about.__tablename__, subject_id=about.id,
        office_id=application.office_id, application_id=application.id, facts=facts,
    )  # fmt: skip
