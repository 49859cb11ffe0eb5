# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grants.scoring.text import fold, joined, stem, supported, tokens


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Energie-efficiënt én groen", ["Energie", "efficiënt", "én", "groen"]),
        ("Kla\u0308ranlage", ["Kla\u0308ranlage"]),
        ("water\u00adbeheer", ["water\u00adbeheer"]),
        ("Industrie 4.0", ["Industrie", "4", "0"]),
        ("snake_case", ["snake", "case"]),
        ("…—!", []),
    ],
)
def test_tokens_are_the_words_as_written(text: str, words: list[str]):
    assert [token[0] for token in tokens(text)] == words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Kla\u0308ranlage", "KLÄRANLAGE"),
        ("water\u00adbeheer", "Waterbeheer"),
        ("Straße", "STRASSE"),
        ("eﬃcient", "efficient"),
    ],
)
def test_fold_makes_one_spelling_of_one_word(one: str, other: str):
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("between", "expected"),
    [(" ", True), ("-", True), (".", True), (". ", False), (", ", False), ("    ", False)],
)
def test_joined_knows_what_keeps_a_phrase_together(between: str, *, expected: bool):
    assert joined(f"a{between}b", 1, 1 + len(between)) is expected


@pytest.mark.parametrize(
    ("given_as", "read_as"), [("nl", "nl"), ("de-AT", "de"), ("EN_gb", "en"), ("fr", "en"), ("", "en")]
)
def test_supported_falls_back_to_english(given_as: str, read_as: str):
    assert supported(given_as) == read_as


def test_stem_follows_the_language():
    assert stem("scholen", "nl") == stem("school", "nl")
    assert stem("schulen", "de") == stem("schule", "de")
    assert stem("batteries", "en") == stem("battery", "en")


@given(st.text())
def test_tokens_stand_in_the_text_in_order_without_overlap(text: str):
    places = [token.span() for token in tokens(text)]

    assert places == sorted(places)
    assert all(left[1] <= right[0] for left, right in pairwise(places))
