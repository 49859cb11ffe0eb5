# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""What a letter to the sender's mailbox reports of one of ours: RFC 3464, and how servers spoke before it.

All of it comes from outside and may be forged, broken or made to hurt. What it says of itself is given on as
it is; whether to believe it is for grants/bounces.py.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from email.utils import parseaddr
from enum import StrEnum
from html import unescape
from typing import Final, cast

from grants.errors import PijplijnError
from grants.refusals import code_in, for_good

MOST_PARTS: Final = 40  # a true report has three; Python reads many nested ones in quadratic time
SEAL: Final = "X-Pijplijn-Seal"
SEALED: Final = re.compile(rf"{SEAL}:\s{{0,9}}([0-9a-f]{{32}})\b", re.IGNORECASE)
NUMBER: Final = re.compile(r"\bMessage-ID:\s{0,9}(<[^<>\s]{1,290}>)", re.IGNORECASE)
REPLIED: Final = re.compile(r"<[^<>\s]{1,290}>")
ADDRESS: Final = re.compile(r"(?<![\w.+'-])[\w.+'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){0,8}")
REPLY: Final = re.compile(r"(?<![\d.#])([45])\d\d[ -]")
SENDERS: Final = re.compile(r"(mailer-daemon|postmaster|microsoftexchange[0-9a-f]*)@?", re.IGNORECASE)
COPY: Final = re.compile(
    r"-{2,} ?(below this line is|this is) a copy of|original message (headers|follows)|-{3,} ?original",
    re.IGNORECASE,
)
LATE: Final = re.compile(r"\b(delay|warning|vertrag|verzöger)", re.IGNORECASE)
STRANGE: Final = (RecursionError, LookupError, ValueError, TypeError, AttributeError)


class UnreadableError(PijplijnError):
    """It is no letter that can be read."""


class Became(StrEnum):
    """What a report says became of a letter."""

    FAILED = "failed"
    DELAYED = "delayed"
    DELIVERED = "delivered"


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of it at some addresses, in small letters, and the server's words."""

    addresses: frozenset[str]
    became: Became
    words: str
    gone: bool


@dataclass(frozen=True, slots=True)
class Report:
    """A report: the Message-IDs it may be about, the seal of our letter when it quotes one, and the fates."""

    numbers: tuple[str, ...]
    seal: str
    fates: tuple[Fate, ...]


def report_of(content: bytes) -> Report | None:
    """The report in a letter; None when it is none. Raises UnreadableError."""
    if len(re.findall(rb"boundary|message/", content, re.IGNORECASE)) > MOST_PARTS:
        raise UnreadableError("It has more parts than any report.")
    try:
        letter = message_from_bytes(content)
        parts = list(letter.walk())
        fates = [*_told(parts)] or [*_said(letter, parts)]
        quoted = "\n".join(_texts(parts))
        answered = " ".join(str(letter.get(name, "")) for name in ("In-Reply-To", "References"))
        numbers = (*NUMBER.findall(quoted), *REPLIED.findall(answered))
    except STRANGE as error:
        raise UnreadableError(f"It cannot be read ({type(error).__name__}).") from error
    seal = SEALED.search(quoted)
    return (
        Report(tuple(dict.fromkeys(numbers)), seal[1].lower() if seal else "", tuple(fates))
        if fates
        else None
    )


def _told(parts: list[Message]) -> Iterator[Fate]:
    """Of a message/delivery-status: the fields of each recipient (RFC 3464 §2.3)."""
    for part in parts:
        if part.get_content_type() not in {"message/delivery-status", "message/global-delivery-status"}:
            continue
        fields = part.get_payload()
        for one in cast("list[Message]", fields) if isinstance(fields, list) else []:
            named = (_address(one, "Final-Recipient"), _address(one, "Original-Recipient"))
            if any(named):
                yield _fate(frozenset(filter(None, named)), one)


def _fate(addresses: frozenset[str], one: Message) -> Fate:
    status = code_in(str(one.get("Status", "")))
    words = " ".join(str(one.get("Diagnostic-Code", "")).partition(";")[2].split())
    action = str(one.get("Action", "")).strip().lower()
    classes = {"4": Became.DELAYED, "5": Became.FAILED}
    actions = {"failed": Became.FAILED, "delayed": Became.DELAYED}
    became = actions.get(action, Became.DELIVERED) if action else classes.get(status[:1], Became.DELIVERED)
    exact = code_in(words) or not status or status.endswith(".0.0")  # the server's own words say more
    gone = became == Became.FAILED and for_good(words if exact else f"{status} {words}")
    return Fate(addresses, became, f"{status} {words}".strip(), gone)


def _address(fields: Message, name: str) -> str:
    """The address of `rfc822; <a@b>`."""
    return str(fields.get(name, "")).rpartition(";")[2].strip().strip("<>").lower()


def _said(letter: Message, parts: list[Message]) -> Iterator[Fate]:
    """Of a server that tells it in prose, as qmail, Exim and some of Exchange do; nobody else's prose."""
    author = parseaddr(str(letter.get("From", "")))[1]
    if not (SENDERS.match(author) or "X-Failed-Recipients" in letter):
        return
    prose = COPY.split("\n".join(_texts(parts)), maxsplit=1)[0]
    failed = str(letter.get("X-Failed-Recipients", "")) or prose
    reply = REPLY.search(prose)
    code = code_in(prose)
    digit = code[:1] or (reply[1] if reply else "")
    late = digit == "4" or (not digit and LATE.search(str(letter.get("Subject", ""))))
    words = (
        " ".join(prose[reply.start() :].split())
        if reply and not code
        else f"{code} {' '.join(prose.split())}"
    )
    became = Became.DELAYED if late else Became.FAILED
    addresses = frozenset(one.lower() for one in ADDRESS.findall(failed))
    yield Fate(addresses, became, words, became == Became.FAILED and for_good(words))


def _texts(parts: list[Message]) -> Iterator[str]:
    """What stands in the parts in plain words; of a letter within the letter its headers too."""
    for number, part in enumerate(parts):
        if number and part.get_content_maintype() != "multipart":
            yield "\n".join(f"{name}: {value}" for name, value in part.items())
        if part.is_multipart():
            continue
        content = part.get_payload(decode=True)
        text = _decoded(content if isinstance(content, bytes) else b"", part)
        yield unescape(re.sub(r"<[^<>@]*>", " ", text)) if part.get_content_subtype() == "html" else text


def _decoded(content: bytes, part: Message) -> str:
    try:
        return content.decode(part.get_content_charset("utf-8"), "replace")
    except LookupError:
        return content.decode("latin-1")
