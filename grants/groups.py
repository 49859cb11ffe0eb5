# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Which calls are one: pairs that share something of their own, and the groups these make.

Pure, and a function of the calls alone: the order in which they came does not matter. The strongest reason
goes first; one that would bring two calls of one source together, or two that a colleague put apart, joins
nothing in that group.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from itertools import combinations

from grants.identity import TOPIC, Told, key, parents
from models.link import LinkReason

Pair = tuple[int, int]
"""The numbers of two calls, the lower one first."""

STRENGTH = (LinkReason.SAME_IDENTIFIER, LinkReason.SAME_ADDRESS, LinkReason.SAME_TITLE)
MOST = 50  # calls that share one thing: beyond that it is nobody's own


def pair(one: int, other: int) -> Pair:
    """Two numbers as a link keeps them."""
    return min(one, other), max(one, other)


def components(pairs: Iterable[Pair]) -> list[list[int]]:
    """The groups these pairs make, each in order of number, the lowest first."""
    root: dict[int, int] = {}

    def top(one: int) -> int:
        while root.setdefault(one, one) != one:
            root[one] = one = root[root[one]]
        return one

    for one, other in pairs:
        low, high = sorted((top(one), top(other)))
        root[high] = low
    groups: dict[int, list[int]] = defaultdict(list)
    for one in sorted(root):
        groups[top(one)].append(one)
    return [groups[one] for one in sorted(groups)]


def settled(
    calls: Mapping[int, Told],
    *,
    joined: Collection[Pair],
    apart: Collection[Pair],
    known: Mapping[Pair, LinkReason],
) -> dict[Pair, LinkReason]:
    """Every pair that is one call, and the strongest reason why.

    Args:
        calls: all there are, by number.
        joined: what colleagues linked: it stands whatever the calls say, and is not among the answer.
        apart: what colleagues undid.
        known: earlier answers: a pair of which one source later tells something else stays a pair.
    """
    shared = {reason: _shared(calls, reason) for reason in STRENGTH}
    found: dict[Pair, LinkReason] = {}
    for reason in STRENGTH:
        fresh = {one: reason for one in shared[reason] if one not in found}
        found |= _sound(calls, fresh, found, joined, apart)
    drifted = {one: why for one, why in known.items() if one not in found and _drifted(calls, one, why)}
    return found | _sound(calls, drifted, found, joined, apart)


def _drifted(calls: Mapping[int, Told], one: Pair, why: LinkReason) -> bool:
    first, second = (calls[number] for number in one)
    return key(first, why) != key(second, why)


def _shared(calls: Mapping[int, Told], reason: LinkReason) -> list[Pair]:
    """The pairs that share this thing, where it is one call's own in every source that has it."""
    general = parents(calls.values()) if reason == LinkReason.SAME_IDENTIFIER else set()
    by_key: dict[str, list[Told]] = defaultdict(list)
    for call in calls.values():
        own = key(call, reason)
        if own and (own not in general or call.kind == TOPIC):
            by_key[own].append(call)
    own_keys = (group for group in by_key.values() if 1 < len(group) <= MOST and not _mixed(group))
    return [
        pair(one.id, other.id)
        for group in own_keys
        for one, other in combinations(group, 2)
        if one.source_id != other.source_id or reason == LinkReason.SAME_IDENTIFIER
    ]


def _mixed(calls: Iterable[Told]) -> bool:
    """Whether these are several calls by the word of one source."""
    places: dict[int, str] = {}
    return any(places.setdefault(one.source_id, one.place) != one.place for one in calls)


def _sound(
    calls: Mapping[int, Told],
    fresh: Mapping[Pair, LinkReason],
    found: Mapping[Pair, LinkReason],
    joined: Collection[Pair],
    apart: Collection[Pair],
) -> dict[Pair, LinkReason]:
    """The fresh pairs whose group, with all of them in it, holds no contradiction."""
    new = {one: why for one, why in fresh.items() if one not in joined and one not in apart}
    groups = components([*joined, *found, *new]) if new else []
    group_of = {number: at for at, group in enumerate(groups) for number in group}
    wrong = {at for at, group in enumerate(groups) if _mixed(calls[number] for number in group)}
    wrong |= {
        group_of[one] for one, other in apart if one in group_of and group_of[one] == group_of.get(other)
    }
    return {one: why for one, why in new.items() if group_of[one[0]] not in wrong}


def contradicts(calls: Mapping[int, Told], one: Pair, joined: Iterable[Pair]) -> bool:
    """Whether this pair beside those that are joined brings several calls of one source together."""
    group = next(group for group in components([one, *joined]) if one[0] in group)
    return _mixed(calls[number] for number in group)
