# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

import time
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from grants.scoring.evidence import Reason
from grants.scoring.lexicon import compile_lexicon
from grants.scoring.model import Band, Likeness, band_of
from grants.scoring.score import ThemeScore, match, match_every
from grants.scoring.words import Words

THEMES = Path(__file__).resolve().parents[3] / "config" / "themes.yaml"

WATER = Words(
    slug="water",
    core={
        "nl": ("wateroverlast", "klimaatadaptatie*"),
        "de": ("hochwasser*",),
        "en": ("flood*", "water management"),
    },
    terms={"nl": ("*water*",), "de": ("*wasser*",), "en": ("water",)},
    weak={"en": ("resilience",)},
    excluded={"nl": ("waterstof*",)},
)
ENERGY = Words(
    slug="energy",
    core={"nl": ("waterstof*", "warmtenet*"), "en": ("hydrogen", "solar energy")},
    terms={"nl": ("*energie*",), "en": ("energy",)},
)
LEXICON = compile_lexicon([WATER, ENERGY])
VOCABULARY = [
    "wateroverlast", "waterstof", "drinkwater", "energie", "warmtenetten", "flooding", "solar", "energy",
    "water", "management", "resilience",
    "Hochwasserschutz", "de", ".", "-", "\n", "İ", "ﬂood", "wa\u00adter", "naïef",
]  # fmt: skip
texts = st.lists(st.sampled_from(VOCABULARY), max_size=30).map(" ".join) | st.text()
languages = st.sampled_from(["nl", "de", "en", "fr"])


def scored(title: str, text: str = "", language: str = "nl") -> dict[str, ThemeScore]:
    return {score.slug: score for score in match(LEXICON, title=title, text=text, language=language)}


def test_match_gives_nothing_when_no_word_is_found():
    assert match(LEXICON, title="Cultuur in de wijk", text="Muziek en dans.", language="nl") == []


def test_match_puts_the_best_theme_first():
    themes = match(LEXICON, title="Waterstof", text="Ook wateroverlast komt voor.", language="nl")

    assert [theme.slug for theme in themes] == ["energy", "water"]
    assert themes[0].score > themes[1].score


def test_match_gives_the_reasons_of_the_title_first():
    text = "Wateroverlast in de stad; meer drinkwater."

    water = scored("Subsidie klimaatadaptatiemaatregelen", text)["water"]

    assert water.reasons == (
        Reason("title", 9, 36, "klimaatadaptatiemaatregelen", "klimaatadaptatie*"),
        Reason("text", 0, 13, "Wateroverlast", "wateroverlast"),
        Reason("text", 31, 41, "drinkwater", "*water*"),
    )


def test_match_weighs_the_title_more_than_the_text():
    assert scored("Wateroverlast")["water"].score > scored("", "Wateroverlast")["water"].score


def test_match_needs_more_words_in_a_longer_text():
    short, long = "Wateroverlast.", "Wateroverlast." + " lorem ipsum" * 1000

    assert scored("", short)["water"].score > scored("", long)["water"].score


def test_match_gives_a_score_of_three_places_in_a_band():
    water = scored(
        "Wateroverlast en klimaatadaptatie", "Wateroverlast, drinkwater, waterschap en waterberging."
    )["water"]

    assert water.score == water.score.quantize(Decimal("0.001"))
    assert water.band == Band.STRONG


def test_match_of_a_weak_word_alone_is_no_match():
    assert scored("", "resilience", "en")["water"].band == Band.NONE


def test_match_reads_a_language_without_vocabulary_as_english():
    assert scored("Flooding", language="fr") == scored("Flooding", language="en")


def test_match_counts_a_place_once_when_two_spellings_of_a_term_find_it():
    twice = replace(ENERGY, core={"nl": ("solar energy",), "en": ("solar energy",)})
    once = replace(ENERGY, core={"en": ("solar energy",)})

    results = [
        match(compile_lexicon([w]), title="Solar energy", text="", language="nl") for w in (once, twice)
    ]

    assert results[0] == results[1]


def test_match_shows_a_dozen_reasons_at_most():
    text = " ".join(f"water{letters}" for letters in "abcdefghijklmnopqrstuvwxyz")

    assert len(scored("", text)["water"].reasons) == 12


@pytest.mark.parametrize(
    ("score", "band"),
    [
        ("1", Band.STRONG),
        ("0.650", Band.STRONG),
        ("0.649", Band.LIKELY),
        ("0.279", Band.POSSIBLE),
        ("0.119", Band.NONE),
    ],
)
def test_band_of_has_fixed_floors(score: str, band: Band):
    assert band_of(Decimal(score)) == band


@pytest.mark.parametrize(
    "text",
    [
        "wateroverlast " * 70_000,
        "waterstofenergiewateroverlast" * 35_000,
        " ".join(f"water{n:x}" for n in range(100_000)),
        "solar " * 170_000,
        "a\u0301" * 500_000,
        "- " * 500_000,
    ],
)
def test_match_reads_a_megabyte_without_stalling(text: str):
    started = time.process_time()

    scored("", text)

    assert (
        time.process_time() - started < 60
    )  # a guard against a stall, not a measure: bench/matching.py measures


@given(title=texts, text=texts, language=languages)
def test_every_reason_is_a_literal_piece_of_the_call(title: str, text: str, language: str):
    for theme in match(LEXICON, title=title, text=text, language=language):
        assert theme.reasons
        for reason in theme.reasons:
            source = title if reason.field == "title" else text
            assert reason.phrase == source[reason.start : reason.end] != ""


@given(title=texts, text=texts, language=languages, term=st.sampled_from(
    ["wateroverlast", "*water*", "water management", "solar energy", "re*", "*ing", "energie"]
), weight=st.sampled_from(["core", "terms", "weak"]))  # fmt: skip
def test_adding_a_term_never_lowers_a_score(title: str, text: str, language: str, term: str, weight: str):
    more = {spoken: (*getattr(WATER, weight).get(spoken, ()), term) for spoken in ("nl", "de", "en")}
    richer = compile_lexicon([replace(WATER, **{weight: more}), ENERGY])

    for likeness in (None, {"water": Likeness(1.5, -0.5), "energy": Likeness(2.0, 0.5)}):
        before, after = (
            match_every(one, title=title, text=text, language=language, likeness=likeness)[0]
            for one in (LEXICON, richer)
        )
        assert after.slug == "water"
        assert sum(after.parts.values()) >= sum(before.parts.values()) - 1e-9
        assert after.score >= before.score


@given(title=texts, text=texts, language=languages)
def test_the_order_of_themes_and_terms_makes_no_difference(title: str, text: str, language: str):
    turned = [
        replace(
            theme,
            core={s: theme.core[s][::-1] for s in theme.core},
            terms={s: theme.terms[s][::-1] for s in theme.terms},
        )
        for theme in (ENERGY, WATER)
    ]

    assert match(compile_lexicon(turned), title=title, text=text, language=language) == match(
        LEXICON, title=title, text=text, language=language
    )


@pytest.fixture(scope="module")
def factory() -> list[dict]:
    return YAML(typ="safe").load(THEMES)


def test_the_factory_themes_are_complete_and_searchable(factory: list[dict]):
    words = [
        Words(slug=theme["slug"], **{key: {s: tuple(t) for s, t in theme[name].items()} for key, name in
              (("core", "core"), ("terms", "terms"), ("weak", "weak"), ("excluded", "not"))})
        for theme in factory
    ]  # fmt: skip

    lexicon = compile_lexicon(words)

    assert len({theme["slug"] for theme in factory}) == 10
    assert all(set(theme["name"]) == set(theme["description"]) == {"nl", "de", "en"} for theme in factory)
    best = match(lexicon, title="Battery and hydrogen storage", text="", language="en")[0]
    assert (best.slug, best.band) == ("energie", Band.STRONG)
