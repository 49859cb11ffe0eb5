# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

from urllib.parse import urljoin

import pytest
from hypothesis import given
from hypothesis import strategies as some

from grants.sources.clean import clean_html, one_line, plain_text, web_address, words_of

PIECES = (
    "<p>", "</p>", '<a href="/x?a>b" title="q>r<s">', "</a>", "&amp;", "&lt;", "&nbsp", "&", "<", ">", "a b", "\r\n", "\n",
    "\xa0", "é", "  ", "\t", "<script>x</script>", "<!-- c -->", '"', "<br>", "<h2 onclick=1>", "<td>", "<li>", "<b>",
)  # fmt: skip
MARKUP = some.lists(some.sampled_from(PIECES), max_size=10).map("".join)
PATHS = some.text("ab-_/.?#% é", max_size=8).map(lambda rest: "/" + rest)
BASES = some.sampled_from((
    "https://x.example/a/b", "http://x.example:8080", "https://x.example?q", "https://u:p@x.example/q", "https://[::1]/a",
))  # fmt: skip


@pytest.mark.parametrize(
    ("markup", "clean"),
    [
        ("<p onclick=x>h<script>1</script></p>", "<p>h</p>"),
        ('<a href="/y" title="t">z</a>', '<a href="https://x.example/y" title="t" rel="noopener noreferrer nofollow">z</a>'),
        ('<a href="javascript:1">z</a>', '<a rel="noopener noreferrer nofollow">z</a>'),
        ('<a href="//[::1">z</a>', '<a rel="noopener noreferrer nofollow">z</a>'),
        ('<a href="http://[::1">z</a>', '<a rel="noopener noreferrer nofollow">z</a>'),
        ('"><svg onload=alert(1)//', '"&gt;'),
        ("<form action=javascript:1><button>b</button></form>", "b"),
    ],
)  # fmt: skip
def test_only_text_and_links_are_left(markup: str, clean: str) -> None:
    assert clean_html(markup, "https://x.example/a/") == clean


def test_a_link_with_a_control_character_is_no_link() -> None:
    assert "href" not in clean_html('<a href="https://x.example/&#x1;">z</a>', "https://x.example/")


def test_plain_text_has_a_line_a_block_and_entities_once() -> None:
    assert plain_text("<p>a &lt; b</p><p>c\x02</p><style>x</style>") == "a < b\nc"


def test_a_title_is_one_line_without_repeats() -> None:
    assert one_line("a &amp;amp; b\rx\rx") == "a & b x"


@pytest.mark.parametrize("text", ["javascript:1", "https://", "http://[x", "mailto:a@b", "https://x/\x01"])
def test_what_is_no_web_address_is_nothing(text: str) -> None:
    assert web_address(text) == ""


def test_a_web_address_is_itself() -> None:
    assert web_address(" https://x.example/1 ") == "https://x.example/1"


@given(MARKUP)
def test_the_words_of_clean_html_are_its_plain_text(markup: str) -> None:
    clean = clean_html(markup, "https://x.example/")
    assert words_of(clean) == plain_text(clean)


@given(MARKUP)
def test_a_title_without_markup_needs_no_cleaner_and_reads_the_same(markup: str) -> None:
    assert one_line(markup) == one_line(f"<b></b>{markup}")


@given(PATHS, BASES)
def test_a_link_is_joined_as_urllib_joins_it(path: str, base: str) -> None:
    found = clean_html(f'<a href="{path}">z</a>', base)
    assert f'<a href="{urljoin(base, path.strip())}" rel' in found
