# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The send journal: which letters a mail server took, in a file that no restored backup turns back.

A line per letter, only ever added, on the disk before the database hears of it: "<moment> <Message-ID>".
"""

import os
import re
from datetime import datetime
from pathlib import Path

from grants.disk import on_disk
from grants.errors import PijplijnError

LINE = re.compile(r"(\S+) (<[^<>\s]+>)")  # what a crash cut off has no ">" and counts for nothing
KEPT_BY = 0o600  # it tells to whom nothing, but how often we write


class JournalError(PijplijnError):
    """The journal cannot be kept; what it should have said may be sent twice after a restore."""


def ready(journal: Path) -> None:
    """Make sure that the journal can be written, before anything is sent. Raises JournalError."""
    try:
        journal.parent.mkdir(parents=True, exist_ok=True)
        os.close(_opened(journal))
        on_disk(journal.parent)
    except OSError as error:
        sentence = f"The send journal {journal} cannot be written ({error.strerror}): nothing is sent."
        raise JournalError(sentence) from error


def write(journal: Path, message_id: str, *, at: datetime) -> None:
    """Add one acceptance and wait until the disk has it. Raises JournalError."""
    # It begins a line of its own: the one before may have been cut off by a crash.
    line = f"\n{at.isoformat()} {message_id}\n".encode()
    try:
        file = _opened(journal)
        try:
            os.write(file, line)
            os.fsync(file)
        finally:
            os.close(file)
    except OSError as error:
        sentence = f"The send journal {journal} cannot be written ({error.strerror}): sending stops."
        raise JournalError(sentence) from error


def read(journal: Path) -> dict[str, datetime]:
    """Every acceptance by Message-ID, and when; nothing when there is no journal yet."""
    if not journal.exists():
        return {}
    lines = (LINE.fullmatch(line) for line in journal.read_text("utf-8", "replace").splitlines())
    return {line[2]: datetime.fromisoformat(line[1]) for line in lines if line}


def _opened(journal: Path) -> int:
    return os.open(journal, os.O_WRONLY | os.O_APPEND | os.O_CREAT, KEPT_BY)
