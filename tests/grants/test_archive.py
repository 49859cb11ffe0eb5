# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

from collections.abc import Iterator

import pytest

from grants.archive import ArchiveError, archive
from grants.errors import PijplijnError
from tests.imap_box import Box, imap_box


def letter(number: str) -> bytes:
    return f"Message-ID: {number}\r\n\r\nx".encode()


@pytest.fixture
def box() -> Iterator[Box]:
    with imap_box(lambda: [letter("<a@x.example>"), letter("<b@x.example>")]) as server:
        yield server


def test_an_archive_tells_which_letters_it_has(box: Box) -> None:
    ask = archive(box.url)
    assert ask is not None
    assert ask(["<a@x.example>", "<c@x.example>"]) == {"<a@x.example>"}
    assert box.asked == ["<a@x.example>", "<c@x.example>"]


@pytest.mark.parametrize(
    ("old", "new"), [("s3cret", "wr0ng"), ("Sent", "Elsewhere"), ("127.0.0.1:", "127.0.0.1:9#")]
)
def test_an_archive_that_cannot_be_asked_says_so_without_the_password(box: Box, old: str, new: str) -> None:
    ask = archive(box.url.replace(old, new))
    assert ask is not None
    with pytest.raises(ArchiveError, match="cannot be asked") as told:
        ask(["<a@x.example>"])
    assert "s3cret" not in str(told.value)


def test_an_archive_that_hangs_up_or_speaks_no_tls_cannot_be_asked(box: Box) -> None:
    with_tls = archive(box.url.replace("imap://", "imaps://"))
    assert with_tls is not None
    with pytest.raises(ArchiveError):
        with_tls(["<a@x.example>"])
    box.shut = True
    ask = archive(box.url)
    assert ask is not None
    with pytest.raises(ArchiveError):
        ask(["<a@x.example>"])


def test_there_may_be_none() -> None:
    assert archive("") is None


@pytest.mark.parametrize(
    "url",
    [
        "http://u:secret@x",
        "imaps://x",
        "imap://u:secret@mail.example/Sent",
        "imaps://u:secret@host:port",
        "imaps://u:secret@",
    ],
)
def test_an_address_that_is_no_archive_is_a_sentence_without_the_password(url: str) -> None:
    with pytest.raises(PijplijnError, match="PIJPLIJN_ARCHIVE_URL") as told:
        archive(url)
    assert "secret" not in str(told.value)
