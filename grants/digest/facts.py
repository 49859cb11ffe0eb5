# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Everything one colleague's digest tells, decided from what is in the database."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from grants.clock import iso_week, local_day
from grants.digest.changes import Span
from grants.digest.news import News, news
from grants.digest.own import Decisions, Upcoming, decisions, upcoming
from grants.digest.pool import Pool, pool
from grants.digest.rhythm import WEEK
from grants.home import RED, Mention, mentions
from grants.looks import Waiting
from grants.queries import SourceHealth
from models.colleague import Colleague, Rhythm
from models.message import Message, MessageState
from models.theme import Theme


@dataclass(frozen=True, slots=True)
class DigestFacts:
    """Everything one colleague's digest tells.

    Args:
        daily: whether it is of a day, not of a week.
        title: which one: "2026-W48", or the day.
        since: it tells what came after this.
        news: the calls.
        decisions: what waits for one.
        mentions: what others said to this colleague since, and got no answer to.
        applications: the colleague's own, with what is due.
        looks: watched pages that changed, each told once.
        sources: how each is doing.
        read: how many gave something since.
        red: how many keep us from hearing of calls.
        off: chosen themes that are off by now.
    """

    daily: bool
    week: str
    since: datetime
    news: News
    decisions: Decisions
    mentions: tuple[Mention, ...]
    applications: tuple[Upcoming, ...]
    looks: Waiting
    sources: tuple[SourceHealth, ...]
    read: int
    red: int
    off: tuple[Theme, ...]


def facts(
    session: Session, colleague: Colleague, *, now: datetime, shared: Pool | None = None
) -> DigestFacts:
    """What a digest written now tells this colleague, in a fixed number of statements."""
    today = local_day(now)
    shared = shared or pool(session, colleague.office_id, now=now)
    told = last_told(session, colleague, now)
    span = Span(told or now - WEEK, told, now, today)
    ask = decisions(session, colleague, today)
    chosen = (shared.themes.get(number) for number in colleague.digest_themes)
    return DigestFacts(
        daily=colleague.digest_rhythm == Rhythm.DAILY,
        week=iso_week(today),
        since=span.since,
        news=news(session, colleague, shared, ask.calls, span),
        decisions=ask,
        mentions=tuple(one for one in mentions(session, colleague, now) if one.comment.at > span.since),
        applications=upcoming(session, colleague, today),
        looks=_fresh(shared.looks, told),
        sources=shared.sources,
        read=sum(1 for one in shared.sources if one.last_success_at and one.last_success_at > span.since),
        red=sum(1 for one in shared.sources if one.state in RED),
        off=tuple(one for one in chosen if one is not None and not one.enabled),
    )


def _fresh(looks: Waiting, told: datetime | None) -> Waiting:
    """Those this reader was not told of yet; the others that wait are only counted."""
    new = tuple(one for one in looks.looks if told is None or one.look.at > told)
    return Waiting(new, looks.beyond + len(looks.looks) - len(new))


def last_told(session: Session, colleague: Colleague, now: datetime) -> datetime | None:
    """When the last digest that went out was written: the next one tells what came after it.

    Whatever its rhythm was, so that a colleague who goes from weekly to daily misses no call and hears of
    none twice. One that was refused, or that nobody knows the fate of, told nothing: the next tells it all.
    """
    mine = (Message.office_id == colleague.office_id, Message.recipient == colleague.email)
    went_out = (Message.kind == "digest", *mine, Message.state == MessageState.SENT)
    return session.scalar(select(func.max(Message.created_at)).where(*went_out, Message.created_at < now))
