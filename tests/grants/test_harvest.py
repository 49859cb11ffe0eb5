# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from grants.errors import FaultKind, SourceError
from grants.harvest import Harvested, due_sources, harvest
from grants.sources import adapters
from grants.sources.adapters import ADAPTERS
from grants.sources.reading import Entry, Fetch, Payload, Reading, Request, Response, Validator
from models.call import Call, CallChange
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
