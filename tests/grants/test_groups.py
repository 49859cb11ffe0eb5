# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Which calls are one; the properties hold for any calls in any order."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from grants.groups import Pair, components, contradicts, settled
from grants.identity import Told
from models.link import LinkReason
from tests.conftest import needs_captures
from tests.grants.test_identity import from_capture, told

ID, ADDRESS, TITLE = LinkReason.SAME_IDENTIFIER, LinkReason.SAME_ADDRESS, LinkReason.SAME_TITLE
NOBODY: frozenset[Pair] = frozenset()


def settle(
    calls: Iterable[Told],
    joined: Collection[Pair] = NOBODY,
    apart: Collection[Pair] = NOBODY,
    known: Mapping[Pair, LinkReason] | None = None,
) -> dict[Pair, LinkReason]:
    return settled({one.id: one for one in calls}, joined=joined, apart=apart, known=known or {})


def named(number: int, source: int, identifier: str = "LIFE-2026-CLIMA", **facts: object) -> Told:
    return told(number, source_id=source, identifier=identifier, **facts)


_calls = st.lists(
    st.builds(
        lambda source, kind, name, page, title: told(
            0, source_id=source, kind=kind, identifier=name and f"LIFE-2026-{name}",
            url=page and f"https://x.example/{page}", title=title and f"A title of the call {title}",
        ),
        st.integers(1, 4),
        st.sampled_from(["topic", "cascade", "scheme"]),
        *([st.sampled_from(["", "1", "2", "3"])] * 3),
    ),
    max_size=12,
).map(lambda calls: [told_again(one, number) for number, one in enumerate(calls, start=1)])  # fmt: skip


def told_again(call: Told, number: int) -> Told:
    names = ("source_id", "kind", "identifier", "title", "url")
    return told(number, **{name: getattr(call, name) for name in names})


@given(_calls)
def test_no_group_holds_two_calls_of_one_source_but_the_rows_of_one_topic(calls: list[Told]) -> None:
    by_id = {one.id: one for one in calls}
    for group in components(settle(calls)):
        for one, other in combinations((by_id[number] for number in group), 2):
            if one.source_id == other.source_id:
                assert one.place == other.place
                assert {one.kind, other.kind} == {"topic"}


@given(_calls, st.data())
def test_the_order_in_which_calls_come_does_not_matter(calls: list[Told], data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(calls))
    assert settle(shuffled) == settle(calls)
    again = [told_again(one, number) for number, one in enumerate(shuffled, start=1)]
    was = {number: one.id for number, one in enumerate(shuffled, start=1)}
    found = {tuple(sorted((was[one], was[other]))): why for (one, other), why in settle(again).items()}
    assert found == settle(calls)


@given(_calls, st.integers(1, 4))
def test_calls_that_come_in_batches_end_up_as_those_that_come_at_once(calls: list[Told], size: int) -> None:
    known: dict[Pair, LinkReason] = {}
    for end in range(size, len(calls) + size, size):
        known = settle(calls[:end], known=known)
    assert known == settle(calls)
    assert settle(calls, known=known) == known


@given(_calls, st.data())
def test_what_a_colleague_put_apart_is_in_no_group_together(calls: list[Told], data: st.DataObject) -> None:
    found = settle(calls)
    apart = data.draw(st.sets(st.sampled_from(sorted(found)))) if found else set()
    group_of: dict[int, int] = defaultdict(int)
    for at, group in enumerate(components(settle(calls, apart=apart, known=found)), start=1):
        group_of |= dict.fromkeys(group, at)
    assert not [one for one in apart if group_of[one[0]] == group_of[one[1]] != 0]


def test_the_strongest_reason_is_told() -> None:
    same = {"url": "https://x.example/1", "title": "Cities that stay cool"}
    assert settle([named(1, 1, **same), named(2, 2, **same)]) == {(1, 2): ID}
    assert settle([told(1, **same), told(2, source_id=2, **same)]) == {(1, 2): ADDRESS}


def test_an_identifier_that_one_source_gives_to_several_calls_joins_nothing() -> None:
    assert settle([named(1, 1, kind=""), named(2, 1, kind=""), named(3, 2)]) == {}


def test_an_identifier_that_is_a_parents_joins_topics_alone() -> None:
    part = named(9, 3, "LIFE-2026-CLIMA-01", parent="LIFE-2026-CLIMA")
    assert settle([named(1, 1), named(2, 2), part]) == {(1, 2): ID}
    assert settle([named(1, 1), named(2, 2, kind="news"), part]) == {}


def test_old_and_new_rows_of_a_topic_are_one_beside_another_source() -> None:
    assert sorted(settle([named(1, 1), named(2, 1), named(3, 2)])) == [(1, 2), (1, 3), (2, 3)]


def test_a_weaker_reason_never_joins_two_calls_of_one_source_by_way_of_another() -> None:
    page, title = {"url": "https://x.example/1"}, {"title": "Cities that stay cool"}
    first, second = named(1, 1, **page), named(2, 1, "LIFE-2026-OTHER", **title)
    between = told(3, source_id=2, **page, **title)
    assert settle([first, second, between]) == {(1, 3): ADDRESS}


def test_a_thing_shared_by_very_many_is_nobodys() -> None:
    assert settle(named(number, number) for number in range(1, 52)) == {}
    assert len(settle(named(number, number) for number in range(1, 51))) == 1225


def test_undone_between_two_of_three_the_third_belongs_to_neither() -> None:
    three = [named(1, 1), named(2, 2), named(3, 3)]
    assert settle(three, apart={(1, 2)}) == {}
    three[2] = named(3, 3, url="https://x.example/1")
    three[0] = named(1, 1, url="https://x.example/1")
    assert settle(three, apart={(1, 2)}) == {(1, 3): ADDRESS}


def test_what_a_colleague_joined_outweighs_what_calls_share() -> None:
    assert settle([named(1, 1, ""), named(2, 1), named(3, 2)], joined={(1, 3)}) == {}


def test_a_pair_stays_when_one_source_moves_the_deadline_but_not_when_it_was_never_sound() -> None:
    title = {"title": "Cities that stay cool"}
    moved = told(2, source_id=2, **title, first=None)
    assert settle([told(1, **title), moved], known={(1, 2): TITLE}) == {(1, 2): TITLE}
    crowd = [told(1, **title), told(2, source_id=2, **title), told(3, source_id=2, **title)]
    assert settle(crowd, known={(1, 2): TITLE}) == {}


def test_groups_are_told_by_their_lowest_number() -> None:
    assert components([(5, 9), (2, 9), (3, 4)]) == [[2, 5, 9], [3, 4]]


def test_a_pair_contradicts_only_its_own_group() -> None:
    calls = {number: named(number, source) for number, source in ((1, 1), (2, 2), (3, 3), (4, 3))}
    calls[4] = named(4, 3, "LIFE-2026-OTHER")
    assert not contradicts(calls, (1, 2), [(3, 4)])
    assert contradicts(calls, (1, 4), [(1, 3)])


@needs_captures
def test_the_portals_cascade_calls_stay_several_beside_a_source_that_tells_of_their_parent() -> None:
    calls = from_capture("fundhunt-sedia_cascade.json")
    beside = told(
        99, source_id=2, kind="", identifier=calls[0].identifier, url=calls[0].url, title=calls[0].title
    )
    assert settle([*calls, beside]) == {}
