# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

from decimal import Decimal

import pytest

from grants.sources.bekendmakingen_facts import (
    Changed,
    amended,
    amounts,
    ceilings,
    kind_of,
    status_of,
    without,
)
from models.values import CallStatus


@pytest.mark.parametrize(
    ("title", "text", "kind"),
    [
        ("Openstelling Subsidieregeling sport 2026", "", "opening"),
        ("Aanvraagperiode cultuur", "", "opening"),
        ("Provincie Overijssel - vaststelling subsidieplafonds 2016", "", "ceiling"),
        ("Wijziging Uitvoeringsbesluit subsidies Overijssel 2022", "", "amendment"),
        ("Algemene subsidieverordening Almelo 2026", "", "scheme"),
        ("Subsidieregeling sport 2026, onder intrekking van die van 2022", "", "scheme"),
        ("Intrekking Subsidieregeling sport 2022", "", "repeal"),
        ("Besluit van 3 maart", "Het subsidieplafond is € 5.", "ceiling"),
        ("Besluit van 3 maart", "Niets.", ""),
    ],
)
def test_the_sort_of_an_announcement_is_in_its_title_or_else_in_its_text(
    title: str, text: str, kind: str
) -> None:
    assert kind_of(title, text, changes=False, window=False) == kind


def test_a_scheme_whose_text_amends_or_opens_is_an_amendment_or_an_opening() -> None:
    assert kind_of("Subsidieregeling sport", "", changes=True, window=True) == "amendment"
    assert kind_of("Subsidieregeling sport", "", changes=False, window=True) == "opening"
    assert kind_of("Vaststelling subsidieplafond", "", changes=False, window=True) == "ceiling"


@pytest.mark.parametrize(
    ("kind", "text", "status"),
    [
        ("repeal", "", CallStatus.CLOSED),
        ("ceiling", "Het subsidieplafond is bereikt.", CallStatus.CLOSED),
        ("opening", "Aanvragen kunnen niet meer worden ingediend.", CallStatus.CLOSED),
        ("opening", "De regeling is vandaag opengesteld.", CallStatus.OPEN),
        ("opening", "Zodra de regeling is opengesteld, volgt bericht.", None),
        ("opening", "Wanneer het subsidieplafond is bereikt, wordt een aanvraag afgewezen.", None),
        ("scheme", "Het subsidieplafond is bereikt.", None),
        ("ceiling", "Het subsidieplafond is vastgesteld.", None),
    ],
)
def test_the_status_is_the_announcements_own_word_and_no_condition(
    kind: str, text: str, status: CallStatus | None
) -> None:
    assert status_of(kind, text) == status


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("€ 1.500.000,-", "1500000"),
        ("€1.500.000,00", "1500000"),
        ("€ 1,5 miljoen", "1500000"),
        ("€ 1.5 mln", "1500000"),
        ("EUR 2500", "2500"),
        ("12.345,67 euro", "12345.67"),
        ("2 miljoen euro", "2000000"),
        ("€ 1 miljard", "1000000000"),
    ],
)
def test_euros_as_dutch_announcements_write_them(text: str, amount: str) -> None:
    assert [said for _, said in amounts(text)] == [Decimal(amount)]


@pytest.mark.parametrize(
    ("text", "caps"),
    [
        ("Het subsidieplafond bedraagt € 750.000. Per aanvraag is € 25.000 mogelijk.", ["750000"]),
        ("Het subsidieplafond voor 2026 wordt verhoogd van € 500.000 naar € 750.000.", ["750000"]),
        ("Subsidieplafond sport € 5.000; subsidieplafond cultuur € 7.000", ["5000", "7000"]),
        ("Het subsidieplafond is € 5.000, dus een plafond van € 5.000.", ["5000"]),
        ("Er is € 750.000 beschikbaar.", []),
    ],
)
def test_a_ceiling_is_an_amount_the_text_calls_one(text: str, caps: list[str]) -> None:
    assert ceilings(text) == [Decimal(one) for one in caps]


@pytest.mark.parametrize(
    ("text", "change", "sentence"),
    [
        (
            "Artikel 2.8.10 Looptijd '2025' wordt vervangen door: 2027",
            Changed("2.8.10", "Looptijd", "2025", "2027"),
            "In artikel 2.8.10 (Looptijd) is ‘2025’ vervangen door ‘2027’.",
        ),
        (
            "Artikel 2.8.10 Looptijd\n‘2025’ wordt vervangen door:\n2027.",
            Changed("2.8.10", "Looptijd", "2025", "2027"),
            "In artikel 2.8.10 (Looptijd) is ‘2025’ vervangen door ‘2027’.",
        ),
        (
            "In artikel 3, eerste lid, wordt “€ 10.000” vervangen door “€ 15.000”.",
            Changed("3", "", "€ 10.000", "€ 15.000"),
            "In artikel 3 is ‘€ 10.000’ vervangen door ‘€ 15.000’.",
        ),
        (
            "Artikel 5 komt te luiden:\nDe subsidie is de helft van de kosten.",
            Changed("5", "", "", "De subsidie is de helft van de kosten."),
            "Artikel 5 luidt nu: ‘De subsidie is de helft van de kosten’.",
        ),
        (
            "Artikel 7, tweede lid, vervalt.",
            Changed("7", "", "", ""),
            "Vervallen: artikel 7, of een deel ervan.",
        ),
        (
            "‘sport’ wordt vervangen door ‘bewegen’",
            Changed("", "", "sport", "bewegen"),
            "In de regeling is ‘sport’ vervangen door ‘bewegen’.",
        ),
    ],
)
def test_an_amendment_says_where_what_stood_there_and_what_stands_there_now(
    text: str, change: Changed, sentence: str
) -> None:
    assert amended(text) == [change]
    assert change.sentence == sentence


def test_a_change_said_twice_is_one_and_the_last_line_may_miss_its_text() -> None:
    text = "Artikel 1\n‘a’ wordt vervangen door ‘b’\n‘a’ wordt vervangen door ‘b’\nArtikel 2 komt te luiden:"
    assert amended(text) == [Changed("1", "", "a", "b")]


@pytest.mark.parametrize("text", ["Deze regeling vervalt.", "Artikel 4 geldt niet.", "vervangen door ‘b’"])
def test_what_changes_nothing_is_no_amendment(text: str) -> None:
    assert amended(text) == []


def test_only_what_is_quoted_to_be_replaced_is_taken_out() -> None:
    text = "‘2025’ wordt vervangen door: 2027. Aanvragen uiterlijk 1 juni 2025."
    assert without(text, amended(text)) == " wordt vervangen door: 2027. Aanvragen uiterlijk 1 juni 2025."
