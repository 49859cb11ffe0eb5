# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Templates to letters and pages. What comes from outside is only ever filled in, never compiled."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

import mrml
from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateError, nodes
from jinja2.visitor import NodeTransformer
from markupsafe import Markup, escape

from config.settings import HOME
from grants.wording import (
    dates_in_words,
    day,
    deadline_words,
    deed_word,
    formed,
    label,
    money,
    number,
    stage_words,
    translations,
    weekday,
)

# Control characters, lone surrogates and non-characters break MJML and mail; the marks that turn the
# direction of writing can make a title look like another.
UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
COMMENT = re.compile(r"\{#.*?#\}\s*", re.DOTALL)
TITLE = "{% block title %}{% endblock %}"
RenderingError = TemplateError
AROUND = 70  # characters shown on each side of a phrase


@dataclass(frozen=True, slots=True)
class Letter:
    """A rendered letter."""

    subject: str
    text: str
    html: str


class Passage(NamedTuple):
    """A piece of a text on one line, and where in it the phrases stand that say why."""

    text: str
    spans: list[tuple[int, int]]


class Spoken(NodeTransformer):
    """Puts a sentence of ours in its language when a template is compiled, not each time it is filled in."""

    def __init__(self, language: str, escaped: bool) -> None:  # noqa: FBT001
        self.say, self.kind = translations(language).gettext, Markup if escaped else str

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802 - the visitor's own way
        """`_("…")`; with anything else in it, it stays a call."""
        match node:
            case nodes.Call(node=nodes.Name(name="_"), args=[nodes.Const(value=str(words))], kwargs=[]):
                return nodes.Const(self.kind(self.say(words)) % {}, lineno=node.lineno)
        return self.generic_visit(node)


class Layouts(FileSystemLoader):
    """Templates from files; a layout in MJML becomes HTML as it is loaded, with its blocks left open.

    So MJML is compiled once, and no letter waits for it: a block is filled in with HTML.
    """

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Any]:
        """As the loader's own."""
        source, name, is_current = super().get_source(environment, template)
        return (_compiled(source) if "<mjml " in source else source), name, is_current


def _compiled(source: str) -> str:
    html: str = mrml.to_html(COMMENT.sub("", source)).content
    first, *again = html.split(TITLE)  # MJML says it twice, and a template may have a block but once
    return first + TITLE + "{{ self.title() }}".join(again)


class Templates(Environment):
    """The templates in one language."""

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        escaped = self.autoescape if isinstance(self.autoescape, bool) else self.autoescape(name)
        parsed = super()._parse(source, name, filename)
        Spoken(str(self.globals["language"]), escaped).visit(parsed)
        return parsed


@cache
def environment(language: str) -> Environment:
    """The templates in one language; plain text is not escaped, all else is."""
    made = Templates(
        loader=Layouts(HOME / "templates"),
        autoescape=lambda name: name is None or not name.endswith(".txt"),
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_fit,
    )
    made.install_gettext_translations(translations(language), newstyle=True)  # type: ignore[attr-defined]
    made.globals["language"] = language
    made.filters |= {
        "day": lambda on: day(on, language),
        "formed": lambda on, pattern: formed(on, pattern, language),
        "money": lambda amount: money(amount, language),
        "number": lambda amount: number(amount, language),
        "deadline_words": lambda deadline, today: deadline_words(deadline, today, language),
        "label": lambda word: label(word, language),
        "weekday": lambda number: weekday(number, language),
        "deed_word": lambda word: deed_word(word, language),
        "stage_words": lambda stage: stage_words(stage, language),
        "dates_in_words": lambda text: dates_in_words(text, language),
        "highlight": highlight,
        "bracketed": bracketed,
    }
    return made


def _fit(value: object) -> object:
    """What is filled in, without what no letter can carry; escaped text stays escaped."""
    return type(value)(UNFIT.sub("", value)) if isinstance(value, str) and UNFIT.search(value) else value


def letter(kind: str, language: str, **facts: Any) -> Letter:
    """The letter of templates/email/<kind>, from its subject, text and HTML parts."""
    parts = environment(language)
    subject = parts.get_template(f"email/{kind}/subject.txt").render(facts)
    text = parts.get_template(f"email/{kind}/body.txt").render(facts)
    html = parts.get_template(f"email/{kind}/body.mjml").render(facts)
    return Letter(" ".join(subject.split()), text.strip() + "\n", html)


def page(name: str, language: str, **facts: Any) -> str:
    """The page templates/web/<name>."""
    return environment(language).get_template(f"web/{name}").render(facts)


def highlight(text: str, spans: Iterable[tuple[int, int]]) -> Markup:
    """The text, escaped, with its spans marked; overlapping spans become one."""
    pieces, end = [], 0
    for start, stop in _joined(spans):
        pieces += [escape(text[end:start]), Markup("<mark>"), escape(text[start:stop]), Markup("</mark>")]
        end = stop
    return Markup("").join([*pieces, escape(text[end:])])


def _joined(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, stop in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(stop, joined[-1][1]))
        else:
            joined.append((start, stop))
    return joined


def passages(text: str, spans: Iterable[tuple[int, int]], *, most: int) -> list[Passage]:
    """The pieces of a text around its phrases, in whole words; phrases near each other share one."""
    found: list[tuple[int, list[tuple[int, int]]]] = []  # where each piece ends, and its phrases
    for start, stop in _joined(spans):
        if found and start - AROUND <= found[-1][0]:
            found[-1] = (stop + AROUND, [*found[-1][1], (start, stop)])
        else:
            found.append((stop + AROUND, [(start, stop)]))
    return [_passage(text, phrases) for _, phrases in found[:most]]


def _passage(text: str, spans: list[tuple[int, int]]) -> Passage:
    left, right = max(0, spans[0][0] - AROUND), min(len(text), spans[-1][1] + AROUND)
    before, after = text[left : spans[0][0]], text[spans[-1][1] : right]
    if left:
        before = "… " + before.partition(" ")[2]
    if right < len(text):
        after = after.rpartition(" ")[0] + " …"
    moved = len(before) - spans[0][0]
    line = re.sub(r"\s", " ", before + text[spans[0][0] : spans[-1][1]] + after)
    return Passage(line, [(start + moved, stop + moved) for start, stop in spans])


def bracketed(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """The text with its spans in brackets, for letters without mark-up."""
    pieces, end = [], 0
    for start, stop in _joined(spans):
        pieces += [text[end:start], "[", text[start:stop], "]"]
        end = stop
    return "".join([*pieces, text[end:]])
