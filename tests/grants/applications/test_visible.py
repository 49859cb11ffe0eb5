# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

from datetime import timedelta

import pytest
from sqlalchemy import select

from grants.applications import find, note_look, visible
from models.application import Application
from models.audit import AuditEntry
from models.colleague import Colleague
from models.session import Begin
from tests.builders import NOW

pytestmark = pytest.mark.usefixtures("both")


@pytest.mark.parametrize(
    ("colleague_id", "known"),
    [(1, [1, 2]), (2, [1, 2]), (3, [1, 2]), (4, [1, 2]), (5, [1]), (6, [])],
)
def test_a_colleague_knows_of_what_seen_by_says_and_of_nothing_else(
    begin: Begin, colleague_id: int, known: list[int]
) -> None:
    with begin() as session:
        me = session.get_one(Colleague, colleague_id)
        found = session.scalars(select(Application.id).where(visible(me)).order_by(Application.id)).all()
        assert found == known
        everything = session.scalars(select(Application).order_by(Application.id))
        assert [one.id for one in everything if one.seen_by(me)] == known
        for to_change in (False, True):
            found_ones = [find(session, me, one, to_change=to_change) for one in (1, 2)]
            assert [one is not None for one in found_ones] == [one in known for one in (1, 2)]


def test_each_colleagues_look_at_a_confidential_application_is_kept_once_a_day(begin: Begin) -> None:
    with begin() as session:
        sam, kim = (session.get_one(Colleague, one) for one in (2, 4))
        for at in (NOW, NOW + timedelta(hours=3), NOW + timedelta(hours=15, minutes=1)):
            for me in (sam, kim):
                for one in (1, 2):
                    note_look(session, session.get_one(Application, one), me, now=at)
                    session.flush()
    with begin() as session:
        kept = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
        assert [(one.action, one.actor, one.application_id, one.office_id) for one in kept] == [
            ("looked", "colleague:2", 2, 1),
            ("looked", "colleague:4", 2, 1),
        ] * 2
