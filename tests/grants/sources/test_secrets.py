# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

import pytest

from grants.sources.secrets import MASK, TELLING, Mask

KEY = 'kl&é/8"7x+ 6'
NONE = Mask()


@pytest.mark.parametrize("name", [
    "Authorization", "Proxy-Authorization", "X-Api-Key", "x-algolia-api-key", "apiKey", "api_key", "key", "sig", "Cookie",
    "Set-Cookie", "access_token", "client_secret", "X-Auth-Token", "password", "passwd", "PHPSESSID", "X-Amz-Signature",
    "subscription-key", "auth",
])  # fmt: skip
def test_a_name_that_tells_of_a_secret_is_known(name: str) -> None:
    assert TELLING.search(name)


@pytest.mark.parametrize("name", [
    "keywords", "author", "authors", "authority", "monkey", "ETag", "Content-Type", "text", "pageNumber", "signs", "passed",
])  # fmt: skip
def test_a_name_that_only_looks_like_it_is_none(name: str) -> None:
    assert not TELLING.search(name)


def test_an_address_keeps_all_but_its_secrets() -> None:
    address = "https://noor:geheim@x.example:8/a%20b?text=***&apiKey=abc&q=c%26d&key=&to%6ben=t"
    assert (
        NONE.url(address) == f"https://x.example:8/a%20b?text=***&apiKey={MASK}&q=c%26d&key=&to%6ben={MASK}"
    )


def test_headers_keep_their_names() -> None:
    said = {"Set-Cookie": "a=b", "Accept": "x", "AUTHORIZATION": "Bearer abc"}
    assert NONE.headers(said) == {"authorization": MASK, "accept": "x", "set-cookie": MASK}


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        (
            b'{"apiKey" : "a\\"b", "keywords": "wonen", "n": 1}',
            '{"apiKey" : "SECRET", "keywords": "wonen", "n": 1}',
        ),
        (b"q=wonen&api_key=a%26b&", "q=wonen&api_key=SECRET&"),
        (b"vrije tekst", "vrije tekst"),
        (b"\xff", "\\xff"),
    ],
)
def test_what_is_sent_keeps_all_but_its_secrets(sent: bytes, kept: str) -> None:
    assert NONE.sent(sent) == kept


@pytest.mark.parametrize("spelled", [
    KEY, "kl%26%C3%A9%2F8%227x%2B%206", "kl%26%C3%A9/8%227x%2B%206", "kl%26%C3%A9%2F8%227x%2B+6",
    'kl&\\u00e9/8\\"7x+ 6', "kl&amp;é/8&quot;7x+ 6", 'kl&é/8\\"7x+ 6',
])  # fmt: skip
def test_a_known_secret_goes_however_it_is_spelled(spelled: str) -> None:
    mask = Mask(frozenset({KEY, "kl"}))
    assert mask.text(f"<{spelled}>") == "<SECRET>"
    assert mask.body(f"<{spelled}>".encode()) == b"<SECRET>"


def test_what_a_request_carries_is_known_from_then_on() -> None:
    mask = NONE.learn(
        "https://x.example/?token=abcdefgh&q=ijklmnop", {"Authorization": "Bearer qrstuvwx", "A": "yyyyyyyyy"}
    )
    assert mask.text("abcdefgh ijklmnop qrstuvwx yyyyyyyyy") == "SECRET ijklmnop SECRET yyyyyyyyy"
    assert NONE.learn("https://x.example/?apiKey=SEDIA", {}) == NONE
