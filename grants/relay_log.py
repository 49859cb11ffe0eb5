# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The log of a Postfix on this machine: whether it took a letter when its answer was lost.

Postfix writes a Message-ID as soon as it reads the header, also of a letter that never came in whole. So it
counts only once the queue manager has it under that queue id, somebody tried to deliver it, or it is on hold.
"""

import gzip
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Final

from grants.archive import Archive, ArchiveError

LINE: Final = re.compile(rb"/[a-z]+\[\d+\]: (?:NOQUEUE|([0-9A-Za-z]+)): (.*)")  # its queue id, and what of it
NUMBER: Final = re.compile(rb"message-id=(<[^<>\s]+>)")
TAKEN: Final = re.compile(rb"from=<[^>]*>, size=\d+, nrcpt=|to=<[^>]*>,.* status=|hold: ")


def relay_log(file: Path | None) -> Archive | None:
    """Asks the log at this path and what was rotated out of it (mail.log.1, mail.log.2.gz); None for none."""
    if file is None:
        return None

    def asked(letters: Mapping[str, datetime]) -> set[str]:
        try:
            if logs := _written_since(file, min(letters.values())):
                return _taken(_lines(logs), letters)
        except (OSError, EOFError, zlib.error) as error:
            raise ArchiveError(f"The relay's log {file} cannot be read ({type(error).__name__}).") from error
        # A log that nobody writes any more knows nothing of them: that would be no answer.
        raise ArchiveError(f"The relay's log {file} was not written to since.")

    return asked


def _written_since(file: Path, since: datetime) -> list[Path]:
    """The log and what was rotated out of it, the oldest first; what ended before that knows none of them."""
    logs = [(one.stat().st_mtime, one) for one in file.parent.glob(f"{file.name}*")]
    return [one for at, one in sorted(logs) if at >= since.timestamp()]


def _lines(logs: Iterable[Path]) -> Iterator[bytes]:
    for log in logs:
        with gzip.open(log) if log.suffix == ".gz" else log.open("rb") as lines:
            yield from lines


def _taken(lines: Iterable[bytes], letters: Mapping[str, datetime]) -> set[str]:
    """Which of the letters were taken. A queue id is used again once its letter was removed."""
    wanted = {number.encode(): number for number in letters}
    read: dict[bytes, str] = {}
    taken: set[str] = set()
    for line in lines:
        found = LINE.search(line)
        if found is None:
            continue
        queue_id, words = found.groups()
        if number := NUMBER.match(words):
            read.pop(queue_id, None)
            if number[1] in wanted:
                read[queue_id] = wanted[number[1]]
        elif queue_id in read and TAKEN.match(words):
            taken.add(read[queue_id])
    return taken
