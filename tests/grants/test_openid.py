# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Sign-in against a real provider on loopback (oidc-provider-mock speaks the protocol itself)."""

from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

import httpx
import oidc_provider_mock
import pytest
from oidc_provider_mock import User

from grants.openid import Attempt, OpenIdError, Person, Provider, begin, finish, unpacked

BACK = "http://localhost:8000/sign-in/back"


@pytest.fixture
def provider() -> Iterator[Provider]:
    noor = User(
        sub="noor", claims={"email": "Noor@Enschede.example", "oid": "o-1", "tid": "t-1", "roles": ["editor"]}
    )
    with oidc_provider_mock.run_server_in_thread(user_claims=[noor]) as server:
        yield Provider(f"http://localhost:{server.server_port}", "pijplijn", "hush")


def came_back(provider: Provider, attempt_address: str, sub: str = "noor") -> dict[str, str]:
    """What the provider sends the browser back with, after somebody signed in there."""
    answer = httpx.post(attempt_address, data={"sub": sub})
    return dict(parse_qsl(urlsplit(answer.headers["location"]).query))


def test_a_person_is_known_by_issuer_tenant_and_object(provider: Provider) -> None:
    address, attempt = begin(provider, back=BACK, then="/calls")
    answer = came_back(provider, address)
    person = finish(provider, back=BACK, answer=answer, attempt=unpacked(attempt.packed()))
    assert person == Person(f"{provider.issuer}|t-1|o-1", "noor@enschede.example", ("editor",))


def test_an_answer_of_another_browser_or_a_second_time_is_refused(provider: Provider) -> None:
    address, attempt = begin(provider, back=BACK, then="/")
    answer = came_back(provider, address)
    foreign = Attempt("another", attempt.nonce, attempt.verifier, "/")
    with pytest.raises(OpenIdError, match="does not belong to this browser"):
        finish(provider, back=BACK, answer=answer, attempt=foreign)
    finish(provider, back=BACK, answer=answer, attempt=attempt)
    with pytest.raises(OpenIdError, match="could not be finished"):
        finish(provider, back=BACK, answer=answer, attempt=attempt)


def test_a_token_for_another_nonce_or_verifier_does_not_hold(provider: Provider) -> None:
    address, attempt = begin(provider, back=BACK, then="/")
    answer = came_back(provider, address)
    other = Attempt(attempt.state, "another", attempt.verifier, "/")
    with pytest.raises(OpenIdError, match="does not hold"):
        finish(provider, back=BACK, answer=answer, attempt=other)


def test_a_refusal_is_told_in_the_providers_words(provider: Provider) -> None:
    _, attempt = begin(provider, back=BACK, then="/")
    answer = {"state": attempt.state, "error": "access_denied", "error_description": "Not you."}
    with pytest.raises(OpenIdError, match=r"refused: Not you\."):
        finish(provider, back=BACK, answer=answer, attempt=attempt)


def test_a_service_that_is_away_and_a_cookie_that_is_none_are_sentences() -> None:
    with pytest.raises(OpenIdError, match="does not answer"):
        begin(Provider("http://localhost:9", "pijplijn", "hush"), back=BACK, then="/")
    for text in ("", "{}", "[1]"):
        with pytest.raises(OpenIdError, match="begin again"):
            unpacked(text)
