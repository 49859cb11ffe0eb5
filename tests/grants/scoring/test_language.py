# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

import pytest

from grants.scoring.language import language_of

NL = "De gemeente vraagt subsidie aan voor het aanleggen van een warmtenet in de wijk."
DE = "Die Stadt beantragt Fördermittel für den Bau eines Wärmenetzes und die Sanierung der Schulen."
EN = "Proposals should address the needs of cities and the people who live there."


@pytest.mark.parametrize(("text", "language"), [(NL, "nl"), (DE, "de"), (EN, "en")])
@pytest.mark.parametrize("declared", ["", "nl", "de-AT", "EN", "fr"])
def test_a_text_that_is_long_enough_is_read_in_its_own_language(text: str, language: str, declared: str):
    assert language_of("", text, declared) == language


def test_too_few_words_are_read_as_the_source_declares():
    assert language_of("Energy Hub", "", "nl") == "nl"
    assert language_of("Wärmenetze", "", "en_GB") == "en"


def test_without_a_declared_language_even_a_title_is_guessed():
    assert language_of("Nachhaltige Wärmenetze für die Stadtteile", "") == "de"


@pytest.mark.parametrize("text", ["", "\ud800" * 50, "1234567890 " * 20, "\x00" * 500, "日本語" * 200])
def test_what_has_no_words_of_ours_does_no_harm(text: str):
    assert language_of("", text, "nl") == "nl"
    assert language_of("", text) in {"nl", "de", "en"}
