# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

import random
from io import BytesIO
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZipFile

import pytest

from grants.errors import FaultKind, SourceError
from grants.sources import foerderdatenbank_archive
from grants.sources.foerderdatenbank_archive import opened, packed

TWO = packed({"a.xml": b"<a>" + b"a" * 500 + b"</a>", "b/c.xml": b"<c/>"})


def test_a_document_is_read_by_its_path() -> None:
    archive = opened(BytesIO(TWO))
    assert archive.read("b/c.xml") == b"<c/>"
    assert archive.read("none.xml") is None


def test_the_same_documents_give_the_same_bytes() -> None:
    assert packed({"b": b"2", "a": b"1"}) == packed({"a": b"1", "b": b"2"})


def test_a_bomb_in_one_document_is_not_unpacked() -> None:
    bomb = packed({"bomb.xml": b"0" * (foerderdatenbank_archive.DOCUMENT + 1), "a.xml": b"<a/>"})
    archive = opened(BytesIO(bomb))
    assert len(bomb) < 20_000
    assert (archive.read("bomb.xml"), archive.total) == (None, 0)
    assert archive.read("a.xml") == b"<a/>"


def test_a_document_that_lies_about_its_size_is_cut_off_and_refused() -> None:
    honest = packed({"a.xml": b"0" * 5000})
    lying = honest.replace((5000).to_bytes(4, "little"), (50).to_bytes(4, "little"))
    assert opened(BytesIO(lying)).read("a.xml") is None


def test_a_bomb_of_many_documents_stops_at_the_cap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(foerderdatenbank_archive, "WHOLE", 600)
    archive = opened(BytesIO(TWO))
    archive.read("a.xml")
    with pytest.raises(SourceError, match="unpacks to more than") as caught:
        archive.read("a.xml")
    assert caught.value.kind is FaultKind.UNSAFE


def test_too_many_documents_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(foerderdatenbank_archive, "MEMBERS", 1)
    with pytest.raises(SourceError, match="holds 2 documents") as caught:
        opened(BytesIO(TWO))
    assert caught.value.kind is FaultKind.UNSAFE


def test_a_locked_or_oddly_packed_document_is_not_read() -> None:
    whole = BytesIO()
    with ZipFile(whole, "w") as archive:
        archive.writestr("odd.xml", b"<a/>", ZIP_BZIP2)
        archive.writestr("locked.xml", b"<a/>", ZIP_DEFLATED)
    whole.seek(0)
    read = opened(whole)
    read.members["locked.xml"].flag_bits |= 1
    assert (read.read("odd.xml"), read.read("locked.xml")) == (None, None)


def test_a_damaged_archive_gives_documents_or_a_sentence_and_nothing_else() -> None:
    dice = random.Random(2026)  # noqa: S311 - no secret
    refused = 0
    for _ in range(500):
        damaged = bytearray(TWO)
        for _ in range(dice.randint(1, 4)):
            damaged[dice.randrange(len(damaged))] = dice.randrange(256)
        try:
            archive = opened(BytesIO(bytes(damaged)))
        except SourceError:
            refused += 1
            continue
        for path in archive.members:
            assert isinstance(archive.read(path), bytes | None)
    assert 0 < refused < 500
