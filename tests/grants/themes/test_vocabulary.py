# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.catalogue import FACTORY, load
from grants.scoring.lexicon import compile_lexicon
from grants.scoring.words import as_words
from grants.themes.vocabulary import KINDS, LONGEST_TERM, MOST_TERMS, TOLD, Fault, Flaw, read_words

CORE = ("core", "nl")


def terms(text: str) -> list[str]:
    return read_words({CORE: text}).words["core"]["nl"]


def flaws(text: str) -> list[Flaw]:
    return [fault.flaw for fault in read_words({CORE: text}).faults]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("water\nlucht", ["water", "lucht"]),
        ("  water \n\n\t\n lucht\t", ["water", "lucht"]),
        ("• water\n- lucht,\n“bodem”;", ["water", "lucht", "bodem"]),
        ("wa\u00adter\u200b\n\ufefflucht", ["water", "lucht"]),
        ("duurzame\u00a0 energie", ["duurzame energie"]),
        ("energie\u0301", ["energi\u00e9"]),
        ("wa\x00t\x07er\u202e", ["water"]),
        ("*water*\nwater*", ["*water*", "water*"]),
        ("water\nWATER\n Water ", ["water"]),
        ("2-stroom\nkraft-wärme-kopplung*", ["2-stroom", "kraft-wärme-kopplung*"]),
    ],
)
def test_pasted_words_are_cleaned(typed: str, kept: list[str]) -> None:
    assert (terms(typed), flaws(typed)) == (kept, [])


def test_words_that_stand_twice_in_a_list_are_counted_and_kept_once() -> None:
    read = read_words({CORE: "water\nlucht\nWater\nwater"})
    assert (read.words["core"]["nl"], read.doubles) == (["water", "lucht"], 2)


@pytest.mark.parametrize(
    ("typed", "flaw"),
    [
        ("water, lucht", Flaw.SEVERAL),
        ("water;lucht", Flaw.SEVERAL),
        ("**", Flaw.NO_LETTER),
        ("wa*ter", Flaw.STAR),
        ("x" * (LONGEST_TERM + 1), Flaw.TOO_LONG),
        ("x" * 100_000, Flaw.TOO_LONG),
        ("\n".join(f"woord{number}" for number in range(MOST_TERMS + 1)), Flaw.TOO_MANY),
        ("", Flaw.NO_WORDS),
        ("•\n-\n…", Flaw.NO_WORDS),
    ],
)
def test_words_that_cannot_be_kept_are_told(typed: str, flaw: Flaw) -> None:
    assert flaws(typed) == [flaw]


def test_ten_thousand_lines_are_one_fault_with_their_number() -> None:
    (fault,) = read_words({CORE: "\n".join(f"woord{number}" for number in range(10_000))}).faults
    assert fault == Fault(Flaw.TOO_MANY, "core", "nl", count=10_000)


def test_only_the_first_faults_are_told() -> None:
    assert len(read_words({CORE: "\n".join(f"a*{number}" for number in range(100))}).faults) == TOLD


def test_a_word_in_two_lists_names_both_but_two_languages_are_two_words() -> None:
    read = read_words({CORE: "water", ("not", "nl"): "WATER", ("core", "en"): "water"})
    assert read.faults == (Fault(Flaw.TWO_LISTS, "not", "nl", "WATER", "core"),)


@pytest.mark.parametrize("theme", load(FACTORY).themes, ids=lambda theme: theme.slug)
def test_every_theme_as_delivered_can_be_kept_unchanged(theme: object) -> None:
    told = theme.model_dump(mode="json", by_alias=True)  # type: ignore[attr-defined]
    lists = {
        (kind, code): "\n".join(told[kind].get(code, [])) for kind in KINDS for code in ("nl", "de", "en")
    }
    read = read_words(lists)
    assert (read.faults, read.doubles) == ((), 0)
    assert {kind: {code: words for code, words in read.words[kind].items() if words} for kind in KINDS} == {
        kind: {code: words for code, words in told[kind].items() if words} for kind in KINDS
    }


@given(st.text(max_size=200))
def test_whatever_is_pasted_the_engine_can_read_what_has_no_fault(text: str) -> None:
    read = read_words({CORE: text.replace("\r", "\n")})
    if not read.faults:
        compile_lexicon([as_words("x", read.words)])
    assert read_words({CORE: "\n".join(read.words["core"]["nl"])}).words == read.words
