# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

import pytest

from grants.refusals import code_in, for_good

GONE = [
    "550 5.1.1 <weg@enschede.example>: Recipient address rejected: User unknown in virtual mailbox table",
    "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient weg@enschede.example not found by SMTP address lookup",
    "550 5.4.1 Recipient address rejected: Access denied. AS(201806281) [DB5EUR03FT012.eop.example]",
    "550 5.2.1 The email account that you tried to reach is disabled.",
    "553 5.1.2 We weren't able to find the recipient domain",
    "550 No such user here",
    "550 Unknown recipient",
    "550 sorry, no mailbox here by that name",
    "551 User not local; the mailbox does not exist",
]
PASSING = [
    "450 4.1.1 Recipient address rejected: unverified address",
    "452 4.2.2 Mailbox full",
    "552 5.2.2 Mailbox full",
    "550 5.7.1 Unable to relay",
    "550 5.7.606 Access denied, banned sending IP [10.0.0.1]",
    "550 5.1.8 Access denied, bad outbound sender",
    "550 5.1.7 Invalid address of the sender",
    "550 5.4.1 No answer from host",
    "550 5.7.1 Recipient unknown by policy",
    "550 relaying denied",
    "550 Administrative prohibition",
    "554 Transaction failed: no such user",
    "550 10.5.1.1 is on our list",
    "",
]


@pytest.mark.parametrize("words", GONE)
def test_an_address_that_does_not_exist_is_given_up(words: str) -> None:
    assert for_good(words)


@pytest.mark.parametrize("words", PASSING)
def test_anything_else_is_no_ground_to_stop_writing(words: str) -> None:
    assert not for_good(words)


def test_the_code_is_the_first_that_stands_in_the_words() -> None:
    assert code_in("Remote Server returned '550 5.1.10 RESOLVER' after 5.0.0") == "5.1.10"
    assert code_in("no code, but version 1.2.3.4") == ""
