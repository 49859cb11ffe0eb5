# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import StrEnum

import pytest

from grants.applications import Sort
from grants.errors import FaultKind
from grants.scoring.model import Band
from grants.wording import (
    LANGUAGES,
    dates_in_words,
    day,
    deadline_words,
    formed,
    label,
    money,
    number,
    stage_words,
)
from models.application import Role, Stage
from models.call import ChangeKind, Significance
from models.link import LinkReason
from models.match import VerdictReason
from models.message import MessageState
from models.values import Basis, CallStatus, Completeness, Due
from tests.builders import deadline

TODAY = date(2026, 11, 24)
ENUMS: list[type[StrEnum]] = [
    Band, Basis, CallStatus, ChangeKind, Completeness, FaultKind, LinkReason, MessageState, Role, Significance, Stage,
    Sort, VerdictReason,
]  # fmt: skip


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("nl", "dinsdag 1 december 2026"),
        ("de", "Dienstag, 1. Dezember 2026"),
        ("en", "Tuesday, 1 December 2026"),
    ],
)
def test_a_day_is_said_in_full(language: str, words: str) -> None:
    assert day(date(2026, 12, 1), language) == words


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("nl", ["8 dec 2026", "december 2026", "dinsdag"]),
        ("de", ["08.12.2026", "Dezember 2026", "Dienstag"]),
        ("en", ["8 Dec 2026", "December 2026", "Tuesday"]),
    ],
)
def test_a_day_is_said_in_the_form_that_is_asked(language: str, words: list[str]) -> None:
    assert [formed(date(2026, 12, 8), one, language) for one in ("medium", "LLLL y", "EEEE")] == words


def test_a_moment_is_said_by_its_day_in_enschede() -> None:
    assert day(datetime(2026, 11, 30, 23, 30, tzinfo=UTC), "nl") == "dinsdag 1 december 2026"


@pytest.mark.parametrize(
    ("language", "words"),
    [("nl", "€\xa01.250.001"), ("de", "1.250.001\xa0€"), ("en", "€1,250,001")],
)
def test_euros_are_whole(language: str, words: str) -> None:
    assert money(Decimal("1250000.60"), language) == words


@pytest.mark.parametrize(
    ("due", "words"),
    [
        (Due(date(2026, 12, 6), time(17)), "nog 12 dagen, zondag 6 december 2026 17:00 (Brussel)"),
        (Due(date(2026, 11, 25)), "nog 1 dag, woensdag 25 november 2026 (tijd onbekend)"),
        (Due(date(2026, 11, 24), time(9, 5), "Europe/Paris"), "vandaag, dinsdag 24 november 2026 09:05 (Europe/Paris)"),
        (Due(date(2026, 11, 23), zone=""), "verstreken, maandag 23 november 2026"),
        (
            Due(date(2028, 2, 29), time(12), "Europe/Berlin", Basis.ASSUMED, "stage 1"),
            "fase 1: nog 462 dagen, dinsdag 29 februari 2028 12:00 (Berlijn, tijdzone aangenomen)",
        ),
        (Due(None, basis=Basis.UNKNOWN, text="voorjaar 2027"), "datum onleesbaar: voorjaar 2027"),
    ],
)  # fmt: skip
def test_a_deadline_is_said_without_inventing_an_hour(due: Due, words: str) -> None:
    assert deadline_words(due, TODAY, "nl") == words


@pytest.mark.parametrize(
    ("stage", "words"), [("stage 2", "Phase 2"), ("cut-off 1", "Stichtag 1"), ("Einreichung", "Einreichung")]
)
def test_a_stage_is_said_in_the_readers_language_unless_the_source_named_it(stage: str, words: str) -> None:
    assert stage_words(stage, "de") == words


def test_a_row_is_said_like_its_value() -> None:
    assert deadline_words(deadline(), TODAY, "en") == "21 days left, Tuesday, 15 December 2026 (time unknown)"


def test_a_change_is_said_in_words_and_what_is_no_date_is_left() -> None:
    said = dates_in_words("stage 1: 2026-12-08 17:00 Europe/Brussels; 2026-13-45", "nl")
    assert said == "fase 1: dinsdag 8 december 2026 17:00 (Brussel); 2026-13-45"


@pytest.mark.parametrize("words", ENUMS, ids=lambda one: one.__name__)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_of_ours_has_one_for_the_screen(words: type[StrEnum], language: str) -> None:
    labels = [label(word, language) for word in words]
    assert not [one for one in labels if "_" in one]
    assert len(set(labels)) == len(labels)


def test_words_that_share_a_value_are_told_apart() -> None:
    assert (label(Stage.RETURNED, "nl"), label(ChangeKind.RETURNED, "nl")) == (
        "terug voor aanpassing",
        "weer gezien bij de bron",
    )
    assert label("not ours", "de") == "not ours"


def test_a_number_has_no_needless_zeros() -> None:
    shown = [number(Decimal(one), "nl") for one in ("12.50", "100.00", "1234.25")]
    assert shown == ["12,5", "100", "1.234,25"]
    assert number(Decimal("12.50"), "en") == "12.5"
