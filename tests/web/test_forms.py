# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""A form is read within limits and answered with another page."""

import httpx
import pytest
from fastapi import FastAPI
from fastapi.responses import Response

from tests.browser import serving
from web.deps import see_other
from web.forms import Fields


def a_form() -> FastAPI:
    app = FastAPI()

    @app.post("/said")
    def said(fields: Fields) -> Response:
        return see_other("/heard", note=fields.get("note", ""), by="")

    return app


@pytest.mark.parametrize(
    ("note", "heard"),
    [("Gezien", "/heard?note=Gezien"), ("a\r\nb\rc\x00", "/heard?note=a%0Ab%0Ac"), ("", "/heard")],
)
def test_a_form_is_read_and_answered_with_another_page(note: str, heard: str) -> None:
    with serving(a_form()) as site:
        answer = httpx.post(f"{site}/said", data={"note": note})
    assert (answer.status_code, answer.headers["location"]) == (303, heard)


@pytest.mark.parametrize(
    ("body", "kind", "code"),
    [
        (b"note=x", "text/plain", 415),
        (b"{}", "application/json", 415),
        (b"note=" + b"x" * 256 * 1024, "application/x-www-form-urlencoded", 413),
        (b"a=1&" * 501, "application/x-www-form-urlencoded", 400),
        (b"note=%ff", "application/x-www-form-urlencoded", 400),
        (b"note=\xff", "application/x-www-form-urlencoded; charset=UTF-8", 400),
    ],
)
def test_what_is_no_proper_form_is_refused(body: bytes, kind: str, code: int) -> None:
    with serving(a_form()) as site:
        answer = httpx.post(f"{site}/said", content=body, headers={"Content-Type": kind})
    assert answer.status_code == code


def test_a_form_without_fields_is_a_form() -> None:
    with serving(a_form()) as site:
        assert httpx.post(f"{site}/said").status_code == 303
