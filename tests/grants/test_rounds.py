# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from sqlalchemy import Engine, event, select

from grants.drafts import Draft
from grants.errors import PijplijnError
from grants.harvest import due_sources, harvest
from grants.queries import SourceState, kept, kept_sources, rounds, sources
from grants.rounds import OutdatedError, add_call, copy_to_next_year, edit_call
from grants.timetable import Step
from models.audit import AuditEntry
from models.call import Call, CallChange, ChangeKind, KeyDate, Significance
from models.session import Begin
from models.source import Source
from models.values import Basis, Due
from tests.builders import NOW, call, source

TODAY = date(2026, 11, 24)
LATER = NOW + timedelta(days=1)
ROUND = Draft(
    title="Ronde 2027",
    text="Projecten over de grens.",
    deadlines=(Due(date(2027, 5, 17), time(23, 59), "Europe/Amsterdam"),),
    steps=(
        Step("Stukken", date(2027, 6, 14)),
        Step("Beraad", date(2027, 7, 13), time(10, 30), place="Gronau"),
    ),
)


@pytest.fixture(autouse=True)
def two_kept_sources(begin: Begin) -> None:
    with begin() as session:
        session.add_all([
            source(slug="dnl", name="Rondes", kind="rounds"), source(slug="by-hand", name="Met de hand", kind="manual"),
            source(slug="rss", name="Feed", kind="rss"),
        ])  # fmt: skip


def entered(begin: Begin, draft: Draft = ROUND, key: str = "a" * 16) -> int:
    with begin() as session:
        return add_call(session, "dnl", key, draft, now=NOW, actor="noor").id


def seen(begin: Begin, call_id: int = 1) -> str:
    with begin() as session:
        found = kept(session, call_id)
        assert found is not None
        return found.seen


def test_a_round_is_entered_with_its_chain_of_dates_as_an_event(begin: Begin) -> None:
    entered(begin)
    with begin() as session:
        one = session.get_one(Call, 1)
        assert (one.title, one.text, one.deadlines[0].at) == (
            "Ronde 2027",
            "Projecten over de grens.",
            time(23, 59),
        )
        assert [step.label for step in one.chain] == ["Stukken", "Beraad"]
        assert [(change.kind, change.run_id) for change in one.changes] == [(ChangeKind.NEW, None)]
        assert session.scalars(select(AuditEntry.actor)).all()


def test_the_same_form_sent_twice_makes_one(begin: Begin) -> None:
    assert entered(begin) == entered(begin)
    with begin() as session:
        assert len(session.scalars(select(CallChange)).all()) == 1


def test_a_moved_submission_and_a_moved_meeting_are_events_and_nothing_is_lost(begin: Begin) -> None:
    entered(begin)
    moved = replace(
        ROUND, deadlines=(replace(ROUND.deadlines[0], on=date(2027, 5, 24)),),
        steps=(ROUND.steps[0], replace(ROUND.steps[1], on=date(2027, 7, 20))),
    )  # fmt: skip
    before = seen(begin)
    with begin() as session:
        edit_call(session, 1, moved, seen=before, now=LATER, actor="noor")
    with begin() as session:
        one = session.get_one(Call, 1)
        assert [(change.kind, change.significance) for change in one.changes[1:]] == [
            (ChangeKind.DEADLINE_MOVED, Significance.MAJOR), (ChangeKind.KEY_DATE, Significance.MAJOR),
        ]  # fmt: skip
        assert (len(one.all_deadlines), len(one.deadlines)) == (2, 1)
        assert (len(one.all_key_dates), len(one.chain)) == (3, 2)
        assert one.source.last_news_at == LATER


def test_what_says_the_same_changes_nothing_and_only_dates_that_change_are_news(begin: Begin) -> None:
    entered(begin)
    before = seen(begin)
    with begin() as session:
        edit_call(session, 1, ROUND, seen="", now=LATER, actor="noor")
        edit_call(session, 1, replace(ROUND, steps=()), seen=before, now=LATER, actor="noor")
    with begin() as session:
        kinds = [change.kind for change in session.get_one(Call, 1).changes]
        assert kinds == [ChangeKind.NEW, ChangeKind.KEY_DATE, ChangeKind.KEY_DATE]
        assert all(row.superseded_at == LATER for row in session.scalars(select(KeyDate)))


def test_an_edit_of_what_somebody_changed_meanwhile_is_refused_with_both(begin: Begin) -> None:
    entered(begin)
    before = seen(begin)
    with begin() as session:
        edit_call(session, 1, replace(ROUND, title="Noors ronde"), seen=before, now=LATER, actor="noor")
    with begin() as session, pytest.raises(OutdatedError, match="Call 1 was changed") as outdated:
        edit_call(session, 1, replace(ROUND, title="Sams ronde"), seen=before, now=LATER, actor="sam")
    assert outdated.value.draft.title == "Noors ronde"
    with begin() as session:
        edit_call(
            session, 1, replace(ROUND, title="Sams ronde"), seen=outdated.value.seen, now=LATER, actor="sam"
        )


def test_a_round_is_copied_to_the_next_year_in_one_step_and_once(begin: Begin) -> None:
    entered(begin)
    with begin() as session:
        first = copy_to_next_year(session, 1, now=LATER, actor="noor").id
    with begin() as session:
        again = copy_to_next_year(session, 1, now=LATER, actor="noor")
        assert again.id == first
        assert (again.title, again.provisional) == ("Ronde 2028", True)
        assert [one.on for one in again.deadlines] == [date(2028, 5, 15)]  # the same Monday
        assert [one.on for one in again.chain] == [date(2028, 6, 12), date(2028, 7, 11)]
        assert again.deadlines[0].basis == Basis.PROVISIONAL
        third = copy_to_next_year(session, first, now=LATER, actor="noor")
        assert (third.title, third.key) == ("Ronde 2029", "a" * 16 + "@2029")
        assert "copied" in session.scalars(select(AuditEntry.action)).all()


def test_what_is_not_kept_by_hand_or_has_no_date_is_a_sentence(begin: Begin) -> None:
    with begin() as session:
        session.add(call(source_id=3))
        session.flush()
        with pytest.raises(PijplijnError, match="no source 'rss' that is kept by hand"):
            add_call(session, "rss", "k", ROUND, now=NOW, actor="noor")
        with pytest.raises(PijplijnError, match="no call 1 that is kept by hand"):
            edit_call(session, 1, ROUND, seen="", now=NOW, actor="noor")
        dateless = add_call(session, "by-hand", "k", Draft("Fonds", rolling=True), now=NOW, actor="noor")
        with pytest.raises(PijplijnError, match="no submission date"):
            copy_to_next_year(session, dateless.id, now=NOW, actor="noor")
        assert kept(session, 1) is None


def test_the_list_has_the_next_round_first_and_the_rest_where_it_belongs(begin: Begin) -> None:
    entered(begin)
    entered(begin, replace(ROUND, title="Eerder", steps=(), deadlines=(Due(date(2027, 2, 1)),)), "b" * 16)
    entered(begin, replace(ROUND, title="Voorbij", steps=(), deadlines=(Due(date(2026, 2, 1)),)), "c" * 16)
    entered(begin, Draft("Altijd", rolling=True), "d" * 16)
    entered(begin, Draft("Ooit"), "e" * 16)
    with begin() as session:
        found = rounds(session, today=TODAY)
        assert [line.call.title for line in found.coming] == ["Eerder", "Ronde 2027"]
        assert found.coming[0].next is not None
        assert [
            [line.call.title for line in some] for some in (found.rolling, found.undated, found.past)
        ] == [["Altijd"], ["Ooit"], ["Voorbij"]]
        assert not found.empty
        assert [one.slug for one in kept_sources(session)] == ["dnl", "by-hand"]


def test_an_empty_list_says_so(begin: Begin) -> None:
    with begin() as session:
        assert rounds(session, today=TODAY).empty


def test_the_list_is_read_in_a_fixed_number_of_statements(begin: Begin, engine: Engine) -> None:
    def statements() -> int:
        count = 0

        def counted(*_: object) -> None:
            nonlocal count
            count += 1

        event.listen(engine, "before_cursor_execute", counted)
        with begin() as session:
            rounds(session, today=TODAY)
        event.remove(engine, "before_cursor_execute", counted)
        return count

    entered(begin)
    few = statements()
    for number in range(10):
        entered(begin, replace(ROUND, title=f"R{number}"), f"{number:016x}")
    assert statements() == few


def test_nothing_is_read_of_what_is_kept_by_hand_and_its_health_says_so(begin: Begin) -> None:
    with begin() as session:
        assert due_sources(session, now=NOW) == ["rss"]
        session.scalars(select(Source).where(Source.slug == "by-hand")).one().enabled = False
    states = {}
    for draft in (Draft("Ooit"), ROUND):
        entered(begin, draft, "a" * 16 if draft is ROUND else "b" * 16)
        with begin() as session:
            states[draft.title] = {one.slug: (one.state, one.warnings) for one in sources(session, NOW)}
    assert states["Ooit"]["dnl"][0] == SourceState.WARNING
    assert "No coming submission date" in states["Ooit"]["dnl"][1][0]
    assert states["Ronde 2027"]["dnl"] == (SourceState.KEPT, ())
    assert states["Ronde 2027"]["by-hand"] == (SourceState.OFF, ())
    read = harvest(begin, "dnl", fetch=lambda _request: pytest.fail("nothing is read"), now=NOW)
    assert "is kept by hand" in read.error
