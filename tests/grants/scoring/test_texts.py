# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

import json

import pytest

from grants.scoring.texts import Text, TextsError, matched, read_texts
from grants.scoring.words import Words

WATER = Words(slug="water", core={"en": ("flood*",)})
WORK = Words(slug="work", core={"en": ("school*",)})
GOOD = {"id": "a-1", "title": "Floods", "text": "Of floods."}


def lines(*rows: object) -> list[bytes]:
    return [json.dumps(row).encode() + b"\n" for row in rows]


def test_a_line_is_a_text_and_an_empty_line_is_none():
    read = list(read_texts([*lines(GOOD), b"\n", *lines({**GOOD, "id": 7, "lang": "en", "labels": ["x"]})]))

    assert read == [Text("a-1", "Floods", "Of floods."), Text(7, "Floods", "Of floods.", "en")]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (b"{\n", "Line 2 is no JSON: "),
        (b'{"id": "\xff"}\n', "Line 2 is no JSON: "),
        (b"[" * 200_000 + b"\n", "Line 2 is no JSON: "),
        (b"[]\n", "Line 2 is no object with id, title and text."),
        (b'{"title": "", "text": ""}', "Line 2 has no id, or one that is neither text nor a number."),
        (b'{"id": 1, "title": null, "text": ""}', "Line 2 has no title, or one that is no text."),
        (b'{"id": 1, "title": ""}', "Line 2 has no text, or one that is no text."),
        (b'{"id": 1, "title": "", "text": "", "lang": 3}', "Line 2 has a lang that is no text."),
    ],
)
def test_a_bad_line_is_named_after_the_good_ones_were_given(line: bytes, told: str):
    reading = read_texts([*lines(GOOD), line])

    assert next(reading).id == "a-1"
    with pytest.raises(TextsError) as caught:
        next(reading)
    assert str(caught.value).startswith(told)


def test_every_theme_is_told_with_the_words_at_their_place():
    (row,) = matched([Text("a-1", "Floods in cities", "Of floods.", "en")], [WATER, WORK])

    assert (row["id"], row["lang"]) == ("a-1", "en")
    water, work = row["themes"]
    assert water["id"] == "water"
    assert water["reasons"][0] == {"field": "title", "start": 0, "end": 6, "phrase": "Floods"}
    assert 0 <= work["probability"] < 0.1 < water["probability"] <= 1
    assert (work["id"], work["band"], work["reasons"]) == ("work", "none", [])


def test_what_was_read_before_a_bad_line_is_told_before_its_error():
    telling = matched(read_texts([*lines(GOOD), b"no"]), [WATER])

    assert next(telling)["id"] == "a-1"
    with pytest.raises(TextsError, match="Line 2"):
        next(telling)
