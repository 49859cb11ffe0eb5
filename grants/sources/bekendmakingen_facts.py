# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""What an official announcement says about a subsidy: its sort, its ceilings, what it amends."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from grants.sources.bekendmakingen_windows import SENTENCE
from models.values import CallStatus

OPENING, CEILING, AMENDMENT, SCHEME, REPEAL = "opening", "ceiling", "amendment", "scheme", "repeal"
BY_TITLE = (  # the first that fits; a colleague reads the title the same way
    (REPEAL, r"(?<!onder )(?<!en )(?<!gelijktijdige )\b(?:intrekk|ingetrokken)"),
    (AMENDMENT, r"\bwijzig|\bgewijzigd|\bverleng"),
    (OPENING, r"\bopenstell|\bopengesteld|\baanvraag(?:periode|tijdvak|termijn)"),
    (CEILING, r"plafond"),
    (SCHEME, r"verordening|regeling|nadere regels|beleidsregel|uitvoeringsbesluit"),
)
ENDED = re.compile(
    r"plafond\w* (?:is|zijn|werd) (?:\w+ )?(?:bereikt|uitgeput|overschreden)"
    r"|niet (?:langer|meer) (?:mogelijk|ingediend|worden (?:ingediend|aangevraagd))"
    r"|(?:openstelling|aanvraagperiode|loket) is gesloten",
    re.IGNORECASE,
)
STARTED = re.compile(r"\b(?:is|zijn|wordt|worden) (?:\w+ ){0,3}(?:opengesteld|geopend)", re.IGNORECASE)
IF = re.compile(r"\b(?:indien|wanneer|als|zodra|nadat|totdat|tenzij|mocht)\b", re.IGNORECASE)

NUMBER = (
    r"(?P<number>\d+(?:[.,]\d{1,3})?(?=\s*(?:miljoen|mln|miljard)\b)"
    r"|\d{1,3}(?:\.\d{3})+(?:,\d\d)?|\d+(?:,\d\d)?)(?!\d)"
)
EUROS = re.compile(
    rf"(?:€|\bEUR\b)\s*{NUMBER}(?:\s*(?P<large>miljoen|mln|miljard)\b)?"
    rf"|\b{NUMBER.replace('number', 'before')}(?:\s*(?P<big>miljoen|mln|miljard))?\s+euro\b",
    re.IGNORECASE,
)
LARGE = {"miljoen": 10**6, "mln": 10**6, "miljard": 10**9}
CAPPED = re.compile(r"plafond(?:(?!\.\s|;|€|\bEUR\b|\n).){0,150}$", re.IGNORECASE)
RAISED = re.compile(r"\bvan\s+(?:€|EUR)\s*\S+(?:\s+(?:miljoen|mln))?\s+(?:naar|tot)\s+(?=€|EUR)")

ARTICLE = re.compile(
    r"\bartikel\s+(?P<number>\d[\w.:]*\w|\d)"
    r"(?:,?\s+\(?(?P<heading>(?-i:[A-ZÀ-Ý])[^‘'\"“„:;.,()\n]{2,80}?)\)?(?=\s*(?:$|[‘'\"“„(:])))?",
    re.IGNORECASE,
)
QUOTED = r"[‘'\"“„](?P<{0}>[^‘’'\"“”„\n]{{1,400}})[’'\"”“]"
REPLACED = re.compile(
    QUOTED.format("old") + r"[^‘'\"“„\n]{0,60}?\bvervangen\s+door:?\s*(?:" + QUOTED.format("quoted")
    + r"|(?P<plain>[^‘'\"“„\s:][^\n]{0,400}?)(?=\s*[.;]?\s*(?:\n|$)))"
)  # fmt: skip
REWORDED = re.compile(r"\bkomt\s+(?:als volgt\s+)?te luiden(?:\s+als volgt)?:?\s*(?P<new>[^\s:][^\n]{0,400})")
LAPSED = re.compile(
    r"\b(?:artikel|lid|onderdeel|paragraaf|bijlage|zinsnede)\b[^.\n]{0,80}\bvervalt\.?\s*$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Changed:
    """One change of a scheme: where, what stood there and what stands there now (either may be empty)."""

    article: str
    heading: str
    old: str
    new: str

    @property
    def sentence(self) -> str:
        """What a colleague reads of it, in Dutch as the announcement itself."""
        where = f"artikel {self.article}" if self.article else "de regeling"
        where += f" ({self.heading})" if self.heading else ""
        if self.old and self.new:
            return f"In {where} is ‘{self.old}’ vervangen door ‘{self.new}’."
        if self.new:
            return f"{where[0].upper()}{where[1:]} luidt nu: ‘{self.new.rstrip('.')}’."
        return f"Vervallen: {where}, of een deel ervan."


def kind_of(title: str, text: str, *, changes: bool, window: bool) -> str:
    """The sort of announcement, by its title and else by what its text does; empty when it says neither."""
    said = next((kind for kind, words in BY_TITLE if re.search(words, title, re.IGNORECASE)), "")
    if changes and said in {"", SCHEME}:
        return AMENDMENT
    if said in {"", SCHEME} and window:
        return OPENING
    return said or (CEILING if "subsidieplafond" in text.lower() else "")


def status_of(kind: str, text: str) -> CallStatus | None:
    """Open or closed by the announcement's own word; what a scheme says of "when" and "if" is no news."""
    if kind == REPEAL:
        return CallStatus.CLOSED
    if kind in {AMENDMENT, SCHEME}:
        return None
    plain = [sentence for sentence in SENTENCE.split(text) if not IF.search(sentence)]
    if any(ENDED.search(sentence) for sentence in plain):
        return CallStatus.CLOSED
    opened = kind == OPENING and any(STARTED.search(sentence) for sentence in plain)
    return CallStatus.OPEN if opened else None


def amounts(text: str) -> Iterator[tuple[int, Decimal]]:
    """Every amount in euros, with the place where it begins."""
    for found in EUROS.finditer(text):
        digits, large = found["number"] or found["before"], (found["large"] or found["big"] or "").lower()
        digits = digits.replace(".", "," if large else "").replace(",", ".")
        amount = Decimal(digits) * LARGE.get(large, 1)
        yield found.start(), amount.quantize(Decimal(1)) if amount == int(amount) else amount


def ceilings(text: str) -> list[Decimal]:
    """The amounts that the text itself calls a ceiling, each once; of a raised one what it is raised to."""
    text = RAISED.sub("", text)
    said = [amount for start, amount in amounts(text) if CAPPED.search(text[max(0, start - 170) : start])]
    return list(dict.fromkeys(said))


def amended(text: str) -> list[Changed]:
    """What the text changes in a scheme, line by line; an article's number holds until the next."""
    found: dict[Changed, None] = {}
    article = heading = ""
    lines = text.split("\n")
    for number, line in enumerate(lines):
        named = ARTICLE.search(line)
        if named:
            article, heading = named["number"], (named["heading"] or "").strip()
        for old, new in _changes(line, lines[number + 1] if number + 1 < len(lines) else ""):
            found[Changed(article, heading, old, new)] = None
    return list(found)


def _changes(line: str, following: str) -> Iterator[tuple[str, str]]:
    """Old and new text of each change in a line; the new text may be the line after it."""
    if re.search(r"(?:door|luiden(?: als volgt)?):?\s*$", line):
        line = f"{line.rstrip()} {following}"
    for match in REPLACED.finditer(line):
        yield match["old"].strip(), (match["quoted"] or match["plain"] or "").strip()
    reworded = REWORDED.search(line)
    if reworded:
        yield "", reworded["new"].strip()
    elif LAPSED.search(line):
        yield "", ""


def without(text: str, changes: list[Changed]) -> str:
    """The text as it will hold: what is replaced taken out, so that no old date is read as a new one."""
    olds = "|".join(re.escape(old) for old in dict.fromkeys(one.old for one in changes) if old)
    return re.sub(rf"[‘'\"“„](?:{olds})[’'\"”“]", "", text) if olds else text
