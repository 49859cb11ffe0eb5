# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from grants.matching import match_all, words
from grants.scoring import engine
from grants.scoring.semantic import Encoder, Vector, encoder
from grants.scoring.texts import Text, matched
from models.call import Call
from models.match import Match
from models.session import Begin
from models.theme import Theme
from models.vector import TextVector
from tests.builders import NOW, call, office, source, theme
from tests.grants.scoring.test_semantic import Alphabet

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


TELLS = {"nl": "Bescherming tegen hitte en water", "de": "", "en": "Heat, drought and floods in cities"}
FLOOD = "Der Fluss trat über die Ufer. Ganze Dörfer standen nach dem Regen unter Wasser. Kontakt: das Ministerium."


def texts_in_three_languages(begin: Begin) -> None:
    with begin() as session:
        session.add_all([office(), source()])
        session.flush()
        session.add_all(
            [
                theme(words=WATER | {"terms": {"en": ["river"], "de": ["fluss"]}}, description=TELLS),
                theme(slug="zorg", words={kind: {} for kind in WATER}, name={"en": "Hospitals and patients"}),
            ]
        )
        session.add_all(
            [
                call(key="1", title="Hitte in de stad", text="", language="nl"),
                call(key="2", title="Hochwasser", text=FLOOD, language="de"),
                call(
                    key="3", title="Rivers", text="A river, climate adaptation. Heat and drought in cities!"
                ),
                call(key="4", title="Elections", text="Observing elections."),
            ]
        )


@pytest.mark.parametrize("extra", [None, "alphabet", "real"])
def test_a_call_gets_what_the_same_text_gets_in_a_file(begin: Begin, extra: str | None) -> None:
    """Probability, band, words and sentence: through the database and through `match --texts`."""
    found: Encoder | None = Alphabet() if extra == "alphabet" else encoder() if extra else None
    if extra == "real" and found is None:
        pytest.skip("the extra 'semantic' is not installed")
    texts_in_three_languages(begin)
    match_all(begin, encoder=found, now=NOW)
    with begin() as session:
        calls, themes = session.scalars(select(Call)).all(), session.scalars(select(Theme)).all()
        texts = [Text(one.id, one.title, one.text, one.language) for one in calls]
        in_a_file = {
            (line["id"], told["id"]): told
            for line in matched(texts, words(themes), found)
            for told in line["themes"]
        }
        rows = session.scalars(select(Match)).all()
        assert len(rows) == len(in_a_file) == 8
        sentences = 0
        for row in rows:
            told = in_a_file[row.call_id, row.theme.slug]
            places = [
                {name: one[name] for name in ("field", "start", "end", "phrase")} for one in row.reasons
            ]
            if row.sentence:
                sentences += 1
                place = {name: row.sentence[name] for name in ("field", "start", "end", "phrase")}
                places.append(place | {"resembles": "description"})
                source_text = getattr(row.call, place["field"])
                assert source_text[place["start"] : place["end"]] == place["phrase"] != ""
            assert (row.band, places) == (told["band"], told["reasons"])
            if places or row.band != "none":
                assert row.score == max(Decimal("0.001"), round(Decimal(told["probability"]), 3))
        assert bool(sentences) == bool(found)


def test_the_sentence_that_resembles_the_description_is_kept_with_a_match(begin: Begin) -> None:
    found = encoder()
    if found is None:
        pytest.skip("the extra 'semantic' is not installed")
    texts_in_three_languages(begin)
    match_all(begin, encoder=found, now=NOW)
    with begin() as session:
        flood = session.scalars(select(Match).where(Match.call_id == 2, Match.theme_id == 1)).one()
        assert flood.band != "none"
        assert flood.sentence is not None
        assert flood.sentence["phrase"] == "Ganze Dörfer standen nach dem Regen unter Wasser."


def test_no_text_is_encoded_twice_whatever_changes(begin: Begin) -> None:
    alphabet = Alphabet()
    texts_in_three_languages(begin)
    match_all(begin, encoder=alphabet, now=NOW)
    asked = len(alphabet.asked)
    with begin() as session:
        changed = session.get_one(Theme, 1)
        changed.words, changed.version = {**WATER, "terms": {"en": ["river", "heat"]}}, 2
    assert match_all(begin, encoder=alphabet, now=NOW) == 4
    assert len(alphabet.asked) == asked
    with begin() as session:
        session.add(call(key="5", title="Rivers", text=session.get_one(Call, 3).text))
        changed = session.get_one(Theme, 1)
        changed.description, changed.version = {**TELLS, "de": "Hitze"}, 3
    match_all(begin, encoder=alphabet, now=NOW)
    assert alphabet.asked[asked] == "Hitze"
    assert not [one for one in alphabet.asked[asked:] if one.startswith("Rivers. ")]


def test_another_edition_of_coefficients_or_encoder_matches_every_call_again(
    begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts_in_three_languages(begin)
    counts: list[int] = []
    match_all(begin, encoder=Alphabet(), now=NOW)
    monkeypatch.setattr("grants.matching.BATCH", 3)
    assert match_all(begin, encoder=Alphabet(), now=NOW) == 0
    assert match_all(begin, encoder=Alphabet("alphabet 2"), now=NOW, told=counts.append) == 4
    assert counts == [3, 1]
    with begin() as session:
        assert set(session.scalars(select(TextVector.encoder))) == {"alphabet 2"}
        before = [one.first_matched_at for one in session.scalars(select(Match).where(Match.band != "none"))]
        assert before == [NOW] * len(before)
    assert match_all(begin, now=NOW) == 4
    monkeypatch.setattr(engine, "_READING", 2)
    engine.edition.cache_clear()
    try:
        assert match_all(begin, now=NOW) == 4
        assert match_all(begin, now=NOW) == 0
    finally:
        engine.edition.cache_clear()
    with begin() as session:
        assert session.scalars(select(Match.sentence).where(Match.sentence.is_not(None))).all() == []


def test_only_the_office_whose_theme_changed_is_matched_again(begin: Begin) -> None:
    a_call_and_two_offices(begin)
    match_all(begin, now=NOW)
    with begin() as session:
        session.get_one(Theme, 2).version = 2
    later = NOW + timedelta(hours=1)
    assert match_all(begin, now=later) == 1
    assert [one.matched_at for one in matches(begin)] == [NOW, later, NOW]


def test_a_call_that_changes_while_it_is_read_comes_again(begin: Begin) -> None:
    a_call_and_two_offices(begin)

    class Meddling(Alphabet):
        done = False

        def encode(self, texts: list[str]) -> Vector:
            if not self.done and any(text.startswith("Cities") for text in texts):
                self.done = True
                with begin() as session:
                    row = session.get_one(Call, 1)
                    row.text, row.text_version = "Nothing of the kind.", 2
            return super().encode(texts)

    assert match_all(begin, encoder=Meddling(), now=NOW) == 2
    assert {(one.text_version, len(one.reasons)) for one in matches(begin)} == {(2, 0)}
