# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""What a colleague types as a day, an hour, an amount or an address, read as the database takes it."""

import re
from datetime import date, time
from decimal import Decimal
from typing import Final
from urllib.parse import urlsplit

DAY: Final = re.compile(r"20\d\d-\d\d-\d\d")
TIME: Final = re.compile(r"\d\d:\d\d")
# 1.250.000,50 as in Dutch and German; 1,250,000.50 as in English; 1250 or 1250,5 or 1250.50 in haste.
THOUSANDS: Final = re.compile(r"\d{1,3}(?:(?P<sep>[.,])\d{3})(?:(?P=sep)\d{3})*(?:(?!(?P=sep))[.,]\d{1,2})?")
PLAIN: Final = re.compile(r"\d+(?:[.,]\d{1,2})?")
MAIL: Final = re.compile(r"[^@\s<>]{1,64}@[^@\s<>]+\.[a-zA-Z]{2,}")
RICHEST: Final = Decimal(10) ** 12  # euros: more than any budget


def read_day(text: str) -> date:
    """A day of this century. Raises ValueError."""
    if not DAY.fullmatch(text):
        raise ValueError(text)
    return date.fromisoformat(text)


def read_time(text: str) -> time:
    """An hour and a minute. Raises ValueError."""
    if not TIME.fullmatch(text):
        raise ValueError(text)
    return time.fromisoformat(text)


def read_euros(text: str) -> Decimal:
    """An amount, as Dutch, Germans or English write it. Raises ValueError."""
    bare = text.replace("€", "").replace("\xa0", "").replace(" ", "")
    if found := THOUSANDS.fullmatch(bare):
        bare = bare.replace(found["sep"], "")
    if not PLAIN.fullmatch(bare):
        raise ValueError(text)
    amount = Decimal(bare.replace(",", "."))
    if amount >= RICHEST:
        raise ValueError(text)
    return amount


def read_percent(text: str) -> Decimal:
    """A part of a hundred. Raises ValueError."""
    bare = text.replace("%", "").strip()
    if not PLAIN.fullmatch(bare) or len(bare) > 6 or (share := Decimal(bare.replace(",", "."))) > 100:  # noqa: PLR2004 - "100,00", percent
        raise ValueError(text)
    return share


def read_link(text: str) -> str:
    """An address on the web. Raises ValueError."""
    parts = urlsplit(text)  # a ValueError of its own for a broken address
    if parts.scheme not in {"https", "http"} or not parts.hostname or " " in text:
        raise ValueError(text)
    return text


def read_address(text: str) -> str:
    """An e-mail address. Raises ValueError."""
    if not MAIL.fullmatch(text):
        raise ValueError(text)
    return text
