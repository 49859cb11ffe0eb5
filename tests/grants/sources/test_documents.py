# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

import pytest

from grants.sources.documents import document, name, words


@pytest.mark.parametrize(
    "body",
    [b"<a>x\x02y</a>", b"<a>x&#2;y</a>", b"<a>x&#x1F;y</a>", b"<a>\x00x\x1fy</a>", b"<a>x&#0011;y</a>"],
)
def test_characters_that_xml_forbids_are_taken_out(body: bytes) -> None:
    root = document(body)
    assert root is not None
    assert words(root) == "xy"


def test_what_xml_allows_stays() -> None:
    root = document("<a>x&#9;y&#10;z&#13;\u0090\u00ad &amp;#2;</a>".encode())
    assert root is not None
    assert words(root) == "x y z \u0090\u00ad &#2;"


def test_an_entity_bomb_is_no_document() -> None:
    bomb = b'<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;&b;">]><a>&c;</a>'
    assert document(bomb) is None


def test_a_file_of_the_machine_is_never_read() -> None:
    assert document(b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>') is None


@pytest.mark.parametrize(
    "body", [b"", b"nee", b"<a><b></a>", b'<?xml version="1.0" encoding="klingon"?><a/>']
)
def test_what_is_no_xml_is_no_document(body: bytes) -> None:
    assert document(body) is None


def test_names_come_without_their_namespace_and_comments_are_no_text() -> None:
    root = document(b'<n:a xmlns:n="x">een<!-- twee --><?drie?><b>vier</b></n:a>')
    assert root is not None
    assert name(root) == "a"
    assert [name(node) for node in root] == ["", "", "b"]
    assert words(root) == "eenvier"
