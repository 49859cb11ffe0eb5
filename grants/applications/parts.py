# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The parts of an application: dates, partners, contributions, decisions, documents, checklist, comments.

All are added, changed and ended in the same way. Nothing is deleted: a part that is over keeps its row.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from grants.applications.deeds import (
    ADDED,
    CHANGED,
    DONE,
    REMOVED,
    REOPENED,
    StaleError,
    note,
    plain,
    take_over,
)
from grants.clock import local_day
from models.application import (
    Application,
    ChecklistItem,
    Comment,
    Contribution,
    Document,
    Milestone,
    Participation,
)
from models.base import Row
from models.colleague import Colleague
from models.decision import Decision
from models.obligation import Obligation
from models.partner import Partner

Part = Milestone | Obligation | Participation | Contribution | Decision | Document | ChecklistItem | Comment
PARTS: Final[dict[str, Any]] = {  # the class of each kind; Any: what they share is no class of its own
    "milestones": Milestone,
    "obligations": Obligation,
    "partners": Participation,
    "contributions": Contribution,
    "decisions": Decision,
    "documents": Document,
    "checklist": ChecklistItem,
    "comments": Comment,
}
GONE: Final = {row: "withdrawn_at" if row is Comment else "removed_at" for row in PARTS.values()}


def part(
    session: Session, application: Application, kind: str, part_id: int, *, to_change: bool = False
) -> Part | None:
    """One part, locked when it is to be changed; None when it is another application's or was removed."""
    row = PARTS[kind]
    found: Part | None = session.get(row, part_id, with_for_update=to_change)
    if found is None or found.application_id != application.id:
        return None
    return None if getattr(found, GONE[row]) is not None else found


def fingerprint(row: Row, names: Iterable[str]) -> str:
    """A few letters that change when one of these facts does: a form tells by them what its colleague saw."""
    told = "|".join(f"{name}={plain(getattr(row, name))}" for name in sorted(names))
    return sha256(told.encode()).hexdigest()[:16]


def add_part(  # noqa: PLR0913 - the parts of a deed, each by name
    session: Session, application: Application, kind: str, facts: Mapping[str, Any], *, by: Colleague,
    now: datetime,
) -> Part:  # fmt: skip
    """A new part; one that is there with the same facts is given back, so that a form may be sent twice."""
    row = PARTS[kind]
    wanted = _same(row, application, facts)
    if row is Comment:
        wanted = wanted.where(Comment.colleague_id == by.id)
    same: Part | None = session.scalars(wanted.limit(1)).first()
    if same is not None:
        return same
    if row is Participation and (back := _back(session, application, facts)):
        note(session, application, ADDED, by=by.email, now=now, subject=back, facts=take_over(back, facts))
        return back
    new: Part = row(application_id=application.id, **facts)
    if isinstance(new, Document):
        new.at, new.by = now, by.email
    if isinstance(new, Comment):
        new.at, new.colleague_id = now, by.id
        new.mentions = [one.id for one in mentioned(session, application, new.text)]
    session.add(new)
    session.flush()
    told = {} if isinstance(new, Comment) else {name: [None, str(value)] for name, value in facts.items()}
    note(session, application, ADDED, by=by.email, now=now, subject=new, facts=told)
    return new


def _same(row: Any, application: Application, facts: Mapping[str, Any]) -> Any:
    wanted = select(row).where(row.application_id == application.id, getattr(row, GONE[row]).is_(None))
    for name, value in facts.items():
        wanted = wanted.where(getattr(row, name) == value)
    return wanted


def _back(session: Session, application: Application, facts: Mapping[str, Any]) -> Participation | None:
    """The row of a partner who was taken off and takes part again: a partner has one in an application."""
    theirs = (
        Participation.application_id == application.id,
        Participation.partner_id == facts["partner_id"],
    )
    found = session.scalars(select(Participation).where(*theirs)).one_or_none()
    if found is not None:
        found.removed_at = None
    return found


def change_part(  # noqa: PLR0913 - the parts of a deed, each by name
    session: Session, application: Application, row: Part, facts: Mapping[str, Any], *, by: str,
    now: datetime, seen: str,
) -> None:  # fmt: skip
    """Change a part.

    Raises:
        StaleError: it is not what the colleague saw (`seen`, a fingerprint of these facts).
    """
    if all(getattr(row, name) == value for name, value in facts.items()):
        return
    if fingerprint(row, facts) != seen:
        raise StaleError(f"Somebody changed this part of application {application.id} meanwhile.")
    changed = take_over(row, facts)
    note(session, application, CHANGED, by=by, now=now, subject=row, facts=changed)
    session.flush()


def finish_part(  # noqa: PLR0913 - the parts of a deed, each by name
    session: Session, application: Application, row: Part, *, by: str, now: datetime, over: bool
) -> None:
    """Tick a date or an item off, or take that back; other parts have no end but their removal."""
    if isinstance(row, Milestone | Obligation) and over != bool(row.done_on):
        facts: dict[str, Any] = {"done_on": local_day(now) if over else None}
    elif isinstance(row, ChecklistItem) and over != bool(row.done_at):
        facts = {"done_at": now if over else None, "done_by": by if over else ""}
    else:
        return  # it is so already
    changed = take_over(row, facts)
    note(session, application, DONE if over else REOPENED, by=by, now=now, subject=row, facts=changed)


def remove_part(session: Session, application: Application, row: Part, *, by: str, now: datetime) -> None:
    """Take a part off the page, and out of every sum and list; its row stays."""
    gone = GONE[type(row)]
    changed = take_over(row, {gone: now})
    note(session, application, REMOVED, by=by, now=now, subject=row, facts=changed)


def partner(session: Session, name: str, country: str) -> Partner:
    """The partner of this name and country, new when there is none."""
    found = session.scalars(
        select(Partner).where(Partner.name == name, Partner.country == country).limit(1)
    ).first()
    if found is not None:
        return found
    new = Partner(
        slug=f"p-{sha256(f'{country}:{name}'.encode()).hexdigest()[:20]}", name=name, country=country
    )
    new.kind = "organisation"
    session.add(new)
    session.flush()
    return new


def mentioned(session: Session, application: Application, text: str) -> list[Colleague]:
    """The colleagues a text names by "@" and their name or the first part of their address.

    Only who may know of the application is one; "@" in the middle of an address names nobody.
    """
    everyone = session.scalars(
        select(Colleague)
        .where(Colleague.office_id == application.office_id, Colleague.active)
        .order_by(Colleague.id)
    )
    return [one for one in everyone if application.seen_by(one) and _names(text, one)]


def _names(text: str, one: Colleague) -> bool:
    ways = "|".join(map(re.escape, (one.name, one.email.partition("@")[0])))
    return re.search(rf"(?<![\w.])@(?:{ways})(?!\w)", text, re.IGNORECASE) is not None
