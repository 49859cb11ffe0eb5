# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from grants.applications import (
    StaleError,
    add_part,
    application_page,
    change_part,
    fingerprint,
    finish_part,
    part,
    partner,
    remove_part,
)
from models.application import Application, ChecklistItem, Comment, ContributionKind, Milestone, Role
from models.audit import AuditEntry
from models.colleague import Colleague
from models.obligation import Obligation
from models.session import Begin
from tests.builders import NOW

pytestmark = pytest.mark.usefixtures("both")
DAY = date(2027, 1, 15)
FACTS: dict[str, dict[str, Any]] = {
    "milestones": {"title": "Stuurgroep", "on": DAY, "at": None, "kind": "meeting"},
    "obligations": {"title": "Rapport", "on": DAY, "kind": "content", "partner_id": None, "note": ""},
    "partners": {"partner_id": 1, "role": Role.LEAD, "share": Decimal(60), "contact": "x@y.example"},
    "contributions": {"party": "Rijk", "kind": ContributionKind.CASH, "amount": Decimal(5), "certain": True},
    "decisions": {
        "on": DAY, "awarded": True, "amount": Decimal(9), "reference": "B-7", "conditions": "", "url": "",
    },
    "documents": {"title": "Begroting", "url": "https://dms.example/7", "kind": "begroting"},
    "checklist": {"title": "De-minimisverklaring"},
    "comments": {"text": "@sam kijk jij?"},
}  # fmt: skip


def added(session: Session, kind: str, by: int = 2, **facts: Any) -> Any:
    one = session.get_one(Application, 1)
    told = FACTS[kind] | facts
    return add_part(session, one, kind, told, by=session.get_one(Colleague, by), now=NOW)


def deeds(session: Session) -> list[tuple[str, str, int]]:
    rows = session.scalars(select(AuditEntry).order_by(AuditEntry.id))
    return [(row.action, row.subject, row.subject_id) for row in rows]


@pytest.mark.parametrize("kind", FACTS)
def test_a_part_is_added_once_and_kept_with_its_facts(begin: Begin, kind: str) -> None:
    for _ in range(2):
        with begin() as session:
            partner(session, "Stadt Münster", "DE")
            added(session, kind)
    with begin() as session:
        one = session.get_one(Application, 1)
        row = part(session, one, kind, 1)
        assert row is not None
        assert {name: getattr(row, name) for name in FACTS[kind]} == FACTS[kind]
        assert deeds(session) == [("added", row.__tablename__, 1)]
        assert part(session, session.get_one(Application, 2), kind, 1) is None
        assert part(session, one, kind, 2) is None


@pytest.mark.parametrize("kind", ["milestones", "contributions"])
def test_a_part_is_changed_by_who_saw_it_as_it_is(begin: Begin, kind: str) -> None:
    new = {"milestones": {"on": DAY + timedelta(days=1)}, "contributions": {"amount": Decimal(7)}}[kind]
    facts = FACTS[kind] | new
    with begin() as session:
        seen = fingerprint(added(session, kind), facts)
    for _ in range(2):
        with begin() as session:
            one = session.get_one(Application, 1)
            row = part(session, one, kind, 1, to_change=True)
            assert row is not None
            change_part(session, one, row, facts, by="kim", now=NOW, seen=seen)
    with begin() as session:
        one = session.get_one(Application, 1)
        row = part(session, one, kind, 1)
        assert row is not None
        assert [action for action, *_ in deeds(session)] == ["added", "changed"]
        with pytest.raises(StaleError, match="Somebody changed this part"):
            change_part(session, one, row, FACTS[kind], by="kim", now=NOW, seen=seen)


@pytest.mark.parametrize("kind", ["milestones", "obligations", "checklist"])
def test_what_is_done_is_ticked_off_once_and_can_be_reopened(begin: Begin, kind: str) -> None:
    for over in (True, True, False, False):
        with begin() as session:
            row = (
                added(session, kind)
                if not deeds(session)
                else part(session, session.get_one(Application, 1), kind, 1)
            )
            assert row is not None
            finish_part(session, session.get_one(Application, 1), row, by="kim", now=NOW, over=over)
            ended = row.done_at if isinstance(row, ChecklistItem) else row.done_on
            assert (ended is not None) == over
    with begin() as session:
        assert [action for action, *_ in deeds(session)] == ["added", "done", "reopened"]


def test_a_contribution_has_no_end_to_tick_off(begin: Begin) -> None:
    with begin() as session:
        row = added(session, "contributions")
        finish_part(session, session.get_one(Application, 1), row, by="kim", now=NOW, over=True)
        assert [action for action, *_ in deeds(session)] == ["added"]


def listed(page: Any, kind: str) -> list[int]:
    """The parts of this kind on a page; a comment stays there, as one that was withdrawn."""
    where = page.application if kind in {"milestones", "partners"} else page
    return [row.id for row in getattr(where, {"partners": "participations"}.get(kind, kind))]


@pytest.mark.parametrize("kind", sorted(FACTS.keys() - {"partners"}))
def test_what_is_removed_keeps_its_row_and_is_no_longer_found(begin: Begin, kind: str) -> None:
    with begin() as session:
        row = added(session, kind)
        remove_part(session, session.get_one(Application, 1), row, by="kim", now=NOW)
    with begin() as session:
        one = session.get_one(Application, 1)
        assert part(session, one, kind, 1) is None
        assert [action for action, *_ in deeds(session)] == ["added", "removed"]
        page = application_page(session, session.get_one(Colleague, 1), 1)
        assert listed(page, kind) == ([1] if kind == "comments" else [])
        assert added(session, kind).id == 2


def test_a_partner_who_left_comes_back_in_the_same_row(begin: Begin) -> None:
    for share in (Decimal(60), Decimal(40)):
        with begin() as session:
            partner(session, "Stadt Münster", "DE")
            row = added(session, "partners", share=share)
            assert row.id == 1
        with begin() as session:
            one = session.get_one(Application, 1)
            assert [(mine.id, mine.share) for mine in one.participations] == [(1, share)]
            remove_part(session, one, part(session, one, "partners", 1), by="kim", now=NOW)
        with begin() as session:
            page = application_page(session, session.get_one(Colleague, 1), 1)
            assert listed(page, "partners") == []
    with begin() as session:
        assert [action for action, *_ in deeds(session)] == ["added", "removed"] * 2


def test_what_was_taken_off_is_out_of_every_sum(begin: Begin) -> None:
    with begin() as session:
        one = session.get_one(Application, 1)
        one.total, one.granted = Decimal(10), Decimal(5)
        contribution, partly = added(session, "contributions"), Decimal(60)
        partner(session, "Stadt Münster", "DE")
        taking_part = added(session, "partners", share=partly)
        page = application_page(session, session.get_one(Colleague, 1), 1)
        assert page is not None
        assert [(str(one.gap), one.is_now) for one in page.findings] == [("shares", partly)]
        for row in (contribution, taking_part):
            remove_part(session, one, row, by="kim", now=NOW)
    with begin() as session:
        page = application_page(session, session.get_one(Colleague, 1), 1)
        assert page is not None
        assert [(str(one.gap), one.is_now) for one in page.findings] == [("short", Decimal(5))]


def test_a_partner_of_the_same_name_and_country_is_the_same(begin: Begin) -> None:
    with begin() as session:
        ids = [partner(session, *one).id for one in [("A", "NL"), ("A", "DE"), ("A", "NL"), ("?", "NL")]]
        assert ids == [1, 2, 1, 3]


@pytest.mark.parametrize(
    ("application_id", "text", "found"),
    [
        (1, "@sam en @Noor, zie @lena.", [1, 2, 3]),
        (1, "mail naar x@sam.example of @samantha", []),
        (1, "@Els: graag", [5]),
        (2, "@els mag het niet weten, @kim wel", [4]),
        (1, "@j werkt elders", []),
    ],
)
def test_a_comment_mentions_who_is_named_and_may_know(
    begin: Begin, application_id: int, text: str, found: list[int]
) -> None:
    with begin() as session:
        one = session.get_one(Application, application_id)
        add_part(session, one, "comments", {"text": text}, by=session.get_one(Colleague, 2), now=NOW)
    with begin() as session:
        comment = session.scalars(select(Comment)).one()
        assert (comment.mentions, comment.colleague_id, comment.at) == (found, 2, NOW)


def test_two_colleagues_may_say_the_same(begin: Begin) -> None:
    with begin() as session:
        assert [added(session, "comments", by=one, text="Akkoord").id for one in (2, 3, 2)] == [1, 2, 1]


def test_a_page_has_everything_next_dates_first_and_says_what_does_not_add_up(begin: Begin) -> None:
    with begin() as session:
        partner(session, "Stadt Münster", "DE")
        for kind in FACTS:
            added(session, kind)
        added(session, "milestones", title="Eerder", on=DAY - timedelta(days=40))
        done = added(session, "milestones", title="Gedaan", on=DAY)
        finish_part(session, session.get_one(Application, 1), done, by="kim", now=NOW, over=True)
        session.get_one(Application, 1).total = Decimal(100)
    with begin() as session:
        page = application_page(session, session.get_one(Colleague, 5), 1)
        assert page is not None
        assert [row.title for row in page.ahead] == ["Eerder", "Stuurgroep", "Rapport"]
        assert [row.gap for row in page.findings] == ["short", "shares"]
        assert (len(page.documents), len(page.checklist), len(page.comments)) == (1, 1, 1)
        assert len(page.deeds) == 1 + len(FACTS) + 3
        assert page.undoable is None
        assert application_page(session, session.get_one(Colleague, 5), 2) is None
        assert isinstance(page.application.milestones[0], Milestone)
        assert isinstance(page.obligations[0], Obligation)
