# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""What a status that is no success means for a colleague."""

import html
import re
from collections.abc import Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime

from grants.errors import FaultKind, SourceError

KINDS = {
    401: FaultKind.REFUSED, 403: FaultKind.REFUSED, 404: FaultKind.MISSING, 410: FaultKind.MISSING,
    429: FaultKind.BUSY, 503: FaultKind.BUSY,
}  # fmt: skip
WORDS = {
    FaultKind.REFUSED: "we are not let in",
    FaultKind.MISSING: "there is no such page any more",
    FaultKind.BUSY: "it asks us to come back later",
}
MARKUP = re.compile(r"<(script|style)\b.*?</\1>|<[^>]*>", re.DOTALL | re.IGNORECASE)


def refusal(host: str, status: int, headers: Mapping[str, str], body: bytes, *, now: datetime) -> SourceError:
    """The error for a status; one without a meaning of its own is told in the answer's first words."""
    kind = KINDS.get(status, FaultKind.BROKEN)
    words = WORDS.get(kind) or _first_words(body)
    sentence = f"{host} answered {status}" + (f": {words}" if words else "")
    return SourceError(
        sentence if sentence.endswith((".", "!", "?")) else f"{sentence}.",
        kind=kind,
        retry_after=_patience(headers.get("retry-after", "").strip(), now),
    )


def _first_words(body: bytes) -> str:
    text = MARKUP.sub(" ", body[:4000].decode("utf-8", "replace"))
    return " ".join(html.unescape(text).split())[:200]


def _patience(words: str, now: datetime) -> float | None:
    """Seconds to wait, from Retry-After: a number of seconds or a moment (RFC 9110 §10.2.3)."""
    if re.fullmatch(r"[0-9]{1,9}", words):
        return float(words)
    try:
        moment = parsedate_to_datetime(words)
    except ValueError:
        return None
    return None if moment.tzinfo is None else max(0.0, (moment - now).total_seconds())
