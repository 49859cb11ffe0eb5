# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

from datetime import date, time
from decimal import Decimal

import pytest

from grants.drafts import Draft, as_fields, differing, filled, read_draft
from grants.timetable import Step
from grants.typed import Fault, Wrong
from models.values import Basis, CallStatus, Due

FULL = Draft(
    title="Ronde 1",
    text="Voor gemeenten.\nTwee regio's.",
    programme="Interreg",
    organisation="EUREGIO",
    url="https://x.example/r",
    language="de",
    opens_on=date(2027, 1, 4),
    rolling=True,
    budget=Decimal(250000),
    minimum=Decimal("1000.50"),
    maximum=Decimal(25000),
    stated_status=CallStatus.OPEN,
    deadlines=(Due(date(2027, 5, 16), time(23, 59), "Europe/Berlin", Basis.PROVISIONAL, "stage 1"),),
    steps=(
        Step("Stukken", date(2027, 6, 14)),
        Step("Beraad", date(2027, 7, 13), time(10, 30), place="Gronau"),
    ),
)


def test_a_form_gives_back_the_draft_it_was_made_from() -> None:
    assert read_draft(as_fields(FULL)) == (FULL, [])
    assert read_draft(as_fields(Draft("Kaal"))) == (Draft("Kaal"), [])


def test_a_draft_is_told_as_a_source_would_tell_it() -> None:
    entry = FULL.entry("r1")
    assert (entry.key, entry.title, entry.deadlines) == ("r1", "Ronde 1", FULL.deadlines)
    assert entry.body == "<p>Voor gemeenten.</p><p>Two regions.</p>".replace(
        "Two regions.", "Twee regio&#x27;s."
    )
    assert entry.untold >= {"identifier", "kind"}
    assert FULL.provisional
    assert not Draft("Kaal").provisional


@pytest.mark.parametrize(
    ("fields", "faults"),
    [
        ({"title": ""}, [Fault("title", Wrong.MISSING)]),
        ({"title": "x" * 100_000}, [Fault("title", Wrong.TOO_LONG, 300, 100_000)]),
        ({"deadline-0-at": "17:00"}, [Fault("deadline-0-on", Wrong.MISSING)]),
        ({"deadline-0-on": "31-2-2027"}, [Fault("deadline-0-on", Wrong.NO_DAY)]),
        ({"step-1-on": "2027-01-01"}, [Fault("step-1-label", Wrong.MISSING)]),
        ({"minimum": "10", "maximum": "5"}, [Fault("maximum", Wrong.BELOW_MINIMUM)]),
        ({"opens": "2027-06-01", "deadline-0-on": "2027-05-01"}, [Fault("opens", Wrong.AFTER_CLOSING)]),
        ({"status": "half"}, [Fault("status", Wrong.NO_CHOICE)]),
    ],
)
def test_every_fault_names_its_field(fields: dict[str, str], faults: list[Fault]) -> None:
    assert read_draft({"title": "Ronde"} | fields) == (None, faults)


def test_a_zone_alone_fills_no_row_and_the_same_step_twice_is_one() -> None:
    fields = {
        "title": "R",
        "deadline-0-zone": "Europe/Berlin",
        "step-0-label": "A",
        "step-0-on": "2027-01-05",
        "step-3-label": "A",
        "step-3-on": "5-1-2027",
    }
    assert (filled(fields, "deadline"), filled(fields, "step")) == ([], [0, 3])
    draft, _ = read_draft(fields)
    assert draft is not None
    assert draft.steps == (Step("A", date(2027, 1, 5)),)


def test_two_versions_are_shown_where_they_differ() -> None:
    mine = as_fields(FULL) | {"title": "Ronde 2", "step-0-on": "2027-06-15"}
    shown = differing(mine, as_fields(FULL))
    assert shown[0] == ("title", "Ronde 2", "Ronde 1")
    assert shown[1][0] == "step"
    assert "2027-06-15" in shown[1][1]
    assert "Beraad 2027-07-13 10:30 Europe/Amsterdam Gronau" in shown[1][2]
