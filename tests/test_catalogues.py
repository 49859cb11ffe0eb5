# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

import re

import pytest

from tools.catalogues import catalogue, extracted

HOLES = re.compile(r"%\(\w+\)[sd]")


def said(found: object) -> list[str]:
    return [found] if isinstance(found, str) else list(found)  # type: ignore[call-overload]


@pytest.mark.parametrize("language", ["de", "en"])
def test_a_catalogue_holds_exactly_the_words_of_mail_and_pages(language: str) -> None:
    there = {str(message.id) for message in catalogue(language) if message.id}
    assert there == {str(message.id) for message in extracted() if message.id}


@pytest.mark.parametrize("language", ["de", "en"])
def test_every_word_is_translated_with_the_same_holes(language: str) -> None:
    for message in catalogue(language):
        if message.id:
            assert not message.fuzzy, message.id
            assert all(said(message.string)), message.id
            holes = set(HOLES.findall(said(message.id)[-1]))
            assert set(HOLES.findall(said(message.string)[-1])) == holes, message.id
