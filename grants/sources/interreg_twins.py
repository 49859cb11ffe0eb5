# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Twins of interreg.eu: one call on two pages, the programme's (it leads out) and a central one.

The index does not link them. They are held for one when programme, regions, opening and deadline agree, their
titles share a word of substance, and there is only one such pair: two calls must never become one.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from html import escape

from grants.sources.interreg_record import SITE
from grants.sources.reading import Entry
from models.values import CallStatus

HOLLOW = frozenset({
    "application", "applications", "border", "calls", "cooperation", "cross", "europe", "european", "fifth",
    "first", "fourth", "interreg", "objective", "objectives", "priorities", "priority", "programme",
    "programmes", "project", "projects", "proposal", "proposals", "regular", "round", "rounds", "second",
    "small", "specific", "standard", "submission", "third", "topic", "topics",
})  # fmt: skip
"""Words that calls of one programme share whatever they are about."""
WORD = re.compile(r"[^\W\d_]{5,}")


def together(entries: Iterable[Entry], keys: Mapping[str, str]) -> tuple[list[Entry], list[str]]:
    """The entries with twins put together, in order, and a sentence for each pair.

    Args:
        entries: as the index gives them.
        keys: page -> the key it went by before: a call keeps its key when its twin comes or goes.
    """
    groups: dict[tuple[object, ...], list[Entry]] = defaultdict(list)
    for entry in entries:
        groups[_likeness(entry)].append(replace(entry, key=keys.get(entry.key, entry.key)))
    found: list[Entry] = []
    warnings: list[str] = []
    for group in groups.values():
        pair = _pair(group)
        if pair:
            found.append(_merged(*pair, keys))
            warnings.append(
                f"'{pair[0].title}' and '{pair[1].title}' are one call on two pages, and were put together."
            )
        found += [one for one in group if pair is None or one not in pair]
    return _apart(found), warnings


def _likeness(entry: Entry) -> tuple[object, ...]:
    regions = frozenset(entry.extra["callEligibleRegionNuts"])
    return entry.programme or entry.key, regions, entry.opens_on, entry.deadlines


def _pair(group: list[Entry]) -> tuple[Entry, Entry] | None:
    """The page that leads out and the one that does not; None unless there is exactly one such pair."""
    pairs = [
        (out, inside)
        for out in group
        for inside in group
        if not out.url.startswith(SITE)
        and inside.url.startswith(SITE)
        and _substance(out) & _substance(inside)
    ]
    return pairs[0] if len(pairs) == 1 else None


def _substance(entry: Entry) -> frozenset[str]:
    words, name = (frozenset(WORD.findall(text.lower())) for text in (entry.title, entry.programme))
    return words - name - HOLLOW


def _merged(out: Entry, inside: Entry, keys: Mapping[str, str]) -> Entry:
    """One call: the page that leads out tells it; the key is that of before, else that of the older page."""
    known = [one.key for one in (out, inside) if _page(one) in keys]
    is_open = CallStatus.OPEN in {out.stated_status, inside.stated_status}  # one page lags a day behind
    return replace(
        out,
        key=min(known or [out.key, inside.key], key=_number),
        stated_status=CallStatus.OPEN if is_open else out.stated_status,
        body=f"<p>{escape(inside.title, quote=False)}</p>{out.body}",
        extra={**out.extra, "pages": [_page(out), _page(inside)], "twin": inside.url},
    )


def _page(entry: Entry) -> str:
    """The number of the page itself, whatever key it goes by."""
    return entry.identifier.rpartition("_")[2]


def _number(key: str) -> tuple[int, str]:
    return len(key), key


def _apart(entries: list[Entry]) -> list[Entry]:
    """Twins that differ by now go by their own numbers again."""
    times = Counter(entry.key for entry in entries)
    return [replace(entry, key=_page(entry)) if times[entry.key] > 1 else entry for entry in entries]


def keys_of(entries: Iterable[Entry]) -> dict[str, str]:
    """Which page goes by which key, for the next reading."""
    return {page: one.key for one in entries for page in one.extra.get("pages", [_page(one)])}
