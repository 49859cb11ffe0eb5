# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""An answer as it comes in: its head by line, its body by piece, stopped at what we cannot take."""

import re
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from grants.errors import FaultKind, SourceError
from grants.sources.refusal import KINDS
from grants.sources.unpack import is_packed, unpack, unpacker

GOOD = {HTTPStatus.OK, HTTPStatus.NOT_MODIFIED}
STATUS = re.compile(r"HTTP/[\d.]+ +(\d{3})\b")
PIECE = 4096  # bytes unpacked at a time: small, for every gzip member copies what follows it


@dataclass(slots=True)
class Incoming:
    """One answer.

    Args:
        host: whose it is, for sentences.
        cap: bytes of body at most, unpacked.
        keep: takes the body's pieces.
    """

    host: str
    cap: int
    keep: Callable[[bytes], object]
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    fault: SourceError | None = None
    """Why we stopped it."""
    size: int = 0
    tool: Any = None

    @property
    def refuses(self) -> bool:
        """Whether it came, and is no success."""
        return self.status != 0 and self.status not in GOOD

    @property
    def cut(self) -> bool:
        """Whether what was packed lacks its end."""
        return self.tool is not None and not self.tool.eof

    def line(self, line: bytes) -> None:
        """One line of the head; the head of an interim answer is followed by another."""
        text = line.decode("utf-8", "replace")  # bytes no codec knows would fail in every database
        if start := STATUS.match(text):
            self.status, self.headers = int(start[1]), {}
        elif ":" in text:
            name, _, value = text.partition(":")
            self.headers[name.strip().lower()] = value.strip()

    def piece(self, piece: bytes) -> int | None:
        """Some of the body; 0 stops the rest, None goes on."""
        if self.refuses and ("location" in self.headers or self.status in KINDS):
            return 0  # nobody reads it
        try:
            self._take(piece)
        except SourceError as fault:
            self.fault = fault
        except zlib.error:
            sentence = f"{self.host} packed its answer in a way that cannot be undone."
            self.fault = SourceError(sentence, kind=FaultKind.BROKEN)
        return 0 if self.fault else None

    def _take(self, piece: bytes) -> None:
        for found in self._unpacked(piece):
            self.size += len(found)
            if self.size > self.cap:
                sentence = f"The answer of {self.host} is larger than {self.cap / 1024 / 1024:g} MB."
                raise SourceError(sentence, kind=FaultKind.UNSAFE)
            self.keep(found)

    def _unpacked(self, piece: bytes) -> Iterable[bytes]:
        if not is_packed(self.headers.get("content-encoding", ""), host=self.host):
            yield piece
            return
        for start in range(0, len(piece), PIECE):
            found = bytearray()
            self.tool = unpack(
                self.tool or unpacker(), piece[start : start + PIECE], found, self.cap - self.size
            )
            yield bytes(found)
