# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

import numpy as np
import pytest

from grants.scoring import semantic
from grants.scoring.lexicon import compile_lexicon
from grants.scoring.model import Band, Likeness
from grants.scoring.score import match
from grants.scoring.semantic import SIZE, Encoder, Vector, encoder, likenesses, meanings, passage
from grants.scoring.texts import Text, matched
from grants.scoring.words import Words

WATER = Words(
    slug="water", about={"nl": ("Water", "Bescherming tegen overstroming, droogte en hitte."), "en": ("", "")}
)
CARE = Words(slug="care", about={"en": ("Health", "Hospitals, patients, medicine and public health.")})
SILENT = Words(slug="silent")
FLOOD = "Nach den starken Regenfällen trat der Fluss über die Ufer und setzte ganze Dörfer unter Wasser."


class Alphabet:
    """An encoder that counts letters: quick, and the same for the same text."""

    def __init__(self, name: str = "alphabet 1") -> None:
        self.name = name
        self.asked: list[str] = []

    def encode(self, texts: list[str]) -> Vector:
        self.asked += texts
        rows = np.full((len(texts), SIZE), 1e-3, np.float32)
        for row, text in zip(rows, texts, strict=True):
            for letter in text:
                row[ord(letter) % SIZE] += 1
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        return (rows / lengths).astype(np.float16).astype(np.float32)


@pytest.fixture(scope="module")
def real() -> Encoder:
    found = encoder()
    if found is None:
        pytest.skip("the extra 'semantic' is not installed")
    return found


def test_a_text_is_like_the_theme_it_is_about_in_another_language(real: Encoder):
    themes = meanings([WATER, CARE, SILENT], real)
    alike = likenesses(themes, real.encode([passage("", FLOOD)])[0], "de")

    assert alike["water"].likeness > 1 > alike["care"].likeness
    assert alike["water"].ahead > 0 > alike["care"].ahead
    assert (alike["silent"].likeness, alike["silent"].learned) == (0, 0)


def test_only_rivals_count_for_being_ahead():
    themes = meanings([WATER, CARE, SILENT], Alphabet())
    vector = Alphabet().encode(["Bescherming tegen droogte"])[0]

    assert likenesses(themes, vector, "nl", {"water"})["water"].ahead == 0
    told = likenesses(themes, vector, "nl", {"care"})
    assert told["water"].ahead == pytest.approx(told["water"].likeness - told["care"].likeness, abs=1e-5)


def test_adding_a_word_changes_no_meaning():
    richer = Words(slug="water", about=WATER.about, core={"nl": ("dijk",)})

    one, other = (meanings([theme], Alphabet()).vectors for theme in (WATER, richer))
    assert np.array_equal(one, other)


def test_meaning_alone_can_make_a_match_and_then_there_are_no_words_to_show(real: Encoder):
    themes = [WATER, CARE]
    likeness = likenesses(meanings(themes, real), real.encode([passage("", FLOOD)])[0], "de")
    scores = {one.slug: one for one in match(
        compile_lexicon(themes), title="", text=FLOOD, language="de",
        likeness={**likeness, "water": Likeness(40, 40)},
    )}  # fmt: skip

    assert (scores["water"].band, scores["water"].reasons) == (Band.STRONG, ())
    assert scores["water"].parts["words"] == 0 < scores["water"].parts["meaning"]
    assert "care" not in scores


def test_texts_are_encoded_a_few_at_a_time_and_give_the_same_in_any_batch():
    texts = [Text(number, f"Dijken {number}", "Over water. " * number, "nl") for number in range(40)]

    together = list(matched(texts, [WATER, CARE], Alphabet()))
    alone = [row for text in texts[::-1] for row in matched([text], [WATER, CARE], Alphabet())][::-1]
    assert together == alone


def test_what_is_encoded_is_the_title_and_the_beginning():
    assert passage("Title", "x" * 2000) == "Title. " + "x" * 900
    assert passage("\ud800", "") == "?. "


def test_the_encoder_gives_a_text_the_same_vector_in_any_company(real: Encoder):
    alone, empty = real.encode([FLOOD]), real.encode([])
    assert np.array_equal(real.encode(["Ziekenhuizen", FLOOD, ""])[1], alone[0])
    assert np.array_equal(alone.astype(np.float16), alone)
    assert (empty.shape, real.name) == ((0, SIZE), "use-multilingual-3 0.2.1")


def test_without_the_extra_there_is_no_encoder_and_the_log_says_so_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    monkeypatch.setattr(semantic, "find_spec", lambda _: None)
    encoder.cache_clear()
    try:
        assert (encoder(), encoder()) == (None, None)
    finally:
        encoder.cache_clear()
    assert caplog.messages == ["Matching goes by words only: the extra 'semantic' is not installed."]
