# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""What a colleague chooses is checked and kept, and a token is ours or nobody's."""

from dataclasses import replace
from typing import Any

import pytest

from grants.digest import (
    Choice,
    ChoiceError,
    choosable,
    choose,
    colleague_of,
    known_programmes,
    subscribed,
    switch,
    unsubscribe_token,
)
from grants.errors import MissingError
from models.colleague import Rhythm
from models.session import Begin
from models.theme import Theme
from tests import builders
from tests.grants.desk import a_call, deeds, furnish, person
from tests.grants.digest.post import NOW

CHOICE = Choice(Rhythm.DAILY, 3, 9, (1,), ("LIFE",), "de")


def test_a_choice_is_kept_with_what_it_was_before(begin: Begin) -> None:
    with begin() as session:
        furnish(session)
        choose(session, person(session, "Noor"), CHOICE, now=NOW)
    with begin() as session:
        noor = person(session, "Noor")
        kept = (noor.digest_rhythm, noor.digest_weekday, noor.digest_hour, noor.digest_themes, noor.language)
        assert kept == (Rhythm.DAILY, 3, 9, [1], "de")
        assert deeds(session) == [("noor", "changed", "colleague")]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("weekday", 0), ("weekday", 8), ("hour", 24), ("hour", -1), ("themes", (2,)), ("themes", (99,)),
        ("programmes", ("x" * 101,)), ("programmes", tuple("abcdefghijklmnopqrstuvwxyz12345")), ("language", "fr"),
    ],
)  # fmt: skip
def test_a_choice_that_cannot_be_is_refused(begin: Begin, field: str, value: Any) -> None:
    with begin() as session:
        furnish(session)
        with pytest.raises(ChoiceError) as error:
            choose(session, person(session, "Noor"), replace(CHOICE, **{field: value}), now=NOW)
        assert (error.value.field, person(session, "Noor").digest_rhythm) == (field, Rhythm.WEEKLY)


def test_themes_to_choose_are_those_that_are_on_and_those_one_chose(begin: Begin) -> None:
    with begin() as session:
        furnish(session)
        session.add_all([
            builders.theme(slug="on"), builders.theme(slug="off", enabled=False), builders.theme(slug="kept", enabled=False),
        ])  # fmt: skip
        session.flush()
        noor = person(session, "Noor")
        noor.digest_themes = [session.query(Theme.id).filter_by(slug="kept").scalar()]
        assert [one.slug for one in choosable(session, noor)] == ["kept", "klimaat_water", "on"]


def test_programmes_are_counted_by_their_words(begin: Begin) -> None:
    with begin() as session:
        furnish(session, calls=0)
        a_call(session, key="a", programme="LIFE Programme 100%")
        a_call(session, key="b", programme="Interreg")
        found = known_programmes(session, ["life", "0%", "%", "none"])
        assert found == {"life": 1, "0%": 1, "%": 1, "none": 0}
        assert known_programmes(session, []) == {}


def test_a_link_switches_off_and_on_and_each_is_a_deed(begin: Begin) -> None:
    with begin() as session:
        furnish(session)
        noor = subscribed(session, (1, ""))
        assert switch(session, noor, Rhythm.NEVER, now=NOW) == Rhythm.WEEKLY
        assert switch(session, noor, Rhythm.NEVER, now=NOW) == Rhythm.NEVER
        assert switch(session, noor, Rhythm.DAILY, now=NOW) == Rhythm.NEVER
        assert [action for _, action, _ in deeds(session)] == ["unsubscribed", "subscribed"]


@pytest.mark.parametrize("whose", [None, (0, ""), (3, ""), (99, ""), (1, "a1")])
def test_a_link_of_nobody_of_who_left_or_of_who_was_lost_is_missing(
    begin: Begin, whose: tuple[int, str] | None
) -> None:
    with begin() as session:
        furnish(session)
        with pytest.raises(MissingError):
            subscribed(session, whose)


def test_a_token_is_read_by_who_made_it_alone() -> None:
    token = unsubscribe_token("hush", 7)
    assert colleague_of("hush", token) == (7, "")
    marked = unsubscribe_token("hush", 7, "a1")
    assert colleague_of("hush", marked) == (7, "a1")
    assert colleague_of("hush", marked.replace("a1", "a2")) is None
    assert unsubscribe_token("", 7) == ""
    wrong = [
        "",
        "7",
        "7.",
        "7." + "A" * 43,
        token + "=",
        "8" + token[1:],
        "0" + token,
        "٧" + token[1:],
        token[:-1],
        "7.\ud83d",
    ]
    assert [colleague_of("hush", one) for one in wrong] == [None] * len(wrong)
    assert colleague_of("other", token) is None
    assert colleague_of("", token) is None
