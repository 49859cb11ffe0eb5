# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Unpack gzip piece by piece, so that a bomb stops at the cap and a cut answer is known for one.

libcurl can unpack by itself, but takes a cut gzip stream for whole and knows no cap.
"""

import zlib

from grants.errors import FaultKind, SourceError

PLAIN = {"", "identity"}
PACKED = {"gzip", "x-gzip", "deflate"}


def is_packed(encoding: str, *, host: str) -> bool:
    """Whether a Content-Encoding asks for unpacking; raises SourceError on one we cannot undo."""
    name = encoding.strip().lower()
    if name not in PLAIN | PACKED:
        sentence = f"{host} packed its answer as '{name[:40]}', which we did not ask for."
        raise SourceError(sentence, kind=FaultKind.BROKEN)
    return name in PACKED


def unpacker() -> "zlib._Decompress":
    """Unpacks gzip and zlib, whichever header comes."""
    return zlib.decompressobj(wbits=zlib.MAX_WBITS + 32)


def unpack(tool: "zlib._Decompress", piece: bytes, whole: bytearray, cap: int) -> "zlib._Decompress":
    """Add what a piece holds to `whole`, at most a byte past the cap; the tool for the next piece.

    Raises:
        zlib.error: the piece is not packed the way it says.
    """
    while piece and len(whole) <= cap:
        if tool.eof:
            tool = unpacker()  # gzip may be several members, one after the other
        whole += tool.decompress(piece, cap + 1 - len(whole))
        piece = tool.unused_data
    return tool
