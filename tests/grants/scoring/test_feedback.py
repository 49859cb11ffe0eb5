# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""What verdicts teach, and what they never do: the guards hold for whatever is judged."""

from math import fsum, tanh
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grants.scoring.feedback import FEWEST, MOST, Judged, Lesson, because, learn, moved
from grants.scoring.ridge import fit, loss
from grants.scoring.traits import TERM, Traits, traits, words_of

LINE = -2.0
QUICK = settings(max_examples=40)
WORDS = st.sampled_from(["trein", "spoor", "fiets", "weg", "lucht", "haven", "bus"])
WEIGHTS = st.dictionaries(WORDS, st.floats(0, 1.5), max_size=5)


def judgements(*, least: int = 0, most: int = 14) -> st.SearchStrategy[list[Judged]]:
    one = st.tuples(WEIGHTS, st.floats(-8, 8), st.booleans())
    return st.lists(one, min_size=least, max_size=most).map(
        lambda rows: [Judged(at, Traits(words), odds, said) for at, (words, odds, said) in enumerate(rows)]
    )


def rail(number: int, *, meaning: bool = False) -> Judged:
    """Of the even ones rail is what is asked, of the odd ones the plane is not."""
    relevant = number % 2 == 0
    words = words_of("Trein en spoor" if relevant else "Luchthaven", f"Vraag {number} over vervoer", "nl")
    vector = np.array([1, 0] if relevant else [0, 1], np.float32) if meaning else None
    return Judged(number, traits(words, ["trein*"] if relevant else ["luchthaven*"], vector), 1.0, relevant)


def lesson(count: int = 12, *, meaning: bool = False) -> Lesson:
    learned = learn(rail(number, meaning=meaning) for number in range(count))
    assert learned is not None
    return learned


def shift(learned: Lesson, seen: Traits, given: float = 1.0, *, core: bool = False) -> float:
    return moved(learned, seen, given=given, line=LINE, core_in_title=core)


def test_what_was_relevant_is_lifted_and_what_was_not_is_lowered() -> None:
    train = traits(words_of("Nieuwe treinen", "Het spoor", "nl"), ["trein*"])
    plane = traits(words_of("Luchthaven Twente", "", "nl"), ["luchthaven*"])
    assert shift(lesson(), train) > 0.3
    assert shift(lesson(), plane) < -0.3
    assert lesson().weights[TERM + "trein*"] > 0 > lesson().weights[TERM + "luchthaven*"]
    assert lesson().after < lesson().before


def test_a_text_like_nothing_judged_stays_where_it_is() -> None:
    assert shift(lesson(), words_of("Muziek op school", "", "nl")) == 0


@given(judgements(most=FEWEST - 1))
def test_fewer_than_ten_judgements_teach_nothing(judged: list[Judged]) -> None:
    assert learn(judged) is None


@given(judged=judgements(least=FEWEST), said=st.booleans())
def test_judgements_that_all_say_the_same_teach_nothing(*, judged: list[Judged], said: bool) -> None:
    assert learn(Judged(one.id, one.traits, one.log_odds, said) for one in judged) is None


@QUICK
@given(judgements(least=FEWEST), st.randoms(use_true_random=False))
def test_the_order_of_judgements_changes_nothing(judged: list[Judged], chance: Random) -> None:
    shuffled = list(judged)
    chance.shuffle(shuffled)
    one, other = learn(judged), learn(shuffled)
    assert one == other


@QUICK
@given(judged=judgements(least=FEWEST), words=WEIGHTS, odds=st.floats(-8, 8), core=st.booleans())
def test_a_text_is_never_moved_beyond_the_bounds(
    *, judged: list[Judged], words: dict[str, float], odds: float, core: bool
) -> None:
    learned = learn(judged)
    if learned is not None:
        assert -MOST <= shift(learned, Traits(words), odds, core=core) <= MOST


@QUICK
@given(judgements(least=FEWEST), WEIGHTS, st.floats(-8, 8))
def test_a_core_term_in_the_title_keeps_a_call_above_the_line(
    judged: list[Judged], words: dict[str, float], odds: float
) -> None:
    learned = learn(judged)
    if learned is not None and odds >= LINE:
        assert odds + shift(learned, Traits(words), odds, core=True) >= LINE - 1e-9


def test_without_a_core_term_a_call_may_fall_below_the_line() -> None:
    plane = traits(words_of("Luchthaven", "", "nl"), ["luchthaven*"])
    assert LINE + 0.1 + shift(lesson(), plane, LINE + 0.1) < LINE
    assert LINE + 0.1 + shift(lesson(), plane, LINE + 0.1, core=True) == pytest.approx(LINE)
    assert shift(lesson(), plane, LINE - 0.1, core=True) == shift(lesson(), plane, LINE - 0.1)


@QUICK
@given(judgements(least=FEWEST))
def test_what_is_learned_helps_with_what_it_was_not_taught_by(judged: list[Judged]) -> None:
    learned = learn(judged)
    assert learned is None or learned.after < learned.before


def test_judgements_without_a_pattern_teach_nothing() -> None:
    words = words_of("Trein", "", "nl")
    assert learn(Judged(number, words, 0.0, number % 2 == 0) for number in range(20)) is None


def test_texts_without_words_teach_nothing() -> None:
    assert learn(Judged(number, Traits({}), 0.0, number % 2 == 0) for number in range(20)) is None


@pytest.mark.parametrize("meaning", [False, True])
def test_the_parts_of_the_judgements_are_all_that_moves_a_text(*, meaning: bool) -> None:
    learned, judged = lesson(meaning=meaning), [rail(number, meaning=meaning) for number in range(12)]
    seen = rail(100, meaning=meaning).traits
    parts = because(learned, seen, {one.id: one.traits for one in judged})
    assert MOST * tanh(fsum(parts.values()) / MOST) == pytest.approx(shift(learned, seen), abs=5e-3)
    assert all(part > 0 for number, part in parts.items() if number % 2 == 0)


def test_a_judgement_that_taught_nothing_has_no_part() -> None:
    assert because(lesson(), Traits({"trein": 1.0}), {99: Traits({"trein": 1.0})}) == {}


def test_meaning_moves_a_text_without_a_word_in_common() -> None:
    learned = lesson(meaning=True)
    assert shift(learned, Traits({}, np.array([1, 0], np.float32))) > 0
    assert shift(learned, Traits({})) == 0


def test_texts_without_a_vector_are_learned_of_beside_those_with_one() -> None:
    learned = learn(rail(number, meaning=number < 6) for number in range(12))
    assert learned is not None
    assert learned.meaning is not None


def test_leaving_one_out_is_near_fitting_without_it() -> None:
    chance = np.random.default_rng(1)
    texts, given, said = chance.normal(size=(30, 8)), chance.normal(size=30), chance.integers(0, 2, 30)
    pulls, unseen = fit(texts @ texts.T, given, said.astype(float), 2.0)
    for left in range(30):
        rest = np.delete(np.arange(30), left)
        alike = texts[rest] @ texts[rest].T
        found, _ = fit(alike, given[rest], said[rest].astype(float), 2.0)
        assert texts[left] @ (texts[rest].T @ found) == pytest.approx(unseen[left], abs=0.25)
    assert loss(given + texts @ (texts.T @ pulls), said).mean() < loss(given, said).mean()


def test_a_step_that_overshoots_is_halved() -> None:
    alike, given = np.ones((4, 4)) * 50, np.array([-30.0, 30.0, -30.0, 30.0])
    said = np.array([1.0, 0.0, 1.0, 0.0])
    pulls, _ = fit(alike, given, said, 0.1)
    assert np.isfinite(pulls).all()
    assert loss(given + alike @ pulls, said).sum() <= loss(given, said).sum()


def test_numbers_short_words_and_all_but_the_weightiest_words_are_no_traits() -> None:
    seen = words_of(
        "De ov 2026", " ".join(f"woord{chr(97 + at % 26)}{chr(97 + at // 26)}" for at in range(200)), "nl"
    )
    assert "ov" not in seen.weights
    assert "2026" not in seen.weights
    assert len(seen.weights) == 60
    assert fsum(weight**2 for weight in seen.weights.values()) == pytest.approx(1)
    assert seen.spoken.keys() == seen.weights.keys()


def test_a_text_without_words_has_no_traits() -> None:
    assert words_of("", "12 34 !!", "nl").weights == {}
    assert traits(Traits({}), []).weights == {}
