# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""A watched region of a page, shaped after the listings that sources.md names."""

from typing import Any

import pytest

from grants.errors import FaultKind, SourceError
from grants.sources import html_watch
from grants.sources.reading import Page, Reading, Request, Response, SourceConfig, Validator
from models.values import Completeness

URL = "https://fonds.example/calls"
PAGE = """<!doctype html><html><head><title>Calls | Fonds</title><meta charset="utf-8"></head><body>
<header>Vandaag is het 24 november</header><nav><a href="/">Home</a></nav>
<main><h1><span>Open</span> calls</h1>
<div class="calls"><h2 class="node__title">Groene wijken</h2><time>3&nbsp;december
 2026</time><p>Voor <b>gemeenten</b>&amp; water<br>schappen</p><!-- nonce 17 --><script>track(17)</script>
<p class="date">bijgewerkt om 09:12</p><p hidden>verborgen</p></div>
<table><tr><td>Ronde 1</td><td>1 mei</td></tr><tr><th>Ronde 2</th><td></td></tr></table>
</main></body></html>"""


def read(
    body: str | bytes = PAGE, kind: str = "text/html; charset=utf-8", came: str = URL, status: int = 200,
    known: Validator | None = None, **rules: Any,
) -> Reading:  # fmt: skip
    def fetch(request: Request) -> Response:
        assert (request.headers.get("If-None-Match") == "e") == (known is not None)
        content = body if isinstance(body, bytes) else body.encode()
        return Response(came, status, {"content-type": kind, "etag": "e"}, content)

    config = SourceConfig("fonds", "html_watch", URL, "nl", "Europe/Amsterdam", rules)
    return html_watch.read(config, fetch=fetch, known={URL: known} if known else {})


def text(body: str | bytes = PAGE, **facts: Any) -> str:
    return read(body, **facts).pages[0].text


def test_a_page_is_its_region_a_line_a_block_and_never_a_call() -> None:
    reading = read(ignore=[".date"])
    words = (
        "Open calls\nGroene wijken\n3 december 2026\nVoor gemeenten& water\nschappen\nRonde 1 1 mei\nRonde 2"
    )
    assert reading.pages == (Page(URL, "Open calls", words),)
    assert (reading.entries, reading.warnings) == ((), ())
    assert (reading.completeness, reading.window) == (Completeness.COMPLETE, True)
    assert reading.payloads[0].body == PAGE.encode()


def test_a_region_is_chosen_by_its_selector_and_what_stands_in_another_is_read_once() -> None:
    assert text(region=".calls h2, .calls, td, .calls p", ignore=["p"]).splitlines() == [
        "Groene wijken", "3 december 2026", "Voor gemeenten& water", "schappen", "bijgewerkt om 09:12", "verborgen",
        "Ronde 1", "1 mei",
    ]  # fmt: skip


def test_what_changes_without_meaning_changes_nothing() -> None:
    other = (
        PAGE.replace("09:12", "10:30")
        .replace("17", "18")
        .replace("\n 2026", "  2026")
        .replace("24 nov", "25 nov")
    )
    assert read(other, ignore=[".date"]).pages == read(ignore=[".date"]).pages


def test_letters_that_are_composed_otherwise_are_the_same() -> None:
    assert (
        text("<main>Fo\u0308rdertopf\u200b</main>")
        == text("<main>F\u00f6rder\u00adtopf</main>")
        == "F\u00f6rdertopf"
    )


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("<main>Förderung</main>".encode(), ""),
        ("\ufeff<main>Förderung</main>".encode(), "text/html"),
        ("<main>Förderung</main>".encode("latin-1"), 'text/html; charset="iso-8859-1"'),
        (b'<meta content="text/html; charset=windows-1252"><main>F\xf6rderung</main>', "text/html"),
        ("<main>Förderung</main>".encode(), "application/xhtml+xml; charset=nonsense"),
        ("<main>Förderung</main>".encode(), "text/html; charset=idna"),
        (b"<main>F\\xf6rderung<p>\\ud800</p></main>", "text/html; charset=unicode_escape"),
        ('<?xml version="1.0" encoding="x"?><main>Förder\0ung</main>'.encode(), ""),
    ],
)
def test_a_page_is_read_in_its_own_encoding(body: bytes, kind: str) -> None:
    assert text(body, kind=kind).removesuffix("\n?") == "Förderung"


@pytest.mark.parametrize(
    ("body", "title"),
    [
        ("<title> Een\ntwee </title><main>x</main>", "Een twee"),
        ("<main><h1></h1>x</main>", URL),
        (PAGE, "Open calls"),
    ],
)
def test_a_page_has_the_name_it_gives_itself(body: str, title: str) -> None:
    assert read(body).pages[0].title == title


def test_a_page_may_be_named_by_its_rules() -> None:
    assert read(title="Fonds Oost, oproepen").pages[0].title == "Fonds Oost, oproepen"


@pytest.mark.parametrize(
    ("body", "facts", "sentence", "kind"),
    [
        (PAGE, {"region": "main .open-calls"}, f"The region 'main .open-calls' is not on the page {URL}: adapt the rules of this source.", FaultKind.BROKEN),
        ("<form><input type=password></form>", {}, f"The region 'main' is not on the page {URL}: adapt the rules of this source.", FaultKind.BROKEN),
        ("<main><p> </p><script>x</script></main>", {}, f"The region 'main' of the page {URL} holds no text any more.", FaultKind.BROKEN),
        ("", {}, "The page is empty.", FaultKind.BROKEN),
        ("%PDF", {"kind": "application/pdf"}, "The address gives application/pdf, not a web page.", FaultKind.BROKEN),
        ("x" * 3_145_729, {}, "The page is larger than 3 MB, too much to read.", FaultKind.UNSAFE),
        (PAGE, {"region": "main["}, "The rules of this source are off: region: 'main[' is no CSS selector.", FaultKind.MISSING),
        (PAGE, {"ignore": [".a", "p::before"]}, "The rules of this source are off: ignore: 'p::before' is no CSS selector.", FaultKind.MISSING),
    ],
)  # fmt: skip
def test_what_cannot_be_watched_is_a_sentence(
    body: str, facts: dict[str, Any], sentence: str, kind: FaultKind
) -> None:
    with pytest.raises(SourceError) as told:
        read(body, **facts)
    assert (str(told.value), told.value.kind) == (sentence, kind)


@pytest.mark.parametrize(
    ("came", "warned"),
    [
        ("https://www.fonds.example/calls/", False),
        ("https://fonds.example/login?next=/calls", True),
        ("https://elders.example/calls", True),
    ],
)
def test_an_address_that_leads_elsewhere_is_told(came: str, *, warned: bool) -> None:
    told = f"The address leads on to {came}: see whether that is the page to watch."
    assert read(came=came).warnings == ((told,) if warned else ())


def test_a_region_that_is_very_long_is_watched_in_part() -> None:
    reading = read("<main>" + "<p>regel</p>" * 40_000 + "</main>")
    assert len(reading.pages[0].text) == 200_000
    assert reading.warnings == ("The region is longer than 200,000 characters; the rest is not watched.",)


def test_a_page_that_nests_without_end_is_read_as_far_as_it_goes() -> None:
    assert text("<main>begin" + "<div>" * 100_000 + "diep</main>").startswith("begin")


def test_what_did_not_change_is_unchanged() -> None:
    validator = read().validators[URL]
    assert read(known=validator).completeness == Completeness.UNCHANGED
    assert read(b"", status=304, known=validator).completeness == Completeness.UNCHANGED
