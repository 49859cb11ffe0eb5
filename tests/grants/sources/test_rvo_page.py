# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Pages of schemes, shaped after sources.md: the label, the text, and dates that may or may not be deadlines."""

from datetime import date, time

import pytest

from grants.sources.reading import Response
from grants.sources.rvo_page import Told, told
from models.values import Basis, CallStatus, Due


def page(inner: str, *, outer: str = "<main>{}</main>") -> Told:
    body = f"<!DOCTYPE html><html><body><nav>Gesloten voor aanvragen</nav>{outer.format(inner)}</body></html>"
    return told(
        Response("https://rvo.example/x", 200, {"content-type": "text/html"}, body.encode()),
        "Europe/Amsterdam",
    )


@pytest.mark.parametrize(
    ("label", "status"),
    [
        ("Open voor aanvragen", CallStatus.OPEN),
        ("Status: Open voor aanvragen", CallStatus.OPEN),
        ("Binnenkort open", CallStatus.FORTHCOMING),
        ("Binnenkort open voor aanvragen", CallStatus.FORTHCOMING),
        ("Bijna open voor aanvragen", CallStatus.FORTHCOMING),
        ("Tijdelijk gesloten voor aanvragen", CallStatus.CLOSED),
        ("Gesloten voor aanvragen", CallStatus.CLOSED),
        ("Lees of u in aanmerking komt", None),
        ("De regeling is nog niet open voor aanvragen", None),
    ],
)
def test_the_label_of_the_page_is_the_status(label: str, status: CallStatus | None) -> None:
    assert page(f"<h1>Regeling</h1><span class='tag'>\n {label} </span><p>Tekst</p>").status == status


def test_the_first_label_counts_for_other_schemes_stand_below() -> None:
    assert (
        page("<p>Open voor aanvragen</p><ul><li>Gesloten voor aanvragen</li></ul>").status == CallStatus.OPEN
    )


def test_the_text_is_that_of_the_main_region_without_menus_and_forms() -> None:
    assert page(
        "<h2>Voor wie</h2><form>Zoek</form><aside>Zie ook</aside><p>Gemeenten – <a href='/y'>lees</a></p>"
    ).body == (
        '<h2>Voor wie</h2><p>Gemeenten – <a href="https://rvo.example/y" rel="noopener noreferrer nofollow">lees</a></p>'
    )


def test_a_page_without_a_main_region_is_read_whole() -> None:
    assert page("<p>Bijna open voor aanvragen</p>", outer="<div>{}</div>").status == CallStatus.FORTHCOMING


def due(day: date | None, text: str, at: time | None = None, basis: Basis = Basis.STATED) -> tuple[Due, ...]:
    return (Due(day, at, "Europe/Amsterdam", basis, text=text),)


@pytest.mark.parametrize(
    ("markup", "dues"),
    [
        ("<p>Sluitingsdatum: 1 december 2026</p>", due(date(2026, 12, 1), "Sluitingsdatum: 1 december 2026")),
        ("<dl><dt>Sluitingsdatum</dt><dd>dinsdag 1 december 2026.</dd></dl>", due(date(2026, 12, 1), "Sluitingsdatum dinsdag 1 december 2026")),
        ("<p>Sluit op 3 maart 2027, 17:00 uur</p>", due(date(2027, 3, 3), "Sluit op 3 maart 2027, 17:00 uur", time(17), Basis.ASSUMED)),
        ("<p>Aanvragen tot en met 3 maart 2027</p>", due(date(2027, 3, 3), "Aanvragen tot en met 3 maart 2027")),
        ("<p>Aanvragen tot: 1 maart 2027</p>", due(date(2027, 2, 28), "Aanvragen tot: 1 maart 2027", basis=Basis.ASSUMED)),
        ("<p>Aanvragen tot 1 maart 2027 om 12.00 uur</p>", due(date(2027, 3, 1), "Aanvragen tot 1 maart 2027 om 12.00 uur", time(12), Basis.ASSUMED)),
        ("<p>Sluitingsdatum: eind 2026</p>", due(None, "Sluitingsdatum: eind 2026", basis=Basis.UNKNOWN)),
        ("<p>Sluitingsdatum: 1 mei 2026 tot 1 december 2026</p>", due(None, "Sluitingsdatum: 1 mei 2026 tot 1 december 2026", basis=Basis.UNKNOWN)),
        ("<p>Sluitingsdatum: 31 februari 2027</p>", due(None, "Sluitingsdatum: 31 februari 2027", basis=Basis.UNKNOWN)),
    ],
)  # fmt: skip
def test_a_deadline_is_taken_only_from_behind_a_label(markup: str, dues: tuple[Due, ...]) -> None:
    assert page(markup).deadlines == dues


@pytest.mark.parametrize(
    "markup",
    [
        "<p>De regeling bestaat sinds 1 december 2020.</p>",
        "<p>In 2025 kon u aanvragen tot en met 1 mei 2025.</p>",
        "<h2>Sluitingsdatum</h2><p>De sluitingsdatum van 1 mei 2025 is voorbij.</p>",
        "<p>Sluitingsdatum:</p>",
        "<p>Aanvragen tot het budget op is</p>",
    ],
)
def test_no_deadline_is_invented_from_a_sentence(markup: str) -> None:
    assert page(markup).deadlines == ()


def test_rounds_have_a_deadline_each_and_a_repeated_one_counts_once() -> None:
    text = "<p>Sluitingsdatum: 1 december 2026</p><p>Sluitingsdatum: 1 juni 2027</p>"
    assert [one.on for one in page(text + text).deadlines] == [date(2026, 12, 1), date(2027, 6, 1)]
