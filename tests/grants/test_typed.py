# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

from datetime import date, time
from decimal import Decimal

import pytest

from grants.typed import Fault, Typed, Wrong, clock_in, day_in, euros_in


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2027-05-10", date(2027, 5, 10)), ("10-5-2027", date(2027, 5, 10)), ("10.05.2027", date(2027, 5, 10)),
        ("10/5/2027", date(2027, 5, 10)), ("31-2-2027", None), ("10-5-27", None), ("1-1-1999", None), ("morgen", None), ("", None),
    ],
)  # fmt: skip
def test_a_day_is_read_as_the_browser_sends_it_or_as_people_write_it(typed: str, day: date | None) -> None:
    assert day_in(typed) == day


@pytest.mark.parametrize(
    ("typed", "clock"),
    [
        ("23:59", time(23, 59)),
        ("9.30", time(9, 30)),
        ("17:00:00", time(17)),
        ("24:00", None),
        ("noon", None),
        ("", None),
    ],
)
def test_a_time_of_day_is_read_or_is_none(typed: str, clock: time | None) -> None:
    assert clock_in(typed) == clock


@pytest.mark.parametrize(
    ("typed", "euros"),
    [
        ("25.000", Decimal(25000)), ("25000,50", Decimal("25000.50")), ("1.250.000,-", Decimal(1250000)),
        ("25000.5", Decimal("25000.5")), ("2.50.000", None), ("veel", None), ("", None),
    ],
)  # fmt: skip
def test_euros_are_read_as_people_here_write_them(typed: str, euros: Decimal | None) -> None:
    assert euros_in(typed) == euros


def read(**fields: str) -> Typed:
    return Typed({name.replace("_", "-"): value for name, value in fields.items()})


def test_a_line_loses_control_characters_and_is_refused_when_missing_or_too_long() -> None:
    form = read(title=" Een\x00 \n titel ", name="x" * 100_000, gone="")
    assert form.line("title", 50) == "Een titel"
    assert len(form.line("name", 300)) == 100_000
    assert form.line("gone", 5, needed=True) == ""
    assert form.faults == [Fault("name", Wrong.TOO_LONG, 300, 100_000), Fault("gone", Wrong.MISSING)]


def test_a_text_that_is_too_long_is_told_with_its_length() -> None:
    form = read(text="x" * 11)
    assert (form.text("text", 10), form.faults) == ("", [Fault("text", Wrong.TOO_LONG, 10, 11)])
    assert read(text="a\nb").text("text", 10) == "a\nb"


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ("https://x.example/a", []),
        ("", []),
        ("javascript:alert(1)", [Wrong.NO_ADDRESS]),
        ("https://x y", [Wrong.NO_ADDRESS]),
    ],
)
def test_an_address_is_one_of_the_web_or_nothing(typed: str, wrong: list[Wrong]) -> None:
    form = read(url=typed)
    form.address("url", 2000)
    assert [fault.wrong for fault in form.faults] == wrong


def test_a_choice_and_a_zone_must_be_known() -> None:
    form = read(language="nl", status="half", zone="Europe/Berlin", other="Mars/Base")
    assert (form.choice("language", ("nl", "de")), form.choice("status", ("open",))) == ("nl", "")
    assert (form.zone("zone"), form.zone("none"), form.zone("other")) == (
        "Europe/Berlin",
        "Europe/Amsterdam",
        "Mars/Base",
    )
    assert [fault.wrong for fault in form.faults] == [Wrong.NO_CHOICE, Wrong.NO_ZONE]


def test_days_hours_and_amounts_that_are_none_are_faults() -> None:
    form = read(day="x", gone="", hour="25:00", cost="-5", sum="veel", good="€ 25.000", none="")
    assert (form.day("day"), form.day("gone", needed=True), form.day("none")) == (None, None, None)
    assert (form.clock("hour"), form.clock("none")) == (None, None)
    assert (form.amount("cost"), form.amount("sum"), form.amount("good"), form.amount("none")) == (
        None,
        None,
        Decimal(25000),
        None,
    )
    assert [fault.wrong for fault in form.faults] == [
        Wrong.NO_DAY, Wrong.MISSING, Wrong.NO_CLOCK, Wrong.NEGATIVE, Wrong.NO_AMOUNT,
    ]  # fmt: skip
