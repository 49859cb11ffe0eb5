# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""What a source gave becomes a run: kept, held for a colleague, unchanged or failed."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.orm import Session

from grants.errors import FaultKind, SourceError
from grants.keeping import keep_entries, keep_payloads
from grants.looks import keep_pages
from grants.reading import Answer
from grants.sources.reading import Reading
from models.session import Begin
from models.source import HarvestRun, Source
from models.values import Completeness

SHRINK = 0.30  # a reading that differs this much in size from the last complete one waits for a colleague
TRY_AGAIN = (timedelta(minutes=15), timedelta(hours=1), timedelta(hours=6))
FILLED = ("body", "deadlines", "programme", "budget", "opens_on", "organisation")  # what HarvestRun counts
LAST_COMPLETE = (
    select(HarvestRun.seen)
    .where(HarvestRun.source_id == bindparam("source"), ~HarvestRun.held)
    .where(HarvestRun.outcome == Completeness.COMPLETE, HarvestRun.id < bindparam("run"))
    .order_by(HarvestRun.id.desc())
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class Harvested:
    """What one run of one source gave, for people and machines."""

    source: str
    outcome: Completeness
    seen: int = 0
    new: int = 0
    changed: int = 0
    unseen: int = 0
    warnings: tuple[str, ...] = ()
    error: str = ""
    temporary: bool = False  # whether trying the same again may help
    held: bool = False


def keep_answers(
    begin: Begin, answers: Mapping[str, Answer], *, now: datetime, accept_size: bool
) -> list[Harvested]:
    """What came of each: all in one transaction; when that fails each in its own, so that only one fails."""
    if not answers:
        return []
    try:
        with begin() as session:
            return _keep_all(session, answers, now=now, accept_size=accept_size)
    except (DataError, IntegrityError, ValueError) as error:
        if len(answers) > 1:
            alone = ({slug: answer} for slug, answer in answers.items())
            return [
                one for each in alone for one in keep_answers(begin, each, now=now, accept_size=accept_size)
            ]
        sentence = f"What it gave does not fit the database: {getattr(error, 'orig', error)}"
        faults = dict.fromkeys(answers, SourceError(sentence, kind=FaultKind.BROKEN))
        with begin() as session:
            return _keep_all(session, faults, now=now, accept_size=accept_size)


def _keep_all(
    session: Session, answers: Mapping[str, Answer], *, now: datetime, accept_size: bool
) -> list[Harvested]:
    """Locks the sources first, in one order: another run may keep some of them at the same time."""
    locked = select(Source.id, Source.slug, Source.every_hours).where(Source.slug.in_(answers))
    rows = session.execute(locked.order_by(Source.id).with_for_update()).all()
    quiet = [row for row in rows if says_nothing(answers[row.slug])]
    results = _unchanged(session, quiet, now=now)
    others = [row.id for row in rows if not says_nothing(answers[row.slug])]
    sources = session.scalars(select(Source).where(Source.id.in_(others))).all() if others else ()
    runs = [_run(source, answers[source.slug], now) for source in sources]
    session.add_all(runs)
    session.flush()  # all of them get their numbers at once
    for source, run in zip(sources, runs, strict=True):
        answer = answers[source.slug]
        if isinstance(answer, SourceError):
            results.append(_failed(source, answer, now=now))
        else:
            results.append(_keep(session, source, run, answer, accept_size=accept_size))
    return results


def says_nothing(answer: Answer) -> bool:
    """Whether a source only said that nothing changed."""
    if isinstance(answer, SourceError) or answer.completeness != Completeness.UNCHANGED:
        return False
    return not (answer.warnings or answer.payloads or answer.pages)


def _unchanged(session: Session, sources: Sequence[Any], *, now: datetime) -> list[Harvested]:
    """All sources that had nothing new, in two statements for each rhythm."""
    for hours in {source.every_hours for source in sources}:
        numbers = [source.id for source in sources if source.every_hours == hours]
        good = {"failures": 0, "last_success_at": now, "next_try_at": now + timedelta(hours=hours)}
        session.execute(update(Source).where(Source.id.in_(numbers)).values(good))
        run = {"started_at": now, "finished_at": now, "outcome": Completeness.UNCHANGED}
        session.execute(insert(HarvestRun), [{"source_id": number, **run} for number in numbers])
    return [Harvested(source.slug, Completeness.UNCHANGED) for source in sources]


def _failed(source: Source, error: SourceError, *, now: datetime) -> Harvested:
    wait = TRY_AGAIN[min(source.failures, len(TRY_AGAIN) - 1)]
    asked = timedelta(seconds=min(error.retry_after or 0, 24 * 3600))
    source.failures += 1
    source.next_try_at = now + max(wait, asked)
    return Harvested(source.slug, Completeness.FAILED, error=str(error), temporary=error.temporary)


def _run(source: Source, answer: Answer, now: datetime) -> HarvestRun:
    """The run as far as the answer itself tells of it."""
    run = HarvestRun(source_id=source.id, started_at=now, finished_at=now, warnings=[], held=False)
    run.seen = run.new = run.changed = run.unseen = 0
    if isinstance(answer, SourceError):
        run.outcome, run.error, run.fault = Completeness.FAILED, str(answer), answer.kind
        return run
    run.outcome, run.reported_total = answer.completeness, answer.reported_total
    run.seen, run.warnings = len(answer.entries), list(answer.warnings)
    run.filled = {name: sum(map(bool, map(attrgetter(name), answer.entries))) for name in FILLED}
    return run


def _keep(
    session: Session, source: Source, run: HarvestRun, reading: Reading, *, accept_size: bool
) -> Harvested:
    now = run.started_at
    jump = None if accept_size else _jump(session, source, run, reading)
    if jump:
        run.held = True
        run.warnings = [*run.warnings, jump]
    elif reading.completeness != Completeness.UNCHANGED:
        keep_entries(session, run, reading)
        if told := keep_pages(session, run, reading.pages):
            run.warnings = [*run.warnings, *told]
    keep_payloads(session, run, reading.payloads)
    if not jump and reading.completeness != Completeness.UNCHANGED:
        source.validators = {url: asdict(validator) for url, validator in reading.validators.items()}
    source.failures = 0  # after the last flush: the source is written once
    if not run.held:
        source.last_success_at = now
    if run.new or run.changed:
        source.last_news_at = now
    source.next_try_at = now + timedelta(hours=source.every_hours)
    return Harvested(
        source.slug, run.outcome, run.seen, run.new, run.changed, run.unseen,
        tuple(run.warnings), held=run.held,
    )  # fmt: skip


def _jump(session: Session, source: Source, run: HarvestRun, reading: Reading) -> str | None:
    """A sentence when the size of a reading cannot be trusted without a look."""
    if reading.completeness == Completeness.UNCHANGED:
        return None
    before: int | None = session.connection().scalar(LAST_COMPLETE, {"source": source.id, "run": run.id})
    now = len(reading.entries)
    if before is None or before < 10 or abs(now - before) <= SHRINK * before:  # noqa: PLR2004 - too few to judge
        return None
    return (
        f"This reading has {now} calls, the last complete one had {before}: nothing was taken over. "
        f"If that is right, run: manage.py harvest {source.slug} --accept-size."
    )
