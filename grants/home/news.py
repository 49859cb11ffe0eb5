# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""What others said and what changed: mentions without an answer, and followed calls that changed."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Final

from sqlalchemy import String, and_, cast, func, or_, select
from sqlalchemy.orm import Session, aliased, contains_eager, defer, joinedload

from grants.applications import visible
from grants.home.decisions import LONG
from models.application import Application, Comment
from models.call import CallChange, Significance
from models.colleague import Colleague
from models.interest import Follow, Seen

MOST: Final = 20
REMEMBERED: Final = timedelta(days=60)  # what nobody answered by then needs no answer


@dataclass(frozen=True, slots=True)
class Mention:
    """A comment that names a colleague, and where it stands."""

    comment: Comment
    application: Application


def mentions(session: Session, me: Colleague, now: datetime) -> list[Mention]:
    """Comments of others that name me, after which I said nothing on that application; the latest first."""
    mine = aliased(Comment)
    answered = select(mine.id).where(
        mine.application_id == Comment.application_id, mine.colleague_id == me.id, mine.id > Comment.id,
        mine.withdrawn_at.is_(None),
    )  # fmt: skip
    found = session.execute(
        select(Comment, Application)
        .join(Application, Application.id == Comment.application_id)
        .where(
            visible(me),
            Comment.withdrawn_at.is_(None),
            Comment.at > now - REMEMBERED,
            or_(Comment.colleague_id.is_(None), Comment.colleague_id != me.id),
            cast(Comment.mentions, String).contains(str(me.id)),  # 7 is in [17] too: see below
            ~answered.exists(),
        )
        .order_by(Comment.id.desc())
        .options(joinedload(Comment.colleague))
    )
    told = (Mention(comment, where) for comment, where in found if me.id in comment.mentions)
    return list(islice(told, MOST))


def followed(session: Session, me: Colleague) -> list[CallChange]:
    """The latest change of each followed call since I followed it and last looked at it; the newest first."""
    latest = (
        select(func.max(CallChange.id))
        .join(Follow, Follow.call_id == CallChange.call_id)
        .outerjoin(Seen, and_(Seen.call_id == CallChange.call_id, Seen.colleague_id == me.id))
        .where(
            Follow.colleague_id == me.id,
            Follow.until.is_(None),
            CallChange.significance != Significance.COSMETIC,
            CallChange.at > Follow.since,
            or_(Seen.at.is_(None), CallChange.at > Seen.at),
        )
        .group_by(CallChange.call_id)
    )
    found = (
        select(CallChange)
        .join(CallChange.call)
        .where(CallChange.id.in_(latest))
        .order_by(CallChange.id.desc())
        .options(contains_eager(CallChange.call).options(*(defer(one, raiseload=True) for one in LONG)))
        .limit(MOST)
    )
    return list(session.scalars(found))
