# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Words that a theme may lack, for a person to approve or refuse; one that was refused never comes back.

Some are those that a shipped theme on the same subject has in each language. Others stand out in the calls
that belong to the theme, by a count over calls in their language. Nothing is looked up elsewhere.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from math import log
from typing import Any, Final

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from grants.auditing import note
from grants.queries.criteria import above_the_line, latest_verdicts
from grants.scoring.lexicon import compile_lexicon, hits
from grants.scoring.model import Band
from grants.scoring.text import LANGUAGES, fold, stem, supported, tokens
from grants.scoring.words import as_words
from grants.themes.deeds import change, seen
from grants.themes.vocabulary import KINDS, every_list, read_words
from models.call import Call
from models.colleague import Colleague
from models.match import Match, Verdict
from models.theme import Theme

MOST_REFUSED: Final = 1000  # words in each language
SHOWN: Final = 12  # of each sort in each language
ENOUGH: Final = 5  # calls of the theme in a language, before a word can stand out in them
BELONGING, OTHERS = 200, 1000  # calls that are counted
_LEAST_LETTERS: Final = 4
_READ: Final = 4000  # characters of a text
_AKIN: Final = 3  # words that a shipped theme shares, to be on the same subject
_TIMES: Final = 3  # as often in the theme's calls as in all

Lists = Mapping[str, Mapping[str, Sequence[str]]]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A word that a theme may lack.

    Args:
        kind: the list it would come into.
        language: its language.
        term: as it would be written.
        calls: in how many calls of the theme it stands; 0 when a shipped theme has it.
    """

    kind: str
    language: str
    term: str
    calls: int = 0


def suggestions(session: Session, theme: Theme, shipped: Mapping[str, Lists]) -> list[Suggestion]:
    """What the theme may lack; `shipped` are the lists of the shipped themes by slug."""
    lexicon = compile_lexicon([as_words(theme.slug, theme.words)])
    taken = {code: {fold(one) for one in theme.refused.get(code, ())} for code in LANGUAGES}
    for lists in theme.words.values():
        for code, terms in lists.items():
            taken[code] |= {fold(one) for one in terms}

    def fresh(one: Suggestion) -> bool:
        """Neither refused, nor there in any list, nor found by another word."""
        refused = fold(one.term) in taken[one.language]
        return not refused and not hits(lexicon, one.term.replace("*", ""), one.language)

    return [*_of_shipped(theme, shipped, fresh), *_standing_out(session, theme, fresh)]


def approve(session: Session, me: Colleague, theme: Theme, one: Suggestion, *, now: datetime) -> bool:
    """Put a word in the theme's list, and every call is matched again; False when it cannot be there."""
    lists = every_list(theme.words)
    if one.kind not in KINDS[:2] or one.language not in LANGUAGES:
        return False
    lists[one.kind][one.language].append(one.term)
    typed = read_words(
        {(kind, code): "\n".join(terms) for kind, each in lists.items() for code, terms in each.items()}
    )
    if typed.faults:
        return False
    change(session, me, theme, {"words": typed.words}, seen_as=seen(theme), now=now)
    return True


def refuse(session: Session, me: Colleague, theme: Theme, one: Suggestion, *, now: datetime) -> bool:
    """Have a word never suggested again; False for what is no word."""
    refused = [*theme.refused.get(one.language, ())]
    typed = read_words({("terms", one.language): one.term}) if one.language in LANGUAGES else None
    if typed is None or typed.faults or len(refused) >= MOST_REFUSED:
        return False
    if one.term not in refused:
        theme.refused = {**theme.refused, one.language: [*refused, one.term]}
        note(
            session, at=now, actor=me.email, action="refused", subject=theme.__tablename__,
            subject_id=theme.id, office_id=me.office_id, facts={"word": one.term, "language": one.language},
        )  # fmt: skip
    return True


def _of_shipped(
    theme: Theme, shipped: Mapping[str, Lists], fresh: Callable[[Suggestion], bool]
) -> Iterator[Suggestion]:
    """The core words of the shipped theme that is this one, or of the one that shares the most words."""
    mine = _core(theme.words)
    shared = {slug: len(mine & _core(lists)) for slug, lists in shipped.items()}
    akin = theme.slug if theme.slug in shipped else max(shared, key=shared.__getitem__, default="")
    if akin == theme.slug or shared.get(akin, 0) >= _AKIN:
        for code, terms in shipped.get(akin, {}).get("core", {}).items():
            found = (Suggestion("core", code, one) for one in terms)
            yield from islice(filter(fresh, found), SHOWN)


def _core(lists: Mapping[str, Any]) -> set[tuple[str, str]]:
    core = lists.get("core", {})
    return {(code, fold(term)) for code, terms in core.items() for term in terms}


def _standing_out(
    session: Session, theme: Theme, fresh: Callable[[Suggestion], bool]
) -> Iterator[Suggestion]:
    """Words that the theme's calls have far more often than others in their language."""
    belonging, others = _texts(session, theme)
    for code in LANGUAGES:
        mine, rest = _counted(belonging[code], code), _counted(others[code], code)
        many, all_calls = len(belonging[code]), len(others[code])
        if many < ENOUGH or not all_calls:
            continue
        weight = {
            one: _surprise(count, many, rest[one], all_calls)
            for one, count in mine.items()
            if count >= ENOUGH and count / many >= _TIMES * rest[one] / all_calls
        }
        forms = _forms(belonging[code], code)
        ranked = sorted(weight, key=lambda one: (-weight[one], one))
        found = (Suggestion("terms", code, forms[one], mine[one]) for one in ranked)
        yield from islice(filter(fresh, found), SHOWN)


def _texts(session: Session, theme: Theme) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """By language: the latest texts of the theme, and the latest of all others."""
    mine = select(Theme).where(Theme.id == theme.id)
    judging = Verdict.id.in_(latest_verdicts(theme.office_id))
    judged = select(Verdict.call_id).where(judging, Verdict.relevant)
    certain = or_(Match.band == Band.STRONG, Match.call_id.in_(judged))
    belongs = select(Match.call_id).where(above_the_line(mine), certain)
    asked = select(Call.title, Call.text, Call.language).order_by(Call.id.desc())
    return (
        _by_language(session.execute(asked.where(Call.id.in_(belongs)).limit(BELONGING))),
        _by_language(session.execute(asked.where(Call.id.not_in(belongs)).limit(OTHERS))),
    )


def _by_language(rows: Iterable[Any]) -> dict[str, list[str]]:
    texts: dict[str, list[str]] = {code: [] for code in LANGUAGES}
    for row in rows:
        texts[supported(row.language)].append(f"{row.title}\n{row.text[:_READ]}")
    return texts


def _counted(texts: Iterable[str], code: str) -> Counter[str]:
    """By stem: in how many of the texts it stands."""
    return Counter(one for text in texts for one in {stem(fold(word), code) for word in _words(text)})


def _forms(texts: Iterable[str], code: str) -> dict[str, str]:
    """By stem: the form that is there most."""
    forms = Counter(fold(word) for text in texts for word in _words(text))
    return {stem(form, code): form for form, _ in sorted(forms.items(), key=lambda pair: pair[1])}


def _words(text: str) -> Iterator[str]:
    return (one[0] for one in tokens(text) if len(one[0]) >= _LEAST_LETTERS and one[0].isalpha())


def _surprise(count: int, many: int, others: int, all_calls: int) -> float:
    """How much it says that so many of the theme's calls have it, by likelihood."""
    usual = (count + others) / (many + all_calls)
    told = count * log(count / (many * usual))
    return told + (others * log(others / (all_calls * usual)) if others else 0.0)
