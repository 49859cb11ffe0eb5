# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""What changed in a call: a pure comparison of what we know with what a source says now."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from grants.sources.reading import Entry
from models.call import Call, ChangeKind, Significance
from models.values import Basis, CallStatus, Due

FACTS = (
    "identifier",
    "title",
    "url",
    "body",
    "language",
    "organisation",
    "programme",
    "kind",
    "parent",
    "stated_status",
    "opens_on",
    "published_at",
    "rolling",
    "budget",
    "budget_shared_by",
    "minimum",
    "maximum",
    "expected_grants",
)
MONEY = ("budget", "minimum", "maximum", "expected_grants")


@dataclass(frozen=True, slots=True)
class Change:
    """One difference, worded for the history of the call."""

    kind: ChangeKind
    significance: Significance
    before: str = ""
    after: str = ""


def compare(call: Call, entry: Entry, *, today: date) -> list[Change]:
    """Every difference between a known call and the entry of today, most telling first."""
    found = [_moved(call, entry), _status(call, entry, today), *_words(call, entry), _money(call, entry)]
    changes = [one for one in found if one is not None]
    return changes or _rest(call, entry)


def completed(call: Call, entry: Entry) -> Entry:
    """The entry with what it does not tell taken from the call, so that nothing we know is lost."""
    known: dict[str, Any] = {
        name: tuple(one.due for one in call.deadlines) if name == "deadlines" else getattr(call, name)
        for name in entry.untold
    }
    return replace(entry, **known) if known else entry


def same_minute(one: Due, other: Due) -> bool:
    """Whether two deadlines are the same to the minute: seconds in the portal's times jitter."""
    if Basis.UNKNOWN in {one.basis, other.basis}:
        return one.basis == other.basis and one.text == other.text and one.stage == other.stage
    if Basis.PROVISIONAL in {one.basis, other.basis} and one.basis != other.basis:
        return False
    return _minute(one) == _minute(other)


def _minute(due: Due) -> tuple[object, ...]:
    at = due.at.replace(second=0, microsecond=0) if due.at else None
    return due.on, at, due.zone, due.stage


def dues_agree(known: Sequence[Due], said: Sequence[Due]) -> bool:
    """Whether the deadlines in force are those the source states now."""
    return len(known) == len(said) and all(map(same_minute, known, said))


def _moved(call: Call, entry: Entry) -> Change | None:
    before, after = [one.due for one in call.deadlines], list(entry.deadlines)
    if dues_agree(before, after):
        return None
    same_days = [one.on for one in before] == [one.on for one in after] and None not in {d.on for d in after}
    significance = Significance.MINOR if same_days else Significance.MAJOR
    return Change(ChangeKind.DEADLINE_MOVED, significance, _said(before), _said(after))


def _said(dues: list[Due]) -> str:
    return "; ".join(_one(due) for due in dues)


def _one(due: Due) -> str:
    if due.on is None:
        return due.text
    clock = f" {due.at:%H:%M} {due.zone}" if due.at else ""
    sure = " (provisional)" if due.basis == Basis.PROVISIONAL else ""
    return f"{due.stage + ': ' if due.stage else ''}{due.on.isoformat()}{clock}{sure}"


def _status(call: Call, entry: Entry, today: date) -> Change | None:
    """A stated status that turned; dates alone are followed by the row itself, without a change."""
    before, after = call.stated_status, entry.stated_status
    if before == after or before is None or after is None:
        return None
    if after == CallStatus.CLOSED:
        return Change(ChangeKind.CLOSED, Significance.MINOR, before, after)
    if after == CallStatus.OPEN:
        again = before == CallStatus.CLOSED or call.status_on(today) == CallStatus.CLOSED
        kind = ChangeKind.REOPENED if again else ChangeKind.OPENED
        return Change(kind, Significance.MAJOR, before, after)
    return Change(ChangeKind.OTHER, Significance.MINOR, before, after)


def _words(call: Call, entry: Entry) -> list[Change | None]:
    return [
        _word(ChangeKind.IDENTIFIER, call.identifier, entry.identifier),
        _word(ChangeKind.TITLE, call.title, entry.title),
        _word(ChangeKind.TEXT, call.body, entry.body),
    ]


def _word(kind: ChangeKind, before: str, after: str) -> Change | None:
    if before == after:
        return None
    looks_same = _letters(before) == _letters(after)
    significance = Significance.COSMETIC if looks_same else Significance.MINOR
    if kind == ChangeKind.TEXT:
        return Change(kind, significance)  # the payloads hold both texts; the history says that it changed
    return Change(kind, significance, before, after)


def _letters(words: str) -> str:
    """Letters and digits only: white space, mark-up, case and punctuation are looks."""
    return re.sub(r"[\W_]+", "", re.sub(r"<[^>]*>", "", words)).casefold()


def _money(call: Call, entry: Entry) -> Change | None:
    before = [getattr(call, name) for name in MONEY]
    after = [getattr(entry, name) for name in MONEY]
    if before == after:
        return None
    return Change(ChangeKind.BUDGET, Significance.MINOR, _euros(before[0]), _euros(after[0]))


def _euros(amount: object) -> str:
    return "" if amount is None else str(amount)


def _rest(call: Call, entry: Entry) -> list[Change]:
    """A difference only in what people do not act on: an address, a language code, a label."""
    other = [name for name in FACTS if getattr(call, name) != getattr(entry, name)]
    if not other:
        return []
    return [Change(ChangeKind.OTHER, Significance.COSMETIC, "", ", ".join(other))]
