# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Every hour: read what is due, link, match, and tell what went wrong; docs/decisions/0007 says why so."""

from contextlib import nullcontext
from dataclasses import asdict
from time import sleep

from prefect import flow, task
from prefect.artifacts import create_table_artifact
from prefect.cache_policies import NO_CACHE

from config.settings import settings
from grants import clock
from grants.details import fetch_details
from grants.errors import FaultKind, SourceError
from grants.harvest import due_sources, harvest_all
from grants.indexing import index_calls
from grants.lessons import FEWEST, learn_all
from grants.linking import link_all
from grants.mailers import alert
from grants.matching import match_all
from grants.running import noted
from grants.runs import Harvested
from grants.scoring.semantic import encoder
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
def reread(slug: str, begin: Begin, fetch: Fetch, *, accept_size: bool) -> Harvested:
    """One source; raised only when trying again may help, so that Prefect tries again."""
    (result,) = read.fn([slug], begin, fetch, accept_size=accept_size)
    if result.temporary:
        raise SourceError(f"{slug}: {result.error}", kind=FaultKind.NETWORK)
    return result


@flow(name="harvest-calls", flow_run_name="harvest {slugs}", timeout_seconds=3600)
def harvest_calls(slugs: list[str] | None = None, *, accept_size: bool = False) -> None:
    """Read these sources, or all that are due; a source that fails leaves the others untouched."""
    begin = transactions(connect(settings().database_url))
    with noted(begin, "harvest-calls", clock.now) if slugs is None else nullcontext():
        harvest(begin, slugs, accept_size=accept_size)
    if slugs is None:  # every source that was due is read: what is wrong with one is no longer just its turn
        tell(begin, send=lambda title, text: alert(settings().alert_urls, title, text), now=clock.now())


def harvest(begin: Begin, slugs: list[str] | None, *, accept_size: bool) -> None:
    """Read, link, match, and look up what some sources say elsewhere."""
    with begin() as session:
        chosen = slugs or due_sources(session, now=clock.now())
    with fetching(trusted_hosts=settings().trusted_hosts) as fetch:
        found = read(chosen, begin, fetch, accept_size=accept_size)
        again = [one.source for one in found if one.temporary]
        runs = [reread.submit(slug, begin, fetch, accept_size=accept_size) for slug in again]
        found += [run.result(raise_on_failure=False) for run in runs]  # a task that failed gives its error
        rows = {one.source: asdict(one) for one in found if isinstance(one, Harvested)}
        create_table_artifact([*rows.values()], key="harvest")
        link_all(begin, now=clock.now())
        match_all(begin, encoder=encoder(), now=clock.now())
        fetch_details(begin, fetch=fetch, now=clock.now(), pause=lambda: sleep(1.0))
        match_all(begin, encoder=encoder(), now=clock.now())
        if learn_all(begin, encoder=encoder(), now=clock.now(), after=FEWEST):
            match_all(begin, encoder=encoder(), now=clock.now())
        index_calls(begin)
