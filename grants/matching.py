# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Match calls to an office's themes, and keep the words that say why.

Only what is new is matched again: a match remembers the version of the text and of the theme, and the edition
of coefficients and encoder. A batch is read, then thought about with no transaction open, then kept: whatever
changed meanwhile is still of an older version, and comes again.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session

from grants.lessons import FEWEST, Taught, learn_all, taught
from grants.marking import mark_all
from grants.rows import add_rows
from grants.scoring.engine import Engine, edition, engine, read, resemblances, resembling
from grants.scoring.model import Band
from grants.scoring.score import ThemeScore
from grants.scoring.semantic import Encoder, Vector, passage
from grants.scoring.thresholds import LINES
from grants.scoring.words import Words, as_words
from grants.vectors import KeptVectors, forget_others
from models.call import Call
from models.match import Match
from models.session import Begin
from models.theme import Theme

BATCH = 500

Asked = Row[int, str, str, str, int]
"""A call: id, title, text, language and text_version."""
Known = Mapping[tuple[int, int], Row[Any]]
"""What there is of matches, by call and theme."""

_TOLD: Final = (
    "call_id", "theme_id", "score", "band", "unlearned", "reasons", "sentence", "text_version",
    "theme_version", "first_matched_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Office:
    """The enabled themes of one office, and the engine that reads a text for them."""

    themes: tuple[Theme, ...]
    engine: Engine
    taught: Taught


@dataclass(frozen=True, slots=True)
class _Batch:
    """Calls that wait, as they are at this moment, with the matches they have by call and theme."""

    themes: tuple[Theme, ...]
    calls: Sequence[Asked]
    known: Known


class _Offices:
    """Made ready once, and again when a theme changed."""

    def __init__(self, begin: Begin, encoder: Encoder | None) -> None:
        self._begin, self._encoder = begin, encoder
        self._ready: dict[tuple[tuple[int, int], ...], _Office] = {}

    def of(self, themes: Iterable[Theme]) -> list[_Office]:
        offices: dict[int, list[Theme]] = {}
        for theme in themes:
            offices.setdefault(theme.office_id, []).append(theme)
        keys = {tuple((one.id, one.version) for one in listed): listed for listed in offices.values()}
        self._ready = {key: self._ready.get(key) or self._made(tuple(listed)) for key, listed in keys.items()}
        return list(self._ready.values())

    def _made(self, themes: tuple[Theme, ...]) -> _Office:
        ready = engine(words(themes), self._encoder)
        with self._begin() as session:
            return _Office(themes, ready, taught(session, themes, encoder=self._encoder))


def match_all(
    begin: Begin, *, now: datetime, encoder: Encoder | None = None, told: Callable[[int], object] = bool
) -> int:
    """Match everything that waits, a batch a transaction; returns how many calls were matched.

    Args:
        begin: opens a transaction; none is open while texts are encoded and read.
        now: the moment.
        encoder: makes meaning count; opened for texts that were never encoded.
        told: hears how many each batch had.
    """
    mark_all(begin)
    kept = KeptVectors(begin, encoder, now=now) if encoder else None
    marked = edition(encoder.name if encoder else "")
    offices, total, after = _Offices(begin, kept), 0, 0
    while True:
        with begin() as session:
            batch = _waiting(session, marked, after)
        if not batch.calls:
            if not after:
                break
            after = 0  # from the start again, for what changed meanwhile
            continue
        vectors = _vectors(batch.calls, kept)
        rows = [
            row
            for office in offices.of(batch.themes)
            for row in _matched(office, _wanting(batch, office, marked), batch.known, vectors, encoder, now)
        ]
        with begin() as session:
            same = {"edition": marked, "matched_at": now}
            add_rows(session, Match, _TOLD, rows, same=same, known_by=("call_id", "theme_id"))
        after = batch.calls[-1].id
        total += len(batch.calls)
        told(len(batch.calls))
    if kept and kept.fresh:
        with begin() as session:
            forget_others(session, encoder=kept.name)
    return total


def match_and_learn(
    begin: Begin, *, now: datetime, encoder: Encoder | None = None, after: int = FEWEST
) -> None:
    """Match what waits, learn of verdicts where `after` of them are new, match again what that changes."""
    match_all(begin, now=now, encoder=encoder)
    if learn_all(begin, now=now, encoder=encoder, after=after):
        match_all(begin, now=now, encoder=encoder)


def words(themes: Iterable[Theme]) -> list[Words]:
    """The vocabularies of these themes, as the engine reads them."""
    return [as_words(one.slug, one.words, name=one.name, description=one.description) for one in themes]


def scores(
    office: _Office, calls: Sequence[Asked], vectors: Mapping[int, Vector]
) -> Iterator[list[ThemeScore]]:
    """By call, the score of each theme of an office in its order; what an office taught counts from here."""
    for call in calls:
        ready, vector = office.engine, vectors.get(call.id)
        language, told = read(ready, title=call.title, text=call.text, declared=call.language, vector=vector)
        yield office.taught.moved(
            office.themes, call, told, language=language, lexicon=ready.lexicon, vector=vector
        )


def _waiting(session: Session, marked: str, after: int) -> _Batch:
    themes = tuple(session.scalars(select(Theme).where(Theme.enabled).order_by(Theme.id)))
    waiting = _unmatched(marked).where(Call.id > after).order_by(Call.id).limit(BATCH)
    calls = session.execute(waiting).all() if themes else []
    found = session.execute(
        select(
            Match.call_id, Match.theme_id, Match.score, Match.sentence, Match.text_version,
            Match.theme_version, Match.edition, Match.first_matched_at,
        ).where(Match.call_id.in_([call.id for call in calls]))
    )  # fmt: skip
    return _Batch(themes, calls, {(row.call_id, row.theme_id): row for row in found})


def _unmatched(marked: str) -> Select[int, str, str, str, int]:
    """Calls for which some enabled theme has no match of this text, these words and this edition."""
    current = (
        select(Match.id)
        .where(Match.call_id == Call.id, Match.theme_id == Theme.id, Match.edition == marked)
        .where(Match.text_version == Call.text_version, Match.theme_version == Theme.version)
        .correlate(Call, Theme)
        .exists()
    )
    wanting = select(Theme.id).where(Theme.enabled, ~current).correlate(Call).exists()
    return select(Call.id, Call.title, Call.text, Call.language, Call.text_version).where(wanting)


def _wanting(batch: _Batch, office: _Office, marked: str) -> list[Asked]:
    """The calls that wait for this office; its themes share a call among them, so all are matched or none."""
    return [
        call
        for call in batch.calls
        for rows in [[batch.known.get((call.id, theme.id)) for theme in office.themes]]
        if any(
            row is None
            or (row.edition, row.text_version, row.theme_version)
            != (marked, call.text_version, theme.version)
            for row, theme in zip(rows, office.themes, strict=True)
        )
    ]


def _vectors(calls: Sequence[Asked], kept: Encoder | None) -> dict[int, Vector]:
    """By call, looked up once for all offices; none without an encoder."""
    if kept is None:
        return {}
    told = kept.encode([passage(call.title, call.text) for call in calls])
    return {call.id: vector for call, vector in zip(calls, told, strict=True)}


def _matched(  # noqa: PLR0913, PLR0917 - who looks, at what, with what
    office: _Office,
    calls: Sequence[Asked],
    known: Known,
    vectors: Mapping[int, Vector],
    encoder: Encoder | None,
    now: datetime,
) -> Iterator[tuple[Any, ...]]:
    """A row for each theme of an office and each of these calls."""
    for call, told in zip(calls, scores(office, calls, vectors), strict=True):
        rows = [known.get((call.id, theme.id)) for theme in office.themes]
        nearest = _sentences(office, call, told, rows, encoder)
        for theme, score, row in zip(office.themes, told, rows, strict=True):
            yield (
                call.id, theme.id, *_said(score), nearest.get(theme.slug), call.text_version, theme.version,
                _since(row, theme, now),
            )  # fmt: skip


def _said(score: ThemeScore) -> tuple[Decimal, str, Decimal | None, list[dict[str, Any]]]:
    """A theme that says nothing is kept too, as a match of nothing: it need not be asked again."""
    if not score.reasons and score.band == Band.NONE and score.unlearned is None:
        return Decimal(0), Band.NONE, None, []
    reasons = [*map(asdict, score.reasons), *map(asdict, score.judged)]
    return score.score, score.band, score.unlearned, reasons


def _since(known: Row[Any] | None, theme: Theme, now: datetime) -> datetime:
    """When it was first shown; until it is, when it was last matched."""
    return now if known is None or known.score < LINES[theme.threshold] else known.first_matched_at


def _sentences(
    office: _Office,
    call: Asked,
    told: Sequence[ThemeScore],
    known: Sequence[Row[Any] | None],
    encoder: Encoder | None,
) -> dict[str, dict[str, Any]]:
    """By theme, the sentence that resembles its description; one found before is not sought again."""
    if office.engine.about is None or encoder is None:
        return {}
    wanted = resembling(told)
    marks = dict(zip(office.engine.about.slugs, office.engine.about.marks, strict=True))
    found = {
        theme.slug: row.sentence
        for theme, row in zip(office.themes, known, strict=True)
        if theme.slug in wanted
        and row is not None
        and row.sentence
        and (row.text_version, row.sentence["mark"]) == (call.text_version, marks[theme.slug])
    }
    fresh = resemblances(
        office.engine, [slug for slug in wanted if slug not in found],
        title=call.title, text=call.text, encoder=encoder,
    )  # fmt: skip
    return found | {slug: asdict(one) for slug, one in fresh.items()}
