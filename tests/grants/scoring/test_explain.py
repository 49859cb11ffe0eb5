# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grants.scoring.explain import explain
from grants.scoring.lexicon import compile_lexicon
from grants.scoring.model import Band, Likeness
from grants.scoring.words import Words

WATER = Words(
    slug="water", core={"nl": ("dijk", "overstroming*")}, terms={"nl": ("water",)}, about={"nl": ("", "aaaa")}
)
WORK = Words(slug="work", core={"nl": ("school",)})
LEXICON = compile_lexicon([WATER, WORK])
words = st.lists(
    st.sampled_from(["dijk", "dijken", "overstromingen", "water", "school", "en", "."]), max_size=12
)


def test_the_phrases_add_up_to_what_the_words_weigh():
    told = explain(LEXICON, "water", title="Dijken", text="Water, water en de dijk.", language="nl")

    assert [(one.reason.phrase, one.times) for one in told.phrases] == [("Dijken", 2), ("Water", 2)]
    assert sum(one.log_odds for one in told.phrases) == pytest.approx(told.score.parts["words"])
    assert told.missing == 0
    assert told.score.band != Band.NONE


def test_why_not_is_told_where_nothing_was_found():
    told = explain(LEXICON, "water", title="School", text="Een nieuwe school.", language="nl")

    assert (told.phrases, told.rivals, told.score.band) == ((), ("work",), Band.NONE)
    assert told.missing > 0


def test_only_the_rivals_that_count_are_told():
    told = explain(LEXICON, "water", title="School", text="", language="nl", rivals={"water"})

    assert told.rivals == ()


@given(words, words, st.booleans())
def test_the_parts_are_the_score(title: list[str], text: list[str], meaning: bool):  # noqa: FBT001
    likeness = {"water": Likeness(1.0, 0.5, -0.25)} if meaning else None
    told = explain(
        LEXICON, "water", title=" ".join(title), text=" ".join(text), language="nl", likeness=likeness
    )

    odds = sum(told.score.parts.values())
    assert told.score.probability == pytest.approx(1 / (1 + 2.718281828459045**-odds))
    assert (told.missing > 1e-2) <= (told.score.band == Band.NONE)


def test_a_theme_that_is_not_there_is_an_error():
    with pytest.raises(KeyError):
        explain(LEXICON, "fire", title="", text="", language="nl")
