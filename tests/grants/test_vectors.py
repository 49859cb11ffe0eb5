# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from grants.scoring.semantic import Vector
from grants.vectors import KeptVectors, forget_others, known_vectors
from models.session import Begin
from models.vector import TextVector
from tests.builders import NOW
from tests.grants.scoring.test_semantic import Alphabet

TEXTS = ["Dijken", "Scholen", "Dijken"]


def rows(begin: Begin) -> list[TextVector]:
    with begin() as session:
        return list(session.scalars(select(TextVector).order_by(TextVector.encoder, TextVector.text_hash)))


def test_a_text_is_encoded_once_and_its_vector_is_the_same_afterwards(begin: Begin) -> None:
    alphabet = Alphabet()
    first = KeptVectors(begin, alphabet, now=NOW).encode(TEXTS)
    again = KeptVectors(begin, alphabet, now=NOW + timedelta(days=1))

    assert np.array_equal(again.encode([*TEXTS[::-1], "Zorg"])[:3], first[::-1])
    assert np.array_equal(first, Alphabet().encode(TEXTS))
    assert (alphabet.asked, again.fresh) == (["Dijken", "Scholen", "Zorg"], 1)
    assert {(one.encoder, len(one.vector)) for one in rows(begin)} == {("alphabet 1", 1024)}


def test_nothing_is_asked_of_the_encoder_while_a_transaction_is_open(begin: Begin) -> None:
    opened: list[bool] = []

    class Watching(Alphabet):
        def encode(self, texts: list[str]) -> Vector:
            assert not opened
            return super().encode(texts)

    @contextmanager
    def watched() -> Iterator[Session]:
        opened.append(True)
        with begin() as session:
            yield session
        opened.pop()

    watching = Watching()
    KeptVectors(watched, watching, now=NOW).encode([str(number) for number in range(250)])
    assert len(watching.asked) == len(rows(begin)) == 250


def test_two_that_encode_the_same_text_keep_it_once(begin: Begin) -> None:
    class Slow(Alphabet):
        def encode(self, texts: list[str]) -> Vector:
            KeptVectors(begin, Alphabet(), now=NOW).encode(texts)  # the other is quicker
            return super().encode(texts)

    KeptVectors(begin, Slow(), now=NOW + timedelta(hours=1)).encode(["Dijken"])
    (row,) = rows(begin)
    assert row.encoded_at == NOW


def test_every_encoder_has_vectors_of_its_own_and_the_old_ones_can_go(begin: Begin) -> None:
    for name in ("alphabet 1", "alphabet 2"):
        KeptVectors(begin, Alphabet(name), now=NOW).encode(["Dijken"])
    assert [one.encoder for one in rows(begin)] == ["alphabet 1", "alphabet 2"]
    with begin() as session:
        forget_others(session, encoder="alphabet 2")
    assert [one.encoder for one in rows(begin)] == ["alphabet 2"]


def test_kept_vectors_are_read_without_an_encoder(begin: Begin) -> None:
    KeptVectors(begin, Alphabet(), now=NOW).encode(["Dijken"])
    with begin() as session:
        known = known_vectors(session, ["Dijken", "Scholen"], encoder="alphabet 1")
        assert known_vectors(session, ["Dijken"], encoder="alphabet 2") == {}
    assert list(known) == ["Dijken"]
    assert np.array_equal(known["Dijken"], Alphabet().encode(["Dijken"])[0])
