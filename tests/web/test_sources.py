# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The sources page tells each fault apart and says what to do."""

import httpx
import pytest
from bs4 import BeautifulSoup


def rows(web: httpx.Client) -> dict[str, str]:
    page = BeautifulSoup(web.get("/sources").text, "lxml")
    return {
        row.th.get_text(): " ".join(row.get_text(" ").split())
        for row in page.select("tbody tr")
        if row.th is not None
    }


@pytest.mark.usefixtures("office")
@pytest.mark.parametrize(
    ("source", "said"),
    [
        (
            "EU Funding & Tenders",
            ("in orde", "812 gezien, 4 nieuw, 9 gewijzigd, 0 verdwenen", "Niets te doen."),
        ),
        ("RVO subsidies", ("met waarschuwing", "3 of 64 entries have no readable deadline.")),
        (
            "Interreg Deutschland–Nederland",
            (
                "mislukt",
                "antwoordde niet",
                "Al 3 keer achter elkaar",
                "laatste goede lezing is te lang geleden",
            ),
        ),
        ("Provincie Overijssel", ("mislukt", "Op dit adres staat niets meer", "nog nooit")),
        ("Fonds met sleutel", ("mislukt", "weigerde ons", "sleutel")),
        ("Staatscourant", ("wacht op u", "neem het dan over met de knop op haar bladzijde")),
        ("Nationaal Groeifonds", ("te lang niet gelezen", "Kijk of het oogsten nog draait")),
        ("NRW.BANK", ("nog nooit gelezen", "de knop ‘Nu lezen’ op haar bladzijde doet het meteen")),
        (
            "Provincie Gelderland",
            (
                "afwijkend",
                "Sinds maandag 23 november 2026: 37 openstellingen, terwijl het er gewoonlijk 97 zijn.",
                "noem het dan normaal",
            ),
        ),
        ("Oude bron", ("uit", "Een medewerker zette deze bron uit.")),
    ],
)
def test_sources_tells_each_state_apart_and_what_to_do(
    web: httpx.Client, source: str, said: tuple[str, ...]
) -> None:
    row = rows(web)[source]
    assert [sentence for sentence in said if sentence not in row] == []


@pytest.mark.usefixtures("office")
def test_sources_counts_those_that_ask_for_attention(web: httpx.Client) -> None:
    assert "8 van de 10 bronnen vragen aandacht." in web.get("/sources").text


def test_sources_tells_how_to_begin_when_there_are_none(web: httpx.Client) -> None:
    assert "manage.py seed" in web.get("/sources").text


@pytest.mark.usefixtures("office")
def test_sources_lead_to_the_page_of_each(web: httpx.Client) -> None:
    page = BeautifulSoup(web.get("/sources").text, "lxml")
    links = [str(link["href"]) for link in page.select("tbody th a")]
    assert (len(links), {web.get(link).status_code for link in links}) == (10, {200})
