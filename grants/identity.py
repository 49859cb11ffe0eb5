# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""What shows that two sources tell of one call: its identifier, its address, its title and first deadline.

docs/decisions/0006-linking.md tells why these, and what is too general to count.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from models.link import LinkReason

CASCADE, TOPIC = "cascade", "topic"  # kinds of the EU portal
PARTS = 3  # of an identifier: "LIFE-2026" is a programme's year
LETTERS = 17  # of a title: "Call for proposals" has 16 and may be anyone's
DASHES = dict.fromkeys(map(ord, "‐‑‒–—−"), "-")
TRACKING = re.compile(
    r"utm_\w+|mtm_\w+|pk_\w+|fbclid|gclid|msclkid|mc_[ce]id|lang|language|locale", re.IGNORECASE
)
KEPT = 2**17  # keys: a pass asks for each several times
OWN_PORTS = {None, 80, 443}
EUROPA = re.compile(r"(^|\.)europa\.eu$")


@dataclass(frozen=True, slots=True)
class Told:
    """One call as one source tells it, as far as that shows which call it is.

    Args:
        id: the call's number.
        source_id: its source's.
        kind: "topic", "cascade" or any other word of the source.
        identifier: the name people quote.
        parent: the identifier of what it is a part of.
        title: in `language`.
        url: the page for people.
        language: two letters.
        first: the first of its deadlines in force; None when none is known.
    """

    id: int
    source_id: int
    kind: str
    identifier: str
    parent: str
    title: str
    url: str
    language: str
    first: date | None

    @property
    def place(self) -> str:
        """The same for rows of one source that are one call: the portal's old and new row of a topic."""
        key = identifier_key(self.identifier)
        return f"topic {key}" if self.kind == TOPIC and key else f"call {self.id}"


def parents(calls: Iterable[Told]) -> set[str]:
    """Identifiers of what several calls are a part of: a call with topics, a project with cascade calls."""
    named = ((identifier_key(one.parent), one) for one in calls)
    return {
        key for key, one in named if key and (one.kind == CASCADE or key != identifier_key(one.identifier))
    }


def key(call: Told, reason: LinkReason) -> str:
    """What two calls must share to be linked for this reason; empty when the call has nothing to go by.

    A cascade call carries the identifier and the address of its parent: neither is its own.
    """
    if reason == LinkReason.SAME_TITLE:
        return title_key(call)
    if call.kind == CASCADE:
        return ""
    return identifier_key(call.identifier) if reason == LinkReason.SAME_IDENTIFIER else address_key(call.url)


@lru_cache(KEPT)
def identifier_key(identifier: str) -> str:
    """Without case, spaces and kinds of dash; empty for one too general to be one call's."""
    plain = unicodedata.normalize("NFKC", identifier).translate(DASHES)
    plain = re.sub(r"\s", "", plain).casefold()
    parts = [part for part in re.split(r"[-/_.]", plain) if part]
    return plain if len(parts) >= PARTS and re.search(r"\d", plain) else ""


@lru_cache(KEPT)
def address_key(url: str) -> str:
    """Without scheme, www, trailing slash, fragment, tracking and language; empty for a front page.

    The EU's sites also write the language ("_en") and what was searched for (";callCode=…") in the path.
    """
    try:
        parts = urlsplit(url.strip())
        host, port = (parts.hostname or "").removeprefix("www."), parts.port
    except ValueError:
        return ""
    if parts.scheme not in {"http", "https"} or not host:
        return ""
    path = unquote(parts.path).rstrip("/")
    if EUROPA.search(host):
        path = re.sub(r"_[a-z]{2}$", "", path.partition(";")[0].casefold()).rstrip("/")
    asked = [pair for pair in parse_qsl(parts.query) if not TRACKING.fullmatch(pair[0])]
    route = parts.fragment if parts.fragment.startswith(("/", "!")) else ""  # a page drawn by JavaScript
    if not (path or asked or route):
        return ""
    place = host if port in OWN_PORTS else f"{host}:{port}"
    return f"{place}{path}?{urlencode(sorted(asked))}#{route}"


def title_key(call: Told) -> str:
    """The letters and digits of the title with its language and first deadline; empty without a deadline."""
    plain = unicodedata.normalize("NFKC", call.title).casefold()
    letters = re.sub(r"[\W_]+", "", plain)
    if call.first is None or len(letters) < LETTERS:
        return ""
    return f"{call.language} {call.first} {letters}"
