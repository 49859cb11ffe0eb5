# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

import pytest

from grants.guessing import easily_guessed


@pytest.mark.parametrize(
    "password",
    [
        "password1234", "iloveyou12345678", "P@ssw0rd12345", "Welkom2026!!", "enschede2026!", "qwertyuiopas",
        "subsidiebureau1", "zomer2026zomer", "noordevries123", "111122223333abc",
    ],
)  # fmt: skip
def test_a_known_password_a_word_of_the_house_a_name_or_a_row_of_keys_is_easily_guessed(
    password: str,
) -> None:
    assert easily_guessed(password, ["noor", "devries"])


@pytest.mark.parametrize(
    "password",
    [
        "de kat zit op het dak",
        "correct horse battery staple",
        "een heel lang wachtwoord",
        "zpq81-hvlw-22xk",
        "üüüßłø世界和平，你好",
    ],
)
def test_a_sentence_or_what_a_password_manager_makes_is_not(password: str) -> None:
    assert not easily_guessed(password, ["noor", "devries"])
