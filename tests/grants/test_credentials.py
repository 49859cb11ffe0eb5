# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

from datetime import datetime, timedelta

import pyotp
import pytest
from sqlalchemy import select

from grants import credentials
from grants.credentials import (
    PER_ACCOUNT,
    PER_ADDRESS,
    WINDOW,
    PasswordError,
    Proof,
    TooManyTriesError,
    Tried,
    check_tries,
    keep_totp,
    new_totp,
    note_failure,
    password_fits,
    set_password,
    totp_address,
    totp_fits,
)
from grants.errors import PijplijnError
from models.colleague import SignInFailure
from models.session import Begin
from tests.builders import NOW, colleague

GOOD = "de kat zit op het dak"


def test_a_password_is_kept_as_argon2id_and_fits_only_itself() -> None:
    noor = colleague(password="")
    set_password(noor, GOOD)
    assert noor.password.startswith("$argon2id$")
    assert password_fits(noor, GOOD)
    assert not password_fits(noor, GOOD + "!")
    long = "een zin van tweehonderd tekens " * 6 + "en meer, precies ok"
    set_password(noor, long[:200])
    assert not password_fits(noor, long[:200] + "x")  # exactly as typed, nothing is cut off


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("kort", "12 to 200"),
        ("a" * 201, "12 to 200"),
        ("ababababababab", "different"),
        ("noor en de kat!", "own name"),
        ("Welkom2026!!", "easily guessed"),
    ],
)
def test_a_password_that_is_easily_guessed_is_refused_with_a_sentence(password: str, why: str) -> None:
    with pytest.raises(PasswordError, match=why):
        set_password(colleague(), password)


@pytest.mark.parametrize("nobody", [None, colleague(password=""), colleague(password="not a hash")])
def test_without_a_password_none_fits(nobody: credentials.Colleague | None) -> None:
    assert not password_fits(nobody, "nobody's password")


def test_an_older_hash_is_renewed_when_its_password_comes_by() -> None:
    noor = colleague()
    noor.password = credentials.PasswordHasher(time_cost=1).hash(GOOD)
    before = noor.password
    assert password_fits(noor, GOOD)
    assert noor.password != before
    assert password_fits(noor, GOOD)


def code(secret: str, moment: datetime) -> str:
    return pyotp.TOTP(secret).at(moment)


def test_a_code_counts_once_and_one_step_early_or_late() -> None:
    noor, secret = colleague(), new_totp()
    assert not keep_totp(noor, Proof("000000x", "k", secret), now=NOW)
    assert keep_totp(noor, Proof(code(secret, NOW - timedelta(seconds=30)), "k", secret), now=NOW)
    assert secret not in noor.totp
    assert not totp_fits(noor, Proof(code(secret, NOW - timedelta(seconds=30)), "k"), now=NOW)
    assert totp_fits(noor, Proof(f" {code(secret, NOW)[:3]} {code(secret, NOW)[3:]}", "k"), now=NOW)
    assert not totp_fits(noor, Proof(code(secret, NOW), "k"), now=NOW)
    assert not totp_fits(noor, Proof(code(secret, NOW + timedelta(minutes=2)), "k"), now=NOW)


@pytest.mark.parametrize("secret", ["", "A", "1" * 32, "a" * 32, "A" * 33, "A" * 31 + "\n"])
def test_a_secret_that_is_none_of_ours_switches_nothing_on(secret: str) -> None:
    noor = colleague()
    assert not keep_totp(noor, Proof("000000", "k", secret), now=NOW)
    assert not noor.totp


def test_a_code_secret_under_another_key_is_a_sentence() -> None:
    noor, secret = colleague(), new_totp()
    keep_totp(noor, Proof(code(secret, NOW), "k", secret), now=NOW)
    with pytest.raises(PijplijnError, match="PIJPLIJN_SECRET_KEY has changed"):
        totp_fits(noor, Proof(code(secret, NOW), "other"), now=NOW)


def test_the_qr_code_names_the_account() -> None:
    secret = new_totp()
    address = f"otpauth://totp/Pijplijn:noor%40enschede.example?secret={secret}&issuer=Pijplijn"
    assert totp_address(colleague(), secret) == address


def test_guessing_is_stopped_by_account_and_by_address_until_the_window_is_over(begin: Begin) -> None:
    with begin() as session:
        for _ in range(PER_ACCOUNT):
            check_tries(session, Tried("noor@x.example", "1.1.1.1"), now=NOW)
            note_failure(session, Tried("Noor@x.example ", "1.1.1.1"), now=NOW)
    with begin() as session:
        with pytest.raises(TooManyTriesError, match="15 minutes"):
            check_tries(session, Tried("noor@x.example", "2.2.2.2"), now=NOW)
        check_tries(session, Tried("sam@x.example", "1.1.1.1"), now=NOW)
        check_tries(session, Tried("noor@x.example", "1.1.1.1"), now=NOW + WINDOW)
        for number in range(PER_ADDRESS - PER_ACCOUNT):
            note_failure(session, Tried(f"{number}@x.example", "1.1.1.1"), now=NOW)
    with begin() as session:
        with pytest.raises(TooManyTriesError):
            check_tries(session, Tried("sam@x.example", "1.1.1.1"), now=NOW)
        assert "noor" not in "".join(session.scalars(select(SignInFailure.counted)))
