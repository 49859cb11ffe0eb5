# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Themes as a TOML file: to keep beside the program, to hand to another office, and to take in again.

    [[theme]]
    id = "klimaat_water"
    name = { nl = "Klimaat", de = "Klima", en = "Climate" }
    describe = { nl = "…", de = "…", en = "…" }
    core = { nl = ["wateroverlast"], de = ["starkregen*"], en = ["flood*"] }

and so `terms`, `weak` and `not`. `threshold = "narrow"` and `tooi = ["https://identifier.overheid.nl/tooi/…"]`
may be there too. A theme that the file does not name stays as it is; of one that it names, every text and
list is the file's, and the threshold when there is one.
"""

import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from grants.errors import PijplijnError
from grants.scoring.text import LANGUAGES
from grants.themes.tooi import MOST_ADDRESSES, is_address
from grants.themes.vocabulary import (
    KINDS,
    LONGEST_TERM,
    MOST_TERMS,
    Fault,
    Flaw,
    Lists,
    every_list,
    read_words,
)
from models.theme import Threshold

_Where = Mapping[str, Any]
"""The line of a theme and its id."""

LONGEST: Final = {"name": 120, "describe": 2000}
LARGEST: Final = 2_000_000  # characters of a file
_KEYS: Final = {"id", "name", "describe", "threshold", "tooi", *KINDS}
_ID: Final = re.compile(r"[a-z0-9_-]{1,60}")
_START: Final = re.compile(r"^\s*\[\[\s*\"?theme\"?\s*\]\]", re.MULTILINE)
_WRONG: Final = {
    Flaw.TOO_MANY: f"there are {{count}} words, and at most {MOST_TERMS} are of use",
    Flaw.TOO_LONG: f"'{{term}}' is longer than {LONGEST_TERM} characters",
    Flaw.SEVERAL: "'{term}' is several words with a mark between: make each its own",
    Flaw.NO_LETTER: "'{term}' has no letter or digit",
    Flaw.STAR: "'{term}' has a * inside a word; it may stand at its start or end",
    Flaw.TWO_LISTS: "'{term}' stands in {other} too",
}


_SENTENCES: Final = {
    "large": f"The file has more than {LARGEST:,} characters; a file of themes is far smaller.",
    "no_toml": "This is no TOML: {error}.",
    "no_themes": "There must be [[theme]] tables in the file, and nothing beside them.",
    "twice": "Line {line}: the id '{slug}' is there twice.",
    "no_id": "Line {line}: a theme needs an id of at most 60 small letters, digits and underscores.",
    "unknown": "Line {line}, theme '{slug}': there is no '{key}' here; there are {keys}.",
    "no_name": "Line {line}, theme '{slug}': the name in '{code}' is missing.",
    "languages": "Line {line}, theme '{slug}': '{key}' is a text, or one each for nl, de and en.",
    "no_text": "Line {line}, theme '{slug}': '{key}' in '{code}' is no text of at most {most} characters.",
    "no_lists": "Line {line}, theme '{slug}': '{key}' has a list each for nl, de and en.",
    "no_list": "Line {line}, theme '{slug}': '{key}' in '{code}' is no list of words.",
    "threshold": "Line {line}, theme '{slug}': the threshold is narrow, normal or wide.",
    "tooi": "Line {line}, theme '{slug}': 'tooi' is a list of addresses at identifier.overheid.nl/tooi.",
    "words": "Line {line}, theme '{slug}': {said}.",
    "taken": "There is another theme with the name '{name}' already.",
}


class FileError(PijplijnError):
    """A file of themes cannot be taken in; the sentence says on which line.

    Args:
        why: a word for what is wrong.
        facts: what the sentence names.
    """

    def __init__(self, why: str, **facts: Any) -> None:
        super().__init__(_SENTENCES[why].format(**facts))
        self.why, self.facts = why, facts


@dataclass(frozen=True, slots=True)
class Sheet:
    """One theme as a file has it."""

    slug: str
    name: dict[str, str]
    description: dict[str, str]
    words: Lists
    threshold: str = ""  # empty: as it is
    tooi: tuple[str, ...] = ()

    @property
    def facts(self) -> dict[str, Any]:
        """What is kept of it, but the threshold."""
        return {
            "name": self.name,
            "description": self.description,
            "words": self.words,
            "tooi": list(self.tooi),
        }


def sheet(  # noqa: PLR0913 - the parts of a theme
    slug: str,
    name: Mapping[str, Any],
    description: Mapping[str, Any],
    words: Mapping[str, Any],
    *,
    threshold: str = Threshold.NORMAL,
    tooi: Iterable[str] = (),
) -> Sheet:
    """A theme as a file has it, every text and list there in every language."""
    return Sheet(slug, _texts(name), _texts(description), every_list(words), str(threshold), tuple(tooi))


def written(themes: Iterable[Sheet]) -> str:
    """The themes as TOML; read() gives the same."""
    return "\n".join(line for theme in themes for line in _lines(theme))


def read(text: str) -> list[Sheet]:
    """The themes of a file.

    Raises:
        FileError: it is no TOML, or says something a theme cannot be.
    """
    if len(text) > LARGEST:
        raise FileError("large")
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise FileError("no_toml", error=error) from error
    listed = document.get("theme")
    if set(document) != {"theme"} or not isinstance(listed, list) or not listed:
        raise FileError("no_themes")
    lines = [text.count("\n", 0, start.end()) + 1 for start in _START.finditer(text)]
    lines += [1] * (len(listed) - len(lines))  # themes written as an inline list
    found = [_read(one, line) for one, line in zip(listed, lines, strict=False)]
    for number, one in enumerate(found):
        if any(one.slug == other.slug for other in found[:number]):
            raise FileError("twice", line=lines[number], slug=one.slug)
    return found


def _lines(theme: Sheet) -> Iterator[str]:
    yield f"[[theme]]\nid = {_quoted(theme.slug)}"
    yield f"name = {_table(theme.name)}"
    if theme.threshold:
        yield f"threshold = {_quoted(theme.threshold)}"
    if theme.tooi:
        yield f"tooi = [{', '.join(_quoted(one) for one in theme.tooi)}]"
    for code, text in theme.description.items():
        yield f"describe.{code} = {_quoted(text)}"
    for kind in KINDS:
        for code in LANGUAGES:
            terms = "".join(f"  {_quoted(term)},\n" for term in theme.words[kind][code])
            yield f"{kind}.{code} = [\n{terms}]" if terms else f"{kind}.{code} = []"
    yield ""


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _table(texts: Mapping[str, str]) -> str:
    return "{ " + ", ".join(f"{code} = {_quoted(text)}" for code, text in texts.items()) + " }"


def _texts(told: Mapping[str, Any]) -> dict[str, str]:
    return {code: str(told.get(code) or "") for code in LANGUAGES}


def _read(told: Any, line: int) -> Sheet:
    if not isinstance(told, dict) or not isinstance(told.get("id"), str) or not _ID.fullmatch(told["id"]):
        raise FileError("no_id", line=line)
    where = {"line": line, "slug": told["id"]}
    if unknown := sorted(set(told) - _KEYS):
        raise FileError("unknown", **where, key=unknown[0], keys=", ".join(sorted(_KEYS)))
    name, description = (_by_language(told, key, where) for key in ("name", "describe"))
    if missing := [code for code in LANGUAGES if not name[code].strip()]:
        raise FileError("no_name", **where, code=missing[0])
    typed = {(kind, code): "\n".join(_terms(told, kind, code, where)) for kind in KINDS for code in LANGUAGES}
    words = read_words(typed)
    if words.faults:
        raise FileError("words", **where, said=_sentence(words.faults[0]), fault=words.faults[0])
    threshold, tooi = told.get("threshold", ""), told.get("tooi", [])
    if not isinstance(threshold, str) or threshold not in {"", *Threshold}:
        raise FileError("threshold", **where)
    if not isinstance(tooi, list) or len(tooi) > MOST_ADDRESSES or not all(is_address(one) for one in tooi):
        raise FileError("tooi", **where)
    return Sheet(told["id"], name, description, words.words, threshold, tuple(dict.fromkeys(tooi)))


def _by_language(told: Mapping[str, Any], key: str, where: _Where) -> dict[str, str]:
    """A text in each language; one text alone is for all of them."""
    texts = told.get(key, "")
    texts = dict.fromkeys(LANGUAGES, texts) if isinstance(texts, str) else texts
    if not isinstance(texts, dict) or not set(texts) <= set(LANGUAGES):
        raise FileError("languages", **where, key=key)
    found = {code: texts.get(code, "") for code in LANGUAGES}
    for code, text in found.items():
        if (
            not isinstance(text, str)
            or len(text) > LONGEST[key]
            or re.search(r"[\x00-\x08\x0b-\x1f\x7f]", text)
        ):
            raise FileError("no_text", **where, key=key, code=code, most=LONGEST[key])
    return found


def _terms(told: Mapping[str, Any], kind: str, code: str, where: _Where) -> list[str]:
    by_language = told.get(kind, {})
    if not isinstance(by_language, dict) or not set(by_language) <= set(LANGUAGES):
        raise FileError("no_lists", **where, key=kind)
    terms = by_language.get(code, [])
    if not isinstance(terms, list) or not all(isinstance(term, str) and "\n" not in term for term in terms):
        raise FileError("no_list", **where, key=kind, code=code)
    return terms


def _sentence(fault: Fault) -> str:
    if fault.flaw == Flaw.NO_WORDS:
        return "there is not one word to look for"
    wrong = _WRONG[fault.flaw].format(term=fault.term, count=fault.count, other=fault.other)
    return f"in '{fault.kind}' in '{fault.language}' {wrong}"
