import sys, time, gc, os, tempfile
from pathlib import Path
from statistics import median
from datetime import datetime, UTC
import models
from bench.feeds import made, serving
from models.session import connect, transactions
from models.source import Source
from grants.harvest import harvest_all, due_sources
from grants.sources.fetch import fetching
from grants.sources import feed_readers
from config.settings import settings
from grants import clock


def readers(n):
    while True:
        try:
            feed_readers._readers().get_nowait().close()
        except Exception:
            break
    os.environ["PIJPLIJN_READERS"] = str(n)
    settings.cache_clear()
    feed_readers._readers.cache_clear()


def run(site, folder):
    e = connect(f"sqlite:///{folder}/o.db")
    models.Base.metadata.create_all(e)
    b = transactions(e)
    with b() as s:
        s.add_all(
            [Source(slug=f.slug, name=f.slug, kind="rss", url=f.url, language="nl") for f in site.feeds]
        )
    out = {}

    def go(name):
        gc.collect()
        n = site.answers.value
        t = time.perf_counter()
        c = time.process_time()
        with b() as s:
            s.query(Source).update({"next_try_at": None})
        with b() as s:
            slugs = due_sources(s, now=clock.now())
        with fetching(trusted_hosts=site.hosts) as fetch:
            r = harvest_all(b, slugs, fetch=fetch, now=clock.now())
        out[name] = (
            round(time.perf_counter() - t, 3),
            round(time.process_time() - c, 3),
            sum(x.new for x in r),
            site.answers.value - n,
            {str(x.outcome) for x in r},
        )

    site.later.value = 0
    site.validators.value = 1
    go("cold")
    go("304")
    site.later.value = 1
    go("new")
    site.validators.value = 0
    go("same")
    e.dispose()
    return out


if __name__ == "__main__":
    feeds = made(port=18799)
    with serving(feeds) as site:
        for n in (1, 2, 1, 2):
            readers(n)
            from grants.sources.feed import parse
            from concurrent.futures import ThreadPoolExecutor

            with ThreadPoolExecutor(n) as ex:
                list(ex.map(lambda f: parse(f.bodies[0]), feeds[: n * 2]))
            with tempfile.TemporaryDirectory() as d:
                print(n, run(site, d))
        if "p" in sys.argv:
            import cProfile, pstats

            with tempfile.TemporaryDirectory() as d:
                p = cProfile.Profile()
                p.enable()
                run(site, d)
                p.disable()
                pstats.Stats(p).sort_stats("tottime").print_stats(40)
