# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Harvest a source: read it, keep what came, and note every new, changed, unseen and returned call.

Reading happens outside any transaction; what it gave is then kept in one. A run may be repeated: what is
known already changes nothing.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from pydantic import SecretStr
from sqlalchemy import select
from sqlalchemy.orm import Session

from config.specs import BY_HAND
from grants.errors import FaultKind, SourceError
from grants.keeping import keep_entries, keep_payloads
from grants.looks import keep_pages
from grants.sources.adapters import adapter
from grants.sources.reading import Fetch, Reading, SourceConfig, Validator
from models.session import Begin
from models.source import HarvestRun, Source
from models.values import Completeness

SHRINK = 0.30  # a reading that differs this much in size from the last complete one waits for a colleague
NO_KEYS: Mapping[str, SecretStr] = {}
TRY_AGAIN = (timedelta(minutes=15), timedelta(hours=1), timedelta(hours=6))


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


def due_sources(session: Session, *, now: datetime) -> list[str]:
    """Slugs of the sources that are on and due; what is kept by hand never is."""
    read = (Source.enabled, Source.kind.not_in(BY_HAND))
    sources = session.scalars(select(Source).where(*read).order_by(Source.slug))
    return [source.slug for source in sources if source.due(now)]


def harvest(  # noqa: PLR0913 - the parts of a run, each by name
    begin: Begin,
    slug: str,
    *,
    fetch: Fetch,
    now: datetime,
    accept_size: bool = False,
    keys: Mapping[str, SecretStr] = NO_KEYS,
) -> Harvested:
    """Read one source and keep what it says.

    Args:
        begin: opens a transaction; none is open while the source is read.
        slug: which source.
        fetch: fetches one request.
        now: the moment of the run.
        accept_size: a colleague looked: take a reading although its size jumped.
        keys: the secrets of sources that ask for one, by slug.

    Returns:
        What came of it; a source that failed is an outcome, not an exception.
    """
    with begin() as session:
        config, known = configured(session, slug, keys=keys)
    try:
        reading = adapter(config.kind)(config, fetch=fetch, known=known)
    except SourceError as error:
        with begin() as session:
            return _failed(session, slug, error, now=now)
    with begin() as session:
        return _keep(session, _source(session, slug), reading, now=now, accept_size=accept_size)


def _source(session: Session, slug: str) -> Source:
    source = session.scalars(select(Source).where(Source.slug == slug).with_for_update()).one_or_none()
    if source is None:
        sentence = f"There is no source called '{slug}'; manage.py sources lists them."
        raise SourceError(sentence, kind=FaultKind.MISSING)
    return source


def configured(
    session: Session, slug: str, *, keys: Mapping[str, SecretStr] = NO_KEYS
) -> tuple[SourceConfig, dict[str, Validator]]:
    """What the adapter may know: the source's settings, and what it last said; raises SourceError."""
    source = _source(session, slug)
    rules = {"at_least": source.at_least, "organisation": source.organisation} | source.rules
    secret = keys[source.slug].get_secret_value() if source.slug in keys else ""
    config = SourceConfig(source.slug, source.kind, source.url, source.language, source.zone, rules, secret)
    return config, {url: Validator(**facts) for url, facts in source.validators.items()}


def _failed(session: Session, slug: str, error: SourceError, *, now: datetime) -> Harvested:
    source = _source(session, slug)
    wait = TRY_AGAIN[min(source.failures, len(TRY_AGAIN) - 1)]
    asked = timedelta(seconds=min(error.retry_after or 0, 24 * 3600))
    source.failures += 1
    source.next_try_at = now + max(wait, asked)
    run = _run(source, Completeness.FAILED, now)
    run.error, run.fault = str(error), error.kind
    session.add(run)
    return Harvested(slug, Completeness.FAILED, error=str(error), temporary=error.temporary)


def _run(source: Source, outcome: Completeness, now: datetime) -> HarvestRun:
    return HarvestRun(
        source=source, started_at=now, finished_at=now, outcome=outcome, warnings=[],
        seen=0, new=0, changed=0, unseen=0, held=False,
    )  # fmt: skip


def _keep(
    session: Session, source: Source, reading: Reading, *, now: datetime, accept_size: bool
) -> Harvested:
    jump = None if accept_size else _jump(session, source, reading)
    run = _run(source, reading.completeness, now)
    run.seen, run.reported_total = len(reading.entries), reading.reported_total
    run.warnings = list(reading.warnings)
    session.add(run)
    keep_payloads(session, run, reading.payloads)
    if jump:
        run.held = True
        run.warnings = [*run.warnings, jump]
    elif reading.completeness != Completeness.UNCHANGED:
        keep_entries(session, run, reading)
        run.warnings = [*run.warnings, *keep_pages(session, run, reading.pages)]
        source.validators = {url: asdict(validator) for url, validator in reading.validators.items()}
    source.failures = 0
    if not run.held:
        source.last_success_at = now
    source.next_try_at = now + timedelta(hours=source.every_hours)
    return Harvested(
        source.slug, run.outcome, run.seen, run.new, run.changed, run.unseen,
        tuple(run.warnings), held=run.held,
    )  # fmt: skip


def _jump(session: Session, source: Source, reading: Reading) -> str | None:
    """A sentence when the size of a reading cannot be trusted without a look."""
    if reading.completeness == Completeness.UNCHANGED:
        return None
    before = session.scalar(
        select(HarvestRun.seen)
        .where(HarvestRun.source_id == source.id, ~HarvestRun.held)
        .where(HarvestRun.outcome == Completeness.COMPLETE)
        .order_by(HarvestRun.id.desc())
        .limit(1)
    )  # fmt: skip
    now = len(reading.entries)
    if before is None or before < 10 or abs(now - before) <= SHRINK * before:  # noqa: PLR2004 - too few to judge
        return None
    return (
        f"This reading has {now} calls, the last complete one had {before}: nothing was taken over. "
        f"If that is right, run: manage.py harvest {source.slug} --accept-size."
    )
