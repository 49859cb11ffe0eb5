# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Every hour: read what is due, link, match, and tell what went wrong; decisions 0007 and 0018 say why so."""

from contextlib import nullcontext
from dataclasses import asdict
from time import sleep
from typing import Any

from prefect import flow, task
from prefect.artifacts import create_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.deployments import run_deployment
from prefect.events import emit_event
from prefect.futures import wait
from prefect.runtime import flow_run

from config.settings import settings
from grants import clock, noticed
from grants.details import fetch_details
from grants.errors import FaultKind, SourceError
from grants.harvest import due_sources, harvest_all, portions
from grants.indexing import index_calls
from grants.linking import link_all
from grants.mailers import alert
from grants.matching import match_all, match_and_learn
from grants.running import noted
from grants.runs import Harvested
from grants.scoring.semantic import encoder
from grants.sources.fetch import fetching
from grants.sources.reading import Fetch
from grants.upkeep import tell
from models.session import Begin, connect, transactions


def may_help(_task: Any, _run: Any, state: Any) -> bool:
    """Whether trying again may: a source gave no answer, or the run that read was lost."""
    error = state.result(raise_on_failure=False)
    return isinstance(error, SourceError) and error.temporary


@task(task_run_name="read all", cache_policy=NO_CACHE)
def read(slugs: list[str], begin: Begin, fetch: Fetch, *, accept_size: bool) -> list[Harvested]:
    """Many sources; what came of each."""
    keys = settings().source_keys
    return harvest_all(begin, slugs, fetch=fetch, now=clock.now(), accept_size=accept_size, keys=keys)


@task(task_run_name="read {slug} again", cache_policy=NO_CACHE, retries=1, retry_delay_seconds=15,
      retry_jitter_factor=0.5, retry_condition_fn=may_help)  # fmt: skip
def reread(slug: str, begin: Begin, fetch: Fetch, *, accept_size: bool) -> Harvested:
    """One source; raised only when trying again may help, so that Prefect tries again."""
    (result,) = read.fn([slug], begin, fetch, accept_size=accept_size)
    if result.temporary:
        raise SourceError(f"{slug}: {result.error}", kind=FaultKind.NETWORK)
    return result


@task(task_run_name="part from {slugs[0]}", cache_policy=NO_CACHE, retries=3, retry_delay_seconds=2,
      retry_condition_fn=may_help)  # fmt: skip
def read_elsewhere(slugs: list[str], begin: Begin) -> None:
    """A part of what is due, by whichever worker is free; a run that was lost is asked for again."""
    with begin() as session:
        left = sorted({*slugs} & {*due_sources(session, now=clock.now())})
    if left:
        run: Any = run_deployment("harvest-calls/part", parameters={"slugs": left, "only_read": True})
        if not run.state.is_completed():
            raise SourceError(f"The run that read {left[0]} and others was lost.", kind=FaultKind.NETWORK)


def read_here(slugs: list[str], begin: Begin, fetch: Fetch, *, accept_size: bool) -> None:
    """All of these, and once more those that gave no answer; the run's artifact is what came of each."""
    found = read(slugs, begin, fetch, accept_size=accept_size)
    again = [one.source for one in found if one.temporary]
    runs = [reread.submit(slug, begin, fetch, accept_size=accept_size) for slug in again]
    found += [run.result(raise_on_failure=False) for run in runs]  # a task that failed gives its error
    rows = {one.source: asdict(one) for one in found if isinstance(one, Harvested)}
    create_table_artifact([*rows.values()], key="harvest")


def run_name() -> str:
    """What is read, and when it began."""
    slugs = flow_run.parameters.get("slugs") or ["what is due"]
    others = f" and {len(slugs) - 1} more" if len(slugs) > 1 else ""
    return clock.stamped(f"read {slugs[0]}{others}")()


@flow(name="harvest-calls", flow_run_name=run_name, timeout_seconds=3600)
def harvest_calls(
    slugs: list[str] | None = None, *, accept_size: bool = False, only_read: bool = False
) -> None:
    """Read these sources, or all that are due; a source that fails leaves the others untouched."""
    begin = transactions(connect(settings().database_url))
    with noted(begin, "harvest-calls", clock.now) if slugs is None else nullcontext():
        harvest(begin, slugs, accept_size=accept_size, only_read=only_read)
    if slugs is None:  # every source that was due is read: what is wrong with one is no longer just its turn
        tell(begin, send=lambda title, text: alert(settings().alert_urls, title, text), now=clock.now())


def harvest(begin: Begin, slugs: list[str] | None, *, accept_size: bool, only_read: bool) -> None:
    """Read, link, match, and look up what some sources say elsewhere."""
    with begin() as session:
        chosen = slugs or due_sources(session, now=clock.now())
        mark = noticed.last(session)
    with fetching(trusted_hosts=settings().trusted_hosts) as fetch:
        if len(parts := portions(chosen, 0 if slugs else settings().part_size)) > 1:
            wait([read_elsewhere.submit(part, begin) for part in parts])
        else:
            read_here(chosen, begin, fetch, accept_size=accept_size)
        if only_read:  # whoever asked does the rest
            return
        link_all(begin, now=clock.now())
        match_all(begin, encoder=encoder(), now=clock.now())
        fetch_details(begin, fetch=fetch, now=clock.now(), pause=lambda: sleep(1.0))
        match_and_learn(begin, encoder=encoder(), now=clock.now())
        index_calls(begin)
    with begin() as session:
        for event in noticed.since(session, mark):
            emit_event(**event)
