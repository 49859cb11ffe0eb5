# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Who must hear of a call's deadlines, and on what ground.

That is an application that aims at it, or, as long as there is none, an assignment, a go, or following it.
Twins count as one call.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, defer, joinedload, selectinload

from grants.queries.criteria import shown
from grants.reminders.people import Person, Why, contacts, person, workers
from grants.reminders.steps import TOLD_AFTER
from grants.stages import BEFORE_SUBMISSION, ENDED
from models.application import Application, Participation, Stage, TeamMember
from models.call import Call, Deadline
from models.colleague import Colleague
from models.interest import Assignment, Choice, Follow, GoDecision
from models.match import Verdict
from models.office import Office

LONG: Final = (Call.body, Call.text, Call.extra)  # no letter has them
Desk = tuple[int, int]
"""An office and the call that is shown."""


@dataclass(frozen=True, slots=True)
class Ground:
    """Why one person must hear of one call.

    Args:
        office: whose letter it is.
        person: who must hear.
        calls: the call that lists show, and its twins.
        since: since when.
        application: the application that aims at it, if that is the ground.
    """

    office: Office
    person: Person
    calls: tuple[Call, ...]
    since: datetime
    application: Application | None = None


@dataclass(frozen=True, slots=True)
class _Claim:
    """A ground before it is known whether it stands; `who` is the colleague where it is one's own."""

    office: Office
    shown: int
    person: Person
    since: datetime
    who: Colleague | None = None
    application: Application | None = None

    @property
    def desk(self) -> Desk:
        """Whose it is."""
        return self.office.id, self.shown


def grounds(
    session: Session, active: Sequence[Application], fallback: Mapping[int, list[Colleague]], today: date
) -> list[Ground]:
    """Every ground there is, one for each person and call: of several the first kind of Why.

    Args:
        session: an open transaction.
        active: the applications that have not ended.
        fallback: the administrators of each office.
        today: calls whose last deadline was long before are left alone.
    """
    live = _live(session, today)
    interests = [*_go(session, live, fallback), *_assigned(session, live), *_followed(session, live)]
    aimed, turned_down = _aimed(session, live), _turned_down(session, live)
    stand = [
        one for one in interests if one.desk not in turned_down and _stands(one, aimed.get(one.desk, []))
    ]
    claims = [*_applying(active, fallback, live), *stand]
    calls = _calls(session, {one.shown for one in claims})
    order = list(Why)
    found: dict[tuple[int, int, str], Ground] = {}
    for one in sorted(claims, key=lambda claim: order.index(claim.person.why)):
        ground = Ground(one.office, one.person, calls[one.shown], one.since, one.application)
        found.setdefault((one.office.id, one.shown, one.person.email.casefold()), ground)
    return list(found.values())


def _live(session: Session, today: date) -> dict[int, int]:
    """The calls with a deadline that has not long passed, each with the call that is shown for it."""
    late = today - timedelta(days=TOLD_AFTER)
    dated = select(shown()).join(Deadline, Deadline.call_id == Call.id)
    dated = dated.where(Deadline.superseded_at.is_(None), Deadline.on >= late)
    pairs = session.execute(select(Call.id, shown()).where(shown().in_(dated)))
    return {call_id: group for call_id, group in pairs}  # noqa: C416 - rows are no pairs to mypy


def _of(live: Mapping[int, int], rows: Iterable[Any]) -> Iterator[tuple[int, Any]]:
    return ((live[row.call_id], row) for row in rows if row.call_id in live)


def _followed(session: Session, live: Mapping[int, int]) -> Iterator[_Claim]:
    rows = select(Follow).join(Follow.colleague).where(Follow.until.is_(None), Colleague.active)
    loaded = rows.order_by(Follow.id).options(joinedload(Follow.colleague).joinedload(Colleague.office))
    for group, row in _of(live, session.scalars(loaded)):
        who = row.colleague
        yield _Claim(who.office, group, person(who, Why.FOLLOWED), row.since, who)


def _assigned(session: Session, live: Mapping[int, int]) -> Iterator[_Claim]:
    rows = (
        select(Assignment).join(Assignment.colleague).where(Assignment.ended_at.is_(None), Colleague.active)
    )
    loaded = rows.order_by(Assignment.id).options(
        joinedload(Assignment.colleague).joinedload(Colleague.office)
    )
    for group, row in _of(live, session.scalars(loaded)):
        who = row.colleague
        yield _Claim(who.office, group, person(who, Why.ASSIGNED), row.at, who)


def _go(
    session: Session, live: Mapping[int, int], fallback: Mapping[int, list[Colleague]]
) -> Iterator[_Claim]:
    """Who decided to go for a call; the administrators when that colleague works here no longer."""
    for (_, group), row in _decisions(session, live).items():
        if row.choice == Choice.GO:
            decided = row.colleague if row.colleague and row.colleague.active else None
            why = Why.DECIDED if decided else Why.OFFICE
            for who in [decided] if decided else fallback.get(row.office_id, []):
                yield _Claim(row.office, group, person(who, why), row.at, who)


def _decisions(session: Session, live: Mapping[int, int]) -> dict[Desk, GoDecision]:
    """By office and shown call: the latest that was not taken back."""
    wanted = select(GoDecision).where(GoDecision.undone_at.is_(None)).order_by(GoDecision.id)
    loaded = wanted.options(joinedload(GoDecision.colleague), joinedload(GoDecision.office))
    return {(one.office_id, group): one for group, one in _of(live, session.scalars(loaded))}


def _turned_down(session: Session, live: Mapping[int, int]) -> set[Desk]:
    """What an office does not go for, or found not relevant without a decision: it reminds nobody."""
    decisions = _decisions(session, live)
    no_go = {key for key, one in decisions.items() if one.choice == Choice.NO_GO}
    verdicts = select(Verdict).where(Verdict.undone_at.is_(None)).order_by(Verdict.id)
    latest = {(one.office_id, group): one.relevant for group, one in _of(live, session.scalars(verdicts))}
    return no_go | {key for key, relevant in latest.items() if not relevant and key not in decisions}


def _aimed(session: Session, live: Mapping[int, int]) -> dict[Desk, list[Application]]:
    """The applications that aim, or aimed, at a call: their own reminders rule."""
    wanted: Select[Application] = select(Application).where(Application.call_id.is_not(None))
    found: dict[Desk, list[Application]] = {}
    for group, one in _of(live, session.scalars(wanted.options(selectinload(Application.team)))):
        found.setdefault((one.office_id, group), []).append(one)
    return found


def _stands(claim: _Claim, applied: Iterable[Application]) -> bool:
    """Whether no application that this colleague may know of rules instead.

    One that was withdrawn does not, for who follows the call by themselves.
    """
    who = claim.who
    known = [one for one in applied if who is not None and one.seen_by(who)]
    if claim.person.why == Why.FOLLOWED:
        known = [one for one in known if one.stage != Stage.WITHDRAWN]
    return not known


def _applying(
    active: Iterable[Application], fallback: Mapping[int, list[Colleague]], live: Mapping[int, int]
) -> Iterator[_Claim]:
    for one in active:
        if one.call_id and one.call_id in live and one.stage in BEFORE_SUBMISSION:
            people = workers(one, fallback)
            parts = one.participations if one.office.remind_partners else []
            for who in [*people, *(contact for _, contact in contacts(parts, people))]:
                yield _Claim(one.office, live[one.call_id], who, one.created_at, application=one)


def _calls(session: Session, groups: Iterable[int]) -> dict[int, tuple[Call, ...]]:
    """By shown call: it and its twins, with all versions of their deadlines."""
    wanted = select(Call).where(shown().in_(groups)).order_by(Call.id)
    loaded = wanted.options(selectinload(Call.all_deadlines), *(defer(one, raiseload=True) for one in LONG))
    found: dict[int, list[Call]] = {}
    for call in session.scalars(loaded):
        found.setdefault(call.folded_into_id or call.id, []).append(call)
    return {group: tuple(sorted(calls, key=lambda one: one.id != group)) for group, calls in found.items()}


def active_applications(session: Session) -> list[Application]:
    """The applications that have not ended, with their dates and people."""
    wanted = select(Application).where(Application.stage.not_in(ENDED)).order_by(Application.id)
    loaded = wanted.options(
        selectinload(Application.office),
        selectinload(Application.owner),
        selectinload(Application.backup),
        selectinload(Application.milestones),
        selectinload(Application.team).selectinload(TeamMember.colleague),
        selectinload(Application.participations).selectinload(Participation.partner),
    )
    return list(session.scalars(loaded))
