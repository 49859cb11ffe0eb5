# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""A scheme's own page at RVO: its label (open, closed), its text, and a closing date behind a label."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

from lxml.etree import strip_elements, tostring

from grants.sources import dates
from grants.sources.clean import clean_html, plain_text
from grants.sources.reading import Response
from grants.sources.web_page import page_of
from models.values import Basis, CallStatus, Due

LABELS = (
    ("tijdelijk gesloten voor aanvragen", CallStatus.CLOSED),
    ("gesloten voor aanvragen", CallStatus.CLOSED),
    ("bijna open voor aanvragen", CallStatus.FORTHCOMING),
    ("binnenkort open", CallStatus.FORTHCOMING),
    ("open voor aanvragen", CallStatus.OPEN),
)
CLOSES = re.compile(
    r"(?:sluitingsdatum|sluit op|aanvragen tot(?: en met)?)\s*(?P<colon>:?)\s*", re.IGNORECASE
)
DAY = re.compile(
    r"(?:(?:maan|dins|woens|donder|vrij|zater|zon)dag )?\d{1,2} [a-z]+ \d{4}"
    r"(?:,? (?:om )?\d{1,2}[:.]\d{2}(?: uur)?)?\.?",
    re.IGNORECASE,
)
BEFORE = re.compile(r"\btot\s*:?$", re.IGNORECASE)
OUTSIDE = ("nav", "form", "script", "style", "header", "aside", "footer")


@dataclass(frozen=True, slots=True)
class Told:
    """What one page tells."""

    status: CallStatus | None
    body: str  # cleaned HTML
    deadlines: tuple[Due, ...]


def told(answer: Response, zone: str) -> Told:
    """Read one page; raises SourceError when there is none."""
    page = page_of(answer)
    found = page.find(".//main")
    region = page if found is None else found
    strip_elements(region, *OUTSIDE, with_tail=False)
    markup = str(tostring(region, encoding="unicode"))
    lines = plain_text(markup).splitlines()
    return Told(_status(lines), clean_html(markup, answer.url), tuple(dict.fromkeys(_deadlines(lines, zone))))


def _status(lines: Iterable[str]) -> CallStatus | None:
    """The first label on the page: further down may stand those of other schemes."""
    for line in lines:
        words = line.lower().removeprefix("status:").strip()
        for label, status in LABELS:
            if words.startswith(label):
                return status
    return None


def _deadlines(lines: list[str], zone: str) -> Iterator[Due]:
    """Only what stands behind a label at the start of a line, or on the line after it.

    A sentence that holds a date is a person's to read. Other words behind a label are kept, the day unknown.
    """
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        label = CLOSES.match(line)
        if label is None:
            continue
        rest = line[label.end() :]
        if DAY.fullmatch(rest or following):
            yield _due(label[0].strip(), (rest or following).rstrip("."), zone)
        elif label["colon"] and rest:
            yield Due(on=None, zone=zone, basis=Basis.UNKNOWN, text=line)


def _due(label: str, words: str, zone: str) -> Due:
    """The day behind a label; "tot 1 juni" without a time ends the day before, which is our reading of it."""
    due = dates.due(words, zone)
    whole = replace(due, text=f"{label} {words}")
    if due.on is None or due.at or not BEFORE.search(label):
        return whole
    return replace(whole, on=due.on - timedelta(days=1), basis=Basis.ASSUMED)
