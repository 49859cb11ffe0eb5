# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

from datetime import date, time

import pytest

from grants.sources.bekendmakingen_windows import Window, scheme_year, windows
from models.values import Basis, Due

ZONE = "Europe/Amsterdam"


def read(
    text: str, *, year: int | None = None, not_before: date | None = None, asked: bool = False
) -> list[Window]:
    return windows(text, zone=ZONE, year=year, not_before=not_before, asked=asked)


def only(text: str, **facts: int | date | bool) -> tuple[date | None, Due]:
    (found,) = read(text, **facts)  # type: ignore[arg-type]
    assert found.due is not None
    return found.opens, found.due


@pytest.mark.parametrize(
    ("words", "opens", "on", "at", "basis"),
    [
        ("van 1 mei 2026 tot en met 1 juni 2026", date(2026, 5, 1), date(2026, 6, 1), None, Basis.STATED),
        ("vanaf 1 mei 2026 t/m 1 juni 2026", date(2026, 5, 1), date(2026, 6, 1), None, Basis.STATED),
        ("tussen 1 mei 2026 en 1 juni 2026", date(2026, 5, 1), date(2026, 6, 1), None, Basis.STATED),
        ("van 01-05-2026 tot en met 1-6-2026", date(2026, 5, 1), date(2026, 6, 1), None, Basis.STATED),
        ("vanaf maandag 4 mei 2026 en uiterlijk op vrijdag 29 mei 2026", date(2026, 5, 4), date(2026, 5, 29), None, Basis.STATED),
        ("uiterlijk 29 februari 2028", None, date(2028, 2, 29), None, Basis.STATED),
        ("van 1 mei 2026 tot 1 juni 2026", date(2026, 5, 1), date(2026, 5, 31), None, Basis.ASSUMED),
        ("vóór 1 januari 2027", None, date(2026, 12, 31), None, Basis.ASSUMED),
        ("uiterlijk voor 1 juni 2026", None, date(2026, 5, 31), None, Basis.ASSUMED),
        ("van 1 mei 2026, 9.00 uur tot 1 juni 2026, 17.00 uur", date(2026, 5, 1), date(2026, 6, 1), time(17), Basis.ASSUMED),
        ("tot en met 1 juni 2026 (om 23:59 uur)", None, date(2026, 6, 1), time(23, 59), Basis.ASSUMED),
        ("tot 1 juni 2026 0.00 uur", None, date(2026, 5, 31), None, Basis.ASSUMED),
        ("tot 1 juni 2026 24.00 uur", None, date(2026, 6, 1), None, Basis.STATED),
        ("van 1 mei tot en met 1 juni 2026", date(2026, 5, 1), date(2026, 6, 1), None, Basis.ASSUMED),
        ("van 1 mei 2026 tot en met 1 juni", date(2026, 5, 1), date(2026, 6, 1), None, Basis.ASSUMED),
        ("van 1 december tot en met 15 januari 2027", date(2026, 12, 1), date(2027, 1, 15), None, Basis.ASSUMED),
        ("van 1 december 2026 tot en met 15 januari", date(2026, 12, 1), date(2027, 1, 15), None, Basis.ASSUMED),
    ],
)  # fmt: skip
def test_a_window_as_official_dutch_says_it(
    words: str, opens: date | None, on: date, at: time | None, basis: Basis
) -> None:
    text = f"Aanvragen kunnen worden ingediend {words}."
    assert only(text) == (opens, Due(on, at, ZONE, basis, text=words))


def test_the_words_of_prb_2015_8466_get_their_year_from_the_scheme() -> None:
    text = "Aanvragen kunnen vanaf 1 mei worden ingediend en moeten uiterlijk op 1 juni zijn ontvangen."
    opens, due = only(text, year=2016, not_before=date(2015, 12, 18))
    assert (opens, due.on, due.basis) == (date(2016, 5, 1), date(2016, 6, 1), Basis.ASSUMED)
    assert due.text == "vanaf 1 mei worden ingediend en moeten uiterlijk op 1 juni"


@pytest.mark.parametrize(
    ("words", "facts"),
    [
        ("van 1 mei tot en met 1 juni", {}),
        ("uiterlijk 1 juni", {}),
        ("uiterlijk 1 juni", {"year": 2026, "not_before": date(2026, 7, 1)}),
        ("van 1 december tot en met 15 januari", {"year": 2026}),
        ("van 1 juni 2026 tot en met 31 juni 2026", {}),
        ("van 31 april 2026 tot en met 1 juni 2026", {}),
        ("van 1 juni 2026 tot en met 1 mei 2026", {}),
    ],
)
def test_a_window_that_is_in_doubt_keeps_its_words_and_no_date(
    words: str, facts: dict[str, int | date]
) -> None:
    opens, due = only(f"Aanvragen kunnen worden ingediend {words}.", **facts)
    assert (opens, due) == (None, Due(None, zone=ZONE, basis=Basis.UNKNOWN, text=words))


def test_an_opening_without_an_end_is_a_window_without_a_deadline() -> None:
    (found,) = read("Met ingang van 3 maart 2026 kunnen aanvragen worden ingediend.")
    assert found == Window(date(2026, 3, 3), None, "Met ingang van 3 maart 2026")


def test_an_opening_without_a_year_says_nothing() -> None:
    (found,) = read("Aanvragen kunnen worden ingediend vanaf 3 maart.")
    assert found == Window(None, None, "vanaf 3 maart")


@pytest.mark.parametrize(
    "text",
    [
        "U kunt tot en met 1 juni 2026 een bezwaarschrift indienen.",
        "De stukken liggen ter inzage van 1 mei 2026 tot en met 1 juni 2026.",
        "Deze regeling treedt in werking met ingang van 1 mei 2026.",
        "De aanvraag om vaststelling wordt uiterlijk 1 april 2028 ingediend.",
        "Aanvragen voor activiteiten die uiterlijk 31 december 2027 zijn afgerond.",
        "De activiteiten worden indien nodig uiterlijk 1 juni 2027 uitgevoerd.",
        "De aanvrager begint uiterlijk op 1 juni 2027.",
        "Van 1 mei 2026 tot en met 1 juni 2026 is het loket verhuisd.",
    ],
)
def test_other_dates_are_no_window(text: str) -> None:
    assert read(text) == []


def test_the_nearest_word_says_what_a_date_is_of() -> None:
    text = "Voor projecten kunnen aanvragen worden ingediend van 1 mei 2026 tot en met 1 juni 2026."
    assert only(text)[1].on == date(2026, 6, 1)


def test_fixing_a_ceiling_is_not_settling_a_grant() -> None:
    text = "Besloten is tot vaststelling van het subsidieplafond voor aanvragen van 1 mei 2026 tot en met 1 juni 2026."
    assert only(text)[1].on == date(2026, 6, 1)


def test_a_bare_row_counts_in_a_text_about_applying() -> None:
    row = "Sport 1 mei 2026 € 5\nvan 1 mei 2026 tot en met 1 juni 2026"
    assert [one.opens for one in read(row, asked=True)] == [date(2026, 5, 1)]
    assert read(row) == []


@pytest.mark.timeout(20)  # it took minutes when each date looked back over all before it
def test_a_text_of_nothing_but_dates_is_read_all_the_same() -> None:
    assert len(read("aanvragen tot 1 mei 2026 en " * 10_000)) == 1


def test_a_window_said_twice_is_one() -> None:
    text = "Aanvragen uiterlijk 1 juni 2026.\nIndienen: uiterlijk op 1 juni 2026. Tweede ronde: aanvragen uiterlijk 1 november 2026."
    assert [one.due and one.due.on for one in read(text)] == [date(2026, 6, 1), date(2026, 11, 1)]


@pytest.mark.parametrize(
    ("title", "published", "year"),
    [
        ("Vaststelling subsidieplafonds 2016", date(2015, 12, 18), 2016),
        ("Openstelling 2026", date(2026, 1, 5), 2026),
        ("Wijziging Uitvoeringsbesluit subsidies Overijssel 2022", date(2025, 11, 20), None),
        ("Subsidies 2026-2027", date(2026, 1, 5), None),
        ("Openstelling", date(2026, 1, 5), None),
        ("Openstelling 2026", None, None),
    ],
)
def test_a_scheme_keeps_its_old_name_so_its_year_must_be_near_publication(
    title: str, published: date | None, year: int | None
) -> None:
    assert scheme_year(title, published) == year
