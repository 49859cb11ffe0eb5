# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Six real days of the EU portal (12 to 17 August 2026), served in its own protocol and harvested daily."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import func, select

from demo.portal import Portal, serving
from grants.harvest import harvest
from grants.runs import Harvested
from grants.sources.fetch import fetching
from models.call import Call, CallChange, ChangeKind, Significance
from models.session import Begin
from models.values import Completeness
from tests.builders import source
from tests.conftest import needs_captures
from tests.snapshots import records

FIRST = date(2026, 8, 12)
DAYS = [FIRST + timedelta(days=number) for number in range(6)]


def morning(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 7, tzinfo=UTC)


def harvested(begin: Begin, days: list[date]) -> list[Harvested]:
    portal = Portal(records=[])
    results = []
    with serving(portal) as address:
        host = address.removeprefix("http://")
        with begin() as session:
            session.add(source(slug="eu-portal", kind="sedia", url=f"{address}/search-api/prod/rest/search"))
        with fetching(trusted_hosts=frozenset({host})) as fetch:
            for day in days:
                portal.records = records(day)
                results.append(harvest(begin, "eu-portal", fetch=fetch, now=morning(day)))
    return results


def first_deadlines(day: date) -> dict[str, str]:
    """What the snapshot itself says: the first deadline's day of each reference."""
    said = {one["reference"]: one["metadata"].get("deadlineDate", [""]) for one in records(day)}
    return {reference: dates[0][:10] for reference, dates in said.items() if dates}


def truth() -> Counter[str]:
    """References whose first deadline moved by a day or more between two sightings, counted from the snapshots."""
    moved: Counter[str] = Counter()
    last: dict[str, str] = {}
    for day in DAYS:
        now = first_deadlines(day)
        moved.update(one for one, due in now.items() if one in last and last[one] != due)
        last |= now
    return moved


@needs_captures
def test_six_days_give_every_call_once_and_every_real_move_once(begin: Begin) -> None:
    results = harvested(begin, DAYS)
    everyone = {one["reference"] for day in DAYS for one in records(day)}
    with begin() as session:
        keys = list(session.scalars(select(Call.key)))
        news = Counter(
            session.scalars(
                select(Call.key).join(CallChange).where(CallChange.kind == ChangeKind.NEW)
            )
        )  # fmt: skip
        moves = Counter(
            session.scalars(
                select(Call.key)
                .join(CallChange)
                .where(
                    CallChange.kind == ChangeKind.DEADLINE_MOVED,
                    CallChange.significance == Significance.MAJOR,
                )
            )
        )
        kinds = Counter(session.scalars(select(CallChange.kind)))
    print("\nday         seen  new  changed  unseen")  # noqa: T201 - the report of the six days
    for day, one in zip(DAYS, results, strict=True):
        print(f"{day}   {one.seen:4} {one.new:4} {one.changed:8} {one.unseen:7}")  # noqa: T201
    print(dict(kinds), dict(moves))  # noqa: T201
    assert {one.outcome for one in results} == {Completeness.COMPLETE}
    assert sorted(keys) == sorted(everyone)
    assert set(news.values()) == {1}
    assert moves == truth()
    assert len(results) == len(DAYS)


@needs_captures
def test_a_day_that_runs_twice_changes_nothing(begin: Begin) -> None:
    _, again = harvested(begin, [FIRST, FIRST])
    assert (again.new, again.changed, again.unseen) == (0, 0, 0)
    with begin() as session:
        assert session.scalar(select(func.count()).select_from(CallChange)) == again.seen
