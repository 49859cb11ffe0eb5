# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Whom we ask whether a letter went: an archive mailbox, a copy to which goes in the same transaction."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial

from grants.mailboxes import MailboxError, place_of, those_there

Archive = Callable[[Mapping[str, datetime]], set[str]]
"""Tells which of these Message-IDs it has, each with the moment it was written. Raises ArchiveError."""
ArchiveError = MailboxError


def archive(url: str) -> Archive | None:
    """The archive at imaps://user:password@host:port/Folder; None without an address.

    Raises:
        PijplijnError: the address is none; it never tells the password.
    """
    return partial(those_there, place_of(url, "PIJPLIJN_ARCHIVE_URL")) if url else None


def any_of(*archives: Archive | None) -> Archive | None:
    """Asks all of these: what one has went, and that none has it is believed of those that answer."""
    there = [one for one in archives if one is not None]

    def asked(letters: Mapping[str, datetime]) -> set[str]:
        found, faults = set[str](), []
        for one in there:
            try:
                found |= one(letters)
            except ArchiveError as error:
                faults.append(error)
        if len(faults) == len(there):
            raise ArchiveError(" ".join(str(one) for one in faults))
        return found

    return asked if there else None
