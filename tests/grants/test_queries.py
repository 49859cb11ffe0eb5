# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Lists read in a fixed number of statements, on real databases."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from grants import queries
from grants.indexing import take_up
from grants.queries import Order, SourceState
from models.call import Call, CallChange, ChangeKind, Significance
from models.match import Match
from models.session import Begin
from models.source import HarvestRun
from models.values import CallStatus, Completeness
from tests import builders

NOW = builders.NOW
TODAY = date(2026, 11, 24)


@pytest.fixture
def session(begin: Begin) -> Iterator[Session]:
    with begin() as session:
        yield session


@pytest.fixture
def office(session: Session) -> Session:
    """An office with two themes, and another office with one."""
    session.add_all([builders.office(), builders.office(slug="almelo", name="Gemeente Almelo")])
    session.add(builders.source())
    session.flush()
    session.add_all([builders.theme(), builders.theme(slug="wonen"), builders.theme(office_id=2)])
    session.flush()
    return session


def match(call_id: int, theme_id: int = 1, score: str = "0.700", **facts: Any) -> Match:
    return Match(
        **{
            "call_id": call_id,
            "theme_id": theme_id,
            "score": Decimal(score),
            "band": "strong",
            "reasons": [
                {"field": "title", "start": 17, "end": 21, "phrase": "cool", "term": "cool"},
                {"field": "text", "start": 0, "end": 11, "phrase": "Heat stress", "term": "heat stress"},
            ],
            "text_version": 1,
            "theme_version": 1,
            "first_matched_at": NOW,
            "matched_at": NOW,
        }
        | facts
    )


def add(session: Session, *rows: Any) -> None:
    for row in rows:
        session.add(row)
        session.flush()


def change(call_id: int, kind: ChangeKind, significance: Significance = Significance.MAJOR) -> CallChange:
    return CallChange(call_id=call_id, at=NOW, kind=kind, significance=significance)


def keys(page: queries.CallPage) -> list[str]:
    return [line.call.key for line in page.lines]


def ask(session: Session, **facts: Any) -> queries.CallPage:
    return queries.calls(session, **{"office_slug": "enschede", "today": TODAY} | facts)


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    said: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        said.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield said
    event.remove(engine, "before_cursor_execute", note)


def test_calls_shows_only_what_matches_the_themes_of_the_office(office: Session) -> None:
    for key in "abcd":
        add(office, builders.call(key=key))
    add(office, match(1), match(2, theme_id=3), match(3, band="none", score="0.010"))
    page = ask(office)
    assert keys(page) == ["a"]
    assert (page.total, page.pages) == (1, 1)
    assert [one.theme.slug for one in page.lines[0].matches] == ["klimaat_water"]


def test_calls_shows_everything_when_matched_is_not_asked(office: Session) -> None:
    add(office, builders.call(key="a"), builders.call(key="b"), match(2))
    page = ask(office, matched=False)
    assert keys(page) == ["b", "a"]
    assert page.lines[1].matches == ()


def test_calls_leaves_out_a_theme_that_is_off(office: Session) -> None:
    add(office, builders.call(), match(1))
    queries.themes(office, office_slug="enschede")[0].enabled = False
    office.flush()
    assert keys(ask(office)) == []
    assert [one.slug for one in queries.themes(office, office_slug="enschede")] == ["wonen"]


def test_calls_puts_the_best_first_and_the_closed_last(office: Session) -> None:
    past = [builders.deadline(TODAY - timedelta(days=1))]
    add(
        office,
        builders.call(key="shut", deadlines=past),
        builders.call(key="fair"),
        builders.call(key="best"),
    )
    add(office, match(1, score="0.990"), match(2, score="0.400"), match(3, score="0.300"))
    add(office, match(3, theme_id=2, score="0.800"))
    page = ask(office)
    assert keys(page) == ["best", "fair", "shut"]
    assert [one.theme.slug for one in page.lines[0].matches] == ["wonen", "klimaat_water"]


def test_calls_puts_the_next_deadline_first_when_asked(office: Session) -> None:
    soon = [builders.deadline(TODAY - timedelta(days=9)), builders.deadline(TODAY)]
    moved = [builders.deadline(TODAY, superseded_at=NOW), builders.deadline(TODAY + timedelta(days=60))]
    add(office, builders.call(key="none", deadlines=[]), builders.call(key="late", deadlines=moved))
    add(
        office,
        builders.call(key="soon", deadlines=soon),
        match(1, score="0.999"),
        match(2),
        match(3, score="0.3"),
    )
    page = ask(office, order=Order.DEADLINE)
    assert keys(page) == ["soon", "late", "none"]
    assert [line.deadline.on if line.deadline else None for line in page.lines] == [
        TODAY,
        TODAY + timedelta(days=60),
        None,
    ]


def test_calls_narrows_to_a_theme(office: Session) -> None:
    add(office, builders.call(key="a"), builders.call(key="b"), match(1), match(2, theme_id=2))
    assert keys(ask(office, theme="wonen")) == ["b"]
    assert keys(ask(office, theme="wonen", matched=False)) == ["b"]


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("stay COOL", ["a"]),
        ("cool stay", ["a"]),
        ("life-2026", ["a"]),
        ("horizon", ["b"]),
        ("%", ["a", "b"]),
        ("100%", ["b"]),
        ("cool x9", []),
    ],
)
def test_calls_are_searched_by_what_they_say(office: Session, search: str, found: list[str]) -> None:
    other = builders.call(key="b", title="100% warm", identifier="", programme="Horizon Europe")
    add(office, builders.call(key="a"), other, match(1), match(2))
    take_up(office)
    assert keys(ask(office, search=search)) == found


def test_calls_gives_the_same_status_as_the_row_itself(office: Session) -> None:
    days = (None, TODAY - timedelta(days=1), TODAY, TODAY + timedelta(days=1))
    stated = (None, *CallStatus)
    for number, (opens, closes, said) in enumerate(product(days, days, stated)):
        old = builders.deadline(TODAY + timedelta(days=9), superseded_at=NOW)
        deadlines = [old, builders.deadline(closes)]
        add(office, builders.call(key=str(number), opens_on=opens, stated_status=said, deadlines=deadlines))
    page = ask(office, matched=False, size=100)
    assert page.total == len(page.lines) == 64
    assert [line.status for line in page.lines] == [line.call.status_on(TODAY) for line in page.lines]
    for status in CallStatus:
        wanted = {line.call.key for line in page.lines if line.status == status}
        assert set(keys(ask(office, matched=False, status=status, size=100))) == wanted


def test_calls_pages(office: Session) -> None:
    for number in range(5):
        add(office, builders.call(key=str(number)), match(number + 1))
    page = ask(office, page=2, size=2)
    assert (keys(page), page.total, page.pages) == (["2", "3"], 5, 3)
    assert keys(ask(office, page=9, size=2)) == []


def test_calls_tells_the_latest_change_that_is_no_mere_looks(office: Session) -> None:
    add(office, builders.call(key="a"), builders.call(key="b"), match(1), match(2))
    add(office, change(1, ChangeKind.NEW), change(1, ChangeKind.DEADLINE_MOVED))
    add(office, change(1, ChangeKind.OTHER, Significance.COSMETIC))
    kinds = [line.change.kind if line.change else None for line in ask(office).lines]
    assert kinds == [ChangeKind.DEADLINE_MOVED, None]


def test_calls_takes_as_many_statements_for_a_hundred_as_for_ten(office: Session, engine: Engine) -> None:
    for number in range(1, 101):
        call = builders.call(key=str(number), deadlines=[builders.deadline(), builders.deadline()])
        office.add(call)
    office.flush()
    for number in range(1, 101):
        office.add_all([match(number), match(number, theme_id=2), change(number, ChangeKind.NEW)])
    office.flush()
    asked = []
    for size in (10, 100):
        office.expunge_all()
        with counted(engine) as said:
            for line in ask(office, size=size).lines:
                queries.as_row(line)
                assert line.call.source.name
                assert [one.theme.name for one in line.matches]
        asked.append(len(said))
    assert asked[0] == asked[1] <= 7


def test_call_gives_all_there_is_about_one(office: Session) -> None:
    add(office, builders.call(), match(1), match(1, theme_id=3), change(1, ChangeKind.NEW))
    add(office, change(1, ChangeKind.TEXT, Significance.COSMETIC))
    line = queries.call(office, 1, office_slug="enschede", today=TODAY)
    assert line is not None
    assert (line.status, len(line.call.changes), len(line.matches)) == (CallStatus.OPEN, 2, 1)
    assert line.change is not None
    assert line.change.kind == ChangeKind.NEW
    assert line.spans("title") == [(17, 21)]
    assert line.spans("text") == [(0, 11)]


def test_call_points_nowhere_when_the_text_is_newer_than_the_match(office: Session) -> None:
    add(office, builders.call(text_version=2), match(1))
    line = queries.call(office, 1, office_slug="enschede", today=TODAY)
    assert line is not None
    assert line.spans("text") == []
    assert line.change is None


def test_call_is_none_when_there_is_no_such_call(office: Session) -> None:
    assert queries.call(office, 404, office_slug="enschede", today=TODAY) is None


def test_calls_of_one_source_are_those_that_have_a_twin_there_too(office: Session) -> None:
    add(office, builders.source(slug="rvo"), builders.source(slug="nrw"))
    add(office, builders.call(key="a"), builders.call(key="b", source_id=2, folded_into_id=1))
    assert [keys(ask(office, source=slug, matched=False)) for slug in ("eu-portal", "rvo", "nrw")] == [
        ["a"],
        ["a"],
        [],
    ]


def test_as_row_is_flat(office: Session) -> None:
    add(office, builders.call(key="a"), builders.call(key="b", deadlines=[]), match(1))
    rows = [queries.as_row(line) for line in ask(office, matched=False).lines]
    assert rows[0] == {
        "id": 1,
        "identifier": "LIFE-2026-CLIMA",
        "title": "Cities that stay cool",
        "status": "open",
        "deadline": date(2026, 12, 15),
        "theme": "klimaat_water",
        "band": "strong",
        "url": "https://x.example/1",
        "also at": "",
    }
    assert (rows[1]["deadline"], rows[1]["theme"], rows[1]["band"]) == (None, None, None)


def test_offices_come_in_the_order_they_were_seeded(office: Session) -> None:
    assert [one.slug for one in queries.offices(office)] == ["enschede", "almelo"]


HOUR_AGO = NOW - timedelta(hours=1)
LONG_AGO = NOW - timedelta(days=4)


@pytest.mark.parametrize(
    ("facts", "run", "state"),
    [
        ({"last_success_at": HOUR_AGO}, {}, SourceState.GOOD),
        ({"last_success_at": HOUR_AGO}, {"warnings": ["2 of 9 left out"]}, SourceState.WARNING),
        ({"failures": 2}, {"outcome": Completeness.FAILED, "fault": "network"}, SourceState.FAILING),
        ({"last_success_at": LONG_AGO}, {}, SourceState.OVERDUE),
        ({"last_success_at": LONG_AGO}, {"held": True, "warnings": ["jump"]}, SourceState.HELD),
        ({}, None, SourceState.NEVER_READ),
        ({"enabled": False}, None, SourceState.OFF),
        ({"enabled": False}, {"outcome": Completeness.FAILED}, SourceState.OFF),
    ],
)
def test_sources_tells_the_state_that_matters_most(
    session: Session, facts: dict[str, Any], run: dict[str, Any] | None, state: SourceState
) -> None:
    add(session, builders.source(**facts))
    if run is not None:
        add(session, a_run(NOW - timedelta(days=9), outcome=Completeness.FAILED))
        add(session, a_run(HOUR_AGO, **run))
    [health] = queries.sources(session, NOW)
    assert health.state == state
    assert health.last_run_at == (None if run is None else HOUR_AGO)


def a_run(at: datetime, **facts: Any) -> HarvestRun:
    return HarvestRun(
        **{
            "source_id": 1,
            "started_at": at,
            "finished_at": at,
            "outcome": Completeness.COMPLETE,
            "seen": 7,
            "warnings": [],
        }
        | facts
    )


def test_sources_takes_four_statements_however_many(session: Session, engine: Engine) -> None:
    for number in range(1, 31):
        add(session, builders.source(slug=str(number), name=f"Bron {31 - number:02}"))
        add(session, a_run(HOUR_AGO, source_id=number), a_run(HOUR_AGO, source_id=number, seen=8))
    session.expunge_all()
    with counted(engine) as said:
        found = queries.sources(session, NOW)
    assert len(said) == 4
    assert [one.name for one in found[:2]] == ["Bron 01", "Bron 02"]
    assert {one.seen for one in found} == {8}


def test_calls_are_those_of_no_office_when_the_slug_is_unknown(office: Session) -> None:
    add(office, builders.call(), match(1))
    assert ask(office, office_slug="nergens").total == 0
    assert office.get(Call, 1) is not None


def test_calls_that_no_municipality_can_apply_for_are_hidden_when_asked_and_counted(office: Session) -> None:
    add(
        office,
        builders.call(key="a"),
        builders.call(key="b", barred=True),
        builders.call(key="c", barred=True),
    )
    add(office, match(1), match(2), match(3, theme_id=2))
    assert (keys(ask(office)), ask(office).hidden) == (["a", "b", "c"], 0)
    able = queries.Narrowing(able=True)
    page = ask(office, narrowing=able)
    assert (keys(page), page.total, page.hidden) == (["a"], 1, 2)
    assert ask(office, narrowing=able, theme="wonen").hidden == 1
    assert (ask(office, narrowing=able, page=2).total, ask(office, narrowing=able, page=2).hidden) == (1, 2)
