# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""A new application, from nothing or from a call, and its main fields changed afterwards."""

import re
import unicodedata
from collections.abc import Collection, Mapping
from datetime import date, datetime, time
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from grants.applications.deeds import CHANGED, CREATED, check_version, note, take_over
from grants.queries import in_force, members
from grants.stages import SUBMISSION
from grants.wording import translations
from models.application import Application, Document, Milestone, Stage, StageChange, TeamMember
from models.call import Call, Deadline
from models.colleague import Colleague
from models.interest import Choice, GoDecision
from models.office import Office
from models.theme import Theme

LONGEST: Final = 300  # characters of a title, as the table holds them
GROUPS: Final = {"team", "themes"}  # facts that are sets of numbers


def draft(call: Call) -> dict[str, str]:
    """What a call says that an application takes over."""
    return {
        "title": call.title[:LONGEST],
        "programme": (call.programme or call.parent)[:200],
        "funder": call.organisation[:200],
    }


def create(  # noqa: PLR0913 - the parts of a deed, each by name
    session: Session, facts: Mapping[str, Any], *, by: Colleague, now: datetime, key: str,
    call: Call | None = None,
) -> Application:  # fmt: skip
    """A new application at the colleague's office; the same key and title give the same one again.

    Args:
        session: the transaction.
        facts: the main fields by column, with "team" and "themes" as sets of numbers.
        by: who starts it, and owns it when no owner is named.
        now: the moment.
        key: a few letters made for one empty form, so that sending it twice makes one application.
        call: what it applies for: its deadlines become milestones, its address a document.
    """
    office = session.scalars(select(Office).where(Office.id == by.office_id).with_for_update()).one()
    slug = f"{_slug(facts['title'])}-{key}"
    wanted = select(Application).where(Application.office_id == office.id, Application.slug == slug)
    found = session.scalars(wanted).one_or_none()
    if found is not None:
        return found
    decision = _decision(session, office, call)
    stage = Stage.PREPARING if decision and decision.choice == Choice.GO else Stage.IDEA
    plain = {name: value for name, value in facts.items() if name not in GROUPS}
    one = Application(office_id=office.id, slug=slug, stage=stage, created_at=now, **plain)
    one.owner_id, one.call_id = one.owner_id or by.id, call.id if call else None
    session.add(one)
    session.flush()
    _set_groups(session, one, facts, by)
    why = f"{decision.choice}: {decision.why}".rstrip(": ") if decision else ""
    session.add(StageChange(application_id=one.id, after=stage, at=now, by=by.email, why=why))
    note(session, one, CREATED, by=by.email, now=now, facts={"call_id": one.call_id, "title": one.title})
    if call is not None:
        _take_over_call(session, one, call, office, by=by.email, now=now)
    session.flush()
    return one


def edit(  # noqa: PLR0913 - the parts of a deed, each by name
    session: Session, application: Application, facts: Mapping[str, Any], *, by: Colleague, now: datetime,
    seen_version: int,
) -> None:  # fmt: skip
    """Change main fields, those among the facts; who makes it confidential stays in its team.

    Who left the team or which theme was taken off is in the audit log, not in a row of its own.

    Raises:
        StaleError: it was changed since `seen_version`.
    """
    check_version(application, seen_version)
    plain = {name: value for name, value in facts.items() if name not in GROUPS}
    changed = take_over(application, plain) | _set_groups(session, application, facts, by)
    if changed:
        flag_modified(application, "title")  # a change of team or themes alone raises the version too
        note(session, application, CHANGED, by=by.email, now=now, facts=changed)
        session.flush()


def _slug(title: str) -> str:
    ascii_only = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", ascii_only).strip("-")[:40].strip("-") or "aanvraag"


def _decision(session: Session, office: Office, call: Call | None) -> GoDecision | None:
    if call is None:
        return None
    return in_force(session, GoDecision, office.id, members(session, call.id))


def _take_over_call(  # noqa: PLR0913 - the parts of a deed, each by name
    session: Session, one: Application, call: Call, office: Office, *, by: str, now: datetime
) -> None:
    say = translations(office.language).gettext
    for deadline in call.deadlines:
        if deadline.on is not None:
            title = f"{say('Indienen')} ({deadline.stage})" if deadline.stage else say("Indienen")
            session.add(_milestone(one, deadline, deadline.on, title))
    facts = {"title": call.title[:LONGEST], "url": call.url, "kind": say("openstelling")}
    session.add(Document(application_id=one.id, at=now, by=by, **facts))


def _milestone(one: Application, deadline: Deadline, on: date, title: str) -> Milestone:
    at: time | None = deadline.at
    return Milestone(application_id=one.id, title=title, on=on, at=at, zone=deadline.zone, kind=SUBMISSION)


def _set_groups(
    session: Session, application: Application, facts: Mapping[str, Any], by: Colleague
) -> dict[str, list[Any]]:
    """Set team and themes, each when it is among the facts; returns what differs as [before, after]."""
    before = {one.colleague_id for one in application.team}, {one.id for one in application.themes}
    team, themes = set(facts.get("team", before[0])), set(facts.get("themes", before[1]))
    known = team | {application.owner_id, application.backup_id}
    if application.confidential and by.id not in known and not by.administrator:
        team.add(by.id)
    _set_team(session, application, team)
    if themes != before[1]:
        application.themes = list(session.scalars(select(Theme).where(Theme.id.in_(themes))))
    pairs = {"team": (before[0], team), "themes": (before[1], themes)}
    return {name: [sorted(old), sorted(new)] for name, (old, new) in pairs.items() if old != new}


def _set_team(session: Session, application: Application, team: Collection[int]) -> None:
    for member in application.team:
        if member.colleague_id not in team:
            session.delete(member)
    there = {member.colleague_id for member in application.team}
    session.add_all(
        TeamMember(application_id=application.id, colleague_id=one) for one in team if one not in there
    )
    session.flush()
    session.expire(application, ["team"])
