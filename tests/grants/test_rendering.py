# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import UndefinedError
from markupsafe import Markup, escape

from grants.rendering import bracketed, environment, highlight, letter, page, passages

LANGUAGES = {"nl": "Nederlands", "de": "Deutsch", "en": "English"}


def test_the_phrases_of_a_text_are_marked_and_all_else_is_escaped() -> None:
    assert highlight("<b> heat & rain", [(4, 8)]) == Markup("&lt;b&gt; <mark>heat</mark> &amp; rain")


def test_phrases_that_overlap_become_one() -> None:
    assert highlight("climate adaptation", [(8, 18), (0, 10)]) == Markup("<mark>climate adaptation</mark>")


@given(
    st.text(), st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)).map(lambda two: tuple(sorted(two))))
)
def test_marking_never_changes_the_text(text: str, spans: list[tuple[int, int]]) -> None:
    marked = highlight(text, spans)
    assert marked.replace("<mark>", "").replace("</mark>", "") == escape(text)


def test_a_passage_has_whole_words_around_the_phrase_on_one_line() -> None:
    text = "word " * 30 + "heat\nstress" + " other" * 30
    (cut,) = passages(text, [(150, 161)], most=3)
    assert cut.text.startswith("… word word")
    assert cut.text.endswith(" other …")
    assert [cut.text[start:stop] for start, stop in cut.spans] == ["heat stress"]
    assert passages("heat stress", [(0, 4)], most=3) == [("heat stress", [(0, 4)])]


def test_phrases_near_each_other_share_a_passage_and_only_so_many_are_shown() -> None:
    text = "heat and rain" + " word" * 60 + " drought" + " word" * 60 + " flood"
    drought = text.index("drought")
    spans = [(9, 13), (0, 4), (drought, drought + 7), (len(text) - 5, len(text))]
    first, second = passages(text, spans, most=2)
    assert bracketed(*first).startswith("[heat] and [rain] word")
    assert "[drought]" in bracketed(*second)


@given(st.text(), st.data())
def test_a_passage_always_shows_the_literal_phrase(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    stop = data.draw(st.integers(start, len(text)))
    (cut,) = passages(text, [(start, stop)], most=1)
    assert [cut.text[a:b] for a, b in cut.spans] == [re.sub(r"\s", " ", text[start:stop])]


def test_what_no_letter_can_carry_is_left_out_escaped_or_not() -> None:
    made = environment("nl")
    assert made.from_string("{{ one }}{{ two }}").render(
        one="a\x00<\u202e\ud800", two=Markup("<b>\x1b</b>")
    ) == ("a&lt;<b></b>")
    assert made.from_string("{{ none }}{{ count }}").render(none=None, count=3) == "None3"


def test_what_comes_from_outside_is_never_compiled() -> None:
    assert (
        environment("nl").from_string("{{ one }}").render(one="{{ 7 * 7 }}{% raw %}")
        == "{{ 7 * 7 }}{% raw %}"
    )


def test_a_fact_that_is_missing_is_an_error_and_no_blank() -> None:
    with pytest.raises(UndefinedError, match="is undefined"):
        letter("reminder", "nl")


def test_a_page_has_the_same_words_as_a_letter() -> None:
    shown = page(
        "error.html",
        "de",
        path="/calls",
        languages=LANGUAGES,
        code=404,
        link=lambda **_: "?lang=de",
        me=None,
        own_theme=False,
        urgent=(),
    )
    assert '<html lang="de">' in shown
    assert "Ausschreibungen" in shown


def test_a_sentence_of_ours_is_in_its_language_once_compiled_and_what_is_only_known_later_still_is() -> None:
    made = environment("de")
    assert made.from_string('{{ _("Zoek") }}').render() == "Suchen"
    assert made.from_string("{{ _(words) }}").render(words="Zoek") == "Suchen"
    assert (
        made.from_string('{% if _("Zoek") == "Suchen" %}{{ "<" ~ _("Zoek") }}{% endif %}').render()
        == "&lt;Suchen"
    )
