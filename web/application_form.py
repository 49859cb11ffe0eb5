# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The forms of an application: which fields each has, and what a colleague typed, read as dates and euros."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import time
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

from grants.rendering import UNFIT
from models.application import ContributionKind, Role, Stage
from web.days import read_days, say_days
from web.values import read_address, read_day, read_euros, read_link, read_percent, read_time

Options = Mapping[str, Sequence[tuple[str, str]]]
"""By field: what can be chosen, as its value and its words."""


class Kind(StrEnum):
    """What is typed into a field."""

    LINE = "line"
    LONG = "long"
    DAY = "day"
    TIME = "time"
    EUROS = "euros"
    PERCENT = "percent"
    NUMBER = "number"  # one of the options, kept as a number; nothing is None
    WORD = "word"  # one of the options, kept as it is
    CHECK = "check"
    MANY = "many"  # some of the options: a checkbox each, called "<name>-<value>"
    LINK = "link"
    ADDRESS = "address"
    DAYS = "days"  # "30, 14, 7"; nothing is None
    OUTCOME = "outcome"  # "awarded" or "rejected", kept as whether it was awarded


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form, called as the column it fills."""

    name: str
    kind: Kind = Kind.LINE
    most: int = 200
    required: bool = False


@dataclass(slots=True)
class Filled:
    """A form as filled in.

    Args:
        typed: by field, as shown again; of a MANY the values with a comma between.
        facts: by field, as the database takes it; only fields that are right.
        wrong: by field, what is wrong with it: "required", "long", "day", "euros", …
    """

    typed: dict[str, str] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)
    wrong: dict[str, str] = field(default_factory=dict)


MAIN: Final = (
    Field("title", most=300, required=True),
    Field("summary", Kind.LONG, most=10_000),
    Field("programme"),
    Field("funder"),
    Field("reference"),
    Field("task_id", Kind.NUMBER),
    Field("owner_id", Kind.NUMBER),
    Field("backup_id", Kind.NUMBER),
    Field("team", Kind.MANY),
    Field("themes", Kind.MANY),
    Field("confidential", Kind.CHECK),
    Field("total", Kind.EUROS),
    Field("requested", Kind.EUROS),
    Field("granted", Kind.EUROS),
    Field("reminder_days", Kind.DAYS, most=60),
    Field("submitted_on", Kind.DAY),
    Field("runs_from", Kind.DAY),
    Field("runs_until", Kind.DAY),
)
PARTS: Final[dict[str, tuple[Field, ...]]] = {
    "milestones": (
        Field("title", required=True),
        Field("on", Kind.DAY, required=True),
        Field("at", Kind.TIME),
        Field("kind", Kind.WORD),
    ),
    "obligations": (
        Field("title", required=True),
        Field("on", Kind.DAY, required=True),
        Field("kind", Kind.WORD),
        Field("partner_id", Kind.NUMBER),
        Field("note", Kind.LONG, most=10_000),
    ),
    "partners": (
        Field("role", Kind.WORD),
        Field("share", Kind.PERCENT),
        Field("contact", Kind.ADDRESS, most=254),
    ),
    "contributions": (
        Field("partner_id", Kind.NUMBER),
        Field("party"),
        Field("kind", Kind.WORD),
        Field("amount", Kind.EUROS, required=True),
        Field("certain", Kind.CHECK),
    ),
    "decisions": (
        Field("on", Kind.DAY, required=True),
        Field("awarded", Kind.OUTCOME),
        Field("amount", Kind.EUROS),
        Field("reference"),
        Field("conditions", Kind.LONG, most=10_000),
        Field("url", Kind.LINK, most=2000),
    ),
    "documents": (
        Field("title", most=300, required=True),
        Field("url", Kind.LINK, most=2000, required=True),
        Field("kind", most=40),
    ),
    "checklist": (Field("title", most=300, required=True),),
    "comments": (Field("text", Kind.LONG, most=10_000, required=True),),
}
NEW_PARTNER: Final = (Field("partner_id", Kind.NUMBER), Field("name"), Field("country", Kind.WORD))
WORDS: Final[dict[tuple[str, str], tuple[str, ...]]] = {  # what a WORD may be, by form and field
    ("milestones", "kind"): ("submission", "internal", "meeting", "other"),
    ("obligations", "kind"): ("content", "finance", "audit", "sisa"),
    ("partners", "role"): ("partner", "lead", "associated"),
    ("partners", "country"): ("NL", "DE", "BE", "FR", "LU", "DK", "PL", "SE"),
    ("contributions", "kind"): ("cash", "in_kind"),
    ("decisions", "awarded"): (Stage.AWARDED, Stage.REJECTED),
}
ENUMS: Final[dict[tuple[str, str], type[StrEnum]]] = {
    ("partners", "role"): Role,
    ("contributions", "kind"): ContributionKind,
}


def read(form: Mapping[str, str], fields: Sequence[Field], options: Options) -> Filled:
    """The fields of a form, each right or wrong."""
    filled = Filled()
    for one in fields:
        text = _typed(form, one)
        filled.typed[one.name] = text
        if one.required and not text:
            filled.wrong[one.name] = "required"
        elif len(text) > one.most and one.kind != Kind.MANY:
            filled.wrong[one.name] = "long"
        else:
            try:
                filled.facts[one.name] = _value(text, one, options.get(one.name, ()))
            except ValueError:
                filled.wrong[one.name] = one.kind.value
    return filled


def _typed(form: Mapping[str, str], one: Field) -> str:
    """What stands in the form: without control characters, a line as one line."""
    if one.kind == Kind.MANY:
        start = f"{one.name}-"
        return ",".join(name.removeprefix(start) for name in form if name.startswith(start))
    text = UNFIT.sub("", form.get(one.name, ""))
    return text.strip() if one.kind == Kind.LONG else " ".join(text.split())


def _value(text: str, one: Field, options: Sequence[tuple[str, str]]) -> Any:
    """As the database takes it. Raises ValueError on what the kind of field cannot be."""
    if one.kind in {Kind.NUMBER, Kind.WORD, Kind.MANY}:
        return _chosen(text, one.kind, {value for value, _ in options})
    if one.kind == Kind.OUTCOME:
        return _chosen(text, Kind.WORD, {value for value, _ in options}) == Stage.AWARDED
    if one.kind == Kind.CHECK:
        return bool(text)
    if one.kind in {Kind.LINE, Kind.LONG}:
        return text
    if not text:
        return "" if one.kind in {Kind.LINK, Kind.ADDRESS} else None
    return READERS[one.kind](text)


def _chosen(text: str, kind: Kind, allowed: set[str]) -> Any:
    if kind == Kind.NUMBER and not text:
        return None
    many = text.split(",") if text else []
    if not set(many if kind == Kind.MANY else [text]) <= allowed:
        raise ValueError(text)
    if kind == Kind.MANY:
        return {int(one) for one in many}
    return int(text) if kind == Kind.NUMBER else text


READERS: Final = {
    Kind.DAY: read_day,
    Kind.TIME: read_time,
    Kind.EUROS: read_euros,
    Kind.PERCENT: read_percent,
    Kind.LINK: read_link,
    Kind.ADDRESS: read_address,
    Kind.DAYS: read_days,
}


def written(row: object, fields: Sequence[Field]) -> dict[str, str]:
    """A row as a form shows it."""
    return {one.name: _shown(getattr(row, one.name), one) for one in fields}


def _shown(value: Any, one: Field) -> str:
    if one.kind == Kind.OUTCOME:
        value = Stage.AWARDED if value else Stage.REJECTED
    if value is None or value is False:
        return ""
    if one.kind == Kind.CHECK:
        return "1"
    if one.kind == Kind.MANY:
        return ",".join(str(getattr(each, "colleague_id", each.id)) for each in value)
    if one.kind == Kind.DAYS:
        return say_days(value)
    if isinstance(value, Decimal):
        return f"{value:.2f}".removesuffix(".00").replace(".", ",")
    return f"{value:%H:%M}" if isinstance(value, time) else str(value)
