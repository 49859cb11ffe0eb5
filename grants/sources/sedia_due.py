# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The EU portal's dates: each sort of call labels its clock in its own, often wrong, way.

Official deadlines are Brussels wall clock. Topics carry a day (midnight); old rows carry that wall clock
labelled UTC, in 2023 even shifted from there ("19:00+0200" means 17:00). External aid is in real UTC. Of
cascade calls nobody knows: we take the label's wall clock, which is never the later of the two readings.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from models.values import Basis, Due

BRUSSELS = "Europe/Brussels"
TOPIC, EXTERNAL_AID, CASCADE = "1", "2", "8"
MIDNIGHT = time(0, 0)
SECONDS = re.compile(r"(?<=T\d\d:\d\d):\d\d(\.\d+)?")


def due(text: str, *, kind: str) -> Due:
    """One deadline of a call of this type; basis UNKNOWN when the text is no date."""
    moment = _moment(text)
    if moment is None:
        return Due(on=None, zone=BRUSSELS, basis=Basis.UNKNOWN, text=text)
    text = SECONDS.sub("", text)  # EuropeAid's change from day to day
    if moment.time() == MIDNIGHT:
        return Due(on=moment.date(), basis=Basis.STATED if kind == TOPIC else Basis.ASSUMED, text=text)
    if kind == EXTERNAL_AID:
        moment = moment.replace(tzinfo=UTC).astimezone(ZoneInfo(BRUSSELS))
    basis = Basis.STATED if kind == EXTERNAL_AID else Basis.ASSUMED
    at = moment.time().replace(second=0, microsecond=0)
    return Due(on=moment.date(), at=at, basis=basis, text=text)


def day(text: str, *, kind: str) -> date | None:
    """The local date of an opening; None when there is none to read."""
    return due(text, kind=kind).on if text else None


def deadlines(stated: Sequence[str], planned: Sequence[str], *, kind: str, model: str) -> tuple[Due, ...]:
    """All deadlines in order of date, each once, labelled when there are several.

    Args:
        stated: metadata.deadlineDate, with times.
        planned: deadlineDates of the actions, plain days.
        kind: the portal's type of call.
        model: "single-stage", "two-stage" or "multiple cut-off".
    """
    read = [due(text, kind=kind) for text in stated]
    days = {one.on for one in read}
    read += [one for one in (due(text, kind=kind) for text in planned) if one.on not in days]
    return labelled(read, model=model)


def labelled(dues: Iterable[Due], *, model: str) -> tuple[Due, ...]:
    """Deadlines in order of date, each once, labelled by the model when there are several."""
    once = list(dict.fromkeys(dues))
    once.sort(key=lambda one: (one.on or date.max, one.at or MIDNIGHT))
    if len(once) < 2:  # noqa: PLR2004 - the only deadline needs no label
        return tuple(once)
    word = "stage" if model.startswith("two-stage") else "cut-off"
    return tuple(replace(one, stage=f"{word} {number}") for number, one in enumerate(once, 1))


def _moment(text: str) -> datetime | None:
    """The clock reading in UTC, without a zone: what was labelled UTC, also after a shift."""
    try:
        moment = datetime.fromisoformat(text.strip())
        return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment
    except (ValueError, OverflowError):
        return None
