# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Ask Prefect to read a source or to match now, by its HTTP API: only flows know Prefect itself."""

import base64
import json
import secrets
import urllib.request
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any
from urllib.error import HTTPError

from config.settings import Settings
from grants.errors import PijplijnError

READING, MATCHING = "harvest-calls/asked", "match-calls/asked"
SECONDS = 5.0  # it listens on this very machine, or beside it
StartReading = Callable[[str, bool], None]
"""Starts the reading of a source by its slug, taking a jumped size if so told; raises PijplijnError."""
StartMatching = Callable[[], None]
"""Has every call matched that waits for it; raises PijplijnError."""


def starters(settings: Settings) -> tuple[StartReading, StartMatching]:
    """What starts readings and matching by the Prefect of these settings."""
    api, headers = access(settings)
    return partial(start_reading, api, headers), partial(start_matching, api, headers)


def access(settings: Settings) -> tuple[str, dict[str, str]]:
    """Where Prefect's API is, and what lets us in."""
    password = base64.b64encode(settings.prefect_auth.get_secret_value().encode()).decode()
    return settings.prefect_api, {"Authorization": f"Basic {password}"}


def start_reading(api: str, headers: Mapping[str, str], slug: str, accept_size: bool) -> None:  # noqa: FBT001 - as StartReading has it
    """Queue one run that reads this source alone.

    Raises:
        PijplijnError: Prefect does not answer, or not as it should; the sentence names the way by hand.
    """
    by_hand = f"manage.py harvest {slug}{' --accept-size' if accept_size else ''}"
    _start(api, headers, READING, {"slugs": [slug], "accept_size": accept_size}, "the reading", by_hand)


def start_matching(api: str, headers: Mapping[str, str]) -> None:
    """Queue one run that matches what waits for it; raises PijplijnError as start_reading does."""
    _start(api, headers, MATCHING, {}, "the matching", "manage.py match")


def _start(  # noqa: PLR0913, PLR0917 - where, who, which run with what, and how to say that it failed
    api: str,
    headers: Mapping[str, str],
    deployment: str,
    parameters: Mapping[str, Any],
    what: str,
    by_hand: str,
) -> None:
    client = secrets.token_hex(16)  # its guard against other sites gives each client a token
    try:
        token = said(api, f"/csrf-token?client={client}", headers)["token"]
        number = said(api, f"/deployments/name/{deployment}", headers)["id"]
        own = {**headers, "Prefect-Csrf-Client": client, "Prefect-Csrf-Token": token}
        said(api, f"/deployments/{number}/create_flow_run", own, {"parameters": parameters})
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise PijplijnError(f"Prefect did not start {what} ({error}). By hand: {by_hand}.") from error


def said(
    api: str,
    path: str,
    headers: Mapping[str, str],
    body: Mapping[str, Any] | None = None,
    *,
    seconds: float = SECONDS,
) -> Any:
    """What the API answers, as JSON; raises OSError or ValueError."""
    sent = None if body is None else json.dumps(body).encode()
    asked = urllib.request.Request(  # noqa: S310 - our own address
        api + path, data=sent, headers={**headers, "Content-Type": "application/json"}
    )
    straight = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with straight.open(asked, timeout=seconds) as answer:
            return json.load(answer)
    except HTTPError as error:
        error.close()
        raise
