# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Every hour: read the sources that are due, link, match what is new, and tell what went wrong."""

from functools import partial
from time import sleep

from prefect import flow, task
from prefect.artifacts import create_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.futures import wait
from prefect.tasks import exponential_backoff

from config.settings import settings
from grants import clock
from grants.details import fetch_details
from grants.errors import FaultKind, SourceError
from grants.harvest import due_sources, harvest
from grants.linking import link_all
from grants.mailers import alert
from grants.matching import match_all
from grants.sources.fetch import fetching
from grants.sources.reading import Fetch
from grants.upkeep import tell
from models.session import Begin, connect, transactions


@task(
    task_run_name="read {slug}", cache_policy=NO_CACHE, retries=2,
    retry_delay_seconds=exponential_backoff(10), retry_jitter_factor=0.5,
)  # fmt: skip
def harvest_source(slug: str, begin: Begin, fetch: Fetch, *, accept_size: bool) -> dict[str, object]:
    """One source; raised only when trying again may help, so that Prefect tries again."""
    keys = settings().source_keys
    result = harvest(begin, slug, fetch=fetch, now=clock.now(), accept_size=accept_size, keys=keys)
    if result.temporary:
        raise SourceError(f"{slug}: {result.error}", kind=FaultKind.NETWORK)
    return {"source": slug, "outcome": str(result.outcome), "new": result.new, "changed": result.changed}


@flow(name="harvest-calls", flow_run_name="harvest {slugs}", timeout_seconds=3600)
def harvest_calls(slugs: list[str] | None = None, *, accept_size: bool = False) -> None:
    """Read these sources, or all that are due; a source that fails leaves the others untouched."""
    begin = transactions(connect(settings().database_url))
    with begin() as session:
        chosen = slugs or due_sources(session, now=clock.now())
    with fetching(trusted_hosts=settings().trusted_hosts) as fetch:
        runs = [harvest_source.submit(slug, begin, fetch, accept_size=accept_size) for slug in chosen]
        wait(runs)
        link_all(begin, now=clock.now())
        match_all(begin, now=clock.now())
        fetch_details(begin, fetch=fetch, now=clock.now(), pause=partial(sleep, 1.0))
        match_all(begin, now=clock.now())
    good = [run.result() for run in runs if run.state.is_completed()]
    create_table_artifact(table=good, key="harvest", description="What each source brought")
    if slugs is None:  # every source that was due is read: what is wrong with one is no longer just its turn
        tell(begin, send=partial(alert, settings().alert_urls), now=clock.now())
