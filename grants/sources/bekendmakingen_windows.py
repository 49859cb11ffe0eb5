# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""When one may apply, as official Dutch says it: "vanaf 1 mei … uiterlijk op 1 juni".

"Tot en met" and "uiterlijk" include the day, "tot" and "vóór" end the day before. A year that is not said
comes from the other date or from the year of the scheme; without either, the words are kept and no date is.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, time, timedelta

from grants.sources.dates import MONTHS
from models.values import Basis, Due

MONTH = "januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december"
GAP = r"(?:(?!\.\s|[;:]).){0,120}?"  # within one sentence


def _day(mark: str) -> str:
    """A day, named or in figures, perhaps with a year and an hour; `mark` tells its groups apart."""
    return (
        rf"(?:(?:maan|dins|woens|donder|vrij|zater|zon)dag\s+)?"
        rf"(?:(?P<{mark}_day>\d{{1,2}})\s+(?P<{mark}_month>{MONTH})(?:\s+(?P<{mark}_year>20\d\d))?"
        rf"|(?P<{mark}_d>\d{{1,2}})-(?P<{mark}_m>\d{{1,2}})-(?P<{mark}_y>20\d\d))\b"
        rf"(?:,?\s*\(?(?:om\s+)?(?P<{mark}_hour>\d{{1,2}})[.:](?P<{mark}_minute>\d\d)\s*uur\)?)?"
    )


INCLUDED = r"tot en met|t/m|uiterlijk(?!\s+(?:voor|vóór|tot\s+\d))(?:\s+(?:op|tot en met|t/m))?"
UNTIL = rf"(?:(?P<last>{INCLUDED})|(?:uiterlijk\s+)?(?:tot|vóór|voor))"
SPAN = re.compile(
    rf"\b(?:(?:vanaf|van|met ingang van)\s+{_day('a')}{GAP}\b{UNTIL}\s+{_day('b')}"
    rf"|(?P<between>tussen)\s+{_day('c')}\s+en\s+{_day('d')}"
    rf"|{UNTIL.replace('last', 'only')}\s+{_day('e')}"
    rf"|(?:vanaf|met ingang van)\s+{_day('f')})",
    re.IGNORECASE,
)
ASKING = re.compile(
    r"\baanvra(?:ag|gen)\b|\baanvra(?:ag|gen)(?:periode|termijn|tijdvak)|\bindien(?:en|ing|periode|termijn)"
    r"|\bingediend|\bin te dienen|openstel|opengesteld|opengestaan|inschrijf|aanmeld|\btijdvak|\bontvangen",
    re.IGNORECASE,
)
OTHER = re.compile(
    r"looptijd|voorschot|activiteit|project|kosten|boekjaar|uitgevoerd|uitvoering|afgerond|gerealiseerd"
    r"|gestart|begonnen",
    re.IGNORECASE,
)
NEVER = re.compile(  # a sentence about these is never about applying
    r"bezwa|beroep|zienswij|inzage|verantwoord|in werking|vervalt|subsidievaststelling"
    r"|vaststelling van (?:de |een )?subsidie\b|(?:om|tot) vaststelling(?! van (?:het|de) subsidieplafond)",
    re.IGNORECASE,
)
SENTENCE = re.compile(r"(?<=[a-z0-9)]\.)\s+(?=[A-Z])|\n")


@dataclass(frozen=True, slots=True)
class Window:
    """One period to apply in: its first day, its end, or only one of the two."""

    opens: date | None
    due: Due | None
    words: str


@dataclass(frozen=True, slots=True)
class _Point:
    """A day as it is written: the year may be left out, the hour mostly is."""

    day: int
    month: int
    year: int | None
    hour: int | None
    minute: int

    def on(self) -> date | None:
        """The day itself; None without a year, or for 31 June."""
        try:
            return date(self.year or 0, self.month, self.day)
        except ValueError:
            return None

    def at(self) -> time | None:
        """The hour, when it is one: midnight, as 0.00 or 24.00, only says which day is meant."""
        if self.hour is None or self.midnight:
            return None
        try:
            return time(self.hour, self.minute)
        except ValueError:
            return None

    @property
    def midnight(self) -> bool:
        """0.00 uur: where the day begins, so that the day before is the last."""
        return (self.hour, self.minute) == (0, 0)


def windows(text: str, *, zone: str, year: int | None, not_before: date | None, asked: bool) -> list[Window]:
    """The periods to apply in, in the order of the text, each once.

    Args:
        text: plain text, a line a block.
        zone: IANA name for the deadlines.
        year: the year of the scheme, when there is no doubt of it.
        not_before: the day of publication; no deadline with a year of our finding lies before it.
        asked: the whole text is about applying, so that a bare row of a table counts as well.
    """
    found: dict[tuple[date | None, Due | None], Window] = {}
    for sentence in SENTENCE.split(text):
        for match in _about_applying(sentence, asked=asked):
            one = _window(match, zone, year, not_before)
            found.setdefault((one.opens, one.due and replace(one.due, text="")), one)
    return list(found.values())


def _about_applying(sentence: str, *, asked: bool) -> Iterator[re.Match[str]]:
    """The dates of a sentence whose nearest word before says so; else the sentence, else the whole text."""
    if NEVER.search(sentence):
        return
    asks, others = ([match.start() for match in pattern.finditer(sentence)] for pattern in (ASKING, OTHER))
    for match in SPAN.finditer(sentence):
        ask, other = _last(asks, match.start()), _last(others, match.start())
        if ask > other or (ask == other and (asked or asks)):
            yield match


def _last(starts: list[int], before: int) -> int:
    """Found by halving: a text of nothing but dates must not cost minutes."""
    place = bisect_left(starts, before)
    return starts[place - 1] if place else -1


def _window(match: re.Match[str], zone: str, year: int | None, not_before: date | None) -> Window:
    words = " ".join(match[0].split())
    points = [point for mark in "abcdef" if (point := _point(match, mark))]
    end = points[-1] if not match["f_day"] and not match["f_d"] else None
    start = points[0] if end is None or len(points) > 1 else None
    said = all(point.year for point in points)
    start, end = _dated(start, end, year)
    opens, until = (point.on() if point else None for point in (start, end))
    if end is None:
        return Window(opens, None, words)
    late = not said and until and not_before and until < not_before
    if until is None or (start and not opens) or late or (opens and until < opens):
        return Window(None, Due(None, zone=zone, basis=Basis.UNKNOWN, text=words), words)
    included = bool(match["last"] or match["only"] or match["between"])
    due = _due(end, until, sure=said, included=included)
    return Window(opens, replace(due, zone=zone, text=words), words)


def _point(match: re.Match[str], mark: str) -> _Point | None:
    day = match[f"{mark}_day"] or match[f"{mark}_d"]
    if not day:
        return None
    month = match[f"{mark}_month"]
    year, hour = match[f"{mark}_year"] or match[f"{mark}_y"], match[f"{mark}_hour"]
    return _Point(
        int(day), MONTHS[month.lower()] if month else int(match[f"{mark}_m"]), int(year) if year else None,
        int(hour) if hour else None, int(match[f"{mark}_minute"] or 0),
    )  # fmt: skip


def _dated(start: _Point | None, end: _Point | None, year: int | None) -> tuple[_Point | None, _Point | None]:
    """Both with a year, where one can be known: from the other, else from the scheme."""
    if start and end:
        turn = (end.month, end.day) < (start.month, start.day)  # over New Year
        if start.year and not end.year:
            end = replace(end, year=start.year + turn)
        elif end.year and not start.year:
            start = replace(start, year=end.year - turn)
    start = replace(start, year=start.year or year) if start else None
    return start, replace(end, year=end.year or year) if end else None


def _due(end: _Point, until: date, *, sure: bool, included: bool) -> Due:
    """The last day itself; ASSUMED, so that its words are shown, wherever we had to read on."""
    before = end.midnight or (not included and end.hour is None)
    basis = Basis.STATED if sure and not before and end.at() is None else Basis.ASSUMED
    return Due(until - timedelta(days=before), end.at(), basis=basis)


def scheme_year(title: str, published: date | None) -> int | None:
    """The one year a title names, when it is that of publication or the next: a scheme keeps its old name."""
    years = {int(found) for found in re.findall(r"\b20\d\d\b", title)}
    likely = {published.year, published.year + 1} if published else set()
    return years.pop() if len(years) == 1 and years <= likely else None
