# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""What an application of the portfolio went through before the office opened, as rows."""

from collections.abc import Mapping
from datetime import date, datetime, time

from config.portfolio_specs import ApplicationSpec
from grants.clock import AMSTERDAM
from models.application import Application, Comment, Document, Stage, StageChange
from models.base import Row
from models.colleague import Colleague
from models.decision import Decision

SEED = "seed"  # who entered what nobody is named for


def steps(application: Application, spec: ApplicationSpec, *, now: datetime) -> list[StageChange]:
    """Its way from stage to stage; without a history it came as it is today."""
    if not spec.history:
        first = StageChange(after=application.stage, at=now, by=SEED, why="the portfolio")
        first.application_id = application.id
        return [first]
    stages = [None, *(Stage(one.stage) for one in spec.history)]
    return [
        StageChange(
            application_id=application.id, before=before, after=Stage(one.stage), at=_noon(one.on),
            by=one.by or SEED, why=one.why,
        )
        for before, one in zip(stages, spec.history, strict=False)
    ]  # fmt: skip


def papers(application: Application, spec: ApplicationSpec, people: Mapping[str, Colleague]) -> list[Row]:
    """Decisions, documents and comments; `people` by their address."""
    of = {"application_id": application.id}
    rows: list[Row] = [Decision(**of, **one.model_dump()) for one in spec.decisions]
    rows += [
        Document(**of, title=one.title, url=one.url, kind=one.kind, at=_noon(one.on), by=one.by or SEED)
        for one in spec.documents
    ]
    rows += [
        Comment(
            **of, colleague_id=people[one.by].id, text=one.text, at=_noon(one.on),
            mentions=[people[email].id for email in one.mentions],
        )
        for one in spec.comments
    ]  # fmt: skip
    return rows


def _noon(on: date) -> datetime:
    return datetime.combine(on, time(12), tzinfo=AMSTERDAM)
