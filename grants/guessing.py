# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Passwords that are too easily guessed: known ones, names, words of this house, rows of keys, dates.

After OWASP ASVS 5.0 V6.2: no rules of composition; what counts is how many guesses a password would take.
Nothing leaves the machine: the 30,000 passwords that leaked most often come with zxcvbn.
"""

from typing import Final

from zxcvbn import zxcvbn

HOUSE: Final = (
    "pijplijn", "subsidie", "subsidies", "subsidiebureau", "gemeente", "enschede", "almelo", "hengelo",
    "twente", "euregio", "interreg", "beheerder", "medewerker", "welkom", "wachtwoord", "geheim", "voorjaar",
    "zomer", "najaar", "herfst", "winter", "lente", "passwort", "willkommen", "stadt", "foerderung",
)  # fmt: skip
"""Words that a guesser of our passwords tries first."""
ENOUGH: Final = 10**10  # guesses: a day at a hundred thousand a second, which Argon2id makes months of
LOOKED_AT: Final = 72  # characters; what is longer is not easier to guess


def easily_guessed(password: str, own: list[str]) -> bool:
    """Whether a password takes too few guesses for who knows these words of its owner and of the house."""
    found = zxcvbn(password[:LOOKED_AT], user_inputs=[*own, *HOUSE])
    return int(found["guesses"]) < ENOUGH
