# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Another site cannot make a colleague's browser change something here."""

import httpx
import pytest

from web.origin import is_own

HOST = {"host": "pijplijn.enschede.nl"}


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_what_only_looks_may_come_from_anywhere(method: str) -> None:
    assert is_own(method, HOST | {"sec-fetch-site": "cross-site", "origin": "https://evil.example"})


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "post", "BREW"])
@pytest.mark.parametrize(
    ("headers", "own"),
    [
        ({}, True),  # no browser
        ({"sec-fetch-site": "same-origin"}, True),
        ({"sec-fetch-site": "none"}, True),
        ({"sec-fetch-site": "same-site"}, False),  # a neighbour under the same domain is another site too
        ({"sec-fetch-site": "cross-site"}, False),
        ({"sec-fetch-site": "something new"}, False),
        ({"sec-fetch-site": "same-origin", "origin": "https://evil.example"}, True),  # the browser cannot lie
        ({"sec-fetch-site": "cross-site", "origin": "https://pijplijn.enschede.nl"}, False),
        ({"origin": "https://pijplijn.enschede.nl"}, True),
        ({"origin": "https://PIJPLIJN.enschede.nl"}, True),
        ({"origin": "https://evil.example"}, False),
        ({"origin": "https://pijplijn.enschede.nl.evil.example"}, False),
        ({"origin": "https://pijplijn.enschede.nl:8443"}, False),
        ({"origin": "null"}, False),  # a sandboxed frame
        ({"origin": "https://[broken"}, False),
    ],
)
def test_what_changes_something_must_come_from_our_own_pages(
    method: str, headers: dict[str, str], *, own: bool
) -> None:
    assert is_own(method, HOST | headers) is own


def test_an_origin_never_stands_for_a_host_that_is_missing() -> None:
    assert not is_own("POST", {"origin": "null"})


def test_a_post_of_another_site_is_refused_in_the_readers_words_before_any_page_sees_it(
    web: httpx.Client,
) -> None:
    answer = web.post("/calls", headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert "andere website" in answer.text
    assert "Content-Security-Policy" in answer.headers
    assert web.post("/calls").status_code == 405
