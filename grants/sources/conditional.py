# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Asking only for what changed: what an answer said of itself goes with the next request (RFC 9110 §13)."""

import hashlib
from dataclasses import replace
from http import HTTPStatus
from io import BytesIO
from typing import cast

from grants.sources.reading import Request, Response, Validator


def with_validator(request: Request, validator: Validator | None) -> Request:
    """The same request, made conditional on what the last answer said of itself."""
    if validator is None:
        return request
    said = {"If-None-Match": validator.etag, "If-Modified-Since": validator.last_modified}
    return replace(
        request, headers={**request.headers, **{name: value for name, value in said.items() if value}}
    )


def unchanged(answer: Response, now: Validator, before: Validator | None) -> bool:
    """Whether a source says that nothing changed since `before`, or its bytes show it."""
    if answer.status == HTTPStatus.NOT_MODIFIED:
        return True
    return before is not None and before.sha256 == now.sha256


def validator_of(answer: Response) -> Validator:
    """What this answer says of itself, for the next request."""
    digest = hashlib.sha256(answer.body).hexdigest()
    if answer.file is not None:
        digest = hashlib.file_digest(cast("BytesIO", answer.file), "sha256").hexdigest()
        answer.file.seek(0)
    return Validator(answer.headers.get("etag", ""), answer.headers.get("last-modified", ""), digest)
