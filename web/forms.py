# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""What a colleague filled in: the fields of one posted form, read within limits.

By the standard library: FastAPI's own Form asks for a parser of file uploads. The form with a file is read by
web/uploads.py.
"""

from http import HTTPStatus
from typing import Annotated, Final
from urllib.parse import parse_qsl

from fastapi import Depends, HTTPException, Request

from grants.rendering import UNFIT

FORM: Final = "application/x-www-form-urlencoded"
LARGEST: Final = 256 * 1024  # bytes of one form
MOST: Final = 500  # fields of one form


async def fields_of(request: Request) -> dict[str, str]:
    """By name; the last of a name counts.

    Raises:
        HTTPException: 415 for what is no form, 413 for one too large, 400 for one that cannot be read.
    """
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > LARGEST:
            raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    if body and request.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM:
        raise HTTPException(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, errors="strict", max_num_fields=MOST)
    except ValueError as error:
        raise HTTPException(HTTPStatus.BAD_REQUEST) from error
    return {name: fit(value) for name, value in pairs}


def fit(value: str) -> str:
    """With one kind of line end, and without the NUL that PostgreSQL refuses."""
    return value.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")


def words(fields: dict[str, str], name: str) -> str:
    """What was typed into a field, without control characters."""
    return UNFIT.sub("", fields.get(name, "")).strip()


Fields = Annotated[dict[str, str], Depends(fields_of)]
"""The parameter of a route that takes a form: `def mark(request: Request, fields: Fields)`."""
