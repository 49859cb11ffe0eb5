# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""What Prometheus is told: requests as the web counted them, and the office as the database has it.

With PROMETHEUS_MULTIPROC_DIR set, as `make up` does, the web's processes count in files of one folder, and
whichever is asked answers for all; docs/decisions/0019-watch.md says why so.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_1_0_0
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from config.settings import environment
from grants.watch import Figures

FOLDER: Final = "PROMETHEUS_MULTIPROC_DIR"
OWN: Final = CollectorRegistry()
REQUESTS: Final = Counter(
    "pijplijn_requests", "Requests answered.", ["method", "route", "status"], registry=OWN
)
SECONDS: Final = Histogram(
    "pijplijn_request_seconds", "How long requests took.", ["method", "route"], registry=OWN,
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)  # fmt: skip
CONTENT_TYPE: Final = CONTENT_TYPE_PLAIN_1_0_0


def count(method: str, route: str, status: int, seconds: float) -> None:
    """One request that was answered."""
    REQUESTS.labels(method, route, str(status)).inc()
    SECONDS.labels(method, route).observe(seconds)


def exposition(figures: Figures) -> bytes:
    """Everything, in Prometheus' text format."""
    registry = CollectorRegistry()
    registry.register(_Office(figures))
    if environment().get(FOLDER):
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        return generate_latest(registry)
    return generate_latest(OWN) + generate_latest(registry)


class _Office(Collector):
    """The figures of the database and the disk."""

    def __init__(self, figures: Figures) -> None:
        self.figures = figures

    def collect(self) -> Iterable[Metric]:
        """A family for each figure; one that is not known has no sample."""
        yield from _told(self.figures)


def _told(found: Figures) -> Iterator[Metric]:
    yield _gauge("calls", "Calls that are kept.", found.calls)
    yield _gauge("database_bytes", "Size of the database.", found.database_bytes)
    yield _by("sources", "Sources by their state.", "state", found.sources)
    yield _by("messages", "Letters by their state, of all offices.", "state", found.messages)
    yield _by(
        "message_oldest_seconds", "Age of the oldest letter in a state that waits.", "state", found.oldest
    )
    yield _by("flow_started_seconds", "Since the last run of a flow began.", "flow", found.flows_started)
    yield _by("flow_succeeded_seconds", "Since a flow last went well.", "flow", found.flows_succeeded)
    yield _by("flow_failed", "Whether the last run of a flow failed.", "flow", found.flows_failed)
    yield _by("troubles", "Troubles the operator was or will be told of.", "sort", found.troubles)
    yield _gauge("suppressed_addresses", "Addresses that get no letters any more.", found.suppressed)
    yield _gauge("backup_age_seconds", "Since the last backup was made and proved.", found.backup_age)
    yield _gauge("drill_age_seconds", "Since a backup was last put back on trial.", found.drill_age)
    yield _by("disk_free_bytes", "Room that is left.", "place", found.disk_free)
    yield _gauge("audit_walk_age_seconds", "Since the whole audit log was walked.", found.audit_age)
    yield _gauge("audit_holds", "Whether the audit log held then.", found.audit_holds)
    yield _gauge("red", "What asks for a person, as manage.py status has it.", found.red)


def _gauge(name: str, told: str, value: float | None) -> Metric:
    return GaugeMetricFamily(f"pijplijn_{name}", told, value=value)


def _by(name: str, told: str, label: str, values: Mapping[Any, float]) -> Metric:
    family = GaugeMetricFamily(f"pijplijn_{name}", told, labels=[label])
    for word, value in values.items():
        family.add_metric([word], value)
    return family
