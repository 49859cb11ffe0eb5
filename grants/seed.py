# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Seed: insert the factory settings that are new, by slug. What staff changed is never overwritten."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from config.catalogue import Catalogue
from config.portfolio_specs import ApplicationSpec
from config.specs import CallSpec, OfficeSpec, ThemeSpec
from grants.auditing import note
from grants.drafts import Draft
from grants.portfolio import papers, steps
from grants.rounds import keep_draft
from grants.timetable import Step
from models.application import (
    Application,
    ChecklistItem,
    Contribution,
    ContributionKind,
    Milestone,
    Participation,
    Role,
    Stage,
    TeamMember,
)
from models.base import Row
from models.call import Call
from models.colleague import Colleague
from models.obligation import Obligation
from models.office import Office, PlanStep, Task
from models.partner import Partner
from models.source import Source
from models.theme import Theme
from models.values import Basis, CallStatus, Due

R = TypeVar("R", bound=Row)
KEPT = {  # of an application, as the file says it
    "slug", "title", "summary", "confidential", "programme", "funder", "reference", "submitted_on",
    "runs_from", "runs_until", "total", "requested", "granted",
}  # fmt: skip


@dataclass
class _Seeding:
    """One seeding: its transaction, its moment, and what it inserted."""

    session: Session
    now: datetime
    inserted: Counter[str]

    def once(self, row: type[R], found: R | None, **facts: Any) -> R:
        """The row that is there, or a new one with these facts."""
        if found is not None:
            return found
        new = row(**facts)
        self.session.add(new)
        self.session.flush()
        name = row.__tablename__
        self.inserted[name] += 1
        note(
            self.session, at=self.now, actor="seed", action="inserted", subject=name, subject_id=new.id,
            office_id=new.id if isinstance(new, Office) else getattr(new, "office_id", None),
            application_id=new.id if isinstance(new, Application) else None,
        )  # fmt: skip
        return new


def seed(session: Session, catalogue: Catalogue, *, now: datetime) -> dict[str, int]:
    """Insert what is new; returns how many rows of each table."""
    seeding = _Seeding(session, now, Counter())
    for source in catalogue.sources:
        seeding.once(Source, _by_slug(session, Source, source.slug), **source.model_dump())
    for partner in catalogue.partners:
        seeding.once(Partner, _by_slug(session, Partner, partner.slug), **partner.model_dump())
    for office in catalogue.offices:
        _office(seeding, office, catalogue.themes)
    for application in catalogue.applications:
        _application(seeding, application)
    for call in catalogue.calls:
        _call(seeding, call)
    return dict(seeding.inserted)


def _call(seeding: _Seeding, spec: CallSpec) -> None:
    """A call kept by hand, by the same way as one that a colleague types."""
    session = seeding.session
    source = session.scalars(select(Source).filter_by(slug=spec.source)).one()
    known = select(Call.id).where(Call.source_id == source.id, Call.key == spec.slug)
    if session.scalar(known) is None:
        keep_draft(session, source, spec.slug, _draft(spec), now=seeding.now, actor="seed")
        seeding.inserted["call"] += 1


def _draft(spec: CallSpec) -> Draft:
    basis = Basis.PROVISIONAL if spec.provisional else Basis.STATED
    told = spec.model_dump(exclude={"slug", "source", "provisional", "status", "deadlines", "key_dates"})
    return Draft(
        **told,
        stated_status=CallStatus(spec.status) if spec.status else None,
        deadlines=tuple(Due(**one.model_dump(), basis=basis) for one in spec.deadlines),
        steps=tuple(Step(**one.model_dump()) for one in spec.key_dates),
    )


def _by_slug(session: Session, row: type[R], slug: str, office: Office | None = None) -> R | None:
    found = select(row).filter_by(slug=slug)
    if office is not None:
        found = found.filter_by(office_id=office.id)
    return session.scalars(found).one_or_none()


def _office(seeding: _Seeding, spec: OfficeSpec, themes: Iterable[ThemeSpec]) -> None:
    session = seeding.session
    facts = spec.model_dump(include={"slug", "name", "language", "digest_weekday"})
    facts["reminder_days"] = list(spec.reminder_days)
    office = seeding.once(Office, _by_slug(session, Office, spec.slug), **facts)
    for task in spec.tasks:
        found = _by_slug(session, Task, task.slug, office)
        seeding.once(Task, found, office_id=office.id, **task.model_dump())
    for theme in themes:
        if theme.slug in spec.themes:
            found_theme = _by_slug(session, Theme, theme.slug, office)
            seeding.once(Theme, found_theme, **_theme(session, office, theme))
    _planning(seeding, office, spec)
    for one in spec.colleagues:
        person = session.scalars(
            select(Colleague).filter_by(office_id=office.id, email=one.email)
        ).one_or_none()
        told = one.model_dump(exclude={"digest"}) | {"digest_rhythm": one.digest}
        seeding.once(Colleague, person, office_id=office.id, **told)


def _planning(seeding: _Seeding, office: Office, spec: OfficeSpec) -> None:
    """The template for back-planning, where an office never had a step: what staff removed stays removed."""
    if seeding.session.scalars(select(PlanStep).filter_by(office_id=office.id)).first() is None:
        for position, step in enumerate(spec.planning):
            seeding.once(PlanStep, None, office_id=office.id, position=position, **step.model_dump())


def _theme(session: Session, office: Office, spec: ThemeSpec) -> dict[str, Any]:
    task = _by_slug(session, Task, spec.task, office)
    words = spec.model_dump(mode="json", by_alias=True, include={"core", "terms", "weak", "excluded"})
    return {
        "office_id": office.id,
        "task_id": task.id if task else None,
        "words": words,
        **spec.model_dump(include={"slug", "name", "description"}),
    }


def _application(seeding: _Seeding, spec: ApplicationSpec) -> None:
    session = seeding.session
    office = session.scalars(select(Office).filter_by(slug=spec.office)).one()
    found = _by_slug(session, Application, spec.slug, office)
    if found is not None:
        return
    people = {one.email: one for one in session.scalars(select(Colleague).filter_by(office_id=office.id))}
    task = _by_slug(session, Task, spec.task, office)
    themes = select(Theme).filter_by(office_id=office.id).where(Theme.slug.in_(spec.themes))
    application = seeding.once(
        Application,
        None,
        office_id=office.id,
        stage=Stage(spec.stage),
        task_id=task.id if task else None,
        owner_id=people[spec.owner].id if spec.owner else None,
        backup_id=people[spec.backup].id if spec.backup else None,
        themes=list(session.scalars(themes)),
        created_at=seeding.now,
        team=[TeamMember(colleague_id=people[email].id) for email in spec.team],
        milestones=[Milestone(**one.model_dump()) for one in spec.milestones],
        **spec.model_dump(include=KEPT),
    )
    session.add_all(_parts(session, application, spec))
    session.add_all([*steps(application, spec, now=seeding.now), *papers(application, spec, people)])


def _parts(session: Session, application: Application, spec: ApplicationSpec) -> list[Row]:
    partners = {one.slug: one.id for one in session.scalars(select(Partner))}
    parts: list[Row] = [
        Participation(
            application_id=application.id,
            partner_id=partners[one.partner],
            role=Role(one.role),
            share=one.share,
            contact=one.contact,
        )
        for one in spec.partners
    ]
    parts += [
        Obligation(application_id=application.id, **one.model_dump() | {"kind": one.kind or "content"})
        for one in spec.obligations
    ]
    parts += [
        Contribution(
            application_id=application.id, partner_id=partners.get(one.partner), party=one.party,
            kind=ContributionKind(one.kind), amount=one.amount, certain=one.certain,
        )
        for one in spec.contributions
    ]  # fmt: skip
    return parts + [ChecklistItem(application_id=application.id, title=title) for title in spec.checklist]
