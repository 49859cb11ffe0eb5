# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""What people type in a search box, as a search of SQLite or PostgreSQL, and where a text has those words.

Words are found whole, the last one also as the beginning of one; "between quotes" and LIFE-2026-CLIMA as they
stand. When nothing is found so, titles are searched for parts of words. Capitals, accents and signs make no
difference, and none is an error.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import (
    CTE,
    ColumnElement,
    Select,
    Subquery,
    column,
    func,
    literal,
    literal_column,
    select,
    table,
    union_all,
)
from sqlalchemy.orm import Session

from models.base import Row
from models.search import SEARCHED, Searched

LONGEST: Final = 200  # letters that are looked at
MOST: Final = 20  # words
BEGINNING: Final = 3  # letters from which a last word that stands alone may be the beginning of one
PARTS: Final = re.compile(r'"([^"]*)"?|[^\s"]+')
WORD: Final = re.compile(r"[^\W_]+")
PRINTED: Final = re.compile("[^\x00-\x1f\ud800-\udfff]")
PLAIN: Final = {
    number: plain[0]
    for number in [*range(0xC0, 0x250), *range(0x1E00, 0x1F00)]
    if len(plain := unicodedata.normalize("NFD", chr(number))) > 1
}
"""Letters with a mark on them, and the letter below it."""
SIMPLE: Final[ColumnElement[Any]] = literal_column(
    "'simple'::regconfig"
)  # no language's endings: texts come in three
EXACT, MARK, TITLE, BEHIND, TEXT = range(5)
"""Where all the words are: from the thing's own mark, letter for letter, down to anywhere at all."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that follow one another, and whether the last may be the beginning of one."""

    words: tuple[str, ...]
    begins: bool = False


def phrases(typed: str) -> tuple[Phrase, ...]:
    """What is searched for; nothing when there is no letter or digit in it."""
    apart = unicodedata.normalize("NFD", typed[:LONGEST])
    bare = "".join(one for one in apart if not unicodedata.combining(one)).lower().replace("ß", "ss")
    found, left = [], MOST
    for part in PARTS.finditer(bare):
        words = tuple(WORD.findall(part[0]))[:left]
        left -= len(words)
        begins = part.end() == len(bare) and part[1] is None
        if words:
            found.append(Phrase(words, begins and (len(words) > 1 or len(words[-1]) >= BEGINNING)))
    return tuple(found)


def found_in(session: Session, row: type[Row], typed: str) -> Subquery | None:
    """The numbers of the rows that hold all that was typed, and their best place (EXACT to TEXT).

    Args:
        session: says which database is asked.
        row: what is searched, one of models.search.SEARCHED.
        typed: as it was typed.

    Returns:
        A subquery with `id` and `place`; None when nothing was typed that can be searched for.
    """
    asked = phrases(typed)
    if not asked:
        return None
    one = next(one for one in SEARCHED if one.row is row)
    places = _fts5(one, asked) if session.get_bind().dialect.name == "sqlite" else _tsvector(one, asked)
    mark = "".join(PRINTED.findall(typed))[:LONGEST].strip()
    own = row.__table__
    exact = select(own.c.id.label("id"), literal(EXACT).label("place")).where(
        own.c[one.mark].in_({mark, mark.upper(), mark.lower()})
    )
    begun = union_all(exact, *places).cte()
    parts = [select(begun.c.id, begun.c.place)]
    if '"' not in typed and all(len(word) >= BEGINNING for phrase in asked for word in phrase.words):
        parts.append(_within_words(one, asked, begun))
    everywhere = union_all(*parts).subquery()
    return (
        select(everywhere.c.id, func.min(everywhere.c.place).label("place"))
        .group_by(everywhere.c.id)
        .subquery("found")
    )


def _within_words(one: Searched, asked: tuple[Phrase, ...], begun: CTE) -> Select[int, int]:
    """Where nothing begins so: what has it within the words of its title, as "rail" in Euregiorail."""
    own = one.row.__table__
    within = (own.c[one.title].icontains(" ".join(phrase.words), autoescape=True) for phrase in asked)
    found = select(own.c.id.label("id"), literal(TEXT).label("place"))
    return found.where(~select(begun.c.id).exists(), *within)


def _fts5(one: Searched, asked: tuple[Phrase, ...]) -> list[Select[int, int]]:
    words, whole = table(one.words, column("rowid"), column(one.words)), " AND ".join(map(_quoted, asked))
    within = {MARK: (one.mark,), TITLE: (one.mark, one.title), BEHIND: one.columns[:-1], TEXT: one.columns}
    return [
        select(words.c.rowid.label("id"), literal(place).label("place")).where(
            words.c[one.words].op("MATCH")(f"{{{' '.join(columns)}}}: ({whole})")
        )
        for place, columns in within.items()
    ]


def _quoted(phrase: Phrase) -> str:
    """For FTS5, which leaves the German ß as it is."""
    told = f'"{" ".join(phrase.words)}"{" *" if phrase.begins else ""}'
    return f"({told} OR {told.replace('ss', 'ß')})" if "ss" in told else told


def _tsvector(one: Searched, asked: tuple[Phrase, ...]) -> list[Select[int, int]]:
    words = table(one.words, column("rowid"), column("head"), column("whole"))
    within = {MARK: ("head", "A"), TITLE: ("head", "AB"), BEHIND: ("head", ""), TEXT: ("whole", "")}
    return [
        select(words.c.rowid.label("id"), literal(place).label("place")).where(
            words.c[vector].op("@@")(func.to_tsquery(SIMPLE, " & ".join(_followed(one, at) for one in asked)))
        )
        for place, (vector, at) in within.items()
    ]


def _followed(phrase: Phrase, weights: str) -> str:
    """For PostgreSQL, which leaves it too; `weights` say which columns count."""
    told = [_either(word, weights) for word in phrase.words[:-1]]
    last = _either(phrase.words[-1], ("*" if phrase.begins else "") + weights)
    return f"({' <-> '.join([*told, last])})"


def _either(word: str, marks: str) -> str:
    marks = f":{marks}" if marks else ""
    return f"({word}{marks} | {word.replace('ss', 'ß')}{marks})" if "ss" in word else word + marks


def spans(text: str, typed: str) -> list[tuple[int, int]]:
    """Where in a text the words stand that were typed."""
    asked = phrases(typed)
    if not asked:
        return []
    return [one.span() for one in _pattern(asked).finditer(text.translate(PLAIN))]


@lru_cache(maxsize=256)
def _pattern(asked: tuple[Phrase, ...]) -> re.Pattern[str]:
    told = (
        r"[\W_]+".join(word.replace("ss", "(?:ss|ß)") for word in one.words)
        + (r"[^\W_]*" if one.begins else "")
        for one in asked
    )
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(told)})(?![^\W_])", re.IGNORECASE)
