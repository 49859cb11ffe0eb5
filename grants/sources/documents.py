# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""One XML document from outside: it expands nothing, fetches nothing, and may hold characters XML forbids."""

import re

from lxml import etree

FORBIDDEN = re.compile(
    rb"[\x00-\x08\x0b\x0c\x0e-\x1f]"
    rb"|&#(?:0*(?:[0-8]|1[124-9]|2[0-9]|3[01])|x0*(?:[0-8bcef]|1[0-9a-f]));",
    re.IGNORECASE,
)


def document(body: bytes) -> etree._Element | None:
    """The root of a document; None when it is no XML, or brings entities of its own."""
    if b"<!ENTITY" in body:
        return None
    root = _root(body)
    return _root(FORBIDDEN.sub(b"", body)) if root is None else root


def _root(body: bytes) -> etree._Element | None:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError):  # ValueError: an encoding nobody knows
        return None


def name(node: etree._Element) -> str:
    """The name of an element without its namespace; empty for a comment and the like."""
    return str(node.tag).rpartition("}")[2] if isinstance(node.tag, str) else ""


def words(node: etree._Element) -> str:
    """All the text within an element, white space folded; comments are no text."""
    return " ".join(str(node.xpath("string()")).split())
