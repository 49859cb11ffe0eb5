# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Applications in time: a month of dates, and bars over the years."""

import re
from datetime import date, timedelta
from http import HTTPStatus
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from grants import applications
from grants.paging import pages_of
from web.application_views import SIZE, View, Words, filter_facts
from web.auth import Reader
from web.deps import desk, shown
from web.threads import Route

router = APIRouter(prefix="/applications", route_class=Route)

MONTH: Final = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")


@router.get("/calendar")
def show_calendar(request: Request, me: Reader, asked: View, *, month: Words = "") -> Response:
    """One month; of what is no month, this one with a sentence."""
    today, read = desk(request).today(), MONTH.fullmatch(month)
    first = date(int(read[1]), int(read[2]), 1) if read else today.replace(day=1)
    code = HTTPStatus.BAD_REQUEST if month and not read else HTTPStatus.OK
    with desk(request).look() as session:
        facts = filter_facts(session, me, asked)
        weeks = applications.month(session, me, facts["wanted"], first)
    previous, following = first - timedelta(days=1), applications.next_month(first)
    return shown(
        request, "application_calendar.html", code=code, weeks=weeks, first=first, today=today, month=month,
        previous=_within(previous), following=_within(following), **facts,
    )  # fmt: skip


def _within(day: date) -> date | None:
    """The day, when the address of its month is one that is read."""
    return day if MONTH.fullmatch(f"{day:%Y-%m}") else None


@router.get("/timeline")
def show_timeline(request: Request, me: Reader, asked: View) -> Response:
    """A page of bars, each with its dates; as a table too."""
    today = desk(request).today()
    with desk(request).look() as session:
        facts = filter_facts(session, me, asked)
        drawn = applications.timeline(session, me, facts["wanted"], today=today, page=asked.page, size=SIZE)
    pages = pages_of(drawn.total, SIZE)
    return shown(request, "application_timeline.html", drawn=drawn, today=today, pages=pages, **facts)
