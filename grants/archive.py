# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The archive mailbox: it gets a copy of every letter in the same transaction, and knows which went."""

from collections.abc import Callable, Collection
from functools import partial

from grants.mailboxes import MailboxError, place_of, those_there

Archive = Callable[[Collection[str]], set[str]]
"""Tells which of these Message-IDs it has. Raises ArchiveError."""
ArchiveError = MailboxError


def archive(url: str) -> Archive | None:
    """The archive at imaps://user:password@host:port/Folder; None without an address.

    Raises:
        PijplijnError: the address is none; it never tells the password.
    """
    return partial(those_there, place_of(url, "PIJPLIJN_ARCHIVE_URL")) if url else None
