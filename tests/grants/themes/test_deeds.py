# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from grants.matching import match_all
from grants.themes import StaleError, change, create, find, name_taken, seen, switch, theme_lines
from models.audit import AuditEntry
from models.colleague import Colleague
from models.office import Task
from models.session import Begin
from models.theme import Theme
from tests import builders
from tests.builders import NOW
from tests.grants.applications.test_lists import statements

WORDS = {"core": {"en": ["climate adaptation"]}, "terms": {}, "weak": {}, "not": {}}


@pytest.fixture(autouse=True)
def offices(begin: Begin) -> None:
    """1 Noor at Enschede with a theme and a call that matches it; 2 Joost at Almelo."""
    with begin() as session:
        session.add_all([builders.office(), builders.office(slug="almelo", name="Gemeente Almelo")])
        session.flush()
        session.add_all(
            [builders.colleague(), builders.colleague(name="Joost", email="j@x.example", office_id=2)]
        )
        session.add_all(
            [builders.source(), builders.theme(), Task(office_id=1, slug="groen", name={"nl": "Groen"})]
        )
        session.flush()
        session.add(builders.call())
    match_all(begin, now=NOW)


def facts(name: str = "Wonen", **others: Any) -> dict[str, Any]:
    names = {"nl": name, "de": "Wohnen", "en": "Housing"}
    return {
        "name": names,
        "description": {"nl": "", "de": "", "en": ""},
        "words": WORDS,
        "task_id": None,
    } | others


def noor(session: Session) -> Colleague:
    return session.get_one(Colleague, 1)


def deeds(session: Session) -> list[tuple[str, dict[str, Any]]]:
    rows = session.scalars(select(AuditEntry).where(AuditEntry.subject == "theme").order_by(AuditEntry.id))
    return [(row.action, row.facts) for row in rows]


def test_a_theme_is_made_once_and_its_slug_is_its_own(begin: Begin) -> None:
    with begin() as session:
        me = noor(session)
        first = create(session, me, facts("Wonen & wijken"), now=NOW)
        assert create(session, me, facts("Wonen & wijken"), now=NOW) is first
        second = create(session, me, facts("Wonen, wijken"), now=NOW)
        third = create(session, me, facts("…"), now=NOW)
        assert create(session, me, facts("wonen & WIJKEN", words={}), now=NOW) is None
        assert first is not None
        assert second is not None
        assert third is not None
        assert [first.slug, second.slug, third.slug] == ["wonen_wijken", "wonen_wijken_2", "thema"]
        assert (first.enabled, first.version, first.edited_by) == (True, 1, "noor@enschede.example")
        assert [action for action, _ in deeds(session)] == ["created"] * 3


def test_other_words_raise_the_version_and_the_calls_are_matched_again(begin: Begin) -> None:
    assert match_all(begin, now=NOW) == 0
    with begin() as session:
        theme, me = session.get_one(Theme, 1), noor(session)
        green = facts(theme.name["nl"]) | {"name": theme.name, "task_id": 1}
        change(session, me, theme, green, seen_as=seen(theme), now=NOW)
        assert (theme.version, theme.task_id, theme.edited_at) == (1, 1, NOW)
    assert match_all(begin, now=NOW) == 0
    with begin() as session:
        theme, me = session.get_one(Theme, 1), noor(session)
        other = green | {"words": WORDS | {"core": {"en": ["heat stress"]}}}
        change(session, me, theme, other, seen_as=seen(theme), now=NOW)
        assert theme.version == 2
        assert list(deeds(session)[-1][1]) == ["words"]
    assert match_all(begin, now=NOW) == 1


@pytest.mark.parametrize("told", ["name", "description"])
def test_what_a_theme_says_of_itself_is_matched_with_too(begin: Begin, told: str) -> None:
    with begin() as session:
        theme, me = session.get_one(Theme, 1), noor(session)
        as_it_is = {name: getattr(theme, name) for name in ("name", "description", "words", "task_id")}
        other = as_it_is | {told: {"nl": "Wonen", "de": "Wohnen", "en": "Housing"}}
        change(session, me, theme, other, seen_as=seen(theme), now=NOW)
        assert theme.version == 2
    assert match_all(begin, now=NOW) == 1


def test_a_stale_form_is_refused_unless_it_says_what_is_there(begin: Begin) -> None:
    with begin() as session:
        theme, me = session.get_one(Theme, 1), noor(session)
        before = seen(theme)
        change(session, me, theme, facts(), seen_as=before, now=NOW)
        change(session, me, theme, facts(), seen_as=before, now=NOW)
        with pytest.raises(StaleError):
            change(session, me, theme, facts("Anders"), seen_as=before, now=NOW)
        assert len(deeds(session)) == 1


def test_a_theme_is_switched_off_and_on_and_kept(begin: Begin) -> None:
    with begin() as session:
        theme, me = session.get_one(Theme, 1), noor(session)
        for on in (False, False, True):
            switch(session, me, theme, on=on, now=NOW)
            assert (theme.enabled, theme.version) == (on, 1)
        assert deeds(session) == [
            ("changed", {"enabled": [True, False]}),
            ("changed", {"enabled": [False, True]}),
        ]


def test_a_theme_is_found_by_its_own_office_alone(begin: Begin) -> None:
    with begin() as session:
        joost = session.get_one(Colleague, 2)
        assert find(session, noor(session), 1, to_change=True) is not None
        assert (find(session, joost, 1), find(session, noor(session), 9)) == (None, None)
        name = session.get_one(Theme, 1).name["nl"]
        assert [name_taken(session, noor(session), name, but=but) for but in (None, 1)] == [True, False]
        assert not name_taken(session, joost, name)


def test_the_list_counts_words_and_calls_and_puts_what_is_off_last(begin: Begin, engine: Engine) -> None:
    with begin() as session:
        session.get_one(Theme, 1).enabled = False
        create(session, noor(session), facts(task_id=1), now=NOW)
    with begin() as session:
        lines = theme_lines(session, 1)
        assert [(line.theme.slug, line.words, line.calls) for line in lines] == [
            ("wonen", 1, 0),
            ("klimaat_water", 1, 1),
        ]
        assert theme_lines(session, 2) == []
    few = statements(engine, lambda: _list(begin))
    with begin() as session:
        for number in range(30):
            create(session, noor(session), facts(f"Thema {number}", task_id=1), now=NOW)
    assert statements(engine, lambda: _list(begin)) == few


def _list(begin: Begin) -> None:
    with begin() as session:
        assert [line.theme.task.name for line in theme_lines(session, 1) if line.theme.task]
