# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from grants.errors import FaultKind, SourceError
from grants.harvest import due_sources, harvest, harvest_all
from grants.runs import Harvested
from grants.sources import adapters
from grants.sources.adapters import ADAPTERS
from grants.sources.reading import Entry, Fetch, Payload, Reading, Request, Response, Validator
from models.call import Call, CallChange, Deadline
from models.session import Begin
from models.source import HarvestRun, RunPayload, Source
from models.source import Payload as KeptPayload
from models.values import Completeness, Due
from tests.builders import NOW, source

DUE = Due(date(2026, 12, 15))
Read = Callable[..., Harvested]


def no_fetch(request: Request) -> Response:
    raise AssertionError(request)


@pytest.fixture
def read(begin: Begin, monkeypatch: pytest.MonkeyPatch) -> Read:
    """Harvest one source whose adapter says what the test wants."""
    with begin() as session:
        session.add(source(slug="fund", kind="told"))

    def told(outcome: Reading | SourceError, *, now: datetime = NOW, accept_size: bool = False) -> Harvested:
        def adapter(_source: Any, *, fetch: Fetch, known: Mapping[str, Validator]) -> Reading:
            if isinstance(outcome, SourceError):
                raise outcome
            return outcome

        monkeypatch.setitem(adapters.ADAPTERS, "told", adapter)
        return harvest(begin, "fund", fetch=no_fetch, now=now, accept_size=accept_size)

    return told


def entries(*keys: int, **facts: Any) -> Reading:
    found = (
        Entry(
            key=str(key), title=f"Call {key}", url=f"https://x.example/{key}", **{"deadlines": (DUE,)} | facts
        )
        for key in keys
    )
    return Reading(
        Completeness.COMPLETE, tuple(found), payloads=(Payload("https://x.example", "text/xml", b"raw"),)
    )


def kinds(begin: Begin) -> list[str]:
    with begin() as session:
        return [str(kind) for kind in session.scalars(select(CallChange.kind).order_by(CallChange.id))]


def test_new_calls_become_rows_once_when_the_same_day_runs_twice(begin: Begin, read: Read) -> None:
    first, second = read(entries(1, 2)), read(entries(1, 2))
    assert (first.new, second.new, second.changed) == (2, 0, 0)
    assert kinds(begin) == ["new", "new"]
    with begin() as session:
        assert session.scalar(select(func.count()).select_from(KeptPayload)) == 1
        assert session.scalar(select(func.count()).select_from(RunPayload)) == 2


def test_a_moved_deadline_supersedes_the_old_one_which_stays(begin: Begin, read: Read) -> None:
    read(entries(1))
    later = read(entries(1, deadlines=(Due(date(2027, 1, 7)),)), now=NOW + timedelta(days=1))
    assert later.changed == 1
    with begin() as session:
        call = session.scalars(select(Call)).one()
        assert [one.on for one in call.deadlines] == [date(2027, 1, 7)]
        assert [one.on for one in call.all_deadlines] == [date(2026, 12, 15), date(2027, 1, 7)]
    assert kinds(begin) == ["new", "deadline_moved"]


def test_a_reworded_call_waits_to_be_matched_again(begin: Begin, read: Read) -> None:
    read(entries(1))
    read(entries(1, body="<p>Heat</p>"))
    with begin() as session:
        call = session.scalars(select(Call)).one()
        assert (call.text_version, call.text) == (2, "Heat")


def test_an_absent_call_is_not_seen_since_and_never_new_again_when_it_returns(
    begin: Begin, read: Read
) -> None:
    read(entries(1, 2))
    gone = read(entries(1), now=NOW + timedelta(days=1))
    still_gone = read(entries(1), now=NOW + timedelta(days=2))
    with begin() as session:
        assert session.scalars(select(Call).where(Call.key == "2")).one().not_seen_since == NOW + timedelta(
            days=1
        )
    back = read(entries(1, 2), now=NOW + timedelta(days=3))
    assert (gone.unseen, still_gone.unseen, back.new, back.changed) == (1, 0, 0, 0)
    assert kinds(begin) == ["new", "new", "unseen", "returned"]
    with begin() as session:
        assert session.scalars(select(Call).where(Call.key == "2")).one().not_seen_since is None


@pytest.mark.parametrize("reading", [{"completeness": Completeness.PARTIAL}, {"window": True}])
def test_absence_means_nothing_when_the_reading_is_partial_or_a_window(
    begin: Begin, read: Read, reading: dict[str, Any]
) -> None:
    read(entries(1, 2))
    partial = Reading(**{"completeness": Completeness.COMPLETE, "entries": entries(1).entries} | reading)
    assert read(partial).unseen == 0
    assert kinds(begin) == ["new", "new"]


def test_a_reading_a_third_smaller_is_held_until_a_colleague_accepts_it(begin: Begin, read: Read) -> None:
    read(entries(*range(20)))
    held = read(entries(*range(13)), now=NOW + timedelta(days=1))
    assert (held.held, held.unseen) == (True, 0)
    assert "13 calls" in held.warnings[0]
    assert "--accept-size" in held.warnings[0]
    accepted = read(entries(*range(13)), accept_size=True)
    assert (accepted.held, accepted.unseen) == (False, 7)


def test_a_source_that_fails_keeps_its_calls_and_says_when_it_is_tried_again(
    begin: Begin, read: Read
) -> None:
    read(entries(1))
    tomorrow = NOW + timedelta(days=1)
    result = read(SourceError("x.example gave no answer.", kind=FaultKind.NETWORK), now=tomorrow)
    assert (result.error, result.temporary) == ("x.example gave no answer.", True)
    with begin() as session:
        fund = session.scalars(select(Source)).one()
        run = session.scalars(select(HarvestRun).order_by(HarvestRun.id.desc())).first()
        assert (fund.enabled, fund.failures, fund.last_success_at) == (True, 1, NOW)
        assert fund.next_try_at == tomorrow + timedelta(minutes=15)
        assert run is not None
        assert (run.outcome, run.fault) == (Completeness.FAILED, "network")


def test_a_source_that_asks_for_patience_gets_it(begin: Begin, read: Read) -> None:
    read(SourceError("Too many requests.", kind=FaultKind.BUSY, retry_after=7200))
    with begin() as session:
        assert session.scalars(select(Source)).one().next_try_at == NOW + timedelta(hours=2)


def test_an_unchanged_source_is_a_success_that_touches_no_call(begin: Begin, read: Read) -> None:
    read(entries(1))
    assert read(Reading(Completeness.UNCHANGED)).outcome == Completeness.UNCHANGED
    assert kinds(begin) == ["new"]


def test_a_kind_nobody_wrote_an_adapter_for_is_a_sentence(begin: Begin) -> None:
    with begin() as session:
        session.add(source(slug="odd", kind="gopher"))
    result = harvest(begin, "odd", fetch=no_fetch, now=NOW)
    assert result.error == (
        f"There is no adapter for the kind 'gopher'; known are {', '.join(sorted(ADAPTERS))}."
    )


def test_an_unknown_source_is_a_sentence(begin: Begin) -> None:
    with pytest.raises(SourceError, match="no source called 'nope'"):
        harvest(begin, "nope", fetch=no_fetch, now=NOW)


def test_only_sources_that_are_on_and_due_are_read(begin: Begin) -> None:
    later = datetime(2026, 11, 25, tzinfo=UTC)
    with begin() as session:
        session.add_all([
            source(slug="due"), source(slug="later", next_try_at=later), source(slug="off", enabled=False)
        ])  # fmt: skip
    with begin() as session:
        assert due_sources(session, now=NOW) == ["due"]


def test_validators_are_given_to_the_next_reading(begin: Begin, monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[Mapping[str, Validator]] = []

    def adapter(_source: Any, *, fetch: Fetch, known: Mapping[str, Validator]) -> Reading:
        given.append(known)
        return Reading(Completeness.COMPLETE, validators={"https://x.example": Validator(etag="a")})

    monkeypatch.setitem(adapters.ADAPTERS, "told", adapter)
    with begin() as session:
        session.add(source(slug="fund", kind="told"))
    for _ in range(2):
        harvest(begin, "fund", fetch=no_fetch, now=NOW)
    assert given == [{}, {"https://x.example": Validator(etag="a")}]


def several(
    begin: Begin, monkeypatch: pytest.MonkeyPatch, said: Mapping[str, Reading | Exception]
) -> list[str]:
    """Sources by the names of what their adapter says."""

    def adapter(config: Any, *, fetch: Fetch, known: Mapping[str, Validator]) -> Reading:
        answer = said[config.slug]
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setitem(adapters.ADAPTERS, "told", adapter)
    with begin() as session:
        session.add_all(source(slug=slug, kind="told", url=f"https://{slug}.example") for slug in said)
    return [*said]


def test_a_bad_source_leaves_the_others_untouched_whatever_is_bad_about_it(
    begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    naive = datetime(2026, 11, 24)  # noqa: DTZ001 - what no adapter should give
    slugs = several(begin, monkeypatch, {
        "good": entries(1, 2), "silent": SourceError("It gave no answer.", kind=FaultKind.NETWORK),
        "odd": KeyError("title"), "misfit": entries(3, published_at=naive),
        "quiet": Reading(Completeness.UNCHANGED), "last": entries(4),
    })  # fmt: skip
    heard: list[str] = []
    results = harvest_all(begin, slugs, fetch=no_fetch, now=NOW, told=lambda one: heard.append(one.source))
    assert [one.source for one in results] == slugs
    assert sorted(heard) == sorted(slugs)
    assert [(one.outcome, one.new) for one in results] == [
        (Completeness.COMPLETE, 2), (Completeness.FAILED, 0), (Completeness.FAILED, 0),
        (Completeness.FAILED, 0), (Completeness.UNCHANGED, 0), (Completeness.COMPLETE, 1),
    ]  # fmt: skip
    assert results[2].error == "Reading it failed with KeyError: a fault of Pijplijn, told in its log."
    assert results[3].error.startswith("What it gave does not fit the database: A moment needs a time zone")
    with begin() as session:
        assert sorted(session.scalars(select(Call.key))) == ["1", "2", "4"]
        runs = select(Source.slug, HarvestRun.fault).join(HarvestRun).order_by(Source.slug)
        assert [tuple(one) for one in session.execute(runs)] == [
            ("good", ""), ("last", ""), ("misfit", "broken"), ("odd", "broken"), ("quiet", ""), ("silent", "network"),
        ]  # fmt: skip


def test_nothing_is_read_when_one_of_the_sources_does_not_exist(
    begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    several(begin, monkeypatch, {"good": entries(1)})
    with pytest.raises(SourceError, match="no source called 'nope'"):
        harvest_all(begin, ["good", "nope"], fetch=no_fetch, now=NOW)
    with begin() as session:
        assert session.scalars(select(HarvestRun)).all() == []


def test_sources_without_news_are_good_runs_each_in_its_own_rhythm(
    begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    slugs = several(begin, monkeypatch, dict.fromkeys(["a", "b", "c"], Reading(Completeness.UNCHANGED)))
    with begin() as session:
        slow = session.scalars(select(Source).where(Source.slug == "b")).one()
        slow.every_hours, slow.failures = 48, 3
    harvest_all(begin, slugs, fetch=no_fetch, now=NOW)
    with begin() as session:
        sources = session.scalars(select(Source).order_by(Source.slug)).all()
        assert [one.next_try_at for one in sources] == [
            NOW + timedelta(hours=hours) for hours in (24, 48, 24)
        ]
        assert {(one.failures, one.last_success_at, one.last_news_at) for one in sources} == {(0, NOW, None)}
        assert session.scalars(select(HarvestRun.outcome)).all() == [Completeness.UNCHANGED] * 3


def test_an_unchanged_source_that_warns_keeps_its_warning(begin: Begin, read: Read) -> None:
    assert read(Reading(Completeness.UNCHANGED, warnings=("Late.",))).warnings == ("Late.",)
    with begin() as session:
        assert session.scalars(select(HarvestRun.warnings)).one() == ["Late."]


def test_a_run_counts_how_many_entries_had_each_fact(begin: Begin, read: Read) -> None:
    full, bare = entries(1, body="<p>x</p>", programme="LIFE"), entries(2, deadlines=())
    read(Reading(Completeness.COMPLETE, (*full.entries, *bare.entries)))
    with begin() as session:
        assert session.scalars(select(HarvestRun.filled)).one() == {
            "body": 1, "deadlines": 1, "programme": 1, "budget": 0, "opens_on": 0, "organisation": 0,
        }  # fmt: skip


def test_news_is_what_is_new_or_changed_and_no_more(begin: Begin, read: Read) -> None:
    last = []
    for day, reading in enumerate(
        [entries(1, 2), entries(1, 2), entries(1, 2, body="x"), entries(1, body="x")]
    ):
        read(reading, now=NOW + timedelta(days=day))
        with begin() as session:
            last.append(session.scalars(select(Source.last_news_at)).one())
    assert last == [NOW, NOW, NOW + timedelta(days=2), NOW + timedelta(days=2)]


def test_two_runs_of_the_same_sources_at_once_neither_fail_nor_double(
    begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = {slug: entries(*range(30)) for slug in ("a", "b", "c", "d")}
    slugs = several(begin, monkeypatch, said)
    with ThreadPoolExecutor(3) as runs:
        orders = [slugs, slugs[::-1], slugs]
        for run in [runs.submit(harvest_all, begin, some, fetch=no_fetch, now=NOW) for some in orders]:
            assert {(one.outcome, one.error) for one in run.result()} == {(Completeness.COMPLETE, "")}
    with begin() as session:
        assert session.scalar(select(func.count()).select_from(Call)) == 4 * 30
        assert session.scalar(select(func.count()).select_from(CallChange)) == 4 * 30
        assert session.scalar(select(func.count()).select_from(Deadline)) == 4 * 30
        assert session.scalar(select(func.count()).select_from(KeptPayload)) == 1
