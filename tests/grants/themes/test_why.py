# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

import sys
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from grants.matching import match_all
from grants.scoring.semantic import encoder
from grants.themes import Why, why
from models.call import Call
from models.colleague import Colleague
from models.match import Match
from models.session import Begin
from models.theme import Theme, Threshold
from tests import builders

WATER = {
    "core": {"nl": ["wateroverlast*"], "en": ["climate adaptation", "flood*"]},
    "terms": {"en": ["river"]},
}
ENERGY = {"core": {"en": ["energy", "heat pump", "solar panel"]}}


@pytest.fixture(autouse=True)
def office(begin: Begin) -> None:
    with begin() as session:
        session.add_all([builders.office(), builders.office(slug="almelo"), builders.source()])
        session.flush()
        session.add_all([builders.colleague(), builders.theme(words=WATER)])
        session.add_all(
            [builders.theme(slug="energie", words=ENERGY), builders.theme(slug="wonen", office_id=2)]
        )


def asked(session: Session, slug: str = "klimaat_water", **facts: Any) -> Why:
    call = builders.call(**{"key": facts["title"]} | facts)
    session.add(call)
    session.flush()
    told = why(session, session.get_one(Colleague, 1), call, slug)
    assert told is not None
    return told


def test_a_call_that_is_shown_is_told_by_its_words_and_their_sum(begin: Begin) -> None:
    with begin() as session:
        told = asked(session, title="Climate adaptation", text="Floods, and climate adaptation again.")
        found = [(one.reason.phrase, one.times) for one in told.explanation.phrases]
        assert found == [("Climate adaptation", 2), ("Floods", 1)]
        assert told.shown
        assert (told.missing, told.total > told.line) == (0.0, True)
        parts = told.explanation.score.parts
        assert parts["words"] == pytest.approx(sum(one.log_odds for one in told.explanation.phrases))


def test_a_call_without_a_word_says_what_lacks(begin: Begin) -> None:
    with begin() as session:
        told = asked(session, title="Music for all", text="A choir in every town. " * 5)
        assert (told.shown, told.explanation.phrases, told.distance) == (False, (), "far")
        assert (told.example, told.example_language, told.helps) == ("climate adaptation", "en", "text")
        dutch = asked(
            session, title="Muziek voor iedereen", text="Een koor in elke stad. " * 5, language="nl"
        )
        assert (dutch.example, dutch.example_language) == ("wateroverlast", "nl")


def test_one_more_core_word_in_the_text_is_told_to_be_enough_only_when_it_is(begin: Begin) -> None:
    with begin() as session:
        near = asked(session, title="A river", text="Along the river.")
        assert (near.shown, near.helps) == (False, "text")
        long = "A choir in every town, and an orchestra in every village. " * 4000
        assert asked(session, title="Music for all", text=long).helps == ""


def test_themes_with_more_words_are_named(begin: Begin) -> None:
    with begin() as session:
        told = asked(session, title="Energy and the river", text="Heat pumps and solar panels.")
        assert [one.slug for one in told.rivals] == ["energie"]


def test_the_distance_is_that_to_the_line_of_the_theme(begin: Begin) -> None:
    with begin() as session:
        theme = session.get_one(Theme, 1)
        facts = {"title": "A river", "text": "Music for all. " * 80}
        distances = []
        for threshold in Threshold:
            theme.threshold = threshold
            distances.append(asked(session, key=threshold, **facts).missing)
        assert distances == sorted(distances, reverse=True)
        assert distances[0] > distances[-1]


def test_a_theme_that_is_off_answers_and_counts_for_no_other(begin: Begin) -> None:
    with begin() as session:
        session.get_one(Theme, 2).enabled = False
        facts = {"title": "Energy and the river", "text": "Heat pumps and solar panels."}
        assert asked(session, **facts).rivals == ()
        assert asked(session, "energie", key="b", **facts).explanation.phrases


def test_a_theme_without_core_words_has_no_example(begin: Begin) -> None:
    with begin() as session:
        session.get_one(Theme, 1).words = {"terms": {"en": ["river"]}}
        told = asked(session, title="Music", text="A choir.")
        assert (told.example, told.helps) == ("", "")


def test_themes_of_other_offices_are_not_there(begin: Begin) -> None:
    with begin() as session:
        session.add(builders.call())
        session.flush()
        assert why(session, session.get_one(Colleague, 1), session.get_one(Call, 1), "wonen") is None


@pytest.mark.skipif(encoder() is None, reason="the extra 'semantic' is not installed")
def test_the_sum_is_the_one_that_matching_kept_with_what_the_call_resembles(begin: Begin) -> None:
    with begin() as session:
        session.add(builders.call(title="Dry summers", text="Cities get hotter, and rivers carry less."))
    match_all(begin, now=builders.NOW, encoder=encoder())
    with begin() as session:
        (kept,) = session.scalars(select(Match.score).join(Match.theme).where(Theme.slug == "klimaat_water"))
        told = why(
            session, session.get_one(Colleague, 1), session.scalars(select(Call)).one(), "klimaat_water"
        )
        assert told is not None
        assert told.explanation.score.score == kept
        assert "meaning" in told.explanation.score.parts


def test_without_the_extra_the_sum_is_of_words_alone(begin: Begin, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules["grants.themes.why"], "encoder", lambda: None)
    with begin() as session:
        told = asked(session, title="Climate adaptation", text="Floods.")
        assert "meaning" not in told.explanation.score.parts
