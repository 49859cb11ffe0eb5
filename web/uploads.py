# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""A form with a file in it, read by the standard library within limits; a form without one is read as any."""

from email.message import Message
from email.parser import BytesParser
from email.policy import HTTP
from http import HTTPStatus
from typing import Annotated, Final

from fastapi import Depends, HTTPException, Request

from web.forms import fields_of, fit

LARGEST: Final = 1024 * 1024  # bytes of one form
MOST: Final = 20  # parts
UNREADABLE: Final = "unreadable"
"""The field that names a part that was no text."""


async def _uploaded(request: Request) -> dict[str, str]:
    """By name; a file is its text.

    Raises:
        HTTPException: 413 for one too large, 400 for one that cannot be read.
    """
    kind = request.headers.get("content-type", "")
    if not kind.lower().startswith("multipart/form-data"):
        return await fields_of(request)
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > LARGEST:
            raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    head = b"Content-Type: " + kind.encode("latin-1", "replace") + b"\r\n\r\n"
    parts = BytesParser(policy=HTTP).parsebytes(head + bytes(body)).get_payload()
    if not isinstance(parts, list) or len(parts) > MOST:
        raise HTTPException(HTTPStatus.BAD_REQUEST)
    fields: dict[str, str] = {}
    for part in parts:
        if isinstance(part, Message):
            fields |= _field(part)
    return fields


def _field(part: Message) -> dict[str, str]:
    name, body = part.get_param("name", header="content-disposition"), part.get_payload(decode=True)
    if not isinstance(name, str) or not isinstance(body, bytes):
        return {}
    try:
        return {name: fit(body.decode("utf-8-sig"))}
    except UnicodeDecodeError:
        return {UNREADABLE: name}


Uploaded = Annotated[dict[str, str], Depends(_uploaded)]
"""The parameter of a route whose form has a file: `def take_in(request: Request, fields: Uploaded)`."""
