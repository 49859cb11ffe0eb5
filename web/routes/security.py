# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Whom to tell of a weakness (RFC 9116)."""

from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Final

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import PlainTextResponse

from web.deps import desk
from web.threads import Route

router = APIRouter(route_class=Route)
GOOD_FOR: Final = timedelta(days=180)  # RFC 9116 asks for less than a year


@router.get("/.well-known/security.txt")
def security_txt(request: Request) -> PlainTextResponse:
    """The contact of PIJPLIJN_SECURITY_CONTACT; 404 where there is none."""
    here = desk(request)
    if not here.settings.security_contact:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return PlainTextResponse(written(here.settings.security_contact, here.public_url, here.now()))


def written(contact: str, public_url: str, now: datetime) -> str:
    """The file; it is good for half a year from today, so that one that is served is never out of date."""
    expires = now.replace(hour=0, minute=0, second=0, microsecond=0) + GOOD_FOR
    lines = [
        f"Contact: {contact}",
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: nl, de, en",
        f"Canonical: {public_url}/.well-known/security.txt",
    ]
    return "\n".join(lines) + "\n"
