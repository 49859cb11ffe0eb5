# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Six real days of the EU portal (12 to 17 August 2026), served in its own protocol and harvested daily."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from demo.portal import Portal, serving
from grants.errors import FaultKind, SourceError
from grants.harvest import harvest
from grants.queries import Differs, Disagreement, disagreements
from grants.runs import Harvested
from grants.sources.fetch import fetching
from grants.sources.reading import Request, Response
from models.call import Call, CallChange, ChangeKind, Significance
from models.session import Begin
from models.source import Source
from models.values import Completeness
from tests.builders import source
from tests.conftest import needs_captures
from tests.replay.direct import direct
from tests.replay.grants_tenders import URL, millis, topics_of
from tests.replay.grants_tenders import Portal as GrantsTenders
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


def both_ways(begin: Begin, day: date, portal: GrantsTenders, search: Portal) -> list[Disagreement]:
    """One day's reading by the search API and by the bulk file, and what they disagree about."""
    portal.objects, search.records = topics_of(records(day)), records(day)
    with serving(search) as address:
        host = address.removeprefix("http://")
        with begin() as session:
            found = session.scalars(select(Source).where(Source.slug == "eu-portal")).one()
            found.url = f"{address}/search-api/prod/rest/search"
        with fetching(trusted_hosts=frozenset({host})) as fetch:
            harvest(begin, "eu-portal", fetch=fetch, now=morning(day))
    harvest(begin, "bulk", fetch=direct(portal.answer), now=morning(day))
    with begin() as session:
        return disagreements(session, "eu-portal", today=day)


@needs_captures
@pytest.mark.slow
def test_the_bulk_file_gives_the_same_topics_and_a_disagreement_is_told_per_call(begin: Begin) -> None:
    with begin() as session:
        session.add_all([
            source(slug="eu-portal"),
            source(slug="bulk", kind="sedia_bulk", url=URL, rules={"checks": "eu-portal"}),
        ])  # fmt: skip
    bulk, search = GrantsTenders(), Portal(records=[])
    assert [both_ways(begin, day, bulk, search) for day in DAYS] == [[]] * len(DAYS)
    with begin() as session:
        told = {
            slug: set(
                session.scalars(
                    select(Call.key).join(Call.source).where(Source.slug == slug, Call.kind == "topic")
                )
            )
            for slug in ("eu-portal", "bulk")
        }
    print(f"\n{len(told['bulk'])} topics both ways")  # noqa: T201 - the report of the six days
    assert told["bulk"] == told["eu-portal"]
    bulk.objects = [{**one} for one in topics_of(records(DAYS[-1]))]
    planted = next(
        one for one in bulk.objects if one["deadlineDatesLong"][0] > millis("2026-10-01T00:00:00+00:00")
    )
    planted["deadlineDatesLong"] = [millis("2027-05-05T00:00:00+00:00")]
    harvest(begin, "bulk", fetch=direct(bulk.answer), now=morning(DAYS[-1]) + timedelta(hours=1))
    with begin() as session:
        (only,) = disagreements(session, "eu-portal", today=DAYS[-1])
    assert (only.identifier, only.what, only.there) == (planted["identifier"], Differs.DEADLINE, "2027-05-05")


@needs_captures
def test_when_the_search_fails_the_bulk_file_has_the_calls(begin: Begin) -> None:
    with begin() as session:
        session.add_all([source(slug="eu-portal"), source(slug="bulk", kind="sedia_bulk", url=URL)])

    def down(_request: Request) -> Response:
        raise SourceError("The portal answered 500.", kind=FaultKind.BROKEN)

    failed = harvest(begin, "eu-portal", fetch=down, now=morning(FIRST))
    objects = topics_of(records(FIRST))
    read = harvest(begin, "bulk", fetch=direct(GrantsTenders(objects).answer), now=morning(FIRST))
    assert (failed.outcome, read.outcome) == (Completeness.FAILED, Completeness.COMPLETE)
    assert read.new == len(objects)
