# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

import pytest
from sqlalchemy import select

from grants import people
from grants.calendars import live, make, opened, revoke
from models.audit import AuditEntry
from models.calendar import CalendarFeed, Scope
from models.colleague import Access, Colleague
from models.office import Office
from models.session import Begin
from tests.builders import NOW, colleague, office


@pytest.fixture
def noor(begin: Begin) -> Colleague:
    with begin() as session:
        session.add(office())
        session.flush()
        one = colleague(access=Access.ADMINISTRATOR)
        other = colleague(name="Lena", email="lena@enschede.example", access=Access.ADMINISTRATOR)
        session.add_all([one, other])
        session.flush()
        assert one.office.name
        return one


def test_the_secret_is_kept_as_its_hash_alone_and_a_new_one_ends_the_old(
    begin: Begin, noor: Colleague
) -> None:
    with begin() as session:
        first = make(session, noor, Scope.MINE, by=noor, now=NOW)
        second = make(session, noor, Scope.WHOLE, by=noor, now=NOW)
    with begin() as session:
        assert len(second) >= 43  # 256 bits
        assert opened(session, first) is None
        feed = opened(session, second)
        assert feed is not None
        assert feed.colleague is not None
        assert (feed.colleague.name, feed.scope) == ("Noor de Vries", Scope.WHOLE)
        row = session.scalars(select(CalendarFeed).order_by(CalendarFeed.id.desc())).first()
        assert second not in str(vars(row))
        deeds = [one.action for one in session.scalars(select(AuditEntry).order_by(AuditEntry.id))]
        assert deeds == ["made", "revoked", "made"]


def test_an_office_and_its_colleagues_have_calendars_of_their_own(begin: Begin, noor: Colleague) -> None:
    with begin() as session:
        own = make(session, noor, Scope.MINE, by=noor, now=NOW)
        shared = make(session, session.get_one(Office, 1), Scope.WHOLE, by=noor, now=NOW)
        revoke(session, noor, by=noor.email, now=NOW)
        assert opened(session, own) is None
        assert live(session, noor) is None
        found = opened(session, shared)
        assert found is not None
        assert found.colleague is None
        assert live(session, noor.office) is found


def test_who_leaves_takes_no_calendar_along_and_gets_none_back_by_returning(
    begin: Begin, noor: Colleague
) -> None:
    with begin() as session:
        lena = session.get_one(Colleague, 2)
        secret = make(session, lena, Scope.MINE, by=lena, now=NOW)
    with begin() as session:
        lena = session.get_one(Colleague, 2)
        lena.active = False  # past the pages
        session.flush()
        assert opened(session, secret) is None
        lena.active = True
        session.flush()
        assert opened(session, secret) is not None
        people.change(session, lena, by=noor, now=NOW, active=False)
        people.change(session, lena, by=noor, now=NOW, active=True)
        assert opened(session, secret) is None
