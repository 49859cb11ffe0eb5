# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

from datetime import timedelta

import pyotp
import pytest
from sqlalchemy import select

from grants.credentials import Proof
from grants.errors import PijplijnError
from grants.people import change, change_password, code_off, code_on, find
from grants.sign_ins import hashed, open_sign_in, signed_in
from models.audit import AuditEntry
from models.colleague import Access
from models.session import Begin
from tests.builders import NOW, colleague, office


def test_a_colleague_is_found_by_address_and_by_office_where_two_know_it(begin: Begin) -> None:
    with begin() as session:
        session.add_all([office(), office(slug="almelo", name="Gemeente Almelo")])
        session.flush()
        session.add(colleague())
        session.flush()
        assert find(session, " NOOR@enschede.example").name == "Noor de Vries"
        session.add(colleague(office_id=2))
        session.flush()
        with pytest.raises(PijplijnError, match=r"enschede, almelo: say which with --office"):
            find(session, "noor@enschede.example")
        assert find(session, "noor@enschede.example", office_slug="almelo").office_id == 2
        with pytest.raises(PijplijnError, match="Nobody with the address"):
            find(session, "noor@enschede.example", office_slug="hengelo")


def test_a_new_password_signs_every_other_browser_out_and_what_changes_nothing_is_no_deed(
    begin: Begin,
) -> None:
    with begin() as session:
        session.add(office())
        session.flush()
        noor = colleague(access=Access.ADMINISTRATOR)
        session.add(noor)
        session.flush()
        mine, other = (open_sign_in(session, noor, way="password", browser="", now=NOW) for _ in range(2))
        change_password(session, noor, "de kat zit op het dak", keep=hashed(mine), now=NOW)
        change(session, noor, by=noor, now=NOW, language=noor.language)
    with begin() as session:
        assert signed_in(session, mine, now=NOW) is not None
        assert signed_in(session, other, now=NOW) is None
        assert [one.action for one in session.scalars(select(AuditEntry))] == ["password set"]


def test_a_code_that_is_set_up_or_given_up_signs_every_other_browser_out(begin: Begin) -> None:
    secret = "A" * 32
    app = pyotp.TOTP(secret)
    with begin() as session:
        session.add(office())
        session.flush()
        noor = colleague()
        session.add(noor)
        session.flush()
        for at, switch in ((NOW, code_on), (NOW + timedelta(minutes=1), code_off)):
            mine, other = (open_sign_in(session, noor, way="password", browser="", now=at) for _ in range(2))
            session.flush()
            assert switch(session, noor, Proof(app.at(at), "hush", secret), keep=hashed(mine), now=at)
            session.flush()
            assert signed_in(session, mine, now=at) is not None
            assert signed_in(session, other, now=at) is None
