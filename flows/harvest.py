# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Every hour: read the sources that are due, match what is new, and tell what went wrong.

One task reads them all: a task each would cost more than the reading. A source that may do better in a moment
gets a task of its own, which Prefect tries again. The table of the run has every source.
"""

from dataclasses import asdict
from functools import partial

from prefect import flow, task
from prefect.artifacts import create_table_artifact
from prefect.cache_policies import NO_CACHE

from config.settings import settings
from grants import clock
from grants.errors import FaultKind, SourceError
from grants.harvest import due_sources, harvest_all
from grants.mailers import alert
from grants.matching import match_all
from grants.runs import Harvested
from grants.sources.fetch import fetching
from grants.sources.reading import Fetch
from grants.upkeep import tell
from models.session import Begin, connect, transactions


@task(task_run_name="read all", cache_policy=NO_CACHE)
def read(slugs: list[str], begin: Begin, fetch: Fetch, *, accept_size: bool) -> list[Harvested]:
    """Many sources; what came of each."""
    keys = settings().source_keys
    return harvest_all(begin, slugs, fetch=fetch, now=clock.now(), accept_size=accept_size, keys=keys)


@task(task_run_name="read {slug} again", cache_policy=NO_CACHE, retries=1, retry_delay_seconds=15)
def read_again(slug: str, begin: Begin, fetch: Fetch, *, accept_size: bool) -> Harvested:
    """One source; raised only when trying again may help, so that Prefect tries again."""
    (result,) = read.fn([slug], begin, fetch, accept_size=accept_size)
    if result.temporary:
        raise SourceError(f"{slug}: {result.error}", kind=FaultKind.NETWORK)
    return result


@flow(name="harvest-calls", flow_run_name="harvest {slugs}", timeout_seconds=3600)
def harvest_calls(slugs: list[str] | None = None, *, accept_size: bool = False) -> None:
    """Read these sources, or all that are due; a source that fails leaves the others untouched."""
    begin = transactions(connect(settings().database_url))
    with begin() as session:
        chosen = slugs or due_sources(session, now=clock.now())
    with fetching(trusted_hosts=settings().trusted_hosts) as fetch:
        results = {one.source: one for one in read(chosen, begin, fetch, accept_size=accept_size)}
        again = [slug for slug, one in results.items() if one.temporary]
        runs = [read_again.submit(slug, begin, fetch, accept_size=accept_size) for slug in again]
        better = [run.result(raise_on_failure=False) for run in runs]
    results |= {one.source: one for one in better if isinstance(one, Harvested)}
    create_table_artifact([asdict(one) for one in results.values()], key="harvest")
    match_all(begin, now=clock.now())
    if slugs is None:  # every source that was due is read: what is wrong with one is no longer just its turn
        tell(begin, send=partial(alert, settings().alert_urls), now=clock.now())
