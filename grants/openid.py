# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Sign-in by OpenID Connect: the code flow with PKCE, state and nonce (RFC 9700), as Entra ID speaks it.

A colleague is known by issuer, tenant and object id, never by address: addresses are given to others. The
first time only, a verified address of the configured issuer leads to the colleague an administrator made.
"""

import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import httpx2
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.httpx_client import OAuth2Client
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from grants.errors import PijplijnError

SECONDS = 10.0
ALGORITHMS = ["RS256", "ES256"]
LEEWAY = 60  # seconds two clocks may differ


class OpenIdError(PijplijnError):
    """The provider did not vouch for this person; str() says why."""


@dataclass(frozen=True, slots=True)
class Provider:
    """Where people sign in, and who we are there.

    Args:
        issuer: as in its discovery document, such as https://login.microsoftonline.com/<tenant>/v2.0.
        client_id: our registration.
        client_secret: of that registration.
    """

    issuer: str
    client_id: str
    client_secret: str


@dataclass(frozen=True, slots=True)
class Attempt:
    """What the browser keeps between going and coming back."""

    state: str
    nonce: str
    verifier: str
    next: str

    def packed(self) -> str:
        """As text for a cookie."""
        return json.dumps(asdict(self))


@dataclass(frozen=True, slots=True)
class Person:
    """Whom the provider vouches for.

    Args:
        subject: issuer, tenant and object id in one: the key of a person.
        email: a verified address; empty when there is none.
        roles: the app roles given there.
    """

    subject: str
    email: str
    roles: tuple[str, ...]


def unpacked(text: str) -> Attempt:
    """The attempt a cookie holds. Raises OpenIdError when it holds none."""
    try:
        return Attempt(**json.loads(text))
    except (ValueError, TypeError) as error:
        raise OpenIdError("This sign-in was not begun here, or too long ago: begin again.") from error


def begin(provider: Provider, *, back: str, then: str, again: bool = False) -> tuple[str, Attempt]:
    """The address to send the browser to, and what it must keep.

    Args:
        provider: where to.
        back: our own address to come back to.
        then: the page to go on to.
        again: who is signed in there already proves anew who they are.
    """
    more = {"prompt": "login"} if again else {}
    attempt = Attempt(secrets.token_urlsafe(24), secrets.token_urlsafe(24), secrets.token_urlsafe(48), then)
    with _client(provider, back) as client:
        address, _ = client.create_authorization_url(
            _discovered(client, provider)["authorization_endpoint"],
            state=attempt.state, nonce=attempt.nonce, code_verifier=attempt.verifier, **more,
        )  # fmt: skip
    return str(address), attempt


def finish(provider: Provider, *, back: str, answer: Mapping[str, str], attempt: Attempt) -> Person:
    """Who came back.

    Args:
        provider: where they were.
        back: the address they came back to.
        answer: the query of that address.
        attempt: what the browser kept.

    Raises:
        OpenIdError: a foreign answer, a refusal, or a token that does not hold.
    """
    if not secrets.compare_digest(answer.get("state", ""), attempt.state):
        raise OpenIdError("The answer of the sign-in does not belong to this browser: begin again.")
    if "code" not in answer:
        said = answer.get("error_description") or answer.get("error") or "no reason given"
        raise OpenIdError(f"The sign-in was refused: {said[:200]}")
    with _client(provider, back) as client:
        known = _discovered(client, provider)
        try:
            token = client.fetch_token(
                known["token_endpoint"], code=answer["code"], code_verifier=attempt.verifier
            )
            keys = client.request("GET", known["jwks_uri"], withhold_token=True).json()
        except (OAuthError, httpx2.HTTPError, ValueError) as error:
            raise OpenIdError(f"The sign-in could not be finished: {error}") from error
    return _person(_claims(provider, token.get("id_token", ""), keys, attempt.nonce))


def _client(provider: Provider, back: str) -> OAuth2Client:
    return OAuth2Client(
        provider.client_id, provider.client_secret, scope="openid profile email", redirect_uri=back,
        code_challenge_method="S256", timeout=SECONDS,
    )  # fmt: skip


def _discovered(client: OAuth2Client, provider: Provider) -> dict[str, str]:
    address = provider.issuer.rstrip("/") + "/.well-known/openid-configuration"
    try:
        found: dict[str, str] = client.request("GET", address, withhold_token=True).raise_for_status().json()
    except (httpx2.HTTPError, ValueError) as error:
        raise OpenIdError(f"The sign-in service {provider.issuer} does not answer: {error}") from error
    if found.get("issuer") != provider.issuer:
        raise OpenIdError(f"The sign-in service {provider.issuer} says it is another: {found.get('issuer')}")
    return found


def _claims(provider: Provider, id_token: str, keys: Any, nonce: str) -> dict[str, Any]:
    rules = jwt.JWTClaimsRegistry(
        leeway=LEEWAY,
        iss={"essential": True, "value": provider.issuer},
        aud={"essential": True, "value": provider.client_id},
        exp={"essential": True},
        nonce={"essential": True, "value": nonce},
        sub={"essential": True},
    )
    try:
        token = jwt.decode(id_token, KeySet.import_key_set(keys), algorithms=ALGORITHMS)
        rules.validate(token.claims)
    except (JoseError, ValueError, KeyError) as error:
        raise OpenIdError(f"The sign-in service gave a token that does not hold: {error}") from error
    return dict(token.claims)


def _person(claims: Mapping[str, Any]) -> Person:
    """Entra ID names a person by oid within a tenant (tid); others by sub alone."""
    parts = (claims["iss"], claims.get("tid", ""), claims.get("oid") or claims["sub"])
    verified = claims.get("email_verified", True) is not False
    email = str(claims.get("email") or claims.get("preferred_username") or "") if verified else ""
    roles = claims.get("roles") or []
    return Person("|".join(map(str, parts)), email.strip().lower(), tuple(map(str, roles)))
