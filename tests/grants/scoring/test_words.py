# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

import pytest

from grants.scoring.words import Pattern, VocabularyError, Weight, Words, read_phrase


@pytest.mark.parametrize(
    ("term", "patterns"),
    [
        ("Drinkwater", (Pattern("drinkwater", "nl"),)),
        ("overstroming*", (Pattern("overstroming", "nl", open_end=True),)),
        ("*haven", (Pattern("haven", "nl", open_start=True),)),
        ("*water*", (Pattern("water", "nl", open_start=True, open_end=True),)),
        ("openbaar vervoer*", (Pattern("openbaar", "nl"), Pattern("vervoer", "nl", open_end=True))),
        ("e-health", (Pattern("e", "nl"), Pattern("health", "nl"))),
    ],
)
def test_read_phrase_gives_one_pattern_a_word(term: str, patterns: tuple[Pattern, ...]):
    assert read_phrase(term, "nl") == patterns


@pytest.mark.parametrize("term", ["", "  ", "*", "—", "lucht*haven", "water **", "water * beheer"])
def test_read_phrase_refuses_a_term_that_cannot_be_searched_for(term: str):
    with pytest.raises(VocabularyError, match="the term"):
        read_phrase(term, "nl")


def test_weighted_gives_the_heaviest_first_and_only_the_language_asked_for():
    words = Words("w", core={"nl": ("a",), "de": ("x",)}, terms={"nl": ("b",)}, weak={"nl": ("c",)})

    assert list(words.weighted("nl")) == [(Weight.CORE, "a"), (Weight.TERM, "b"), (Weight.WEAK, "c")]
