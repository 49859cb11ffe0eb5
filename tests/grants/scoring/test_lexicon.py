# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

import pytest

from grants.scoring.lexicon import compile_lexicon, hits
from grants.scoring.words import VocabularyError, Words

WATER = Words(
    slug="water",
    core={
        "nl": ("drinkwater", "overstroming*", "dijk"),
        "de": ("grundwasser*", "gewässer", "anpassung an den klimawandel"),
        "en": ("climate adaptation", "flood*"),
    },
    terms={"nl": ("*water*", "*haven", "rivier"), "en": ("water", "climate")},
    excluded={"nl": ("waterstof*",), "en": ("water transport",)},
)
WORK = Words(slug="work", core={"nl": ("school", "werkloosheid"), "en": ("school*", "learning")})


def found(text: str, language: str, *themes: Words) -> list[tuple[str, str | None, float]]:
    lexicon = compile_lexicon(themes or (WATER,))
    return [
        (text[hit.start : hit.end], hit.term, round(hit.weight, 2)) for hit in hits(lexicon, text, language)
    ]


@pytest.mark.parametrize(
    ("sentence", "language", "expected"),
    [
        ("De rivieren stijgen.", "nl", [("rivieren", "rivier", 1)]),
        ("Na de overstromingsramp", "nl", [("overstromingsramp", "overstroming*", 3)]),
        ("De zeehaven", "nl", [("zeehaven", "*haven", 1)]),
        ("Zoet oppervlaktewaterbeheer", "nl", [("oppervlaktewaterbeheer", "*water*", 1)]),
        ("Dijken en DRINKWATER", "nl", [("Dijken", "dijk", 3), ("DRINKWATER", "drinkwater", 3)]),
        ("Een noodoverstroming", "nl", [("noodoverstroming", "overstroming*", 2.4)]),
        ("Das Tiefengrundwasserwerk", "de", [("Tiefengrundwasserwerk", "grundwasser*", 1.8)]),
        ("Die Oberflächengewässern", "de", [("Oberflächengewässern", "gewässer", 2.4)]),
        (
            "Die Anpassung an den Klimawandel",
            "de",
            [("Anpassung an den Klimawandel", "anpassung an den klimawandel", 3)],
        ),
        ("Een call voor climate adaptation", "nl", [("climate adaptation", "climate adaptation", 3)]),
        (
            "Climate-adaptation",
            "en",
            [("Climate-adaptation", "climate adaptation", 3), ("Climate", "climate", 1)],
        ),
        ("A good climate. Adaptation costs.", "en", [("climate", "climate", 1)]),
        ("A change of climate", "en", [("climate", "climate", 1)]),
        ("Waterstof en water", "nl", [("water", "*water*", 1)]),
        ("Water transport over water", "en", [("water", "water", 1)]),
        ("Antiflooding", "en", []),
        ("", "nl", []),
    ],
)
def test_hits_are_the_words_that_speak_for_the_theme(sentence: str, language: str, expected: list):
    assert sorted(found(sentence, language)) == sorted(expected)


def test_hits_count_a_word_once_for_a_theme_when_several_terms_find_it():
    assert found("drinkwater", "nl") == [("drinkwater", "drinkwater", 3)]


def test_hits_keep_an_exclusion_to_its_own_theme():
    bars_learning = Words(slug="water", excluded={"en": ("machine learning",)})

    assert found("machine learning", "en", bars_learning, WORK) == [("learning", "learning", 3)]


def test_hits_pass_over_a_word_too_long_to_be_one():
    assert found("drinkwater" * 20_000, "nl") == []


def test_compile_lexicon_refuses_a_term_without_letters():
    with pytest.raises(VocabularyError, match="no letter or digit"):
        compile_lexicon([Words(slug="x", weak={"de": ("**",)})])
