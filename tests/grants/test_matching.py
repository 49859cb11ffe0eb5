# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

from datetime import timedelta
from decimal import Decimal

from sqlalchemy import select

from grants.matching import match_all
from grants.scoring.thresholds import LINES
from models.call import Call
from models.match import Match
from models.session import Begin
from models.theme import Theme, Threshold
from tests.builders import NOW, call, office, source, theme

WATER = {"core": {"en": ["climate adaptation"]}, "terms": {"en": ["river"]}, "weak": {}, "not": {}}


def a_call_and_two_offices(begin: Begin) -> None:
    with begin() as session:
        session.add_all([office(), office(slug="almelo", name="Almelo"), source()])
        session.flush()
        session.add_all(
            [
                theme(words=WATER),
                theme(words=WATER, office_id=2),
                theme(slug="energie", words={kind: {} for kind in WATER}),
            ]
        )
        session.add(call())


def matches(begin: Begin) -> list[Match]:
    with begin() as session:
        return list(session.scalars(select(Match).order_by(Match.theme_id)))


def test_a_call_is_matched_to_the_themes_of_every_office_with_its_literal_words(begin: Begin) -> None:
    a_call_and_two_offices(begin)
    assert match_all(begin, now=NOW) == 1
    enschede, almelo, energy = matches(begin)
    assert (enschede.score, enschede.reasons) == (almelo.score, almelo.reasons)
    assert enschede.score > Decimal(0)
    reason = enschede.reasons[0]
    text = {"title": "Cities that stay cool", "text": "Heat stress and climate adaptation in cities."}
    assert text[reason["field"]][reason["start"] : reason["end"]] == reason["phrase"] == "climate adaptation"
    assert (energy.band, energy.score, energy.reasons) == ("none", Decimal(0), [])


def test_nothing_is_matched_twice_when_nothing_changed(begin: Begin) -> None:
    a_call_and_two_offices(begin)
    match_all(begin, now=NOW)
    assert match_all(begin, now=NOW + timedelta(days=1)) == 0


def test_a_reworded_call_and_a_changed_theme_are_matched_again(begin: Begin) -> None:
    a_call_and_two_offices(begin)
    match_all(begin, now=NOW)
    first = matches(begin)[0].first_matched_at
    with begin() as session:
        row = session.scalars(select(Call)).one()
        row.text, row.text_version = "Nothing of the kind.", 2
        session.scalars(select(Theme).where(Theme.slug == "energie")).one().version = 2
    counts: list[int] = []
    assert match_all(begin, now=NOW + timedelta(days=1), told=counts.append) == 1
    assert counts == [1]
    assert [one.band for one in matches(begin)] == ["none"] * 3
    assert matches(begin)[0].first_matched_at == first


def test_a_call_that_comes_to_match_later_is_new_from_then(begin: Begin) -> None:
    a_call_and_two_offices(begin)
    with begin() as session:
        session.scalars(select(Call)).one().text = "Nothing of the kind."
    match_all(begin, now=NOW)
    with begin() as session:
        row = session.scalars(select(Call)).one()
        row.text, row.text_version = "climate adaptation", 2
    later = NOW + timedelta(days=9)
    match_all(begin, now=later)
    assert matches(begin)[0].first_matched_at == later


def test_without_themes_nothing_is_matched(begin: Begin) -> None:
    with begin() as session:
        session.add_all([source(), call()])
    assert match_all(begin, now=NOW) == 0


def test_a_call_that_comes_in_later_is_matched_then_and_alone(begin: Begin) -> None:
    a_call_and_two_offices(begin)
    match_all(begin, now=NOW)
    with begin() as session:
        session.add(call(key="later"))
    assert match_all(begin, now=NOW) == 1
    assert len(matches(begin)) == 6


def test_a_call_that_was_below_the_line_of_its_theme_is_new_when_it_passes_it(begin: Begin) -> None:
    a_call_and_two_offices(begin)
    later = NOW + timedelta(days=9)
    with begin() as session:
        session.get_one(Theme, 1).threshold = Threshold.NARROW
        row = session.scalars(select(Call)).one()
        row.text, row.title = f"climate adaptation{' and music' * 200}", "Music"
    match_all(begin, now=NOW)
    with begin() as session:
        row = session.scalars(select(Call)).one()
        row.title, row.text_version = "Climate adaptation along the river", 2
    narrow, _ = matches(begin)[:2]
    assert narrow.score < LINES[Threshold.NARROW]
    match_all(begin, now=later)
    narrow, _ = matches(begin)[:2]
    assert (narrow.score > LINES[Threshold.NARROW], narrow.first_matched_at) == (True, later)
