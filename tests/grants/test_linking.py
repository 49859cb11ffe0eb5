# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Links kept in real databases: what a pass makes, lets go and leaves alone."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from grants.keeping import keep_entries
from grants.linking import LINKING, Linked, link_all, link_calls
from grants.sources.reading import Entry, Reading
from models.audit import AuditEntry
from models.call import Call, CallChange, ChangeKind, Significance
from models.link import CallLink
from models.session import Begin
from models.source import HarvestRun
from models.values import Completeness, Due
from tests import builders
from tests.grants.test_queries import counted

NOW = builders.NOW
LATER = NOW + timedelta(hours=1)


@pytest.fixture(autouse=True)
def sources(begin: Begin) -> None:
    with begin() as session:
        session.add_all([builders.source(slug=slug, name=slug.upper()) for slug in ("eu", "rvo", "nrw")])


def add(begin: Begin, *calls: Call) -> None:
    """Calls, each with the change that tells of it, as a harvest keeps them."""
    with begin() as session:
        for call in calls:
            session.add(call)
            session.flush()
            session.add(
                CallChange(call_id=call.id, at=NOW, kind=ChangeKind.NEW, significance=Significance.MAJOR)
            )


def call(key: str, source_id: int, **facts: Any) -> Call:
    own = {"identifier": "", "url": f"https://x.example/{source_id}/{key}", "title": f"About {key}"}
    return builders.call(**{"key": key, "source_id": source_id, **own, **facts})


def same(source_id: int, key: str = "a", **facts: Any) -> Call:
    return call(key, source_id, **{"identifier": "LIFE-2026-CLIMA", "kind": "topic", **facts})


def live(begin: Begin) -> list[tuple[int, int, str]]:
    with begin() as session:
        rows = session.scalars(select(CallLink).where(CallLink.undone_at.is_(None)).order_by(CallLink.id))
        return sorted((row.call_id, row.other_id, str(row.reason)) for row in rows)


def folded(begin: Begin) -> dict[int, int]:
    with begin() as session:
        rows = session.execute(select(Call.id, Call.folded_into_id).where(Call.folded_into_id.is_not(None)))
        return {row.id: row.folded_into_id for row in rows}


def test_a_pass_links_for_each_reason_and_says_who_when_and_how_sure(begin: Begin) -> None:
    page, title = "https://www.x.example/one?utm_source=mail", "Cities that stay cool"
    add(begin, same(1), same(2, identifier="life-2026-clima"))
    add(begin, call("b", 1, url=page), call("b", 2, url="http://x.example/one/"))
    add(begin, call("c", 1, title=title), call("c", 3, title=title.upper()))
    assert link_all(begin, now=LATER) == Linked(made=3)
    assert live(begin) == [(1, 2, "same_identifier"), (3, 4, "same_address"), (5, 6, "same_title")]
    with begin() as session:
        rows = session.scalars(select(CallLink).order_by(CallLink.call_id)).all()
        assert [str(row.confidence) for row in rows] == ["0.95", "0.90", "0.80"]
        assert {(row.by, row.at) for row in rows} == {(LINKING, LATER)}
        (entry,) = session.scalars(select(AuditEntry))
        assert (entry.actor, entry.action, entry.facts) == (LINKING, "linked", {"made": 3, "let_go": 0})


def test_a_second_pass_changes_nothing_and_asks_nothing_more(begin: Begin, engine: Engine) -> None:
    add(begin, same(1), same(2))
    link_all(begin, now=NOW)
    with counted(engine) as said:
        assert link_all(begin, now=LATER) == Linked()
    assert len([one for one in said if one.startswith("SELECT")]) == 2
    add(begin, call("z", 3))
    assert link_all(begin, now=LATER) == Linked()
    assert live(begin) == [(1, 2, "same_identifier")]


def test_a_pass_takes_a_fixed_number_of_statements(begin: Begin, engine: Engine) -> None:
    numbers = []
    for size in (3, 40):
        names = [f"LIFE-2026-{size}-{number}" for number in range(size)]
        add(begin, *(same(source, name, identifier=name) for name in names for source in (1, 2)))
        with counted(engine) as said:
            link_all(begin, now=NOW)
        numbers.append(len([one for one in said if not one.startswith("BEGIN")]))
    assert numbers[0] == numbers[1] <= 10
    assert len(live(begin)) == 43


def test_a_link_that_turns_out_to_be_between_several_is_let_go_and_made_again(begin: Begin) -> None:
    add(begin, same(1, kind="scheme"), same(2))
    link_all(begin, now=NOW)
    add(begin, same(1, key="sibling", kind="scheme"))
    assert link_all(begin, now=LATER) == Linked(let_go=1)
    assert (live(begin), folded(begin)) == ([], {})
    with begin() as session:
        session.get_one(Call, 3).identifier = "LIFE-2026-OTHER"
        session.add(
            CallChange(call_id=3, at=NOW, kind=ChangeKind.IDENTIFIER, significance=Significance.MINOR)
        )
    assert link_all(begin, now=LATER) == Linked(made=1)
    assert live(begin) == [(1, 2, "same_identifier")]


def test_the_reason_of_a_link_follows_what_the_calls_share(begin: Begin) -> None:
    page = "https://x.example/one"
    add(begin, call("a", 1, url=page, kind="topic"), call("a", 2, url=page, kind="topic"))
    link_all(begin, now=NOW)
    with begin() as session:
        for number in (1, 2):
            session.get_one(Call, number).identifier = "LIFE-2026-CLIMA"
        session.add(
            CallChange(call_id=1, at=NOW, kind=ChangeKind.IDENTIFIER, significance=Significance.MINOR)
        )
    assert link_all(begin, now=LATER) == Linked()
    assert live(begin) == [(1, 2, "same_identifier")]


def test_lists_show_the_call_that_is_still_seen_has_a_text_a_deadline_and_the_first_source(
    begin: Begin,
) -> None:
    bare, undated, gone = {"text": ""}, {"deadlines": []}, {"not_seen_since": NOW}
    add(begin, same(1, **bare), same(2, **undated), same(3))
    link_all(begin, now=NOW)
    assert folded(begin) == {1: 3, 2: 3}
    with begin() as session:
        session.get_one(Call, 3).not_seen_since = NOW
        session.add(CallChange(call_id=3, at=NOW, kind=ChangeKind.UNSEEN, significance=Significance.COSMETIC))
    link_all(begin, now=LATER)
    assert folded(begin) == {1: 2, 3: 2}
    add(begin, same(1, key="new", identifier="X-1-2"), same(2, key="new", identifier="X-1-2", **gone))
    link_all(begin, now=LATER)
    assert folded(begin)[5] == 4


def harvested(begin: Begin, source_id: int, *entries: Entry) -> None:
    with begin() as session:
        run = HarvestRun(
            source_id=source_id, started_at=NOW, finished_at=NOW, outcome=Completeness.COMPLETE,
            new=0, changed=0, unseen=0, seen=0,
        )  # fmt: skip
        session.add(run)
        session.flush()
        keep_entries(session, run, Reading(Completeness.PARTIAL, entries))


def an_entry(key: str, **facts: Any) -> Entry:
    known = {"title": "Cities", "url": f"https://x.example/{key}", "deadlines": (Due(date(2026, 12, 15)),)}
    return Entry(key=key, **{**known, **facts})


def test_an_identifier_that_changes_under_a_stable_reference_stays_one_linked_call(begin: Begin) -> None:
    before, after = "EuropeAid/186350/DD/ACT/", "EuropeAid/186350/DD/ACT/XK"
    harvested(begin, 1, an_entry("186350PROSPECTSEN", identifier=before, kind="external aid"))
    harvested(begin, 2, an_entry("bulk-186350", identifier=before, kind="external aid"))
    link_all(begin, now=NOW)
    harvested(begin, 1, an_entry("186350PROSPECTSEN", identifier=after, kind="external aid"))
    link_all(begin, now=LATER)
    with begin() as session:
        assert [one.identifier for one in session.scalars(select(Call).order_by(Call.id))] == [after, before]
    assert live(begin) == [(1, 2, "same_identifier")]


def test_several_cascade_calls_under_one_parent_stay_several(begin: Begin) -> None:
    parent = {
        "identifier": "DIGITAL-2023-SKILLS-05-SPECIALEDU",
        "parent": "DIGITAL-2023-SKILLS-05-SPECIALEDU",
    }
    page = {"url": "https://x.example/competitive-calls-cs/46214053", "kind": "cascade", "title": "Education"}
    for source_id in (1, 2):
        harvested(begin, source_id, *(an_entry(f"{key}COMPETITIVE_CALLen", **parent, **page) for key in "12"))
    assert link_all(begin, now=NOW) == Linked()
    with begin() as session:
        assert len(session.scalars(select(Call)).all()) == 4


def test_old_and_new_rows_of_a_portals_topic_are_one_within_their_source(begin: Begin) -> None:
    add(begin, same(1, key="45747793HORIZON1701820800000"), same(1, key="50138952TOPICSen"))
    link_all(begin, now=NOW)
    assert live(begin) == [(1, 2, "same_identifier")]


@pytest.mark.slow
@pytest.mark.slow
def test_fifty_thousand_calls_are_linked_in_one_pass(begin: Begin, engine: Engine) -> None:
    with begin() as session:
        session.execute(
            Call.__table__.insert(),
            [
                {
                    "source_id": 1 + number % 2, "key": str(number), "identifier": f"X-2026-{number // 2}",
                    "title": f"Title number {number}", "url": f"https://x.example/{number}", "first_seen_at": NOW,
                    "last_seen_at": NOW,
                }
                for number in range(50_000)
            ],
        )  # fmt: skip
    with counted(engine) as said:
        assert link_all(begin, now=NOW) == Linked(made=25_000)
    assert len(said) <= 40
    assert len(folded(begin)) == 25_000


def test_linking_needs_no_change_to_run_the_first_time(begin: Begin) -> None:
    with begin() as session:
        session.add_all([same(1), same(2)])
    with begin() as session:
        assert isinstance(session, Session)
        assert link_calls(session, now=NOW) == Linked(made=1)
