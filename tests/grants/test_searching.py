# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Searching, on the full text of both databases."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from grants.drafts import Draft
from grants.indexing import index_calls
from grants.keeping import keep_entries
from grants.rounds import add_call
from grants.searching import BEHIND, EXACT, MARK, TEXT, TITLE, found_in, spans
from grants.sources.reading import Entry, Reading
from models.application import Application
from models.base import Row
from models.call import Call, CallChange, ChangeKind, Significance
from models.session import Begin
from models.source import HarvestRun
from models.values import Completeness
from tests import builders

BARE = {"identifier": "", "title": "x", "programme": "", "organisation": "", "text": ""}
Find = Callable[..., dict[int, int]]


@pytest.fixture
def find(begin: Begin) -> Find:
    """What a search finds, by number: where."""

    def find(typed: str, row: type[Row] = Call) -> dict[int, int]:
        index_calls(begin)
        with begin() as session:
            found = found_in(session, row, typed)
            rows = session.execute(select(found.c.id, found.c.place)).all() if found is not None else ()
            return dict(rows)

    return find


def keep(begin: Begin, *facts: dict[str, Any]) -> None:
    """Calls with these words and no others, numbered from 1."""
    with begin() as session:
        session.add(builders.source())
        session.flush()
        for number, said in enumerate(facts):
            session.add(builders.call(key=str(number), **BARE | said))
            session.flush()


def test_the_identifier_comes_before_the_title_and_that_before_all_else(begin: Begin, find: Find) -> None:
    keep(
        begin,
        {"text": "De oproep LIFE-2026-CLIMA staat open."},
        {"programme": "LIFE 2026 CLIMA"},
        {"title": "Nieuws over LIFE-2026-CLIMA"},
        {"identifier": "LIFE-2026-CLIMA-RISK"},
        {"identifier": "LIFE-2026-CLIMA"},
        {"identifier": "CLIMA-2026-LIFE", "title": "LIFE"},
    )
    places = {5: EXACT, 4: MARK, 3: TITLE, 2: BEHIND, 1: TEXT}
    assert find("LIFE-2026-CLIMA") == find(" life-2026-clima ") == places
    assert find("2026-CLI") == places | {5: MARK}
    assert find("clima 2026 life")[6] == MARK
    assert find("life risk") == {4: MARK}


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("förderung städte", {1}),
        ("FORDERUNG STADTE", {1}),
        ("strasse", {1, 2}),
        ("Straße", {1, 2}),
        ("strass", {1, 2}),
        ("fo\u0308rderung", {1}),
        ("energie", {1, 2}),
        ("energie voor", {2}),
        ("energ", {1, 2}),
        ("energ voor", {2}),
        ("en", set()),
        ("ene", {1, 2}),
        ('"voor energie"', {2}),
        ('"energie voor"', set()),
        ('"voor energ"', set()),
        ('"voor energie', {2}),
        ('gemeenten "energie"', {2}),
        ("citizens café", {3}),
        ("city", {3}),
        ("e-health", {3}),
        ("health", {3}),
        ("https://x.example/oproep", {3}),
        ("oproep", {3}),
        ("100%", {3}),
        ("geld niets", set()),
    ],
)
def test_words_are_found_in_three_languages_with_or_without_their_accents(
    begin: Begin, find: Find, typed: str, found: set[int]
) -> None:
    keep(
        begin,
        {"title": "Energie: Förderung für Städte", "text": "Antrag an der Straße", "language": "de"},
        {"title": "Subsidie voor energie", "text": "Geld van gemeenten; strasse", "language": "nl"},
        {
            "text": "A cafe\u0301 for citizens in every city_centre: E-Health & 100% https://x.example/oproep/7"
        },
    )
    assert set(find(typed)) == found


ODD = [
    "", " ", '"', '""', "*", "AND (", "NEAR(", "NOT", "a OR", "title:", "-", "^x", "{a}: b", "\0", "\x01\x1f",
    "\ud800", "' OR 1=1 --", "&|!<->", ":*", "x:A", "\\", "%_", "ß", "🙂", "½ ² Ⅷ", "\u0301\u0301", "1e5 .5 -3",
    "x" * 100_000, "é" * 100_000, '"' * 100_000, "a " * 50_000, "ss" * 90, "İstanbul ﬁ ŉ", "مرحبا 你好",
]  # fmt: skip


@pytest.mark.parametrize("row", [Call, Application])
def test_nothing_that_can_be_typed_is_an_error(begin: Begin, find: Find, row: type[Row]) -> None:
    keep(begin, {"title": "Cities"})
    for typed in ODD:
        assert find(typed, row) == {}
        assert find(f'Cities {typed[:50]}"', row) is not None


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(typed=st.text(max_size=40))
def test_whatever_is_typed_is_searched_and_marked_without_an_error(find: Find, typed: str) -> None:
    assert find(typed) == {}
    assert all(start < stop for start, stop in spans("Städte für 100 Straßen", typed))


def test_every_call_of_a_text_is_found_by_its_own_title(begin: Begin, find: Find) -> None:
    titles = [
        "Crème brûlée",
        "Ærø",
        "Łódź naïve",
        "ΑΘΗΝΑ polis",
        "Ŝanĝo ﬁne",
        "R&D / AT&T",
        "C++ <b>x</b>",
        "v1.2-b",
    ]
    keep(begin, *({"title": title} for title in titles))
    for number, title in enumerate(titles, 1):
        assert number in find(title), title


def test_a_call_is_found_by_what_it_says_since_it_changed(begin: Begin, find: Find) -> None:
    keep(begin, {"title": "Eerst dit"}, {"title": "Blijft"})
    assert find("eerst") == {1: TITLE}
    with begin() as session:
        session.get_one(Call, 1).title = "Daarna dat"
        facts = {"kind": ChangeKind.TITLE, "significance": Significance.MINOR, "at": builders.NOW}
        session.add(CallChange(call_id=1, **facts))
    assert (find("eerst"), find("daarna"), find("blijft")) == ({}, {1: TITLE}, {2: TITLE})
    index_calls(begin)
    assert (find("daarna"), find("blijft")) == ({1: TITLE}, {2: TITLE})


def test_a_part_of_a_word_is_found_in_titles_when_nothing_begins_with_it(begin: Begin, find: Find) -> None:
    keep(begin, {"title": "Energiehubs op terreinen"}, {"title": "Hubs"}, {"title": "Euregiorail 100%"})
    assert find("hubs") == {2: TITLE}
    assert find("iorail") == {3: TEXT}
    assert find("rail 100%") == {3: TEXT}
    assert find("iorail hubs") == {}


def test_a_call_that_a_colleague_types_is_found_at_once(begin: Begin) -> None:
    with begin() as session:
        session.add(builders.source(slug="dnl", kind="rounds"))
        session.flush()
        add_call(session, "dnl", "a" * 16, Draft("Zesde ronde"), now=builders.NOW, actor="noor")
        found = found_in(session, Call, "zesde")
        assert found is not None
        assert len(session.execute(select(found)).all()) == 1


def test_a_reading_brings_its_words_and_a_changed_one_brings_them_anew(begin: Begin, find: Find) -> None:
    keep(begin)

    def read(title: str) -> None:
        entry = Entry(
            key="k", identifier="RVO-1", title=title, url="https://x.example/1", body=f"<p>{title}</p>"
        )
        with begin() as session:
            run = HarvestRun(
                source_id=1, started_at=builders.NOW, finished_at=builders.NOW, outcome="complete"
            )
            session.add(run)
            session.flush()
            keep_entries(session, run, Reading(Completeness.COMPLETE, (entry,)))

    read("Warmtenetten")
    read("Warmtenetten")
    assert find("warmtenetten") == {1: TITLE}
    read("Zonnedaken")
    assert (find("warmtenetten"), find("zonnedaken"), find("rvo-1")) == ({}, {1: TITLE}, {1: EXACT})


def test_a_title_of_a_million_letters_is_kept_and_searched(begin: Begin, find: Find) -> None:
    keep(
        begin, {"title": "begin " + "woord" * 20 + " ä" * 500_000, "text": " ".join(map(str, range(200_000)))}
    )
    assert find("begin") == {1: TITLE}
    assert find("4711") == {1: TEXT}


def test_an_application_is_found_by_reference_title_programme_funder_and_summary(
    begin: Begin, find: Find
) -> None:
    with begin() as session:
        session.add(builders.office())
        session.flush()
        session.add(
            builders.application(
                title="Leerlijn", reference="INT-2026/17", programme="Interreg", funder="Provincie Overijssel",
                summary="Doorlopende leerlijn over de grens",
            )
        )  # fmt: skip
    typed = ["int-2026/17", "2026/17", "leerl", "overijssel interreg", "de grens"]
    assert [find(one, Application) for one in typed] == [
        {1: EXACT},
        {1: MARK},
        {1: TITLE},
        {1: BEHIND},
        {1: TEXT},
    ]


@pytest.mark.parametrize(
    ("typed", "marked"),
    [
        ("stadte", ["Städte"]),
        ("STRASSE", ["Straße"]),
        ("str", ["Straße"]),
        ("life-2026", ["LIFE 2026"]),
        ('"fur Stadte" life', ["für Städte", "LIFE"]),
        ("tadte", []),
        ("*", []),
    ],
)
def test_spans_say_where_the_words_stand(typed: str, marked: list[str]) -> None:
    told = "Förderung für Städte an der Straße: LIFE 2026"
    assert [told[start:stop] for start, stop in spans(told, typed)] == marked
