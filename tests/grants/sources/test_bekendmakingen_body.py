# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The XML is shaped after sources.md and the public element names: no announcement was captured."""

import pytest

from grants.sources.bekendmakingen_body import text_of
from tests.replay.bekendmakingen import AMENDMENT


def text(inside: str) -> str | None:
    return text_of(
        f"<officiele-publicatie><gemeenteblad>{inside}</gemeenteblad></officiele-publicatie>".encode()
    )


def test_a_heading_and_its_paragraphs_become_blocks() -> None:
    assert text_of(AMENDMENT.xml()) == (
        "<h3>Artikel 2.8.10 Looptijd</h3><p>&#x27;2025&#x27; wordt vervangen door: 2027</p>"
    )


def test_the_number_of_an_item_goes_with_its_first_paragraph() -> None:
    items = "<lijst><li><li.nr>a.</li.nr><al>een;</al><al>en verder</al></li><li><al>twee</al></li></lijst>"
    assert text(f"<lid><lidnr>1</lidnr>{items}</lid>") == "<p>1 a. een;</p><p>en verder</p><p>twee</p>"


def test_cells_of_a_row_stay_apart() -> None:
    row = "<table><tgroup><tbody><row><entry><al>Sport</al></entry><entry>€ 5</entry></row></tbody></tgroup></table>"
    assert text(row) == "<table><tr><td>Sport</td> <td>€ 5</td></tr></table>"


def test_text_in_an_element_nobody_knows_is_kept() -> None:
    assert (
        text("<nieuw>Onbekend <nadruk>maar</nadruk> leesbaar</nieuw><al/>") == "<p>Onbekend maar leesbaar</p>"
    )


def test_metadata_pictures_and_comments_are_no_text() -> None:
    inside = "<metadata><al>x</al></metadata><!-- x --><plaatje><al>x</al></plaatje><titel>Besluit</titel>"
    assert text(inside) == "<h3>Besluit</h3>"


def test_a_tag_in_the_text_is_no_tag_of_the_page() -> None:
    assert text("<al>&lt;script&gt;</al>") == "<p>&lt;script&gt;</p>"


@pytest.mark.parametrize("body", [b"<html><body>Niet gevonden</body></html>", b"%PDF-1.7", b""])
def test_a_web_page_or_a_pdf_is_no_announcement(body: bytes) -> None:
    assert text_of(body) is None
