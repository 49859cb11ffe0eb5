# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

from grants.scoring.semantic import READ, meanings
from grants.scoring.sentences import Sentence, nearest_sentences
from grants.scoring.words import Words
from tests.grants.scoring.test_semantic import Alphabet

WATER = Words(slug="water", about={"nl": ("", "aaaa")})
WORK = Words(slug="work", about={"nl": ("", "eeee")})
SILENT = Words(slug="silent")
ABOUT = meanings([WATER, WORK, SILENT], Alphabet())


def nearest(*slugs: str, title: str = "", text: str = "") -> dict[str, Sentence]:
    return nearest_sentences(ABOUT, slugs, title=title, text=text, encoder=Alphabet())


def test_the_nearest_sentence_of_each_theme_stands_literally_where_it_says():
    text = "  Bbbb cccc? Aaaa aaaa aaa.\nDddd eeee"
    found = nearest("water", "work", text=text)

    assert {slug: one.phrase for slug, one in found.items()} == {
        "water": "Aaaa aaaa aaa.",
        "work": "Dddd eeee",
    }
    assert all(text[one.start : one.end] == one.phrase and one.field == "text" for one in found.values())
    assert found["water"].mark != found["work"].mark


def test_a_call_without_text_is_told_by_its_title():
    (one,) = nearest("water", title="Bbbb! Aaaa", text=" .. !").values()

    assert (one.field, one.start, one.end, one.phrase) == ("title", 6, 10, "Aaaa")


def test_only_what_was_read_for_its_meaning_is_looked_at():
    (one,) = nearest("water", text=f"Abc. {'b' * READ}. aaaa").values()

    assert one.phrase == "Abc."


def test_there_is_none_for_a_theme_that_says_nothing_nor_in_a_call_that_does():
    assert nearest("silent", text="Aaaa.") == {}
    assert nearest("water", title="!", text="?") == {}


def test_a_letter_that_is_none_does_not_break_it():
    assert nearest("water", text="aa \ud800 aa")["water"].phrase == "aa \ud800 aa"
