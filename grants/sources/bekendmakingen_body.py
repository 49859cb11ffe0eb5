# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The text of one official announcement: <officiele-publicatie> XML -> HTML, a block a paragraph.

Each paper (provinciaal blad, gemeenteblad, Staatscourant) nests its text differently; only the names of the
innermost elements are the same. So what is not known is looked into, and its text is never lost.
"""

from collections.abc import Iterator
from html import escape

from lxml import etree

from grants.sources.documents import document, name, words

LEFT_OUT = {"", "metadata", "meta", "plaatje", "illustratie", "noot.nr", "tekstregel"}
PARAGRAPHS = {"al", "wat", "noot.al", "tussenkop", "entry"}
HEADINGS = {"kop", "titel", "intitule"}
NUMBERS = {"li.nr", "lidnr"}


def text_of(body: bytes) -> str | None:
    """The announcement as HTML; None when the answer is no such document (a web page, say)."""
    root = document(body)
    if root is None or name(root) == "html":
        return None
    return "".join(_blocks(root))


def _blocks(node: etree._Element) -> Iterator[str]:
    tag = name(node)
    if tag in LEFT_OUT or tag in NUMBERS:
        return
    if tag in HEADINGS:
        yield _block("h3", " ".join(words(part) for part in node) if len(node) else words(node))
    elif tag == "row":
        cells = " ".join(f"<td>{escape(words(cell))}</td>" for cell in node)  # a blank keeps words apart
        yield f"<table><tr>{cells}</tr></table>"
    elif tag in PARAGRAPHS or (node.text or "").strip():
        yield _block("p", words(node))
    else:
        yield from _within(node)


def _within(node: etree._Element) -> Iterator[str]:
    """The blocks of the children; the number of an item or a member goes with its first paragraph."""
    number = next((words(part) for part in node if name(part) in NUMBERS), "")
    for child in node:
        for block in _blocks(child):
            yield block.replace("<p>", f"<p>{escape(number)} ", 1) if number else block
            number = ""


def _block(tag: str, text: str) -> str:
    return f"<{tag}>{escape(text)}</{tag}>" if text else ""
