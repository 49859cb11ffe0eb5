# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""A step of the back-planning and a day on which the office is shut, as a form says them, and back."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from grants.applications import MOST_WORKING_DAYS
from grants.rendering import UNFIT
from models.office import PlanStep
from web.deps import LANGUAGES

LONGEST: Final = 120  # characters of a name
FIELDS: Final = (*(f"name_{language}" for language in LANGUAGES), "working_days", "german_too")
DAY: Final = re.compile(r"20\d\d-\d\d-\d\d")


def filled_in(step: PlanStep) -> dict[str, str]:
    """The form of a step as it opens."""
    names = {f"name_{language}": str(step.name[language]) for language in LANGUAGES}
    german = "1" if step.german_too else ""
    return names | {"working_days": str(step.working_days), "german_too": german}


def posted(fields: Mapping[str, str]) -> dict[str, str]:
    """The form as it was sent; a box that is not ticked sends nothing."""
    return {name: _plain(fields.get(name, "")) for name in FIELDS}


def wrong(form: Mapping[str, str]) -> dict[str, str]:
    """What is wrong, by field: "required", "long" or "number"."""
    found = {name: _fault(form[name]) for name in FIELDS if name.startswith("name_")}
    days = form["working_days"]
    if not re.fullmatch(r"[0-9]{1,3}", days) or int(days) > MOST_WORKING_DAYS:
        found["working_days"] = "number"
    return {name: fault for name, fault in found.items() if fault}


def facts(form: Mapping[str, str]) -> dict[str, Any]:
    """What a form without a wrong field says."""
    return {
        "name": {language: form[f"name_{language}"] for language in LANGUAGES},
        "working_days": int(form["working_days"]),
        "german_too": bool(form["german_too"]),
    }


def closure(fields: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str], date | None]:
    """The form of a day as it was sent, what is wrong with it, and the day."""
    form = {"on": _plain(fields.get("on", "")), "name": _plain(fields.get("name", ""))}
    faults = {"name": "long"} if len(form["name"]) > LONGEST else {}
    try:
        on = date.fromisoformat(form["on"]) if DAY.fullmatch(form["on"]) else None
    except ValueError:
        on = None
    return form, faults if on else faults | {"on": "day"}, on


def _fault(name: str) -> str:
    if not name:
        return "required"
    return "long" if len(name) > LONGEST else ""


def _plain(text: str) -> str:
    return " ".join(UNFIT.sub("", text).split())
