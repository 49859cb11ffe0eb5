# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""The archive mailbox: it gets a copy of every letter in the same transaction, and knows which went."""

import imaplib
import ssl
from collections.abc import Callable, Collection
from urllib.parse import unquote, urlsplit

from imap_tools.errors import ImapToolsError
from imap_tools.mailbox import BaseMailBox, MailBox, MailBoxUnencrypted
from imap_tools.query import AND, H

from grants.errors import PijplijnError

SECONDS = 30.0
HERE = {"localhost", "127.0.0.1", "::1"}  # only to ourselves may a password go in the clear

Archive = Callable[[Collection[str]], set[str]]
"""Tells which of these Message-IDs it has. Raises ArchiveError."""


class ArchiveError(PijplijnError):
    """The archive cannot be asked now."""


def archive(url: str) -> Archive | None:
    """The archive at imaps://user:password@host:port/Folder; None without an address.

    Raises:
        PijplijnError: the address is none; it never tells the password.
    """
    if not url:
        return None
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise PijplijnError(_WRONG) from None
    host, clear = parts.hostname or "", parts.scheme == "imap"
    if not host or not parts.username or not (parts.scheme == "imaps" or (clear and host in HERE)):
        raise PijplijnError(_WRONG)
    who, password = unquote(parts.username), unquote(parts.password or "")
    folder = unquote(parts.path.strip("/")) or "INBOX"

    def ask(numbers: Collection[str]) -> set[str]:
        try:
            with _opened(host, port, clear=clear) as box:
                box.login(who, password, initial_folder=None)
                box.folder.set(folder, readonly=True)
                return {one for one in numbers if box.uids(AND(header=H("Message-ID", one)), charset=None)}
        except (OSError, ImapToolsError, imaplib.IMAP4.error) as error:
            sentence = f"The archive mailbox at {host} cannot be asked ({type(error).__name__})."
            raise ArchiveError(sentence) from error

    return ask


_WRONG = (
    "PIJPLIJN_ARCHIVE_URL should look like imaps://user:password@host:993/Folder; "
    "imap:// only on this machine."
)


def _opened(host: str, port: int | None, *, clear: bool) -> BaseMailBox:
    if clear:
        return MailBoxUnencrypted(host, port or 143, timeout=SECONDS)
    trust = ssl.create_default_context()
    return MailBox(host, port or 993, timeout=SECONDS, ssl_context=trust)
