# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Whom a call is for, read from sentences made up for these tests."""

import time

import pytest

from grants.eligibility import Fact, facts_of
from tests.builders import call

SENTENCES = [
    ("Gemeenten en waterschappen kunnen tot 1 mei subsidie aanvragen.", Fact.MUNICIPALITY),
    ("De regeling is bestemd voor samenwerkende provincies en gemeenten.", Fact.MUNICIPALITY),
    ("Het Rijk verstrekt een specifieke uitkering voor de aanpak van hitte.", Fact.MUNICIPALITY),
    ("Antragsberechtigt sind Städte, Gemeinden und Zweckverbände.", Fact.MUNICIPALITY),
    ("Kommunen können den Zuschuss online beantragen.", Fact.MUNICIPALITY),
    ("Kommunale Gebietskörperschaften sind antragsberechtigt.", Fact.MUNICIPALITY),
    ("Eligible applicants are universities, museums and local authorities.", Fact.MUNICIPALITY),
    ("Municipalities with fewer than 50 000 inhabitants may apply.", Fact.MUNICIPALITY),
    ("Regional public bodies are eligible as well.", Fact.MUNICIPALITY),
    ("Proposals must be submitted by a single applicant.", Fact.ONE_APPLICANT),
    ("This is a mono-beneficiary grant.", Fact.ONE_APPLICANT),
    ("Er is plaats voor één aanvrager.", Fact.ONE_APPLICANT),
    ("Zugelassen ist nur ein Antragsteller.", Fact.ONE_APPLICANT),
    ("The grant goes to an identified beneficiary, the network of agencies.", Fact.NAMED),
    ("Awarded without a call for proposals.", Fact.NAMED),
    ("Alleen de met name genoemde ontvangers krijgen geld.", Fact.NAMED),
    ("Die Mittel erhalten namentlich benannte Träger.", Fact.NAMED),
    ("Only for organisations established in third countries.", Fact.THIRD_COUNTRIES),
    ("Uitsluitend voor organisaties in derde landen.", Fact.THIRD_COUNTRIES),
    ("Nur für Einrichtungen außerhalb der EU.", Fact.THIRD_COUNTRIES),
]
TENDERS = [
    "Call for tenders: advice on heat",
    "Openbare aanbesteding van een onderzoek",
    "Auftragsbekanntmachung Beratungsleistungen",
]
SILENT = [
    "Winners will launch a call for tenders of their own.",
    "",
    "Gemeenten kunnen geen subsidie aanvragen.",
    "Kommunen sind nicht antragsberechtigt.",
    "Local authorities are not eligible.",
    "Eligible applicants are not municipalities.",
    "Projects in a municipality near the coast show what can be done.",
    "De aanvraag gaat over wegen. Gemeenten zijn partner.",
    "Partners in third countries are welcome.",
]


def said(text: str, **facts: object) -> list[Fact]:
    return [one.fact for one in facts_of(call(**{"text": text, "title": "", "extra": {}} | facts))]


@pytest.mark.parametrize(("sentence", "fact"), SENTENCES)
def test_a_sentence_says_who_can_apply(sentence: str, fact: Fact) -> None:
    assert said(sentence) == [fact]


@pytest.mark.parametrize("sentence", SILENT)
def test_what_is_not_said_or_denied_is_no_fact(sentence: str) -> None:
    assert said(sentence) == []


@pytest.mark.parametrize(("sentence", "fact"), SENTENCES)
def test_the_evidence_is_the_literal_text_at_its_place(sentence: str, fact: Fact) -> None:
    text = f"Ångström ﬂood. {sentence}"
    (one,) = facts_of(call(text=text, title="", extra={}))
    assert one.words == text[one.start : one.end] != ""


@pytest.mark.parametrize("title", TENDERS)
def test_a_tender_says_so_in_its_title(title: str) -> None:
    (one,) = facts_of(call(text="", title=title, extra={}))
    assert (one.fact, one.field) == (Fact.TENDER, "title")


def test_the_title_comes_before_the_text() -> None:
    (one,) = facts_of(
        call(title="A grant for a single applicant", text="This is a mono-beneficiary grant.", extra={})
    )
    assert (one.field, one.words) == ("title", "single applicant")


@pytest.mark.parametrize(
    "extra",
    [
        {"targetAudience": ["Hospitals and medical centres", " Local public authority "]},
        {"targets": ["Decentrale overheid"]},
        {"beneficiaries": ["Forschungseinrichtung", "Kommune"]},
    ],
)
def test_the_sources_own_field_says_that_a_municipality_can_apply(extra: dict[str, list[str]]) -> None:
    (one,) = facts_of(call(text="Gemeenten kunnen dit aanvragen.", extra=extra))
    assert (one.fact, one.field) == (Fact.MUNICIPALITY, "source")
    assert one.words in [each.strip() for each in next(iter(extra.values()))]


@pytest.mark.parametrize(
    ("countries", "regions", "facts"),
    [
        (["NL", "DE"], ["NL213", "DEA34"], [Fact.NETHERLANDS, Fact.BORDER_REGION]),
        (["NL", "DE"], ["NL2"], [Fact.NETHERLANDS, Fact.BORDER_REGION]),
        (["NL", "BE"], ["NL341"], [Fact.NETHERLANDS]),
        (["ES", "PT"], ["ES111"], [Fact.ELSEWHERE]),
        ([], [], []),
    ],
)
def test_countries_and_regions_say_where(countries: list[str], regions: list[str], facts: list[Fact]) -> None:
    extra = {"callEligibleCountryNuts": countries, "callEligibleRegionNuts": regions}
    assert said("", extra=extra) == facts


@pytest.mark.parametrize("odd", [None, 3, {"a": "gemeente"}, [None, 7, ""], "gemeente"])
def test_a_field_in_another_shape_does_no_harm(odd: object) -> None:
    assert said("", extra={"targets": odd}) == ([Fact.MUNICIPALITY] if odd == "gemeente" else [])


def test_a_long_text_does_not_stall() -> None:
    started = time.perf_counter()
    said("gemeenten kunnen eligible applicants are only " * 40_000)
    assert time.perf_counter() - started < 3
