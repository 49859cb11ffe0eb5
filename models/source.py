# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""A source (bron), each run of reading it, and what came in."""

import zlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from config.specs import BY_HAND
from models.base import Row, Words
from models.values import Completeness

PIECE = 256 * 1024  # bytes


class Source(Row):
    """One place where calls are published; shared by all offices."""

    __tablename__ = "source"

    slug: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(40))  # the adapter
    url: Mapped[str] = mapped_column(String(2000))
    language: Mapped[str] = mapped_column(String(2), default="nl")
    zone: Mapped[str] = mapped_column(String(40), default="Europe/Amsterdam")
    organisation: Mapped[str] = mapped_column(String(200), default="")
    every_hours: Mapped[int] = mapped_column(default=24)
    at_least: Mapped[int] = mapped_column(default=1)
    at_most: Mapped[int | None]  # calls in one reading; None: no bound
    news_every_days: Mapped[int | None]  # its usual interval between news; None: learnt from its runs
    filled: Mapped[dict[str, Any]] = mapped_column(default=dict)  # fact -> share of calls that should have it
    rules: Mapped[dict[str, Any]] = mapped_column(default=dict)
    enabled: Mapped[bool] = mapped_column(default=True)  # a colleague's choice; never switched by a run
    validators: Mapped[dict[str, Any]] = mapped_column(default=dict)  # by URL: reading.Validator
    failures: Mapped[int] = mapped_column(default=0)  # in a row, since the last success
    last_success_at: Mapped[datetime | None]
    last_news_at: Mapped[datetime | None]  # the last run that brought something new or changed
    next_try_at: Mapped[datetime | None]
    normal_since: Mapped[datetime | None]  # a colleague called it normal: drift is learnt from there on

    runs: Mapped[list["HarvestRun"]] = relationship(back_populates="source", order_by="HarvestRun.id.desc()")

    @property
    def by_hand(self) -> bool:
        """Whether colleagues keep its calls, and nothing is ever read."""
        return self.kind in BY_HAND

    def overdue(self, now: datetime) -> bool:
        """No good reading for three times the usual interval."""
        limit = timedelta(hours=3 * self.every_hours)
        if not self.enabled or self.by_hand:
            return False
        return self.last_success_at is None or now - self.last_success_at > limit


class HarvestRun(Row):
    """One reading of one source, and what came of it."""

    __tablename__ = "harvest_run"
    __table_args__ = (Index(None, "source_id", "started_at"),)

    source_id: Mapped[int] = mapped_column(ForeignKey("source.id"))
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime]
    outcome: Mapped[Completeness] = mapped_column(Words(Completeness))
    seen: Mapped[int] = mapped_column(default=0)
    reported_total: Mapped[int | None]
    new: Mapped[int] = mapped_column(default=0)
    changed: Mapped[int] = mapped_column(default=0)
    unseen: Mapped[int] = mapped_column(default=0)
    warnings: Mapped[list[Any]] = mapped_column(default=list)
    filled: Mapped[dict[str, Any]] = mapped_column(default=dict)  # fact -> how many calls had it
    error: Mapped[str] = mapped_column(Text, default="")
    fault: Mapped[str] = mapped_column(String(20), default="")  # errors.FaultKind
    held: Mapped[bool] = mapped_column(default=False)  # stopped for a colleague to look

    source: Mapped[Source] = relationship(back_populates="runs")


class Look(Row):
    """A watched page that changed: a colleague must look, for no deadline is read from it (kijktaak)."""

    __tablename__ = "look"

    source_id: Mapped[int] = mapped_column(ForeignKey("source.id"), index=True)
    run_id: Mapped[int | None] = mapped_column(ForeignKey("harvest_run.id"))
    at: Mapped[datetime]
    url: Mapped[str] = mapped_column(String(2000))
    title: Mapped[str] = mapped_column(Text, default="")
    before: Mapped[str] = mapped_column(Text, default="")  # the watched text, a line a block
    after: Mapped[str] = mapped_column(Text)
    done_at: Mapped[datetime | None]  # the first look of a page is done from the start: nothing changed yet
    done_by: Mapped[str] = mapped_column(String(200), default="")
    note: Mapped[str] = mapped_column(Text, default="")

    source: Mapped[Source] = relationship()


class Payload(Row):
    """A raw answer, kept once by its hash, compressed."""

    __tablename__ = "payload"

    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    content_type: Mapped[str] = mapped_column(String(200), default="")
    size: Mapped[int]  # bytes before compression
    body: Mapped[bytes] = mapped_column(LargeBinary)  # zlib
    first_seen_at: Mapped[datetime]

    def pieces(self) -> Iterator[bytes]:
        """The answer as it came, a piece at a time; never more of it than `size` says."""
        tool, packed, left = zlib.decompressobj(), self.body, self.size
        while left and (piece := tool.decompress(packed, min(left, PIECE))):
            yield piece
            packed, left = tool.unconsumed_tail, left - len(piece)


class RunPayload(Row):
    """Which run brought which payload, from which address."""

    __tablename__ = "run_payload"

    run_id: Mapped[int] = mapped_column(ForeignKey("harvest_run.id"), index=True)
    payload_id: Mapped[int] = mapped_column(ForeignKey("payload.id"), index=True)
    url: Mapped[str] = mapped_column(String(2000))
