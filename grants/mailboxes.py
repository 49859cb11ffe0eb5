# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Mailboxes over IMAP, only ever looked at: which letters one has, and those that came since a last look."""

import imaplib
import ssl
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote, urlsplit

from imap_tools.errors import ImapToolsError
from imap_tools.mailbox import BaseMailBox, MailBox, MailBoxUnencrypted
from imap_tools.query import AND, H

from grants.errors import PijplijnError

SECONDS = 30.0
HERE = {"localhost", "127.0.0.1", "::1"}  # only to ourselves may a password go in the clear
LARGEST: Final = 512 * 1024  # so much of a letter is read; a report says what it says in its beginning
AT_ONCE: Final = 200  # letters a look


class MailboxError(PijplijnError):
    """The mailbox cannot be asked now."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a mailbox is, from imaps://user:password@host:port/Folder."""

    host: str
    port: int | None
    clear: bool
    user: str
    folder: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Mail:
    """A letter that came: its mailbox, by a name that changes when it is counted anew, its number, itself."""

    mailbox: str
    number: int
    content: bytes


def place_of(url: str, setting: str) -> Place:
    """Read a mailbox's address. Raises PijplijnError, which never tells the password."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise _wrong(setting) from None
    host, clear = parts.hostname or "", parts.scheme == "imap"
    if not host or not parts.username or not (parts.scheme == "imaps" or (clear and host in HERE)):
        raise _wrong(setting)
    folder = unquote(parts.path.strip("/")) or "INBOX"
    return Place(host, port, clear, unquote(parts.username), folder, unquote(parts.password or ""))


def _wrong(setting: str) -> PijplijnError:
    return PijplijnError(
        f"{setting} should look like imaps://user:password@host:993/Folder; imap:// only on this machine."
    )


def those_there(place: Place, numbers: Collection[str]) -> set[str]:
    """Which of these Message-IDs the mailbox has. Raises MailboxError."""
    with _opened(place) as box:
        return {one for one in numbers if box.uids(AND(header=H("Message-ID", one)), charset=None)}


def newer(place: Place, last: Callable[[str], int]) -> Iterator[Mail]:
    """The letters after the last one that was read, the oldest first; none is marked as seen.

    Args:
        place: which mailbox.
        last: tells the number of the last letter that was read, by the mailbox's name.

    Raises:
        MailboxError: it cannot be asked.
    """
    with _opened(place) as box:
        _, validity = box.client.response("UIDVALIDITY")
        counted = validity[0].decode() if validity and validity[0] else "0"
        name = f"{place.user}@{place.host}/{place.folder}/{counted}"[:300]
        after = last(name)
        _, found = box.client.uid("SEARCH", f"UID {after + 1}:*")
        # RFC 3501 §6.4.8: the last letter is always among "n:*"
        new = sorted(number for number in map(int, (found[0] or b"").split()) if number > after)
        for number in new[:AT_ONCE]:
            _, parts = box.client.uid("FETCH", str(number), f"(BODY.PEEK[]<0.{LARGEST}>)")
            content = next((part[1] for part in parts if isinstance(part, tuple)), None)
            if content is not None:  # else it was taken out of the mailbox meanwhile
                yield Mail(name, number, content)


@contextmanager
def _opened(place: Place) -> Iterator[BaseMailBox]:
    """The folder, only to be read. Raises MailboxError."""
    try:
        with _connected(place) as box:
            box.login(place.user, place.password, initial_folder=None)
            box.folder.set(place.folder, readonly=True)
            yield box
    except (OSError, ImapToolsError, imaplib.IMAP4.error) as error:
        sentence = f"The mailbox at {place.host} cannot be asked ({type(error).__name__})."
        raise MailboxError(sentence) from error


def _connected(place: Place) -> BaseMailBox:
    if place.clear:
        return MailBoxUnencrypted(place.host, place.port or 143, timeout=SECONDS)
    trust = ssl.create_default_context()
    return MailBox(place.host, place.port or 993, timeout=SECONDS, ssl_context=trust)
