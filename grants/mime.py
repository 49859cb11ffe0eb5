# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""How a letter is put together: its parts, its headers, and how they go over the wire."""

import re
from datetime import datetime
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime, parseaddr
from secrets import token_hex
from typing import Any

from grants.bounce_reports import SEAL


class Wire(EmailPolicy):
    """How a letter goes over the wire: an address in a header stays in one piece.

    Python folds one longer than a line into encoded words, which no mail program takes for an address.
    """

    def fold_binary(self, name: str, value: Any) -> bytes:
        """One header, as bytes."""
        if name.lower().startswith("list-") and value.isascii():
            return f"{name}: {value}{self.linesep}".encode()
        return bytes(super().fold_binary(name, value))


WIRE = Wire(linesep="\r\n")


def clean_subject(text: str) -> str:
    """One line without control characters: a title from a feed must not become a header."""
    return " ".join(re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]", " ", text).split())[:300]


def bodies(recipient: str, subject: str, text: str, html: str) -> EmailMessage:
    """A letter with its two parts."""
    letter = EmailMessage()
    letter["To"] = recipient
    letter["Subject"] = subject
    letter.set_content(text)
    letter.add_alternative(html, subtype="html")
    return letter


def attach(letter: EmailMessage, calendar: bytes) -> None:
    """Put a date along as a file."""
    told = {"method": "PUBLISH", "charset": "utf-8"}
    letter.add_attachment(calendar, maintype="text", subtype="calendar", filename="deadline.ics", params=told)


def headers(sender: str, number: str, now: datetime, kind: str, public_url: str) -> list[tuple[str, str]]:
    """What tells mail programs and servers what this is, and whose."""
    domain = parseaddr(sender)[1].rpartition("@")[2]
    headers = [
        ("From", sender),
        ("Message-ID", number),
        ("Date", format_datetime(now)),
        ("Auto-Submitted", "auto-generated"),
        ("X-Auto-Response-Suppress", "All"),
        (SEAL, token_hex(16)),  # proves that a report which quotes it is about this letter
        ("List-Id", f"<{kind}.pijplijn.{domain}>"),
    ]
    return [*headers, ("List-Archive", f"<{public_url}>")] if public_url else headers
