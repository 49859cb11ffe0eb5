# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""What colleagues say of two calls outweighs what linking finds, and stays."""

import pytest
from sqlalchemy import select

from grants.hand_links import LinkError, Unlinkable, find_call, link_by_hand, undo_link
from grants.linking import Linked, link_all
from models.audit import AuditEntry
from models.call import CallChange, ChangeKind, Significance
from models.link import CallLink, LinkReason
from models.session import Begin
from tests.grants.test_linking import LATER, NOW, add, call, folded, live, same, sources

__all__ = ["sources"]


def by_hand(begin: Begin, one: int, other: int) -> None:
    with begin() as session:
        link_by_hand(session, one, other, by="noor", now=NOW)


def undo(begin: Begin, link_id: int) -> None:
    with begin() as session:
        undo_link(session, link_id, by="noor", now=LATER)


def something_changed(begin: Begin) -> None:
    with begin() as session:
        session.add(CallChange(call_id=1, at=NOW, kind=ChangeKind.OTHER, significance=Significance.COSMETIC))


def test_a_link_by_hand_shows_at_once_and_is_told_in_the_audit_log(begin: Begin) -> None:
    add(begin, call("a", 1), call("b", 2))
    by_hand(begin, 2, 1)
    assert (live(begin), folded(begin)) == ([(1, 2, "by_hand")], {2: 1})
    link_all(begin, now=LATER)
    with begin() as session:
        row = session.scalars(select(CallLink)).one()
        assert (row.by, row.at, str(row.confidence)) == ("noor", NOW, "1.00")
        entry = session.scalars(select(AuditEntry).where(AuditEntry.subject == "call_link")).one()
        assert (entry.actor, entry.action, entry.subject_id) == ("noor", "linked", row.id)
        assert entry.facts == {"call": 1, "other": 2}


def test_an_undone_link_stays_undone_whatever_the_calls_share(begin: Begin) -> None:
    add(begin, same(1), same(2))
    link_all(begin, now=NOW)
    undo(begin, 1)
    assert (live(begin), folded(begin)) == ([], {})
    something_changed(begin)
    assert link_all(begin, now=LATER) == Linked()
    with begin() as session:
        row = session.get_one(CallLink, 1)
        assert (row.undone_by, row.undone_at, row.reason) == ("noor", LATER, LinkReason.SAME_IDENTIFIER)
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "unlinked")).one()
        assert entry.facts == {"call": 1, "other": 2, "reason": "same_identifier", "made_by": "linking"}


def test_undoing_twice_is_told_once(begin: Begin) -> None:
    add(begin, same(1), same(2))
    link_all(begin, now=NOW)
    undo(begin, 1)
    undo(begin, 1)
    with begin() as session:
        assert len(session.scalars(select(AuditEntry).where(AuditEntry.action == "unlinked")).all()) == 1


def test_two_calls_put_apart_do_not_meet_by_way_of_a_third(begin: Begin) -> None:
    add(begin, same(1), same(2), same(3))
    assert link_all(begin, now=NOW) == Linked(made=3)
    assert folded(begin) == {2: 1, 3: 1}
    with begin() as session:
        link = session.scalars(select(CallLink).where(CallLink.call_id == 1, CallLink.other_id == 2)).one().id
    undo(begin, link)
    assert (live(begin), folded(begin)) == ([], {})
    by_hand(begin, 1, 3)
    assert (live(begin), folded(begin)) == ([(1, 3, "by_hand")], {3: 1})


def test_an_undone_link_can_be_made_again_by_hand(begin: Begin) -> None:
    add(begin, same(1), same(2))
    link_all(begin, now=NOW)
    undo(begin, 1)
    by_hand(begin, 1, 2)
    assert live(begin) == [(1, 2, "by_hand")]
    undo(begin, 1)
    assert live(begin) == []


def test_a_link_by_hand_outweighs_a_link_it_contradicts(begin: Begin) -> None:
    add(begin, same(1), call("b", 1), same(2))
    link_all(begin, now=NOW)
    by_hand(begin, 2, 3)
    assert (live(begin), folded(begin)) == ([(2, 3, "by_hand")], {3: 2})


@pytest.mark.parametrize(
    ("one", "other", "why", "sentence"),
    [
        (1, 1, Unlinkable.ITSELF, "Call 1 cannot be linked with itself."),
        (1, 404, Unlinkable.MISSING, "There is no call 404."),
        (1, 2, Unlinkable.ONE_SOURCE, "Calls 1 and 2 stay apart: linked, they would make calls of one source one call."),
    ],
)  # fmt: skip
def test_what_cannot_be_one_is_refused(
    begin: Begin, one: int, other: int, why: Unlinkable, sentence: str
) -> None:
    add(begin, call("a", 1), call("b", 1))
    with pytest.raises(LinkError, match=sentence) as refused:
        by_hand(begin, one, other)
    assert refused.value.why == why


def test_calls_of_one_source_are_not_joined_by_hand_by_way_of_another(begin: Begin) -> None:
    add(begin, call("a", 1), call("b", 1), call("c", 2))
    by_hand(begin, 1, 3)
    with pytest.raises(LinkError, match="Calls 2 and 3 stay apart"):
        by_hand(begin, 2, 3)


def test_a_link_that_is_not_there_cannot_be_undone(begin: Begin) -> None:
    with pytest.raises(LinkError, match="There is no link 7"):
        undo(begin, 7)


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("2", 2),
        (" #2 ", 2),
        ("/calls/2", 2),
        ("http://pijplijn.example:8000/calls/2?office=enschede", 2),
        ("https://www.x.example/2/b/?utm_source=mail", 2),
        ("https://other.example/calls/3", 4),
    ],
)
def test_a_call_is_found_by_number_or_address_here_or_at_its_source(
    begin: Begin, words: str, number: int
) -> None:
    elsewhere = call("d", 2, url="https://other.example/calls/3")
    add(begin, call("a", 1), call("b", 2), call("c", 3), elsewhere)
    with begin() as session:
        assert find_call(session, words, beside=1, host="pijplijn.example:8000") == number


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("", Unlinkable.MISSING),
        ("Cities", Unlinkable.MISSING),
        ("https://x.example/nowhere", Unlinkable.MISSING),
        ("https://x.example/shared", Unlinkable.SEVERAL),
        ("https://x.example/1/a", Unlinkable.MISSING),
    ],
)
def test_words_that_tell_of_no_call_or_of_several_are_refused(
    begin: Begin, words: str, why: Unlinkable
) -> None:
    shared = {"url": "https://x.example/shared"}
    add(begin, call("a", 1), call("b", 2, **shared), call("c", 2, **shared))
    with begin() as session, pytest.raises(LinkError) as refused:
        find_call(session, words, beside=1, host="here")
    assert refused.value.why == why
