# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""A call as a colleague types it: a draft to and from the fields of a form, and every fault by its field.

Fields: title, text, programme, organisation, url, language, opens, rolling, provisional, budget, minimum,
maximum, status; deadline-N-{on,at,zone,stage} and step-N-{label,on,at,zone,place}, N from 0.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from html import escape
from typing import Final

from grants.sources.clean import CONTROL
from grants.sources.reading import Entry
from grants.timetable import Step, steps_of
from grants.typed import Fault, Typed, Wrong
from models.call import Call
from models.values import Basis, CallStatus, Due

LONGEST: Final = {"title": 300, "text": 20_000, "programme": 300, "organisation": 300, "url": 2000}
LONGEST_IN_ROW: Final = {"stage": 60, "label": 200, "place": 200}
MOST: Final = {"deadline": 12, "step": 40}  # rows
PARTS: Final = {"deadline": ("on", "at", "zone", "stage"), "step": ("label", "on", "at", "zone", "place")}
LANGUAGES: Final = ("nl", "de", "en")
AMOUNTS: Final = ("budget", "minimum", "maximum")
UNTOLD: Final = frozenset(
    {"identifier", "kind", "parent", "published_at", "budget_shared_by", "expected_grants"}
)
"""What the form does not ask: it stays as it is."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What a colleague says of a call; text is plain, a line a paragraph."""

    title: str
    text: str = ""
    programme: str = ""
    organisation: str = ""
    url: str = ""
    language: str = "nl"
    opens_on: date | None = None
    rolling: bool = False
    budget: Decimal | None = None
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    stated_status: CallStatus | None = None
    deadlines: tuple[Due, ...] = ()
    steps: tuple[Step, ...] = ()

    @property
    def provisional(self) -> bool:
        """Whether its deadlines are still to be confirmed."""
        return any(one.basis == Basis.PROVISIONAL for one in self.deadlines)

    def entry(self, key: str) -> Entry:
        """The same as a source would tell it."""
        told = {name: getattr(self, name) for name in TOLD}
        return Entry(key=key, body=_body(self.text), untold=UNTOLD, **told)


TOLD: Final = tuple(name for name in Draft.__dataclass_fields__ if name not in {"text", "steps"})


def draft_of(call: Call) -> Draft:
    """A call as its form would show it."""
    told = {name: getattr(call, name) for name in TOLD if name != "deadlines"}
    dues = tuple(one.due for one in call.deadlines)
    return Draft(**told, text=call.text, deadlines=dues, steps=steps_of(call))


def _body(text: str) -> str:
    return "".join(f"<p>{escape(line)}</p>" for line in text.splitlines())


def read_draft(fields: Mapping[str, str]) -> tuple[Draft | None, list[Fault]]:
    """The draft, or what is wrong with each field."""
    form = Typed(fields)
    basis = Basis.PROVISIONAL if fields.get("provisional") else Basis.STATED
    draft = Draft(
        title=form.line("title", LONGEST["title"], needed=True),
        text=_lines(form.text("text", LONGEST["text"])),
        programme=form.line("programme", LONGEST["programme"]),
        organisation=form.line("organisation", LONGEST["organisation"]),
        url=form.address("url", LONGEST["url"]),
        language=form.choice("language", LANGUAGES) or "nl",
        opens_on=form.day("opens"),
        rolling=bool(fields.get("rolling")),
        **{name: form.amount(name) for name in AMOUNTS},
        stated_status=CallStatus(status) if (status := form.choice("status", tuple(CallStatus))) else None,
        deadlines=tuple(due for n in filled(fields, "deadline") if (due := _due(form, n, basis))),
        steps=tuple(dict.fromkeys(step for n in filled(fields, "step") if (step := _step(form, n)))),
    )
    form.faults += _contradictions(draft)
    return (None, form.faults) if form.faults else (draft, [])


def _lines(text: str) -> str:
    lines = (" ".join(line.split()) for line in CONTROL.sub("", text).splitlines())
    return "\n".join(line for line in lines if line)


def _due(form: Typed, row: int, basis: Basis) -> Due | None:
    name = f"deadline-{row}-"
    on, at, zone = form.day(name + "on", needed=True), form.clock(name + "at"), form.zone(name + "zone")
    stage = form.line(name + "stage", LONGEST_IN_ROW["stage"])
    return Due(on, at, zone, basis, stage) if on else None


def _step(form: Typed, row: int) -> Step | None:
    name = f"step-{row}-"
    label = form.line(name + "label", LONGEST_IN_ROW["label"], needed=True)
    on, at, zone = form.day(name + "on", needed=True), form.clock(name + "at"), form.zone(name + "zone")
    place = form.line(name + "place", LONGEST_IN_ROW["place"])
    return Step(label, on, at, zone, place) if on and label else None


def _contradictions(draft: Draft) -> list[Fault]:
    faults = []
    if draft.minimum is not None and draft.maximum is not None and draft.minimum > draft.maximum:
        faults.append(Fault("maximum", Wrong.BELOW_MINIMUM))
    closing = [one.on for one in draft.deadlines if one.on]
    if draft.opens_on and closing and draft.opens_on > max(closing):
        faults.append(Fault("opens", Wrong.AFTER_CLOSING))
    return faults


def filled(fields: Mapping[str, str], kind: str) -> list[int]:
    """The rows of this kind ("deadline", "step") in which something was typed; a zone alone is nothing."""
    parts = [part for part in PARTS[kind] if part != "zone"]
    rows = range(MOST[kind])
    return [n for n in rows if any(fields.get(f"{kind}-{n}-{part}", "").strip() for part in parts)]


def as_fields(draft: Draft) -> dict[str, str]:
    """A draft as the fields of its form."""
    fields = {name: getattr(draft, name) for name in ("title", "text", "programme", "organisation", "url")}
    fields |= {
        "language": draft.language,
        "opens": _said(draft.opens_on),
        "status": draft.stated_status or "",
    }
    fields |= {name: "1" if getattr(draft, name) else "" for name in ("rolling", "provisional")}
    fields |= {name: _euros(getattr(draft, name)) for name in AMOUNTS}
    for kind, rows in (("deadline", draft.deadlines), ("step", draft.steps)):
        for number, row in enumerate(rows):
            for part in PARTS[kind]:
                fields[f"{kind}-{number}-{part}"] = _said(getattr(row, part))
    return fields


def differing(mine: Mapping[str, str], theirs: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """The fields of a form that say different things: name, mine, theirs; rows as one text, a line each."""
    names = [name for name in as_fields(Draft("")) if mine.get(name, "").strip() != theirs.get(name, "")]
    found = [(name, mine.get(name, ""), theirs.get(name, "")) for name in names]
    rows = [(kind, _rows(mine, kind), _rows(theirs, kind)) for kind in PARTS]
    return found + [row for row in rows if row[1] != row[2]]


def _rows(fields: Mapping[str, str], kind: str) -> str:
    said = (
        [fields.get(f"{kind}-{n}-{part}", "").strip() for part in PARTS[kind]] for n in filled(fields, kind)
    )
    return "\n".join(" ".join(filter(None, row)) for row in said)


def _said(value: object) -> str:
    if isinstance(value, time):
        return f"{value:%H:%M}"
    return "" if value is None else str(value)


def _euros(amount: Decimal | None) -> str:
    """As people here write it, so that the form reads it back as the same."""
    if amount is None:
        return ""
    whole = amount == amount.to_integral_value()
    return str(int(amount)) if whole else f"{amount:.2f}".replace(".", ",")
