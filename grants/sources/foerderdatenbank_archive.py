# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""A ZIP from outside, read a document at a time: never unpacked to disk, and a bomb stops at a cap."""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath
from typing import IO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from grants.errors import FaultKind, SourceError

MEMBERS = 100_000
DOCUMENT = 10 * 1024 * 1024  # bytes of one document, unpacked
WHOLE = 1024**3  # bytes of all documents that are read
EPOCH = (1980, 1, 1, 0, 0, 0)  # the first moment a ZIP can say: the same documents give the same bytes


@dataclass(slots=True)
class Archive:
    """The documents of a ZIP by their path; `total` counts what was unpacked so far."""

    file: ZipFile
    members: Mapping[str, ZipInfo]
    outside: int = 0  # members whose path leads out of the archive
    total: int = 0

    def read(self, path: str) -> bytes | None:
        """One document; None when there is none, or it cannot be unpacked.

        Raises:
            SourceError: all documents together grew beyond any honest export.
        """
        member = self.members.get(path)
        if member is None:
            return None
        body = self._unpacked(member)
        self.total += len(body or b"")
        if self.total > WHOLE:
            sentence = f"The archive unpacks to more than {WHOLE / 1024**2:g} MB."
            raise SourceError(sentence, kind=FaultKind.UNSAFE)
        return body

    def _unpacked(self, member: ZipInfo) -> bytes | None:
        locked, odd = member.flag_bits & 1, member.compress_type not in {ZIP_STORED, ZIP_DEFLATED}
        if locked or odd or member.file_size > DOCUMENT:
            return None
        try:
            with self.file.open(member) as stream:
                return stream.read(DOCUMENT)  # never more than the member says it is
        except (BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError):
            return None


def opened(file: IO[bytes]) -> Archive:
    """The archive in a file; raises SourceError on one that is broken or too full."""
    try:
        archive = ZipFile(file)
    except (BadZipFile, NotImplementedError, ValueError) as error:
        sentence = "The export is a broken ZIP archive."
        raise SourceError(sentence, kind=FaultKind.BROKEN) from error
    members = [one for one in archive.infolist() if not one.is_dir()]
    if len(members) > MEMBERS:
        sentence = f"The archive holds {len(members)} documents, more than any honest export."
        raise SourceError(sentence, kind=FaultKind.UNSAFE)
    inside = {one.filename: one for one in members if _inside(one.filename)}
    return Archive(archive, inside, outside=sum(not _inside(one.filename) for one in members))


def _inside(path: str) -> bool:
    """Nothing is unpacked to disk; but a path is a key and an address, so tricks end here."""
    return not (path.startswith("/") or "\\" in path or ":" in path or ".." in PurePosixPath(path).parts)


def packed(documents: Mapping[str, bytes]) -> bytes:
    """The same documents give the same archive, byte for byte, whatever the day."""
    whole = BytesIO()
    with ZipFile(whole, "w", ZIP_DEFLATED) as archive:
        for path, body in sorted(documents.items()):
            archive.writestr(ZipInfo(path, EPOCH), body, ZIP_DEFLATED, 6)
    return whole.getvalue()
