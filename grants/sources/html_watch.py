# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The adapter that watches a region of a web page: what it says, a line a block; no call, no deadline.

A page that says something else than before asks a colleague to look (grants/looks.py); nothing is guessed.
"""

import unicodedata
from collections.abc import Iterable, Mapping
from typing import cast
from urllib.parse import urlsplit

from lxml import etree, html
from lxml.cssselect import CSSSelector
from lxml.cssselect import SelectorError as BadSelectorError
from pydantic import field_validator

from grants.errors import FaultKind, SourceError
from grants.sources.clean import CONTROL
from grants.sources.conditional import unchanged, validator_of, with_validator
from grants.sources.reading import Fetch, Page, Payload, Reading, Request, SourceConfig, Validator
from grants.sources.rules import Rules, rules_of
from grants.sources.web_page import page_of
from models.values import Completeness

MOST = 200_000  # characters watched
UNSEEN = "script, style, noscript, template, svg, iframe, [hidden]"
BLOCKS = {
    "address", "article", "aside", "blockquote", "br", "caption", "dd", "details", "div", "dl", "dt",
    "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr",
    "legend", "li", "main", "nav", "ol", "option", "p", "pre", "section", "summary", "table", "tbody",
    "tfoot", "thead", "tr", "ul",
}  # fmt: skip
CELLS = {"td", "th"}


class WatchRules(Rules):
    """Which part of the page is watched; config/sources.yaml sets it under `rules`."""

    region: str = "main"  # a CSS selector; several places are read one after the other
    ignore: tuple[str, ...] = ()  # CSS selectors of what changes without meaning: dates of today, counters
    title: str = ""  # what to call the page; else what it calls itself

    @field_validator("region", "ignore")
    @classmethod
    def _selects(cls, value: str | tuple[str, ...]) -> str | tuple[str, ...]:
        for one in (value,) if isinstance(value, str) else value:
            try:
                CSSSelector(one, translator="html")
            except BadSelectorError as error:
                sentence = f"'{one}' is no CSS selector"
                raise ValueError(sentence) from error
        return value


def read(source: SourceConfig, *, fetch: Fetch, known: Mapping[str, Validator]) -> Reading:
    """Read one page; see reading.Adapter.

    Raises:
        SourceError: also when the region is not on the page, or says nothing.
    """
    rules = rules_of(WatchRules, source)
    answer = fetch(with_validator(Request(source.url), known.get(source.url)))
    validator, before = validator_of(answer), known.get(source.url)
    if unchanged(answer, validator, before):
        return Reading(Completeness.UNCHANGED, validators=dict(known), window=True)
    page, warnings = _watched(source.url, rules, page_of(answer))
    return Reading(
        Completeness.COMPLETE,
        warnings=(*_led_on(source.url, answer.url), *warnings),
        payloads=(Payload(source.url, answer.headers.get("content-type", ""), answer.body),),
        validators={source.url: validator},
        pages=(page,),
        window=True,
    )


def _watched(url: str, rules: WatchRules, document: html.HtmlElement) -> tuple[Page, list[str]]:
    title = rules.title or _heading(document) or url
    found = _select(document, rules.region)
    if not found:
        sentence = f"The region '{rules.region}' is not on the page {url}: adapt the rules of this source."
        raise SourceError(sentence, kind=FaultKind.BROKEN)
    _drop(document, (UNSEEN, *rules.ignore), {*found})
    lines = "\n".join(text for element in _outermost(found) if (text := _text(element)))
    if not lines:
        sentence = f"The region '{rules.region}' of the page {url} holds no text any more."
        raise SourceError(sentence, kind=FaultKind.BROKEN)
    long = (
        [f"The region is longer than {MOST:,} characters; the rest is not watched."] if lines[MOST:] else []
    )
    return Page(url, title, lines[:MOST]), long


def _heading(document: html.HtmlElement) -> str:
    """What the page calls itself, on one line."""
    headings = (*_select(document, "h1")[:1], *_select(document, "title")[:1])
    return next((name for one in headings if (name := " ".join(_text(one).split("\n")))), "")[:300]


def _drop(document: html.HtmlElement, selectors: Iterable[str], kept: set[html.HtmlElement]) -> None:
    for selector in selectors:
        for element in _select(document, selector):
            if element.getparent() is not None and element not in kept:
                element.drop_tree()


def _select(document: html.HtmlElement, selector: str) -> list[html.HtmlElement]:
    found = CSSSelector(selector, translator="html")(document)
    return cast("list[html.HtmlElement]", found)


def _outermost(found: list[html.HtmlElement]) -> list[html.HtmlElement]:
    """What stands inside another one is read with it, once."""
    every = {*found}
    return [one for one in found if every.isdisjoint(one.iterancestors())]


def _text(region: html.HtmlElement) -> str:
    """The words of a region, a line a block, white space and composed letters made alike."""
    pieces: list[str] = []
    for event, node in etree.iterwalk(region, events=("start", "end")):
        pieces.append("\n" if node.tag in BLOCKS else " " if node.tag in CELLS else "")
        if event == "start":
            pieces.append(_flat(node.text))
        elif node is not region:
            pieces.append(_flat(node.tail))
    lines = (_words(line) for line in "".join(pieces).split("\n"))
    return "\n".join(line for line in lines if line)


def _flat(text: str | None) -> str:
    return " ".join((text or "").split("\n"))


def _words(text: str | None) -> str:
    return " ".join(unicodedata.normalize("NFC", CONTROL.sub("", text or "")).split())


def _led_on(asked: str, came: str) -> list[str]:
    """A page that has moved, or a door where one must sign in, must not pass in silence."""
    places = [urlsplit(url.rstrip("/").lower()) for url in (asked, came)]
    here, there = ((one.netloc.removeprefix("www."), one.path) for one in places)
    if here == there:
        return []
    return [f"The address leads on to {came[:300]}: see whether that is the page to watch."]
