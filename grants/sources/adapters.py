# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Which adapter reads which kind of source."""

from config.specs import BY_HAND
from grants.errors import FaultKind, SourceError
from grants.sources import (
    bekendmakingen,
    foerderdatenbank,
    html_watch,
    interreg,
    json_feed,
    rss,
    rvo,
    sedia,
    sedia_bulk,
)
from grants.sources.reading import Adapter

ADAPTERS: dict[str, Adapter] = {
    "bekendmakingen": bekendmakingen.read,
    "foerderdatenbank": foerderdatenbank.read,
    "html_watch": html_watch.read,
    "interreg": interreg.read,
    "json_feed": json_feed.read,
    "rss": rss.read,
    "rvo": rvo.read,
    "sedia": sedia.read,
    "sedia_bulk": sedia_bulk.read,
}


def adapter(kind: str) -> Adapter:
    """The adapter for a kind; raises SourceError on one nobody wrote, and on what colleagues keep."""
    if kind in BY_HAND:
        sentence = f"A source of the kind '{kind}' is kept by hand: nothing is read; see /rounds in the web."
        raise SourceError(sentence, kind=FaultKind.MISSING)
    if kind not in ADAPTERS:
        known = ", ".join(sorted(ADAPTERS))
        sentence = f"There is no adapter for the kind '{kind}'; known are {known}."
        raise SourceError(sentence, kind=FaultKind.BROKEN)
    return ADAPTERS[kind]
