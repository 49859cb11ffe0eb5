# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""Vectors of texts, kept in the database: a text is encoded once by each encoder, whatever call it is of."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from hashlib import sha256
from typing import Final

import numpy as np
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from grants.rows import add_rows
from grants.scoring.semantic import SIZE, Encoder, Vector
from models.session import Begin
from models.vector import TextVector

_AT_ONCE: Final = 500  # looked up in one statement
_FEW: Final = 100  # encoded before they are kept: a second or so of work is lost at most


class KeptVectors:
    """An encoder that remembers; the one behind it is opened only for a text that is new.

    No transaction is open while a text is encoded.
    """

    def __init__(self, begin: Begin, encoder: Encoder, *, now: datetime) -> None:
        self._begin, self._encoder, self._now = begin, encoder, now
        self.name = encoder.name
        self.fresh = 0  # texts encoded

    def encode(self, texts: list[str]) -> Vector:
        """A row a text."""
        with self._begin() as session:
            known = known_vectors(session, texts, encoder=self.name)
        new = list(dict.fromkeys(text for text in texts if text not in known))
        for start in range(0, len(new), _FEW):
            few = new[start : start + _FEW]
            told = dict(zip(few, self._encoder.encode(few), strict=True))
            with self._begin() as session:
                keep_vectors(session, told, encoder=self.name, now=self._now)
            known |= told
        self.fresh += len(new)
        return _rows(known, texts)


class KnownVectors:
    """What an encoder said before, for who has none open, as the pages."""

    def __init__(self, session: Session, name: str) -> None:
        self._session, self.name = session, name

    def encode(self, texts: list[str]) -> Vector:
        """A row a text. Raises LookupError when one of them was never encoded."""
        return _rows(known_vectors(self._session, texts, encoder=self.name), texts)


def known_vectors(session: Session, texts: Iterable[str], *, encoder: str) -> dict[str, Vector]:
    """Of these texts the vectors that are kept, by text: whoever has no encoder open can still read them."""
    by_hash = {_hash(text): text for text in texts}
    hashes = list(by_hash)
    found: dict[str, Vector] = {}
    for start in range(0, len(hashes), _AT_ONCE):
        asked = select(TextVector.text_hash, TextVector.vector).where(
            TextVector.encoder == encoder, TextVector.text_hash.in_(hashes[start : start + _AT_ONCE])
        )
        for key, vector in session.execute(asked):
            found[by_hash[key]] = np.frombuffer(vector, np.float16).astype(np.float32)
    return found


def keep_vectors(session: Session, told: Mapping[str, Vector], *, encoder: str, now: datetime) -> None:
    """Keep vectors; two that encode the same text keep it once."""
    rows = sorted((_hash(text), vector.astype(np.float16).tobytes()) for text, vector in told.items())
    same = {"encoder": encoder, "encoded_at": now}
    add_rows(
        session, TextVector, ("text_hash", "vector"), rows, same=same, known_by=("encoder", "text_hash"),
        once=("vector", "encoded_at"),
    )  # fmt: skip


def forget_others(session: Session, *, encoder: str) -> None:
    """Let go of what other encoders told, once this one told all: it can be asked again."""
    session.execute(delete(TextVector).where(TextVector.encoder != encoder))


def _rows(known: Mapping[str, Vector], texts: Iterable[str]) -> Vector:
    return np.array([known[text] for text in texts], np.float32).reshape(-1, SIZE)


def _hash(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:32]
