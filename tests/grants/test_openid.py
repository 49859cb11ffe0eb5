# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Sign-in against a real provider on loopback (oidc-provider-mock speaks the protocol itself)."""

from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

import httpx
import oidc_provider_mock
import pytest
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from oidc_provider_mock import User

from grants import openid
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


def test_who_must_prove_anew_who_they_are_is_asked_to_sign_in_there_too(provider: Provider) -> None:
    address, _ = begin(provider, back=BACK, then="/me", again=True)
    assert dict(parse_qsl(urlsplit(address).query))["prompt"] == "login"
    address, _ = begin(provider, back=BACK, then="/me")
    asked = dict(parse_qsl(urlsplit(address).query))
    assert "prompt" not in asked
    assert (asked["response_type"], asked["code_challenge_method"]) == ("code", "S256")
    assert min(len(asked[name]) for name in ("state", "nonce", "code_challenge")) >= 32


def test_a_service_that_says_it_is_another_is_not_believed(provider: Provider) -> None:
    other = Provider(f"{provider.issuer}/", "pijplijn", "hush")
    with pytest.raises(OpenIdError, match="says it is another"):
        begin(other, back=BACK, then="/")


KEY = RSAKey.generate_key(2048, {"kid": "a"})
OTHER = RSAKey.generate_key(2048, {"kid": "a"})
CLAIMS = {"iss": "https://x.example", "aud": "pijplijn", "exp": 4_000_000_000, "nonce": "n", "sub": "noor"}


def token(key: object = KEY, alg: str = "RS256", **claims: object) -> str:
    told = {name: value for name, value in (CLAIMS | claims).items() if value is not None}
    return jwt.encode({"alg": alg, "kid": "a"}, told, key, algorithms=[alg])  # type: ignore[arg-type]


def claims(text: str) -> dict[str, object]:
    keys = {"keys": [KEY.as_dict(private=False)]}
    return openid._claims(Provider("https://x.example", "pijplijn", "hush"), text, keys, "n")


UNSIGNED = "eyJhbGciOiJub25lIn0." + token().split(".")[1] + "."


@pytest.mark.parametrize(
    "forged",
    [
        UNSIGNED, token(OTHER), token()[:-4] + "AAAA", token(OctKey.import_key("a" * 40), "HS256"),
        token(alg="RS512"), token(iss="https://y.example"), token(aud="other"), token(aud=None), token(exp=1_000),
        token(exp=None), token(nonce="m"), token(nonce=None), token(sub=None), "", "a.b.c",
    ],
    ids=[
        "unsigned", "another key", "changed", "a shared secret", "another algorithm", "another issuer",
        "for another", "for nobody", "run out", "for ever", "another nonce", "no nonce", "nobody", "nothing", "no token",
    ],
)  # fmt: skip
def test_a_token_that_is_forged_foreign_or_out_of_time_does_not_hold(forged: str) -> None:
    assert claims(token())["sub"] == "noor"
    with pytest.raises(OpenIdError, match="does not hold"):
        claims(forged)
