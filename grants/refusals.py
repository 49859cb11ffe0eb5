# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""When a mail server's words say that an address will never take a letter: RFC 3463, and how servers speak.

Only then is an address given up. A policy (5.7), a full mailbox or a letter that is too large pass; and a
sentence we do not know is no ground to stop writing to somebody.
"""

import re
from typing import Final

CODE: Final = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
# Not 5.1.7 and 5.1.8: the sender's. 5.1.10 is Exchange's "recipient not found", 5.2.1 a mailbox shut for good
GONE: Final = frozenset({"5.1.0", "5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"})
# Microsoft 365 calls an address it does not know 5.4.1, Access denied; of anyone else that is a broken route
EDGE: Final = re.compile(r"recipient address rejected", re.IGNORECASE)
PLAIN: Final = re.compile(
    r"(user|recipient|mailbox|address|account)\b[^.]{0,60}\b(unknown|not found|doesn't exist|not exist)"
    r"|\b(unknown|no such|invalid) (local )?(user|recipient|mailbox|address|account)"
    r"|no mailbox (here )?by that name",
    re.IGNORECASE,
)
PERMANENT: Final = re.compile(r"55[013]\b")  # unavailable, elsewhere, no such name (RFC 5321 §4.2.3)


def code_in(words: str) -> str:
    """The first enhanced status code in a mail server's words; empty when there is none."""
    found = CODE.search(words)
    return found[1] if found else ""


def for_good(words: str) -> bool:
    """Whether these words say that the address does not exist; they begin with a reply or a status code."""
    code = code_in(words)
    if code:
        return code in GONE or (code == "5.4.1" and bool(EDGE.search(words)))
    return bool(PERMANENT.match(words) and PLAIN.search(words))
