# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from grants.sign_ins import IDLE, LONGEST, end_all, end_sign_in, note_use, open_sign_in, signed_in
from models.colleague import Colleague, SignIn
from models.session import Begin
from tests.builders import NOW, colleague, office


@pytest.fixture
def token(begin: Begin) -> str:
    with begin() as session:
        session.add(office())
        session.flush()
        noor = colleague()
        session.add(noor)
        session.flush()
        return open_sign_in(session, noor, way="password", browser="Firefox", now=NOW)


def who(begin: Begin, token: str, now: datetime = NOW) -> str | None:
    with begin() as session:
        found = signed_in(session, token, now=now)
        return found.colleague.office.name if found else None


def test_a_token_is_its_colleague_and_only_its_hash_is_kept(begin: Begin, token: str) -> None:
    assert who(begin, token) == "Gemeente Enschede"
    assert who(begin, token + "x") is None
    with begin() as session:
        kept = session.scalars(select(SignIn)).one()
        assert token not in {kept.token_hash, kept.browser}
        assert kept.colleague.last_seen_at == NOW


def test_a_sign_in_runs_out_when_it_is_not_used_and_at_last_in_any_case(begin: Begin, token: str) -> None:
    assert who(begin, token, NOW + IDLE) is None
    moment = NOW
    while moment < NOW + LONGEST - timedelta(hours=7):
        moment += timedelta(hours=7)
        assert who(begin, token, moment) is not None
        with begin() as session:
            note_use(session, 1, now=moment)
    assert who(begin, token, NOW + LONGEST) is None


def test_signing_out_ends_this_browser_or_all_of_them(begin: Begin, token: str) -> None:
    with begin() as session:
        other = open_sign_in(session, session.get_one(Colleague, 1), way="oidc", browser="", now=NOW)
        end_sign_in(session, token, now=NOW)
        end_sign_in(session, "nobody's", now=NOW)
    assert (who(begin, token), who(begin, other)) == (None, "Gemeente Enschede")
    with begin() as session:
        assert end_all(session, 1, now=NOW) == 1
        note_use(session, 99, now=NOW)
    assert who(begin, other) is None


def test_a_colleague_who_left_is_signed_in_nowhere(begin: Begin, token: str) -> None:
    with begin() as session:
        session.get_one(Colleague, 1).active = False
    assert who(begin, token) is None
