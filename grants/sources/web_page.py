# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""A web page as a tree: in the encoding it names, within a size that cannot hurt."""

import re

from lxml import etree, html

from grants.errors import FaultKind, SourceError
from grants.sources.reading import Response

LARGEST = 3 * 1024 * 1024  # bytes: lxml takes a hundred times as much memory for the worst of them
CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w-]{2,40})", re.IGNORECASE)


def page_of(answer: Response) -> html.HtmlElement:
    """The page in an answer; raises SourceError when it is something else, too large or empty."""
    kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind and not kind.endswith(("html", "/xml", "+xml")):
        raise SourceError(f"The address gives {kind[:80]}, not a web page.", kind=FaultKind.BROKEN)
    if len(answer.body) > LARGEST:
        sentence = f"The page is larger than {LARGEST // 1024**2} MB, too much to read."
        raise SourceError(sentence, kind=FaultKind.UNSAFE)
    # libxml2 ends a text at a NUL, and takes a page that names no encoding for Latin-1.
    text = _decoded(answer).replace("\0", "").encode("utf-8", "replace")
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        return html.document_fromstring(text, parser=parser)
    except etree.ParserError as error:
        sentence = "The page is empty."
        raise SourceError(sentence, kind=FaultKind.BROKEN) from error


def _decoded(answer: Response) -> str:
    """The page by its own word on its encoding; else as UTF-8, what cannot be read shown as �."""
    said = re.search(r"charset=\"?([\w-]+)", answer.headers.get("content-type", ""))
    within = CHARSET.search(answer.body[:4096])
    name = said[1] if said else within[1].decode() if within else "utf-8-sig"
    try:
        return answer.body.decode(name, "replace")
    except (LookupError, UnicodeError):  # no encoding of texts, or one of Python's own
        return answer.body.decode("utf-8", "replace")
