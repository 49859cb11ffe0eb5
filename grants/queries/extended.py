# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""No-go's that deserve another look: the deadline was extended since."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from grants.queries.criteria import shown
from models.application import Application, Stage
from models.call import Call, Deadline
from models.colleague import Colleague
from models.interest import Choice, GoDecision
from models.match import Verdict
from models.session import remembered


def extended(session: Session, me: Colleague, *, today: date) -> dict[int, GoDecision]:
    """By shown call: the office's no-go, where the last deadline is later now than it was then.

    Until the office decides or judges anew, or applies after all.
    """
    no_gos = remembered(session, ("no-gos", me.office_id), lambda: _no_gos(session, me.office_id))
    since = min((one.at for one in no_gos.values()), default=None)
    if since is None:
        return {}
    moved = _group(session, _dated().where(Deadline.since > since, Deadline.on >= today))
    asked = [group for group in no_gos if any(one.since > no_gos[group].at for one in moved.get(group, ()))]
    history = _group(session, _dated().where(shown().in_(asked)))
    later = {group: no_gos[group] for group in asked if _later(history[group], no_gos[group].at)}
    gone = _judged_since(session, me.office_id, history) | _applied(session, me, history)
    return {group: one for group, one in later.items() if group not in gone}


def _no_gos(session: Session, office_id: int) -> dict[int, GoDecision]:
    rows = select(GoDecision, shown()).join(Call, Call.id == GoDecision.call_id)
    ours = rows.where(GoDecision.office_id == office_id, GoDecision.undone_at.is_(None))
    found = session.execute(ours.order_by(GoDecision.id).options(joinedload(GoDecision.colleague)))
    latest = {group: row for row, group in found}
    return {group: row for group, row in latest.items() if row.choice == Choice.NO_GO}


def _dated() -> Select[Deadline, int]:
    return select(Deadline, shown()).join(Deadline.call).where(Deadline.on.is_not(None))


def _group(session: Session, asked: Select[Deadline, int]) -> dict[int, list[Deadline]]:
    found: dict[int, list[Deadline]] = defaultdict(list)
    for deadline, group in session.execute(asked):
        found[group].append(deadline)
    return found


def _later(history: Iterable[Deadline], at: datetime) -> bool:
    """Whether the last deadline in force is later than the last that was in force at a moment."""
    now, then = [], []
    for one in history:
        if one.on is not None and one.superseded_at is None:
            now.append(one.on)
        if one.on is not None and one.since <= at and (one.superseded_at is None or one.superseded_at > at):
            then.append(one.on)
    return bool(now and then) and max(now) > max(then)


def _judged_since(session: Session, office_id: int, history: dict[int, list[Deadline]]) -> set[int]:
    wanted = select(Verdict.at, shown()).join(Call, Call.id == Verdict.call_id)
    rows = wanted.where(Verdict.office_id == office_id, Verdict.undone_at.is_(None), shown().in_(history))
    return {group for at, group in session.execute(rows) if at > max(one.since for one in history[group])}


def _applied(session: Session, me: Colleague, history: dict[int, list[Deadline]]) -> set[int]:
    """An application that this colleague may not know of changes nothing for them."""
    rows = select(Application, shown()).join(Call, Call.id == Application.call_id)
    ours = rows.where(Application.office_id == me.office_id, Application.stage != Stage.WITHDRAWN)
    return {group for one, group in session.execute(ours.where(shown().in_(history))) if one.seen_by(me)}
